//! The demonstration company, seen by contractors and administrators, years
//! later, and in an archive.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    card::Card,
    case::{Case, CaseState},
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    privacy::{
        Field, Unmask,
        erase::{is_erased, tells},
        field::held_in,
        retention::due_on,
    },
    record::{Record, RecordKind},
    time::{DAY_MS, Instant},
};
use lantian_protocol::{PullRequest, blob};
use lantian_server::{
    audit, demo,
    feed::{RawItem, Reader, pull, record_item, scope_digest},
    files,
    pipeline::{Act, find, perform},
    privacy::{archive, erase, retention},
    store::{Accounts as _, FILE, Journal as _, Ledger as _, NewOrg, Store, Unit},
    suite::Suite,
};
use tempfile::TempDir;
use uuid::Uuid;

fn company() -> (TempDir, Store, Instant) {
    let at = Instant::parse("2026-11-24T12:10:00+08:00").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let store =
        Store::create(folder.path(), &NewOrg { name: "甲", recipient: &recipient, at }).unwrap();
    demo::fill(&store, at).unwrap();
    (folder, store, at)
}

fn reader(store: &Store, login: &str) -> Reader {
    let row = store.read_now(|unit| unit.user_by_login(login)).unwrap().unwrap();
    Reader { grants: row.grants, person: row.person }
}

/// Everything that the feed serves somebody from the beginning.
fn served(store: &Store, who: &Reader, at: Instant) -> Vec<RawItem> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let request = PullRequest { cursor: cursor.take(), witness: None, max_bytes: 1 << 20 };
        let page = store.read_now(|unit| pull(unit, who, &request, at)).unwrap();
        items.extend(page.items);
        if !page.more {
            return items;
        }
        cursor = Some(page.cursor);
    }
}

fn all(store: &Store) -> BTreeMap<RecordId, Record> {
    let find_all = |unit: &Unit<'_>| {
        let mut all = BTreeMap::new();
        for kind in RecordKind::WORK {
            for id in unit.records_of(*kind)? {
                all.insert(id, find(unit, id)?.unwrap());
            }
        }
        Ok(all)
    };
    store.read_now(find_all).unwrap()
}

/// Runs of digits in a text, with the letter that may end an identity number.
fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != 'X').filter(|run| run.len() >= 11)
}

fn looks_personal(text: &str) -> bool {
    let mobile = |run: &str| run.len() == 11 && run.starts_with('1');
    digit_runs(text).any(|run| mobile(run) || run.len() == 18)
}

#[test]
fn p_06_the_feed_itself_serves_a_contractor_no_id_number_and_no_clear_phone() {
    let (_folder, store, at) = company();
    let who = reader(&store, "contractor_lead1");
    let items = served(&store, &who, at);
    let mut cases = 0;
    let mut ours = vec![0_u8; blob::DIGEST_LEN];
    let mut count = 0;
    for item in &items {
        let RawItem::Snapshot(row) = item else { panic!("an outside reader gets no events") };
        let json = blob::unpack_json(&row.body).unwrap();
        assert_eq!(blob::digest(&json), row.digest, "the digest is of what is served");
        ours.iter_mut().zip(&row.digest).for_each(|(all, byte)| *all ^= byte);
        count += 1;
        if row.kind != RecordKind::Case {
            continue;
        }
        cases += 1;
        let text = String::from_utf8(json).unwrap();
        assert!(!text.contains("\"doc_no\""), "no number of a paper");
        let Record::Case(whole) = find_now(&store, row.id) else { panic!("a case") };
        assert!(!text.contains(&whole.basic.phone), "{}", whole.no);
        assert!(text.contains("****"), "the phone is there, masked");
        let card: Card = rmp_serde::from_slice(&row.card).unwrap();
        assert!(!card.search.contains(&whole.basic.phone));
        let again = store.read_now(|unit| record_item(unit, &who, row.id)).unwrap().unwrap();
        let RawItem::Snapshot(again) = again else { panic!("whole") };
        assert_eq!(again.digest, row.digest, "repair serves the same");
    }
    assert!(cases > 0, "the contractor has orders");
    let theirs = store.read_now(|unit| scope_digest(unit, &who)).unwrap();
    assert_eq!((theirs.records, theirs.digest), (count, ours), "convergence is proved");
}

fn find_now(store: &Store, id: RecordId) -> Record {
    store.read_now(|unit| find(unit, id)).unwrap().unwrap()
}

#[test]
fn sod_6_p_13_the_feed_of_the_three_administrators_holds_no_case_and_no_lead() {
    let (_folder, store, at) = company();
    for login in ["sys_admin1", "sec_admin1", "audit_admin1"] {
        let who = reader(&store, login);
        for item in served(&store, &who, at) {
            let RawItem::Snapshot(row) = item else { continue };
            assert!(!matches!(row.kind, RecordKind::Case | RecordKind::Lead), "{login}");
        }
    }
}

#[test]
fn p_18_n_15_no_line_of_any_list_holds_an_eighteen_character_id_or_a_phone() {
    let (_folder, store, _) = company();
    let mut lines = 0;
    for record in all(&store).values() {
        let line = lantian_domain::card::card(record);
        let shown = [&line.no, &line.title, &line.subtitle, &line.state];
        lines += 1;
        for text in shown.into_iter().chain(&line.flags) {
            assert!(!looks_personal(text), "{} shows {text}", line.no);
        }
    }
    assert!(lines > 100);
    assert!(looks_personal("电话13800138000") && looks_personal("41018419900101123X"));
}

fn act(store: &Store, login: &str, record: RecordId, at: Instant, command: Command) -> Act {
    let person = reader(store, login).person;
    let device = DeviceId(Uuid::nil());
    Act { id: CommandId(Uuid::now_v7()), person, device, record, at, received: at, command }
}

#[test]
fn p_14_p_18_reading_a_masked_field_leaves_an_audit_row_that_names_field_and_reader() {
    let (_folder, store, at) = company();
    let id = case_where(&store, |case| case.state == CaseState::Accepted).id;
    let asked = Unmask { field: Field::Phone, reason: "核对投诉".to_owned() };
    let act = act(&store, "cm_lead1", id, at, Command::Unmask(asked));
    store.write_now(move |unit| perform(unit, &act)).unwrap().unwrap();
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000_000)).unwrap();
    let row = rows.iter().rfind(|row| row.entry.act == "unmask").unwrap();
    assert_eq!(row.entry.subject, Some(id.0));
    assert_eq!(row.entry.actor, Some(reader(&store, "cm_lead1").person.user()));
    assert_eq!(row.entry.detail, Some(serde_json::json!({ "field": "phone" })));
    assert_eq!(row.entry.result, "accepted");
}

fn case_where(store: &Store, fits: impl Fn(&Case) -> bool) -> Case {
    let mut cases = all(store)
        .into_values()
        .filter_map(|record| if let Record::Case(case) = record { Some(*case) } else { None });
    cases.find(|case| fits(case)).unwrap()
}

#[test]
fn p_05_n_15_the_round_removes_exactly_the_due_rows_and_audits_without_persons() {
    let (_folder, store, at) = company();
    assert_eq!(retention::run(&store, at).unwrap().erased, 0, "nothing before its day");
    let before = all(&store);
    let later = at.plus_ms((2 * 365 + 2) * DAY_MS);
    let due: BTreeSet<RecordId> = before
        .values()
        .filter(|record| due_on(record).is_some_and(|due| due <= later))
        .map(Record::id)
        .collect();
    assert!(!due.is_empty() && due.len() < before.len());
    let report = retention::run(&store, later).unwrap();
    assert_eq!(report.erased, due.len() as u64);
    for (id, after) in all(&store) {
        if due.contains(&id) {
            assert!(is_erased(&after));
        } else {
            assert_eq!(after, before[&id], "what is not due is untouched");
        }
    }
    assert_eq!(retention::run(&store, later).unwrap().erased, 0, "once");
    let audited = store.read_now(audit::verify).unwrap();
    assert!(audited.holds, "{:?}", audited.found);
    let log = |id: RecordId| store.read_now(|unit| unit.events_after(id, 0)).unwrap();
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000_000)).unwrap();
    for id in &due {
        let log: String = log(*id).into_iter().map(|row| row.event).collect();
        for (field, secret) in held_in(&before[id]) {
            let long = tells(field, &secret);
            assert!(!long || !log.contains(&secret), "{field:?} {secret} is left in the log");
            let told = rows.iter().filter_map(|row| row.entry.detail.as_ref());
            assert!(told.clone().all(|detail| !detail.to_string().contains(&secret) || !long));
        }
    }
}

#[test]
fn p_14_an_event_rewritten_without_the_audit_is_found() {
    let (folder, store, _) = company();
    let beside = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    for sql in ["DELETE FROM audit", "UPDATE audit SET act = 'x'", "DELETE FROM events"] {
        assert!(beside.execute(sql, []).is_err(), "{sql}");
    }
    assert!(store.read_now(audit::verify).unwrap().holds, "the attempts changed nothing");
    let id = case_where(&store, |case| case.state == CaseState::Accepted).id;
    let row = store.read_now(|unit| unit.events_after(id, 0)).unwrap().remove(0);
    let event = row.event.replace("\"no\"", "\"no\" ");
    let digest = erase::digest(Suite::Standard, &event);
    beside
        .execute(
            "UPDATE events SET event = ?1, erased = ?2 WHERE record = ?3 AND version = 1",
            rusqlite::params![event, digest, id.0.as_bytes()],
        )
        .unwrap();
    let found = store.read_now(audit::verify).unwrap();
    let codes: Vec<_> = found.found.iter().map(|fault| fault.code).collect();
    assert!(codes.contains(&"erasure_unaudited"), "{codes:?}");
}

#[test]
fn p_21_one_byte_changed_after_signing_makes_verification_fail() {
    let (folder, store, _) = company();
    let case = case_where(&store, |case| !case.confirmations.is_empty());
    let signed = &case.confirmations[0].signature;
    let picture = case.file(signed.file).unwrap();
    assert!(files::verify(&store).unwrap().damaged.is_empty());
    let path = folder.path().join("files/content").join(&picture.sha256[..2]).join(&picture.sha256);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let found = files::verify(&store).unwrap();
    assert_eq!(found.damaged, std::slice::from_ref(&picture.sha256), "the drawn signature");
    // What was signed: the confirmation, by the log that the server counter-signs
    // with its chain when it takes the command in.
    let beside = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    beside.execute_batch("DROP TRIGGER events_stay").unwrap();
    let changed = beside
        .execute(
            "UPDATE events SET event = replace(event, '\"fee_type\"', '\"fee_typf\"')
             WHERE record = ?1 AND event LIKE '%fee_settled%'",
            [case.id.0.as_bytes()],
        )
        .unwrap();
    assert!(changed > 0);
    let audited = store.read_now(audit::verify).unwrap();
    assert!(audited.found.iter().any(|fault| fault.code == "event_hash"), "{:?}", audited.found);
}

#[test]
fn p_22_the_package_of_a_case_verifies_by_hash_and_shows_every_change() {
    let (folder, store, at) = company();
    let case = case_where(&store, |case| case.state == CaseState::Archived);
    let place = folder.path().join("package");
    let made = archive::export(&store, case.id, &place, at).unwrap();
    let found = archive::verify(&place).unwrap();
    assert!(found.holds, "{:?}", found.faults);
    assert_eq!((&found.manifest, &found.log_head), (&made.manifest, &made.log_head));
    let row = store.read_now(|unit| unit.record(case.id)).unwrap().unwrap();
    assert_eq!(found.log_head, hex::encode(row.head), "the head of the company's own log");
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000_000)).unwrap();
    let noted = rows.iter().rfind(|row| row.entry.act == "archive_exported").unwrap();
    assert_eq!(noted.entry.detail.as_ref().unwrap()["manifest"], made.manifest.as_str());
    let manifest: archive::Manifest =
        serde_json::from_slice(&std::fs::read(place.join("manifest.json")).unwrap()).unwrap();
    assert!(manifest.entries.keys().any(|name| name.starts_with("files/")));
    assert!(manifest.parts.iter().filter(|part| part.present).count() >= 8);

    let faults = |why: &str| {
        let found = archive::verify(&place).unwrap();
        assert!(!found.holds, "{why}");
        found.faults.join(" ")
    };
    for name in manifest.entries.keys() {
        let path = place.join(name);
        let whole = std::fs::read(&path).unwrap();
        let mut one = whole.clone();
        one[whole.len() / 2] ^= 1;
        std::fs::write(&path, &one).unwrap();
        assert!(faults(name).contains(&format!("entry_differs {name}")));
        std::fs::write(&path, whole).unwrap();
    }
    std::fs::write(place.join("files/more.pdf"), b"x").unwrap();
    assert!(faults("added").contains("entry_unlisted files/more.pdf"));
    std::fs::remove_file(place.join("files/more.pdf")).unwrap();
    std::fs::remove_file(place.join("record.json")).unwrap();
    assert!(faults("taken out").contains("entry_missing record.json"));
    assert!(archive::export(&store, case.id, &place, at).is_err(), "nothing is overwritten");
}

#[test]
fn p_05_what_is_due_and_what_is_gone_is_told_without_persons() {
    let (_folder, store, at) = company();
    let day = Instant(at.0 + 31 * 365 * DAY_MS);
    let before = retention::standing(&store, day).unwrap();
    assert!(before.due > 0 && before.erased == 0 && before.gone.is_empty());
    assert!(before.lines.iter().filter(|line| line.due).all(|line| line.due_on <= day.date()));
    let text = serde_json::to_string(&before).unwrap();
    assert!(!looks_personal(&text), "numbers and days, no person: {text}");
    let done = retention::run(&store, day).unwrap();
    let after = retention::standing(&store, day).unwrap();
    assert_eq!(done.erased, before.due, "the round takes exactly what was due");
    assert_eq!((after.due, after.erased), (0, done.erased));
    let vouched: BTreeSet<RecordId> = after.gone.iter().map(|line| line.record).collect();
    let due = before.lines.iter().filter(|line| line.due);
    assert!(due.take(after.gone.len()).all(|line| vouched.contains(&line.record)));
}
