//! A full disk and a disk that misreads, as the databases see them.

use lantian_domain::{
    ids::{DeviceId, OrgId, RecordId},
    record::Person,
    role::OrgUnit,
    time::Instant,
};
use uuid::Uuid;

use super::*;
use crate::{FileSecrets, Home, outbox::Enrolment};

fn replica(dir: &Path) -> Replica {
    let person = Person {
        id: RecordId(Uuid::from_u128(1)),
        version: 0,
        login: "manager1".to_owned(),
        name: "客户经理".to_owned(),
        roles: BTreeSet::new(),
        org: OrgUnit::MarketDept,
        active: true,
        policy_read: None,
    };
    let enrolment = Enrolment {
        person,
        org: OrgId(Uuid::nil()),
        device: DeviceId(Uuid::nil()),
        device_name: String::new(),
        server: String::new(),
        device_seed: [1; 32],
        recovery_recipient: age::x25519::Identity::generate().to_public().to_string(),
    };
    let home = Home::take(dir, "test").unwrap();
    home.create(&FileSecrets::new(dir.join("secrets")), "135790", &enrolment).unwrap()
}

/// Lets the outbox grow by no more than `pages`.
fn room(replica: &Replica, pages: i64) {
    let db = &replica.outbox.db;
    let used: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let sql = format!("PRAGMA max_page_count = {}", used + pages);
    db.query_row(&sql, [], |_| Ok(())).unwrap();
}

#[test]
fn f34_a_full_disk_gives_the_reserve_up_and_leaves_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut replica = replica(dir.path());
    let reserve = dir.path().join("store/reserve.bin");
    assert!(reserve.exists());
    replica.draft_save("a", "早先的草稿", Instant(1)).unwrap();
    room(&replica, 2);
    let long = "很长的草稿".repeat(5_000);
    let full = replica.draft_save("a", &long, Instant(2));
    assert!(matches!(full, Err(Error::Full)));
    // The reserve was given up for a second attempt, and the old text stands.
    assert!(!reserve.exists());
    assert_eq!(replica.draft_load("a").unwrap().unwrap().data, "早先的草稿");
    room(&replica, 1_000);
    replica.draft_save("a", &long, Instant(3)).unwrap();
    assert_eq!(replica.draft_load("a").unwrap().unwrap().data, long);
    assert!(replica.check().unwrap().is_sound());
}

#[test]
fn a_measured_offset_within_the_noise_is_not_worth_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let mut replica = replica(dir.path());
    let stored = |replica: &Replica| -> i64 {
        let sql = "SELECT offset_ms FROM device";
        replica.outbox.db.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    replica.set_offset_ms(300).unwrap();
    assert_eq!((replica.offset_ms(), stored(&replica)), (300, 0));
    replica.set_offset_ms(-60_000).unwrap();
    assert_eq!((replica.offset_ms(), stored(&replica)), (-60_000, -60_000));
}

/// Carries the log over and lets go of what is held in memory.
fn settle(db: &rusqlite::Connection) {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    db.execute_batch("PRAGMA shrink_memory").unwrap();
}

/// A store with a bit turned in every page of `pages`.
fn damaged(sound: &[u8], pages: std::ops::Range<usize>) -> Vec<u8> {
    let mut damaged = sound.to_vec();
    pages.for_each(|page| damaged[page * 4096 + 100] ^= 1);
    damaged
}

#[test]
fn f32_a_store_that_was_misread_is_opened_again_once_the_disk_is_sound() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store/outbox.db");
    let mut replica = replica(dir.path());
    let text = "勘查记录".repeat(5_000);
    replica.draft_save("a", &text, Instant(1)).unwrap();
    settle(&replica.outbox.db);
    let sound = std::fs::read(&path).unwrap();
    let damaged = damaged(&sound, 1..sound.len() / 4096);

    std::fs::write(&path, &damaged).unwrap();
    assert_eq!(replica.draft_load("a").unwrap_err().code(), "damaged");
    for _ in 0..2 {
        assert_eq!(replica.revive().unwrap_err().code(), "damaged");
        assert!(replica.draft_save("b", "b", Instant(2)).is_err(), "it stays refused");
        assert!(replica.draft_load("a").is_err());
        assert!(std::fs::read(&path).unwrap() == damaged, "it stays untouched");
    }

    std::fs::write(&path, &sound).unwrap();
    assert!(replica.draft_load("a").is_err(), "the old connection is of no use");
    replica.revive().unwrap();
    assert_eq!(replica.draft_load("a").unwrap().unwrap().data, text);
    replica.draft_save("b", "b", Instant(2)).unwrap();
    replica.revive().unwrap();
    assert!(replica.check().unwrap().is_sound());
}

#[test]
fn f36_a_mirror_that_became_unusable_is_proved_and_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store/replica.db");
    let mut replica = replica(dir.path());
    replica.draft_save("a", "草稿", Instant(1)).unwrap();
    let add = "INSERT INTO bodies (n, body) VALUES (1, zeroblob(100000))";
    let bodies = |replica: &Replica| -> rusqlite::Result<usize> {
        let mut all = replica.mirror.db().prepare("SELECT body FROM bodies")?;
        let rows = all.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>().map(|rows| rows.len())
    };
    replica.mirror.db().execute(add, []).unwrap();
    settle(replica.mirror.db());
    let sound = std::fs::read(&path).unwrap();
    let pages = sound.len() / 4096;

    // Misread once: it is what it was.
    std::fs::write(&path, damaged(&sound, pages - 10..pages)).unwrap();
    let _ = bodies(&replica);
    assert!(!connection::is_usable(replica.mirror.db()));
    std::fs::write(&path, &sound).unwrap();
    replica.revive().unwrap();
    assert_eq!(bodies(&replica), Ok(1));

    // Damaged for good, where an opening does not look: it is made anew.
    settle(replica.mirror.db());
    std::fs::write(&path, damaged(&sound, pages - 10..pages)).unwrap();
    let _ = bodies(&replica);
    replica.revive().unwrap();
    assert_eq!(bodies(&replica), Ok(0));
    assert!(replica.check().unwrap().is_sound());
    assert_eq!(replica.draft_load("a").unwrap().unwrap().data, "草稿");
}
