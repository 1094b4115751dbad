//! Where the application keeps its data, and which key store it uses.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// Where the data lie: flag, then `LANTIAN_HOME`, then the platform's folder.
///
/// # Errors
/// [`Error::BadInput`] when the platform names no folder.
pub fn home(chosen: Option<&Path>) -> Result<PathBuf> {
    if let Some(chosen) = chosen {
        return Ok(chosen.to_owned());
    }
    if let Some(named) = variable("LANTIAN_HOME") {
        return Ok(named.into());
    }
    platform_home(&variable).ok_or_else(|| Error::bad_input("home", "请用 --home 指定数据目录"))
}

fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn platform_home(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        PathBuf::from(variable("LOCALAPPDATA")?)
    } else if cfg!(target_os = "macos") {
        PathBuf::from(variable("HOME")?).join("Library/Application Support")
    } else if let Some(data) = variable("XDG_DATA_HOME") {
        PathBuf::from(data)
    } else {
        PathBuf::from(variable("HOME")?).join(".local/share")
    };
    Some(base.join("lantian"))
}

/// Which store holds the device's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStore {
    /// The operating system's keyring.
    Os,
    /// A file, for headless support machines; only when named explicitly.
    File(PathBuf),
}

impl KeyStore {
    /// Reads `os` or `file:PATH`.
    ///
    /// # Errors
    /// [`Error::BadInput`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            None if text == "os" => Ok(Self::Os),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(Error::bad_input("key_store", "须为 os 或 file:路径")),
        }
    }

    /// The store that a flag or `LANTIAN_KEY_STORE` names; nothing if neither
    /// does.
    ///
    /// # Errors
    /// [`Error::BadInput`] when the name is no store.
    pub fn named(flag: Option<&str>) -> Result<Option<Self>> {
        let named = variable("LANTIAN_KEY_STORE").and_then(|name| name.into_string().ok());
        flag.map(str::to_owned).or(named).as_deref().map(Self::parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_store_is_named_explicitly() {
        assert_eq!(KeyStore::parse("os").unwrap(), KeyStore::Os);
        assert_eq!(KeyStore::parse("file:/k").unwrap(), KeyStore::File("/k".into()));
        for wrong in ["", "file:", "file", "plain", "os:", "mock"] {
            assert!(KeyStore::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_platform_folder_follows_the_desktop_rules() {
        let with = |pairs: &'static [(&str, &str)]| {
            platform_home(&move |name: &str| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
            })
        };
        assert_eq!(with(&[("HOME", "/h")]), Some("/h/.local/share/lantian".into()));
        assert_eq!(with(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]), Some("/d/lantian".into()));
        assert_eq!(with(&[]), None);
    }
}
