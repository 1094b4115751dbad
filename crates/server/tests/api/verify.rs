//! The chains: whatever an intruder changes in the store is found.

use lantian_server::audit::{self, Report};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, project},
};

fn verify(company: &Company) -> Report {
    company.server.app().store.read_now(audit::verify).unwrap()
}

fn codes(report: &Report) -> Vec<&str> {
    report.found.iter().map(|fault| fault.code).collect()
}

async fn worked() -> Company {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    for i in 0..5 {
        let lead = fresh();
        hall.give(lead, project(&format!("A{i}"))).await;
        hall.give(lead, note("一")).await;
        hall.give(lead, hand_over(&company, "manager1")).await;
    }
    company
}

#[tokio::test]
async fn honest_work_verifies_and_each_change_has_one_audit_row() {
    let company = worked().await;
    let report = verify(&company);
    assert!(report.holds, "{report:?}");
    let rows: Vec<_> = company
        .server
        .app()
        .store
        .read_now(|unit| lantian_server::store::Journal::audit_after(unit, 0, 10_000))
        .unwrap();
    let accepted = rows.iter().filter(|row| row.entry.result == "accepted").count();
    // The work of the day, and the staff's eight confirmations of the plan.
    assert_eq!(accepted, 15 + 8);
    assert_eq!(report.audit_rows, rows.len() as u64);
}

#[tokio::test]
async fn the_log_and_the_audit_cannot_be_changed_by_a_mistake() {
    let company = worked().await;
    let file = company.config.data.join(lantian_server::store::FILE);
    let beside = rusqlite::Connection::open(file).unwrap();
    for sql in [
        "UPDATE audit SET result = 'ok'",
        "DELETE FROM audit",
        "UPDATE events SET seq = 1",
        "DELETE FROM events",
    ] {
        assert!(beside.execute(sql, []).is_err(), "{sql}");
    }
}

#[tokio::test]
async fn t18_every_kind_of_tampering_is_found() {
    const FREE: &str = "DROP TRIGGER audit_stays; DROP TRIGGER audit_remains;
         DROP TRIGGER events_stay; DROP TRIGGER events_remain;";
    for (sql, code) in [
        ("UPDATE audit SET result = 'refused' WHERE n = 6", "audit_hash"),
        ("UPDATE audit SET at = at + 1 WHERE n = 9", "audit_hash"),
        ("UPDATE audit SET actor = NULL WHERE n = (SELECT max(n) FROM audit)", "audit_hash"),
        ("DELETE FROM audit WHERE n = 7", "audit_missing"),
        ("UPDATE events SET event = replace(event, '一', '二')", "event_hash"),
        ("UPDATE events SET stamp = replace(stamp, '2026-03', '2026-02')", "event_hash"),
        ("DELETE FROM events WHERE version = 2", "event_missing"),
        ("DELETE FROM events WHERE rowid = (SELECT max(rowid) FROM events)", "event_missing"),
        ("DELETE FROM records WHERE kind = 'lead'", "record_missing"),
        (
            "UPDATE records SET body = (SELECT body FROM records WHERE kind = 'rules')
          WHERE kind = 'lead'",
            "record_differs",
        ),
        ("DELETE FROM membership", "scope_differs"),
    ] {
        let company = worked().await;
        company.tamper(&format!("{FREE}{sql}"));
        let report = verify(&company);
        assert!(!report.holds && codes(&report).contains(&code), "{sql}: {report:?}");
    }
}

#[tokio::test]
async fn a_chain_cut_short_shows_in_its_head() {
    let company = worked().await;
    let before = verify(&company).audit_head;
    company.tamper("DROP TRIGGER audit_remains; DELETE FROM audit WHERE n > 5;");
    let after = verify(&company);
    assert!(after.holds);
    assert_ne!(after.audit_head, before);
}
