//! The company's recovery key: an age X25519 pair. Devices wrap their database
//! key for its public part; the private part is in a file that the company
//! takes away from the server.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use age::secrecy::ExposeSecret as _;

use crate::{
    error::{Error, Result},
    keyfile,
};

/// The name of the private part's file in the data folder.
pub const FILE: &str = "recovery.key";

/// A fresh recovery key, its private part in a file.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The public part, `age1…`.
    pub recipient: String,
    /// Where the private part was written.
    pub file: PathBuf,
}

/// Makes the key and writes its private part, readable by the owner alone.
///
/// # Errors
/// [`Error::StoreExists`] when the file is there already: a key is never
/// overwritten.
pub fn create(folder: &Path) -> Result<Recovery> {
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let file = folder.join(FILE);
    let text = format!(
        "# lantian recovery key. Keep it offline, with two custodians; delete it from the server.\n\
         # public part: {recipient}\n{}\n",
        identity.to_string().expose_secret()
    );
    keyfile::create(&file, text.as_bytes()).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            Error::StoreExists(folder.to_owned())
        } else {
            Error::io(format!("{} could not be written", file.display()))(error)
        }
    })?;
    Ok(Recovery { recipient, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_private_part_belongs_to_the_public_one_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let made = create(folder.path()).unwrap();
        let text = std::fs::read_to_string(&made.file).unwrap();
        let secret = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap();
        let identity: age::x25519::Identity = secret.parse().unwrap();
        assert_eq!(identity.to_public().to_string(), made.recipient);
        assert!(matches!(create(folder.path()), Err(Error::StoreExists(_))));
        assert_eq!(std::fs::read_to_string(&made.file).unwrap(), text);
    }
}
