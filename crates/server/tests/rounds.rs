//! Rounds over the real store and pipeline: what time does, once.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeMap;

use lantian_domain::{
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    notice::{Level, Notice, Recipient},
    record::{Person, Record, RecordKind},
    role::{OrgUnit, Role},
    time::{DAY_MS, HOUR_MS, Instant},
    watch::{FEEDS, Watch},
};
use tempfile::TempDir;
use uuid::Uuid;

use lantian_server::{
    audit,
    identity::{accounts, password},
    pipeline::{Act, find, perform},
    rounds::make,
    store::{Ledger as _, NewOrg, Store},
};

struct Company {
    _folder: TempDir,
    store: Store,
    people: BTreeMap<&'static str, Person>,
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
            let mut people = BTreeMap::new();
            for (login, role) in [
                ("gonggai1", Role::Integration),
                ("manager1", Role::CustomerManager),
                ("cm_lead1", Role::CmLead),
                ("leader1", Role::Leader),
            ] {
                let account = accounts::NewAccount {
                    login: login.to_owned(),
                    name: "甲".to_owned(),
                    roles: [role].into(),
                    org: OrgUnit::MarketDept,
                    password: hashed.clone(),
                    one_time: false,
                };
                people.insert(login, accounts::create_reader(unit, account, now())?);
            }
            Ok(people)
        })
        .unwrap();
    Company { _folder: folder, store, people }
}

impl Company {
    /// Makes one round; how many deeds were done.
    fn round(&self, only: &str, at: Instant) -> u64 {
        let made = make(&self.store, at, Some(only)).unwrap();
        assert!(made.iter().all(|made| made.refused == 0), "{made:?}");
        made.iter().map(|made| made.done).sum()
    }

    /// A lead that a platform pushed.
    fn lead(&self) -> RecordId {
        let id = RecordId(Uuid::now_v7());
        let push = serde_json::json!({
            "source": "gonggai", "source_key": "GG-1", "pushed_at": now(),
            "region_code": "410184", "project_name": "新华路小区", "contact_name": "王小明",
            "contact_phone": "13800138000",
        });
        let act = Act {
            id: CommandId(Uuid::now_v7()),
            person: self.people["gonggai1"].clone(),
            device: DeviceId(Uuid::nil()),
            record: id,
            at: now(),
            received: now(),
            command: Command::ReceivePush(serde_json::from_value(push).unwrap()),
        };
        self.store.write_now(move |unit| perform(unit, &act)).unwrap().unwrap();
        id
    }

    fn notices(&self) -> Vec<Notice> {
        let ids = self.store.read_now(|unit| unit.records_of(RecordKind::Notice)).unwrap();
        ids.into_iter()
            .map(|id| match self.store.read_now(move |unit| find(unit, id)).unwrap() {
                Some(Record::Notice(notice)) => *notice,
                other => panic!("no notice: {other:?}"),
            })
            .collect()
    }
}

#[test]
fn each_day_is_opened_once_for_each_platform() {
    let company = company();
    let days = |at| company.round("watch", at);
    assert_eq!((days(now()), days(now().plus_ms(60_000))), (2, 0));
    // In the evening the next day is there for those who begin it offline.
    assert_eq!((days(now().plus_ms(DAY_MS / 2)), days(now().plus_ms(DAY_MS))), (2, 0));
    // The server stood still over a long weekend.
    assert_eq!(days(now().plus_ms(4 * DAY_MS)), 6);
    for source in FEEDS {
        let found = company.store.read_now(move |unit| find(unit, Watch::id_of(source))).unwrap();
        let Some(Record::Watch(watch)) = found else { panic!("no watch") };
        assert!(watch.clocks.len() == 5 && watch.is_waiting());
    }
}

#[test]
fn a_breach_is_noted_once_and_told_once_to_each_level() {
    let company = company();
    let lead = company.lead();
    let late = now().plus_ms(24 * HOUR_MS + 1);
    assert_eq!(company.round("clocks", late.plus_ms(-1)), 0, "due is on time");
    assert_eq!((company.round("clocks", late), company.round("clocks", late)), (1, 0));
    let Some(Record::Lead(found)) = company.store.read_now(move |unit| find(unit, lead)).unwrap()
    else {
        panic!("no lead")
    };
    assert_eq!(found.clocks[0].breached_at, Some(found.clocks[0].due_at));
    assert_eq!(company.round("escalation", late), 1, "the hall has no lead but the market's");
    assert_eq!(company.round("escalation", late.plus_ms(HOUR_MS)), 0);
    assert_eq!(company.round("escalation", late.plus_ms(4 * HOUR_MS)), 1);
    assert_eq!(company.round("escalation", late.plus_ms(24 * HOUR_MS)), 1);
    let notices = company.notices();
    let to = |login: &str| Recipient::User(company.people[login].user());
    let of = |level| notices.iter().filter(move |notice| notice.raised.level == level);
    assert_eq!(of(Level::DeptLead).count(), 2);
    assert!(of(Level::DeptLead).all(|notice| notice.raised.to == to("cm_lead1")));
    assert_eq!(of(Level::Leader).map(|n| n.raised.to).collect::<Vec<_>>(), [to("leader1")]);
    let text = serde_json::to_string(&notices).unwrap();
    assert!(!text.contains("王小明") && !text.contains("13800138000"), "{text}");
    let report = company.store.read_now(audit::verify).unwrap();
    assert!(report.holds, "what rounds do is verified like anything else: {report:?}");
}

#[test]
fn a_company_without_interface_makes_no_rounds() {
    let company = company();
    let id = company.people["gonggai1"].user();
    company
        .store
        .write_now(move |unit| {
            let off =
                accounts::Alteration { active: Some(false), ..accounts::Alteration::default() };
            accounts::change(unit, id, off, accounts::By::default(), now())
        })
        .unwrap();
    assert_eq!(company.round("watch", now()), 0);
}
