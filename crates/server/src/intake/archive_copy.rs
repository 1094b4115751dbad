//! Keeps each push as it came (domain j: files are kept with hash), encrypted
//! for the company's recovery key: personal data never lies plain in a folder.
//!
//! To replay a push, decrypt it with the recovery key and import it again; it
//! changes nothing that is newer.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{
    error::{Error, Result},
    files::disk,
};

/// The folder of the copies, within the data folder.
pub(crate) const FOLDER: &str = "intake";

/// The hash by which a push is known.
pub(crate) fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Where the copy of a push lies.
pub(crate) fn place(data: &Path, sha256: &str) -> PathBuf {
    data.join(FOLDER).join(format!("{sha256}.age"))
}

/// Keeps a push; one that is kept already is left alone.
///
/// # Errors
/// [`Error::Damaged`] when the company has no readable recovery key,
/// [`Error::DiskFull`], [`Error::Io`].
pub(crate) fn keep(data: &Path, recipient: &str, sha256: &str, bytes: &[u8]) -> Result<()> {
    let path = place(data, sha256);
    if path.is_file() {
        return Ok(());
    }
    let recipient: age::x25519::Recipient = recipient
        .parse()
        .map_err(|_| Error::damaged("the recovery key's recipient is unreadable"))?;
    let sealed = age::encrypt(&recipient, bytes)
        .map_err(|_| Error::damaged("a push could not be encrypted for the recovery key"))?;
    disk::write_whole(&path, &sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_opens_with_the_recovery_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        let bytes = "项目代码,联系人\n甲,张三\n".as_bytes();
        let sha256 = hash(bytes);
        keep(folder.path(), &identity.to_public().to_string(), &sha256, bytes).unwrap();
        let sealed = std::fs::read(place(folder.path(), &sha256)).unwrap();
        let canary = "张三".as_bytes();
        assert!(!sealed.windows(canary.len()).any(|part| part == canary));
        assert_eq!(age::decrypt(&identity, &sealed).unwrap(), bytes);
    }
}
