//! The lock: right and wrong PINs, missing and foreign entries, recovery.

use std::{collections::BTreeMap, sync::Mutex};

use super::*;
use crate::keys::store::SecretFault;

#[derive(Default)]
struct Memory {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    refuses_writes: bool,
}

impl SecretStore for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, SecretFault> {
        Ok(self.entries.lock().unwrap().get(entry).cloned())
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), SecretFault> {
        if !self.refuses_writes {
            self.entries.lock().unwrap().insert(entry.to_owned(), secret.to_vec());
        }
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), SecretFault> {
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}

const PIN: &str = "135790";
const T0: Instant = Instant(1_700_000_000_000);

fn company() -> (String, String) {
    use age::secrecy::ExposeSecret as _;
    let identity = age::x25519::Identity::generate();
    (identity.to_public().to_string(), identity.to_string().expose_secret().to_owned())
}

fn store() -> (tempfile::TempDir, Memory, DataKey, String) {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Memory::default();
    let (recipient, identity) = company();
    let key = create(dir.path(), &secrets, PIN, &recipient).unwrap();
    (dir, secrets, key, identity)
}

fn later(seconds: i64) -> Instant {
    T0.plus_ms(seconds * 1_000)
}

#[test]
fn the_right_pin_opens_and_a_second_key_is_never_made() {
    let (dir, secrets, key, _) = store();
    assert_eq!(unlock(dir.path(), &secrets, PIN, T0).unwrap().bytes(), key.bytes());
    let (recipient, _) = company();
    assert!(matches!(create(dir.path(), &secrets, PIN, &recipient), Err(Error::Exists)));
    assert_eq!(unlock(dir.path(), &secrets, PIN, T0).unwrap().bytes(), key.bytes());
}

#[test]
fn t02_wrong_pins_wait_longer_and_longer_across_restarts() {
    let (dir, secrets, _, _) = store();
    for failures in 1..=3 {
        let Err(Error::WrongPin { failures: got, .. }) = unlock(dir.path(), &secrets, "000000", T0)
        else {
            panic!("opened by a wrong PIN");
        };
        assert_eq!(got, failures);
    }
    // Even the right PIN waits now; a clock set back does not help.
    for now in [T0, later(29), Instant(0)] {
        assert!(matches!(
            unlock(dir.path(), &secrets, PIN, now),
            Err(Error::PinWait { failures: 3, .. })
        ));
    }
    let Err(Error::WrongPin { wait_s, .. }) = unlock(dir.path(), &secrets, "000000", later(31))
    else {
        panic!("opened by a wrong PIN");
    };
    assert_eq!(wait_s, 60);
    unlock(dir.path(), &secrets, PIN, later(92)).unwrap();
    assert!(matches!(
        unlock(dir.path(), &secrets, "000000", later(93)),
        Err(Error::WrongPin { failures: 1, wait_s: 0 })
    ));
}

#[test]
fn f46_a_missing_entry_leads_to_recovery_never_to_a_new_key() {
    let (dir, secrets, key, identity) = store();
    let header = std::fs::read(dir.path().join("keys.json")).unwrap();
    secrets.entries.lock().unwrap().clear();
    assert!(matches!(
        unlock(dir.path(), &secrets, PIN, T0),
        Err(Error::KeyringEntryMissing { backend }) if backend == "memory"
    ));
    assert_eq!(std::fs::read(dir.path().join("keys.json")).unwrap(), header);
    let other = company().1;
    assert!(matches!(
        recover(dir.path(), &secrets, &other, "246810"),
        Err(Error::WrongRecoveryKey)
    ));
    let back = recover(dir.path(), &secrets, &identity, "246810").unwrap();
    assert_eq!(back.bytes(), key.bytes());
    assert!(matches!(unlock(dir.path(), &secrets, PIN, T0), Err(Error::WrongPin { .. })));
    unlock(dir.path(), &secrets, "246810", T0).unwrap();
}

#[test]
fn f47_a_foreign_or_older_entry_is_named() {
    let (dir, secrets, _, _) = store();
    let entry = secrets.entries.lock().unwrap().keys().next().unwrap().clone();
    KeyringSecret::random().unwrap().write(&secrets, &entry).unwrap();
    assert!(matches!(
        unlock(dir.path(), &secrets, PIN, T0),
        Err(Error::KeyringEntryForeign { .. })
    ));
}

#[test]
fn p_10_f49_a_crash_in_a_change_of_pin_leaves_a_wrap_that_opens() {
    let (dir, secrets, key, identity) = store();
    let path = dir.path().join("keys.json");
    let before = std::fs::read(&path).unwrap();
    change_pin(dir.path(), &secrets, PIN, "246810", T0).unwrap();
    let after = std::fs::read(&path).unwrap();
    // Crash before the rename: the old header with the state of the keyring
    // after every step, and a torn new file beside it.
    std::fs::write(&path, &before).unwrap();
    std::fs::write(path.with_extension("new"), &after[..after.len() / 2]).unwrap();
    assert_eq!(unlock(dir.path(), &secrets, PIN, T0).unwrap().bytes(), key.bytes());
    // Crash after it.
    std::fs::write(&path, &after).unwrap();
    assert_eq!(unlock(dir.path(), &secrets, "246810", T0).unwrap().bytes(), key.bytes());
    // Crash in a recovery, between entry and header.
    let old = std::fs::read(&path).unwrap();
    recover(dir.path(), &secrets, &identity, "112233").unwrap();
    std::fs::write(&path, &old).unwrap();
    assert_eq!(recover(dir.path(), &secrets, &identity, "112233").unwrap().bytes(), key.bytes());
    unlock(dir.path(), &secrets, "112233", T0).unwrap();
}

#[test]
fn a_header_changed_by_hand_is_refused() {
    let (dir, secrets, _, _) = store();
    let path = dir.path().join("keys.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"memory\"", "\"elsewhere\"")).unwrap();
    assert!(matches!(
        unlock(dir.path(), &secrets, PIN, T0),
        Err(Error::Corrupt { what: "keys", .. })
    ));
}

#[test]
fn a_keyring_that_keeps_nothing_is_found_before_anything_depends_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Memory { refuses_writes: true, ..Memory::default() };
    let (recipient, _) = company();
    assert!(matches!(
        create(dir.path(), &secrets, PIN, &recipient),
        Err(Error::KeyringUnavailable { .. })
    ));
    assert!(!dir.path().join("keys.json").exists());
}

#[test]
fn f50_the_entry_is_small() {
    let (_dir, secrets, _, _) = store();
    assert!(secrets.entries.lock().unwrap().values().all(|entry| entry.len() == 44));
}

#[test]
fn a_header_of_a_newer_version_is_refused_untouched() {
    let (dir, secrets, _, _) = store();
    let path = dir.path().join("keys.json");
    let text = std::fs::read_to_string(&path).unwrap().replace("\"v\": 1", "\"v\": 2");
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(
        unlock(dir.path(), &secrets, PIN, T0),
        Err(Error::TooNew { what: "keys", found: 2, .. })
    ));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}
