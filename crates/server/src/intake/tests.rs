//! Every intake fixture against the outcome that stands beside it, through
//! the real store and pipeline; a replay, an update, a retraction, a join,
//! hand-over.

use std::path::PathBuf;

use lantian_domain::{
    ids::DeviceId,
    lead::{Lead, LeadState, Source},
    record::{Person, Record, RecordKind},
    role::{OrgUnit, Role},
    time::Instant,
};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::{FileFault, HandOver, ImportOrder, ImportReport, run_import, source_named};
use crate::{
    identity::{accounts, password},
    pipeline::find,
    store::{Ledger as _, NewOrg, Store},
};

struct Company {
    _folder: TempDir,
    store: Store,
    hall: Person,
    interface: Person,
    managers: Vec<Person>,
}

fn now() -> Instant {
    Instant::parse("2026-11-23T11:00:00+08:00").unwrap()
}

fn company() -> Company {
    let folder = tempfile::tempdir().unwrap();
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let org = NewOrg { name: "甲", recipient: &recipient, at: now() };
    let store = Store::create(folder.path(), &org).unwrap();
    let hashed = password::hash_at("long enough 1", password::Cost::LEAST).unwrap();
    let people = store
        .write_now(move |unit| {
            let hire = |login: &str, role| {
                let account = accounts::NewAccount {
                    login: login.to_owned(),
                    name: "甲".to_owned(),
                    roles: [role].into(),
                    org: OrgUnit::MarketDept,
                    password: hashed.clone(),
                    one_time: false,
                };
                accounts::create_reader(unit, account, now())
            };
            Ok([
                hire("hall1", Role::HallClerk)?,
                hire("gonggai1", Role::Integration)?,
                hire("manager1", Role::CustomerManager)?,
                hire("manager2", Role::CustomerManager)?,
            ])
        })
        .unwrap();
    let [hall, interface, one, two] = people;
    Company { _folder: folder, store, hall, interface, managers: vec![one, two] }
}

impl Company {
    fn order(&self, bytes: Vec<u8>, source: &str) -> ImportOrder {
        ImportOrder {
            source: source_named(source).unwrap(),
            bytes,
            person: self.interface.clone(),
            device: DeviceId(Uuid::nil()),
            hand_over: None,
            received: now(),
        }
    }

    fn import(&self, name: &str, source: &str) -> Result<ImportReport, FileFault> {
        run_import(&self.store, &self.order(fixture(name), source)).unwrap()
    }

    fn leads(&self) -> Vec<Lead> {
        self.store
            .read_now(|unit| {
                let mut leads = Vec::new();
                for id in unit.records_of(RecordKind::Lead)? {
                    if let Some(Record::Lead(lead)) = find(unit, id)? {
                        leads.push(*lead);
                    }
                }
                Ok(leads)
            })
            .unwrap()
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let folder: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "..", "tests", "fixtures", "intake"].iter().collect();
    std::fs::read(folder.join(name)).unwrap()
}

/// Imports a fixture and holds the result against the expected one.
#[track_caller]
fn check(company: &Company, name: &str) -> Option<ImportReport> {
    let expected: Value =
        serde_json::from_slice(&fixture(&format!("{name}.expected.json"))).unwrap();
    let done = company.import(name, expected["source"].as_str().unwrap());
    if let Some(code) = expected["file_code"].as_str() {
        assert_eq!(done.unwrap_err().code, code, "{name}");
        return None;
    }
    let report = done.unwrap();
    let shown = serde_json::to_value(&report).unwrap();
    for (key, count) in expected["summary"].as_object().unwrap() {
        let key = if key == "rows" { "total" } else { key };
        assert_eq!(&shown[key], count, "{name}: {key}");
    }
    let rows = expected["rows"].as_array().cloned().unwrap_or_default();
    assert!(rows.is_empty() || rows.len() == report.rows.len(), "{name}");
    for (row, wanted) in shown["rows"].as_array().unwrap().iter().zip(&rows) {
        for (key, value) in wanted.as_object().unwrap() {
            if key == "warnings" {
                let codes: Vec<_> =
                    row["warnings"].as_array().unwrap().iter().map(|w| w["code"].clone()).collect();
                assert_eq!(&Value::Array(codes), value, "{name}: {row}");
            } else {
                assert_eq!(&row[key], value, "{name}: {key} of {row}");
            }
        }
    }
    Some(report)
}

#[test]
fn the_workbook_of_a_hundred_rows_has_its_exact_outcome() {
    let company = company();
    let report = check(&company, "gonggai-100.xlsx").unwrap();
    assert_eq!((report.accepted, report.duplicate, report.rejected), (95, 3, 2));
    assert_eq!((report.out_of_area, report.accepted_with_warning), (1, 4));
    let leads = company.leads();
    assert_eq!(leads.len(), 95);
    assert_eq!(leads.iter().filter(|l| l.state == LeadState::Received).count(), 94);
    // The clock runs from the push, not from the import.
    let started = Instant::parse("2026-11-23T09:12:05+08:00").unwrap();
    assert!(leads.iter().flat_map(|lead| &lead.clocks).all(|clock| clock.started_at == started));
}

#[test]
fn every_single_fixture_has_its_exact_outcome() {
    for name in ["gonggai-gb18030.csv", "duogui.csv", "broken.json", "broken.xlsx"] {
        check(&company(), name);
    }
}

#[test]
fn ten_thousand_rows_are_taken() {
    let company = company();
    check(&company, "gonggai-10000.csv");
    assert_eq!(company.leads().len(), 10_000);
}

#[test]
fn a_batch_its_update_its_retraction_and_planning_follow_each_other() {
    let company = company();
    check(&company, "gonggai-batch.json");
    let before = company.leads();
    check(&company, "gonggai-update.json");
    check(&company, "gonggai-retract.json");
    let after = company.leads();
    assert_eq!(before.len(), after.len());
    let updated: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a.push != b.push).collect();
    assert_eq!(updated.len(), 1);
    // An update starts no clock anew.
    assert_eq!(updated[0].0.clocks, updated[0].1.clocks);
    assert_eq!(after.iter().filter(|lead| lead.retracted).count(), 1);
    check(&company, "duogui-batch.json");
    let joined: Vec<_> = company
        .leads()
        .into_iter()
        .filter(|lead| lead.push.source == Source::Gonggai && lead.push.opinion.is_some())
        .collect();
    assert_eq!(joined.len(), 1);
    assert!(joined[0].push.boundary.len() >= 4 && joined[0].push.builder_name.is_some());
}

#[test]
fn the_same_push_again_changes_nothing() {
    let company = company();
    let first = company.import("gonggai-100.xlsx", "gonggai").unwrap();
    let head = company.store.read_now(|unit| unit.head()).unwrap();
    let again = company.import("gonggai-100.xlsx", "gonggai").unwrap();
    assert_eq!((again.accepted, again.duplicate, again.rejected), (0, 98, 2));
    assert_eq!(company.store.read_now(|unit| unit.head()).unwrap(), head);
    for (row, before) in again.rows.iter().zip(&first.rows) {
        assert_eq!(row.id, before.id, "row {}", row.row);
    }
}

#[test]
fn works_approval_joins_a_lead_that_only_planning_knew() {
    let company = company();
    company.import("duogui.csv", "duogui").unwrap();
    let before = company.leads();
    company.import("gonggai-batch.json", "gonggai").unwrap();
    let after = company.leads();
    // Projects 1 and 2 are in both; their leads carry both words.
    let both: Vec<_> = after
        .iter()
        .filter(|lead| lead.push.source == Source::Gonggai && lead.push.opinion.is_some())
        .collect();
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|lead| before.iter().any(|b| b.id == lead.id)));
    assert_eq!(after.len(), before.len() + 5);
}

#[test]
fn an_update_reaches_a_lead_that_was_handed_over() {
    let company = company();
    let mut order = company.order(fixture("gonggai-batch.json"), "gonggai");
    order.hand_over = Some(HandOver::Fewest);
    let report = run_import(&company.store, &order).unwrap().unwrap();
    assert_eq!(report.handed_over, 6);
    check(&company, "gonggai-update.json");
    check(&company, "gonggai-retract.json");
    // Shared out in turn.
    let of = |who: &Person| {
        company.leads().iter().filter(|lead| lead.manager == Some(who.user())).count()
    };
    assert_eq!(company.managers.iter().map(of).collect::<Vec<_>>(), [3, 3]);
}

#[test]
fn the_hall_imports_in_its_own_name_and_hands_over_by_name() {
    let company = company();
    let mut order = company.order(fixture("gonggai-gb18030.csv"), "gonggai");
    order.person = company.hall.clone();
    order.hand_over = Some(HandOver::parse("manager2"));
    let report = run_import(&company.store, &order).unwrap().unwrap();
    assert_eq!(report.handed_over, 18);
    order.hand_over = Some(HandOver::parse("nobody"));
    let fault = run_import(&company.store, &order).unwrap().unwrap_err();
    assert_eq!(fault.code, "E_INTAKE_MANAGER");
    let managed = |lead: &Lead| lead.manager == Some(company.managers[1].user());
    assert!(company.leads().iter().all(managed));
}

#[test]
fn a_row_that_is_no_object_is_kept_aside() {
    let company = company();
    let json = r#"{"source":"gonggai","pushed_at":"2026-11-23T09:00:00+08:00","records":[7,
        {"xmdm":"2611-410184-04-01-000001","xmmc":"甲","xzqhdm":"410184"}]}"#;
    let order = company.order(json.as_bytes().to_vec(), "gonggai");
    let report = run_import(&company.store, &order).unwrap().unwrap();
    assert_eq!((report.quarantined, report.accepted), (1, 1));
    assert!(report.rows[0].code.is_some() && report.rows[0].field.is_some());
}

#[test]
fn a_newer_push_keeps_what_planning_had_added() {
    let company = company();
    company.import("gonggai-batch.json", "gonggai").unwrap();
    company.import("duogui-batch.json", "duogui").unwrap();
    let mut push: Value = serde_json::from_slice(&fixture("gonggai-batch.json")).unwrap();
    for record in push["records"].as_array_mut().unwrap() {
        record["gxsj"] = "2026-11-23T10:59:00+08:00".into();
        record["jsgmjnr"] = "住宅楼9栋,约777户".into();
    }
    let order = company.order(serde_json::to_vec(&push).unwrap(), "gonggai");
    let report = run_import(&company.store, &order).unwrap().unwrap();
    assert_eq!(report.accepted, 7);
    let joined = |lead: &Lead| lead.push.source == Source::Gonggai && lead.push.opinion.is_some();
    let push = company.leads().into_iter().find(joined).unwrap().push;
    assert_eq!((push.est_households, push.boundary.len() >= 4), (Some(777), true));
}

#[test]
fn a_lead_that_a_tablet_brought_is_known() {
    let company = company();
    let other = self::company();
    other.import("gonggai-batch.json", "gonggai").unwrap();
    // A tablet of the hall brought the first project, without intake.
    let lead = other.leads().into_iter().find(|lead| lead.state == LeadState::Received).unwrap();
    let act = crate::pipeline::Act {
        id: lantian_domain::ids::CommandId(Uuid::now_v7()),
        person: company.hall.clone(),
        device: DeviceId(Uuid::nil()),
        record: lead.id,
        at: now(),
        received: now(),
        command: lantian_domain::command::Command::ReceivePush(Box::new(lead.push.clone())),
    };
    company.store.write_now(move |unit| crate::pipeline::perform(unit, &act)).unwrap().unwrap();
    let report = company.import("gonggai-batch.json", "gonggai").unwrap();
    let known: Vec<_> = report.rows.iter().filter(|row| row.id == Some(lead.id)).collect();
    assert!(!known.is_empty() && known.iter().all(|row| row.status == super::Status::Duplicate));
}
