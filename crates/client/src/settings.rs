//! What has to be known before a store is open: a small file in the clear,
//! without any personal data and without secrets.

use std::{fs, io::Write as _, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    home::KeyStore,
};

const NAME: &str = "device.json";
const VERSION: u32 = 1;

/// How this device was enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    v: u32,
    /// The company server's address.
    pub(crate) server: String,
    /// `os` or `file:PATH`.
    key_store: String,
    /// The authority whose certificates are believed, if not the public ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) authority: Option<std::path::PathBuf>,
}

impl Settings {
    pub(crate) fn new(
        server: &str,
        key_store: &KeyStore,
        authority: Option<std::path::PathBuf>,
    ) -> Self {
        let key_store = match key_store {
            KeyStore::Os => "os".to_owned(),
            KeyStore::File(path) => format!("file:{}", path.display()),
        };
        Self { v: VERSION, server: server.to_owned(), key_store, authority }
    }

    /// The store of keys that was named at the enrolment.
    pub(crate) fn key_store(&self) -> Result<KeyStore> {
        KeyStore::parse(&self.key_store)
    }

    /// Reads the settings of a folder; nothing if there are none.
    pub(crate) fn read(home: &Path) -> Result<Option<Self>> {
        let bytes = match fs::read(home.join(NAME)) {
            Ok(bytes) => bytes,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(Error::bad_input("home", "数据目录不可读，请检查权限")),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            Error::bad_input("device.json", "内容无法读取；请用 --server 等参数重新指定")
        })
    }

    /// Writes the settings, whole or not at all.
    pub(crate) fn write(&self, home: &Path) -> Result<()> {
        let unwritable = |_| Error::bad_input("home", "数据目录不可写，请检查权限与空间");
        let fresh = home.join("device.json.new");
        let text = serde_json::to_vec_pretty(self).map_err(|_| Error::Closing)?;
        let mut file = fs::File::create(&fresh).map_err(unwritable)?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(unwritable)?;
        fs::rename(&fresh, home.join(NAME)).map_err(unwritable)
    }
}
