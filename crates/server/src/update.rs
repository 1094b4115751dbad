//! Updates: packages of new versions, signed by their maker (P-16).
//!
//! ```text
//! lantian-server_1.2.0_amd64.deb       the package
//! lantian-server_1.2.0_amd64.deb.sig   suite, public key, hash, signature
//! ```
//!
//! The maker's public key is pinned in the company's settings (`update_key`);
//! a package that it did not sign is not installed, whoever brings it.
//!
//! Invariant: the bytes that were checked are the bytes that are installed.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    api::problem,
    error::{Error, Result},
    signing::Key,
    suite::{SigningKey, hash},
};

/// What lies beside a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The maker's key.
    #[serde(flatten)]
    pub by: Key,
    /// The package's file name.
    pub package: String,
    /// The package's hash by the key's suite, hex.
    pub hash: String,
    /// Over the three above, hex.
    pub signature: String,
}

impl Signature {
    fn statement(&self) -> String {
        let (suite, package, hash) = (self.by.suite.as_str(), &self.package, &self.hash);
        format!("lantian-update.v1\nsuite {suite}\npackage {package}\nhash {hash}\n")
    }
}

/// Signs a package; its signature lies beside it afterwards.
///
/// # Errors
/// [`Error::Io`]; [`Error::Config`] for a package without a name.
pub fn sign(package: &Path, key: &SigningKey) -> Result<Signature> {
    let bytes = read(package)?;
    let mut signature = Signature {
        by: Key { suite: key.suite(), public: hex::encode(key.public()) },
        package: name(package)?,
        hash: hash::hex(key.suite(), &bytes),
        signature: String::new(),
    };
    signature.signature = hex::encode(key.sign(signature.statement().as_bytes())?);
    let place = beside(package);
    std::fs::write(&place, serde_json::to_vec_pretty(&signature)?)
        .map_err(Error::io(format!("{} could not be written", place.display())))?;
    Ok(signature)
}

/// A package whose signature was checked, with the bytes that it was checked on.
pub struct Verified {
    /// Who signed it, and its hash.
    pub signature: Signature,
    bytes: Vec<u8>,
}

/// Checks a package against the pinned public key, hex.
///
/// # Errors
/// A problem `update_unsigned`, `update_foreign` or `update_changed`.
pub fn verify(package: &Path, pinned: &str) -> Result<Verified> {
    let refuse = |code, advice| problem::refused(403, code, advice);
    let bytes = read(package)?;
    let unsigned = || {
        let advice = "the package has no signature beside it (.sig); it is not installed";
        refuse("update_unsigned", advice)
    };
    let text = std::fs::read(beside(package)).map_err(|_| unsigned())?;
    let signature: Signature = serde_json::from_slice(&text).map_err(|_| unsigned())?;
    if !signature.by.public.eq_ignore_ascii_case(pinned.trim()) {
        let advice = "the package is signed by another key than the one that the settings pin";
        return Err(refuse("update_foreign", advice));
    }
    let made = hex::decode(&signature.signature).unwrap_or_default();
    let whole = signature.by.signed(signature.statement().as_bytes(), &made)
        && hash::hex(signature.by.suite, &bytes) == signature.hash
        && name(package)? == signature.package;
    if !whole {
        let advice = "the package is not the one that was signed; fetch it anew";
        return Err(refuse("update_changed", advice));
    }
    Ok(Verified { signature, bytes })
}

impl Verified {
    /// Hands the checked bytes, in a folder that nobody else can write, to
    /// what installs them.
    ///
    /// # Errors
    /// [`Error::Io`], and those of `installer`.
    pub fn install(&self, installer: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let folder = Private::make()?;
        let place = folder.0.join(&self.signature.package);
        let failed = || Error::io(format!("{} could not be written", place.display()));
        std::fs::File::create_new(&place)
            .and_then(|mut file| file.write_all(&self.bytes))
            .map_err(failed())?;
        installer(&place)
    }
}

/// A folder for its owner alone, gone when dropped.
struct Private(PathBuf);

impl Private {
    fn make() -> Result<Self> {
        let name = hex::encode(crate::identity::password::random::<16>()?);
        let place = std::env::temp_dir().join(format!("lantian-update-{name}"));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        let failed = Error::io(format!("{} could not be made", place.display()));
        builder.create(&place).map_err(failed)?;
        Ok(Self(place))
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // What is left in a temporary folder is swept by the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn name(package: &Path) -> Result<String> {
    let name = package.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    name.ok_or_else(|| Error::config(format!("{} is no package", package.display())))
}

fn beside(package: &Path) -> PathBuf {
    let mut name = package.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(Error::io(format!("{} could not be read", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Suite;

    fn code(error: Option<Error>) -> String {
        match error {
            Some(Error::Refused(problem)) => problem.code,
            other => panic!("refused, not {other:?}"),
        }
    }

    fn installed(package: &Path, pinned: &str) -> Result<Vec<u8>> {
        let mut seen = Vec::new();
        verify(package, pinned)?.install(|place| {
            seen = read(place)?;
            Ok(())
        })?;
        Ok(seen)
    }

    #[test]
    fn p_16_an_unsigned_update_is_refused_and_a_signed_one_installed() {
        for suite in [Suite::Standard, Suite::Guomi] {
            let folder = tempfile::tempdir().unwrap();
            let key = SigningKey::of(folder.path(), suite).unwrap();
            let pinned = hex::encode(key.public());
            let package = folder.path().join("lantian-server_1.2.0_amd64.deb");
            std::fs::write(&package, b"a package").unwrap();
            assert_eq!(code(installed(&package, &pinned).err()), "update_unsigned");
            sign(&package, &key).unwrap();
            assert_eq!(installed(&package, &pinned).unwrap(), b"a package");

            let elsewhere = tempfile::tempdir().unwrap();
            let other = SigningKey::of(elsewhere.path(), suite).unwrap();
            let foreign = hex::encode(other.public());
            assert_eq!(code(installed(&package, &foreign).err()), "update_foreign");
            std::fs::write(&package, b"A package").unwrap();
            assert_eq!(code(installed(&package, &pinned).err()), "update_changed");
            std::fs::write(&package, b"a package").unwrap();
            let older = folder.path().join("lantian-server_1.1.0_amd64.deb");
            std::fs::rename(&package, &older).unwrap();
            std::fs::rename(beside(&package), beside(&older)).unwrap();
            assert_eq!(code(installed(&older, &pinned).err()), "update_changed", "its name too");
        }
    }

    #[test]
    fn p_16_a_key_that_names_another_as_its_own_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::of(folder.path(), Suite::Standard).unwrap();
        let package = folder.path().join("p.deb");
        std::fs::write(&package, b"x").unwrap();
        let forged = SigningKey::of(tempfile::tempdir().unwrap().path(), Suite::Standard).unwrap();
        let mut signature = sign(&package, &forged).unwrap();
        signature.by.public = hex::encode(key.public());
        let text = serde_json::to_vec(&signature).unwrap();
        std::fs::write(beside(&package), text).unwrap();
        let pinned = hex::encode(key.public());
        assert_eq!(code(installed(&package, &pinned).err()), "update_changed");
    }
}
