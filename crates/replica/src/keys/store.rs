//! Where the keyring secret lies: the system's keyring (implemented by the
//! application) or, only when named explicitly, a file.

use std::{
    collections::BTreeMap,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::PathBuf,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The keyring could not be asked: locked, cancelled, no service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretFault(pub String);

/// A place for small secrets.
pub trait SecretStore: Send + Sync {
    /// What kind of place it is; kept with the wrap, so that a change of it
    /// can be explained.
    fn name(&self) -> String;

    /// Reads an entry; nothing if the place answers that there is none.
    ///
    /// # Errors
    /// [`SecretFault`] when the place cannot be asked.
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, SecretFault>;

    /// Writes an entry.
    ///
    /// # Errors
    /// [`SecretFault`] when the place cannot be asked.
    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), SecretFault>;

    /// Removes an entry; one that is not there is removed already.
    ///
    /// # Errors
    /// [`SecretFault`] when the place cannot be asked.
    fn delete(&self, entry: &str) -> Result<(), SecretFault>;
}

/// Secrets in a file readable by its owner alone: for support machines
/// without a keyring, by explicit choice.
#[derive(Clone, Debug)]
pub struct FileSecrets {
    path: PathBuf,
}

impl FileSecrets {
    /// Secrets in the file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> Result<BTreeMap<String, String>, SecretFault> {
        match std::fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|_| SecretFault("the secrets file is damaged".to_owned())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(e) => Err(SecretFault(e.to_string())),
        }
    }

    fn write(&self, entries: &BTreeMap<String, String>) -> Result<(), SecretFault> {
        use std::io::Write as _;
        let fault = |e: std::io::Error| SecretFault(e.to_string());
        let fresh = self.path.with_extension("new");
        let bytes = serde_json::to_vec(entries).map_err(|e| SecretFault(e.to_string()))?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .map_err(fault)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(fault)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(fault)?;
        crate::durable::rename(&fresh, &self.path).map_err(|e| SecretFault(e.to_string()))
    }
}

impl SecretStore for FileSecrets {
    fn name(&self) -> String {
        "file".to_owned()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, SecretFault> {
        self.read()?
            .get(entry)
            .map(|text| STANDARD.decode(text).map_err(|e| SecretFault(e.to_string())))
            .transpose()
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), SecretFault> {
        let mut entries = self.read()?;
        entries.insert(entry.to_owned(), STANDARD.encode(secret));
        self.write(&entries)
    }

    fn delete(&self, entry: &str) -> Result<(), SecretFault> {
        let mut entries = self.read()?;
        if entries.remove(entry).is_some() {
            self.write(&entries)?;
        }
        Ok(())
    }
}
