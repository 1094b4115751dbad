//! The folder: made once, held by one, opened by the right keys alone.

use lantian_domain::{role::Role, time::Instant};
use lantian_replica::{Error, Home, HomeState, SecretStore as _};

use crate::{
    company::{note, person},
    tablet::{PIN, Tablet},
};

fn enrolment() -> lantian_replica::Enrolment {
    lantian_replica::Enrolment {
        person: person(Role::CustomerManager),
        org: lantian_domain::ids::OrgId(uuid::Uuid::nil()),
        device: lantian_domain::ids::DeviceId(uuid::Uuid::nil()),
        device_name: String::new(),
        server: String::new(),
        device_seed: [1; 32],
        recovery_recipient: String::new(),
    }
}

#[test]
fn i10_a_store_is_never_made_over_another() {
    let mut tablet = Tablet::fresh();
    assert!(matches!(tablet.home.state(), HomeState::Present(_)));
    let Err(Error::Held { by }) = Home::take(tablet.home.dir(), "lantian") else {
        panic!("two holders");
    };
    assert!(by.starts_with("test (pid "));
    tablet.replica = None;
    let again = tablet.home.create(&tablet.secrets(), PIN, &enrolment());
    assert!(matches!(again, Err(Error::Exists)));
    tablet.unlock();
    assert_eq!(tablet.replica().device().device_name, "平板一");
}

#[test]
fn the_right_pin_opens_and_a_wrong_one_does_not() {
    let mut tablet = Tablet::fresh();
    let before = tablet.replica().public_key();
    tablet.replica = None;
    let now = tablet.now();
    let wrong = tablet.home.unlock(&tablet.secrets(), "000000", now);
    assert!(matches!(wrong, Err(Error::WrongPin { failures: 1, .. })));
    tablet.unlock();
    assert_eq!(tablet.replica().public_key(), before);
}

#[test]
fn f46_without_the_keyring_entry_the_recovery_key_opens_and_nothing_is_lost() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("离线写下的话"));
    tablet.replica = None;
    std::fs::remove_file(tablet.dir.path().join("secrets")).unwrap();
    let now = tablet.now();
    let secrets = tablet.secrets();
    let missing = tablet.home.unlock(&secrets, PIN, now);
    assert!(matches!(missing, Err(Error::KeyringEntryMissing { .. })));
    let replica = tablet.home.recover(&secrets, &tablet.recovery, "246810").unwrap();
    assert_eq!(replica.sendable_count().unwrap(), 1);
    drop(replica);
    tablet.home.unlock(&secrets, "246810", now).unwrap();
    assert_eq!(secrets.name(), "file");
}

#[test]
fn p_17_a_wiped_device_cannot_open_the_database() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("离线写下的话"));
    tablet.replica = None;
    let (secrets, now) = (tablet.secrets(), tablet.now());
    tablet.home.wipe(&secrets).unwrap();
    for pin in [PIN, "246810"] {
        let shut = tablet.home.unlock(&secrets, pin, now);
        assert!(matches!(shut, Err(Error::KeyringEntryMissing { .. })), "the PIN opens nothing");
    }
    for name in ["outbox.db", "replica.db"] {
        let bytes = std::fs::read(tablet.home.dir().join("store").join(name)).unwrap();
        assert_ne!(&bytes[..15], b"SQLite format 3", "{name} is noise");
    }
    let made = tablet.home.create(&secrets, PIN, &enrolment());
    assert!(matches!(made, Err(Error::Exists)), "no new key over the old data");
    tablet.home.wipe(&secrets).unwrap();
    // The company alone, with its recovery key, still has what was not sent.
    let replica = tablet.home.recover(&secrets, &tablet.recovery, "246810").unwrap();
    assert_eq!(replica.sendable_count().unwrap(), 1);
}

#[test]
fn what_was_never_finished_is_made_anew_and_what_was_damaged_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::take(dir.path(), "test").unwrap();
    std::fs::create_dir_all(dir.path().join("store.new")).unwrap();
    assert_eq!(home.state(), HomeState::Fresh);
    let nowhere = lantian_replica::FileSecrets::new(dir.path().join("secrets"));
    assert!(matches!(home.unlock(&nowhere, PIN, Instant(0)), Err(Error::Missing)));
    std::fs::create_dir_all(dir.path().join("store")).unwrap();
    assert!(matches!(home.state(), HomeState::Damaged(_)));
}

#[test]
fn a_20_f36_a_damaged_mirror_is_rebuilt_and_the_outbox_is_not_touched() {
    let (mut tablet, leads) = Tablet::with_leads(3);
    tablet.submit(leads[0], note("离线写下的话"));
    tablet.replica = None;
    let path = tablet.home.dir().join("store/replica.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 0xFF;
    std::fs::write(&path, bytes).unwrap();
    tablet.unlock();
    assert_eq!(tablet.replica().tally().unwrap().records, 0);
    assert_eq!(tablet.replica().sendable_count().unwrap(), 1);
    tablet.sync();
    tablet.assert_converged();
    assert_eq!(tablet.replica().sendable_count().unwrap(), 0);
}

#[test]
fn f36_a_damaged_outbox_stops_the_program() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("离线写下的话"));
    tablet.replica = None;
    let path = tablet.home.dir().join("store/outbox.db");
    let before = std::fs::read(&path).unwrap();
    std::fs::write(&path, &before[..before.len() / 2]).unwrap();
    let now = tablet.now();
    let opened = tablet.home.unlock(&tablet.secrets(), PIN, now);
    assert!(opened.is_err());
    assert_eq!(std::fs::read(&path).unwrap().len(), before.len() / 2);
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(tablet.home.state(), HomeState::Damaged(_)));
}

#[test]
fn p_10_i12_no_file_of_the_folder_shows_personal_data() {
    let (mut tablet, leads) = Tablet::with_leads(5);
    let now = tablet.now();
    tablet.submit(leads[0], note("金丝雀 13800138000 王小明"));
    tablet.replica().draft_save("draft", "金丝雀草稿", now).unwrap();
    tablet.replica().set_setting("tokens", Some("canary-token")).unwrap();
    let file = lantian_replica::NewFile {
        id: lantian_domain::ids::FileId(uuid::Uuid::from_u128(9)),
        record: leads[0],
        kind: lantian_domain::file::FileKind::PhotoSite,
        name: "金丝雀.jpg".to_owned(),
        mime: "image/jpeg".to_owned(),
        taken_at: None,
        geo: None,
    };
    tablet.replica().attach(file, "金丝雀照片".repeat(500).as_bytes(), now).unwrap();
    let canaries =
        ["金丝雀", "王小明", "13800138000", "新华路", "canary-token", "customer_manager"];
    let mut looked_at = 0;
    let mut folders = vec![tablet.home.dir().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            looked_at += 1;
            for canary in canaries {
                let found = memchr::memmem::find(&bytes, canary.as_bytes());
                assert!(found.is_none(), "{canary} in {}", path.display());
            }
        }
    }
    assert!(looked_at >= 6, "only {looked_at} files");
}
