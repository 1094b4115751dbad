//! Indicators and the monthly report: counted by the company's server.

use super::{App, downloads};
use crate::{
    error::Result,
    view::{
        CasesQuestion, CasesView, DaysQuestion, ForecastView, KpiView, MonthQuestion, MonthView,
        SavedView,
    },
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

    /// What breaches unless a silent tablet reports.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn report_forecast(&self) -> Result<ForecastView> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.forecast(&open.courier.login).await?)
    }

    /// Saves the indicators as a workbook among the person's downloads, beside
    /// what is there already.
    ///
    /// # Errors
    /// The failure of the way, or the server's no;
    /// [`Error::BadInput`](crate::Error::BadInput) when there is no place to
    /// save it.
    pub async fn report_export(&self, asked: &DaysQuestion) -> Result<SavedView> {
        self.0.rest.touch();
        let open = self.open()?;
        let bytes = open.courier.transport.kpi_workbook(&open.courier.login, asked).await?;
        let stem = format!("kpi-{}-{}", asked.from, asked.to);
        let path = downloads::save(&self.downloads(), &stem, &bytes)?;
        Ok(SavedView { path: path.display().to_string() })
    }
}
