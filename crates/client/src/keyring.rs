//! The operating system's keyring as the place of the device's secret.
//!
//! Invariant: a keyring that cannot be asked is never taken for one without
//! an entry, and one that forgets what it was told is found out before
//! anything depends on it. Fault texts are our own: those of the platform may
//! carry what was being stored.

use keyring::{Entry, Error as Fault};
use lantian_replica::{SecretFault, SecretStore};

const SERVICE: &str = "cn.lantian.baozhuang";
const PROBE: &str = "self-test";

/// The keyring of the signed-in user of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeyring;

impl OsKeyring {
    /// Writes, reads back through a second entry, and removes a value.
    ///
    /// # Errors
    /// [`SecretFault`] when the keyring is locked, absent, or forgets.
    pub fn self_test(self) -> Result<(), SecretFault> {
        let value = std::process::id().to_le_bytes();
        self.set(PROBE, &value)?;
        let kept = self.get(PROBE)?;
        self.delete(PROBE)?;
        if kept.as_deref() == Some(&value[..]) {
            Ok(())
        } else {
            Err(SecretFault("forgetful: the keyring does not keep what is written".to_owned()))
        }
    }
}

impl SecretStore for OsKeyring {
    fn name(&self) -> String {
        let backend = if cfg!(windows) {
            "os:credential-manager"
        } else if cfg!(target_os = "macos") {
            "os:keychain"
        } else {
            "os:secret-service"
        };
        backend.to_owned()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, SecretFault> {
        match open(entry)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Fault::NoEntry) => Ok(None),
            Err(fault) => Err(named(&fault)),
        }
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), SecretFault> {
        open(entry)?.set_secret(secret).map_err(|fault| named(&fault))
    }

    fn delete(&self, entry: &str) -> Result<(), SecretFault> {
        match open(entry)?.delete_credential() {
            Ok(()) | Err(Fault::NoEntry) => Ok(()),
            Err(fault) => Err(named(&fault)),
        }
    }
}

fn open(entry: &str) -> Result<Entry, SecretFault> {
    Entry::new(SERVICE, entry).map_err(|fault| named(&fault))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the platforms may name more")]
fn named(fault: &Fault) -> SecretFault {
    let text = match fault {
        Fault::NoStorageAccess(_) => "locked: unlock the system's keyring",
        Fault::PlatformFailure(_) => "unavailable: no keyring service answers",
        Fault::Ambiguous(_) => "ambiguous: the keyring has several entries for this store",
        Fault::BadEncoding(_) | Fault::TooLong(..) | Fault::Invalid(..) => {
            "unusable: the keyring does not accept the entry"
        }
        _ => "unavailable: the keyring cannot be asked",
    };
    SecretFault(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_never_repeats_what_was_being_stored() {
        let fault = named(&Fault::BadEncoding(b"geheim".to_vec()));
        assert!(!format!("{fault:?}{fault}").contains("geheim"));
        let fault = named(&Fault::PlatformFailure("token=abc".into()));
        assert!(!format!("{fault:?}").contains("abc"));
    }
}
