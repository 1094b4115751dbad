//! A full disk, as the database sees it.

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
