//! Indicators and the monthly report: counted by the company's server.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use super::App;
use crate::{
    error::{Error, Result},
    view::{CasesQuestion, CasesView, DaysQuestion, KpiView, MonthQuestion, MonthView, SavedView},
};

impl App {
    /// The indicators of a span of days.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn report_kpi(&self, asked: &DaysQuestion) -> Result<KpiView> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.kpi(&open.courier.login, asked).await?)
    }

    /// The records behind a figure.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn report_cases(&self, asked: &CasesQuestion) -> Result<CasesView> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.cases_behind(&open.courier.login, asked).await?)
    }

    /// The report on a month.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn report_month(&self, asked: &MonthQuestion) -> Result<MonthView> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.month(&open.courier.login, asked).await?)
    }

    /// Saves the indicators as a workbook among the person's downloads, beside
    /// what is there already.
    ///
    /// # Errors
    /// The failure of the way, or the server's no; [`Error::BadInput`] when
    /// there is no place to save it.
    pub async fn report_export(&self, asked: &DaysQuestion) -> Result<SavedView> {
        self.0.rest.touch();
        let open = self.open()?;
        let bytes = open.courier.transport.kpi_workbook(&open.courier.login, asked).await?;
        let stem = format!("kpi-{}-{}", asked.from, asked.to);
        let folder = downloads().unwrap_or_else(|| self.0.options.home.clone());
        let path = save(&folder, &stem, &bytes)
            .map_err(|error| Error::bad_input("folder", format!("无法保存到下载目录：{error}")))?;
        Ok(SavedView { path: path.display().to_string() })
    }
}

/// The person's folder of downloads, if there is one.
fn downloads() -> Option<PathBuf> {
    let home = ["XDG_DOWNLOAD_DIR", "HOME", "USERPROFILE"]
        .into_iter()
        .find_map(|name| Some((name, std::env::var_os(name).filter(|value| !value.is_empty())?)))?;
    let folder = match home {
        ("XDG_DOWNLOAD_DIR", folder) => PathBuf::from(folder),
        (_, home) => PathBuf::from(home).join("Downloads"),
    };
    folder.is_dir().then_some(folder)
}

/// Writes a file that was not there, with a number where the name is taken.
fn save(folder: &Path, stem: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    for number in 1..1_000 {
        let name =
            if number == 1 { format!("{stem}.xlsx") } else { format!("{stem}-{number}.xlsx") };
        let path = folder.join(name);
        match File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::save;

    #[test]
    fn a_taken_name_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), "kpi", b"a").unwrap();
        let second = save(folder.path(), "kpi", b"b").unwrap();
        assert_eq!(first.file_name().unwrap(), "kpi.xlsx");
        assert_eq!(second.file_name().unwrap(), "kpi-2.xlsx");
        assert_eq!(std::fs::read(first).unwrap(), b"a");
    }
}
