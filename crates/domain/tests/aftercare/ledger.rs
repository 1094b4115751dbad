//! The ledger: one matter, three working days, one by one, by another person.

use lantian_domain::{
    clock::{ClockState, RuleId},
    command::{Command, CommandName, schema},
    event::Event,
    ids::RecordId,
    ledger::{
        CloseLedgerItem, Confirm, ConfirmAttempt, ItemState, Outcome, PlanLedgerItem,
        RegisterLedgerItem, ReopenLedgerItem, SplitLedgerItem,
    },
    number::Series,
    refusal::Code,
    role::Role,
    time::Date,
};
use proptest::prelude::*;

use crate::office::{
    Office,
    aftercare::{at, close, every, item_in, register, solve, solved},
    samples, user,
};

const MANAGER: Role = Role::CustomerManager;
const LEAD: Role = Role::ServiceLead;

fn registered(office: &mut Office, when: &str) -> RecordId {
    office.now = at(when);
    let id = RecordId(office.id());
    office.must(Role::HotlineAgent, id, &Command::RegisterLedgerItem(register()));
    id
}

#[test]
fn r_49_lg_3_an_item_of_2026_09_24_is_due_at_the_end_of_2026_09_30() {
    let mut office = Office::open();
    let id = registered(&mut office, "2026-09-24T10:00:00+08:00");
    let clock = &office.item(id).clocks[0];
    assert_eq!((clock.rule, clock.due_at), (RuleId::D10, at("2026-10-01T00:00:00+08:00")));
    assert!(clock.exclusive);
    solve(&mut office, id);
    office.now = at("2026-09-30T23:59:59+08:00");
    office.must(LEAD, id, &close(Confirm::Yes));
    assert_eq!(office.item(id).clocks[0].state, ClockState::StoppedOnTime);
    let late = registered(&mut office, "2026-09-24T10:00:00+08:00");
    solve(&mut office, late);
    office.now = at("2026-10-01T00:00:00+08:00");
    office.must(LEAD, late, &close(Confirm::Yes));
    assert_eq!(office.item(late).clocks[0].state, ClockState::StoppedLate);
}

#[test]
fn r_49_no_command_closes_more_than_one_item_and_none_without_evidence() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::Open);
    let no = office.judge(LEAD, id, &close(Confirm::Yes)).unwrap_err();
    assert_eq!(no.code, Code::Evidence, "closing without result and evidence");
    let no = office.judge(MANAGER, id, &solved(Vec::new())).unwrap_err();
    assert_eq!((no.code, no.params["field"].as_str()), (Code::Evidence, "evidence"));
    solve(&mut office, id);
    let items = vec![office.item(id).no.clone(), "HF-202603-0002".to_owned()];
    let Command::CloseLedgerItem(one) = close(Confirm::Yes) else { panic!() };
    let both = Command::CloseLedgerItem(CloseLedgerItem { items, ..one });
    assert_eq!(office.judge(LEAD, id, &both).unwrap_err().code, Code::BulkClose);
    for name in CommandName::ALL.iter().filter(|name| name.as_str().contains("ledger_item")) {
        let schema = serde_json::to_value(schema(*name)).unwrap().to_string();
        assert!(!schema.contains("\"records\""), "{}", name.as_str());
    }
}

#[test]
fn lg_1_a_remark_with_two_matters_is_split() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::Open);
    let (text, others) = ("增加用气点".to_owned(), vec!["发票抬头有误".to_owned()]);
    let split = Command::SplitLedgerItem(SplitLedgerItem { text: text.clone(), others });
    office.must(Role::VisitAgent, id, &split);
    assert_eq!(office.items().len(), 2);
    assert_eq!(office.item(id).text, text);
    let other = office.items().into_iter().find(|item| item.id != id).unwrap();
    assert_eq!(other.text, "发票抬头有误");
    assert!(other.clocks[0].state.is_open(), "with a clock of its own");
    assert_eq!(other.state, ItemState::Open);
}

#[test]
fn lg_2_a_matter_registered_after_the_next_working_day_is_marked() {
    let mut office = Office::open();
    // Friday; the next working day is Monday the ninth.
    let heard_at = Some(at("2026-03-06T10:00:00+08:00"));
    for (now, late) in [("2026-03-09T23:59:59+08:00", false), ("2026-03-10T00:00:00+08:00", true)] {
        office.now = at(now);
        let id = RecordId(office.id());
        let given = RegisterLedgerItem { heard_at, ..register() };
        office.must(Role::HotlineAgent, id, &Command::RegisterLedgerItem(given));
        assert_eq!(office.item(id).registered_late, late, "{now}");
    }
}

#[test]
fn lg_4_closing_needs_result_evidence_and_the_customers_word_or_two_attempts() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::Solved);
    let no = office.judge(LEAD, id, &close(Confirm::No)).unwrap_err();
    assert_eq!(no.code, Code::Evidence, "it stays open");
    let tried = |n: i64| {
        let one = |k: i64| ConfirmAttempt {
            at: at("2026-03-05T09:00:00+08:00").plus_ms(-k * 3_600_000),
            note: "电话无人接听".to_owned(),
        };
        Command::CloseLedgerItem(CloseLedgerItem {
            customer_confirm: Confirm::Unreachable,
            attempts: (0..n).map(one).collect(),
            explanation: None,
            items: Vec::new(),
        })
    };
    assert_eq!(office.judge(LEAD, id, &tried(1)).unwrap_err().code, Code::Evidence);
    office.must(LEAD, id, &tried(2));
    let item = office.item(id);
    assert_eq!(item.state, ItemState::Closed);
    assert_eq!(item.customer_confirm, Some(Confirm::Unreachable));
}

#[test]
fn lg_5_an_impossible_wish_closes_as_explained_with_consent_alone() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::Open);
    let explained = |customer_confirm| {
        Command::CloseLedgerItem(CloseLedgerItem {
            customer_confirm,
            attempts: Vec::new(),
            explanation: Some("该位置不满足安全间距".to_owned()),
            items: Vec::new(),
        })
    };
    let no = office.judge(LEAD, id, &explained(Confirm::Unreachable)).unwrap_err();
    assert_eq!(no.code, Code::Evidence);
    office.must(LEAD, id, &explained(Confirm::Yes));
    assert_eq!(office.item(id).outcome, Some(Outcome::Explained), "counted separately");
}

#[test]
fn lg_6_the_customer_reopens_within_30_days_with_a_new_clock() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::Closed);
    let closed = office.now;
    let reason = "问题再次出现".to_owned();
    let again = Command::ReopenLedgerItem(ReopenLedgerItem { reason });
    office.now = closed.plus_ms(31 * 86_400_000);
    assert_eq!(office.judge(LEAD, id, &again).unwrap_err().code, Code::State);
    office.now = closed.plus_ms(30 * 86_400_000);
    office.must(LEAD, id, &again);
    let item = office.item(id);
    assert_eq!((item.state, item.reopened_count), (ItemState::Reopened, 1));
    let running: Vec<_> = item.clocks.iter().filter(|clock| clock.state.is_open()).collect();
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].key.as_deref(), Some("reopened/1"));
    assert_eq!(running[0].started_at, closed.plus_ms(30 * 86_400_000));
}

#[test]
fn lg_7_ledger_numbers_run_on_within_the_month() {
    let day = at("2026-03-05T09:00:00+08:00");
    assert_eq!(Series::Ledger.write(day, 7), "HF-202603-0007");
}

#[test]
fn lg_8_longer_work_closes_as_planned_with_the_service_leads_word_and_one_extension() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::InProgress);
    let plan = |month| {
        let until = Date::from_ymd_opt(2026, month, 1).unwrap();
        let reason = "需要改造楼栋立管".to_owned();
        Command::PlanLedgerItem(PlanLedgerItem { until, reason })
    };
    office.must(MANAGER, id, &plan(6));
    assert_eq!(office.item(id).state, ItemState::InProgress, "it waits for the service lead");
    let own = office.judge(MANAGER, id, &samples::yes(1)).unwrap_err();
    assert_eq!(own.code, Code::Role);
    office.must(LEAD, id, &samples::yes(1));
    let item = office.item(id);
    assert_eq!((item.state, item.outcome), (ItemState::Closed, Some(Outcome::Planned)));
    office.must(MANAGER, id, &plan(9));
    office.must(LEAD, id, &samples::yes(2));
    assert_eq!(office.item(id).plan.as_ref().unwrap().extensions, 1);
    let third = office.judge(MANAGER, id, &plan(11)).unwrap_err();
    assert_eq!(third.code, Code::Duplicate, "one extension");
}

#[test]
fn sod_3_who_solved_an_item_does_not_close_it() {
    let mut office = Office::open();
    let id = item_in(&mut office, ItemState::InProgress);
    let photo = office.attach(Role::VisitAgent, id, lantian_domain::file::FileKind::PhotoOther);
    office.must(Role::VisitAgent, id, &solved(vec![photo]));
    let own = office.judge(Role::VisitAgent, id, &close(Confirm::Yes)).unwrap_err();
    assert_eq!(own.code, Code::Sod);
    office.must(LEAD, id, &close(Confirm::Yes));
    let item = office.item(id);
    assert_ne!(item.solver, item.closed_by);
    assert_eq!(item.closed_by, Some(user(LEAD)));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Whatever people try in whatever order: a command closes at most one
    /// item, the one it is given on, and never by the hand that solved it.
    #[test]
    fn no_sequence_of_commands_closes_two_ledger_items_at_once(
        tries in prop::collection::vec((0_usize..64, 0_usize..27, 0_usize..2), 1..40),
    ) {
        let mut office = Office::open();
        let items = [item_in(&mut office, ItemState::Open), item_in(&mut office, ItemState::Solved)];
        for (which, role, item) in tries {
            let id = items[item];
            let mut commands = every(&office, id);
            commands.push(samples::yes(1));
            let command = &commands[which % commands.len()];
            let role = Role::ALL[role];
            let Ok(changes) = office.judge(role, id, command) else { continue };
            let closing: Vec<_> = changes
                .iter()
                .filter(|change| {
                    matches!(change.event, Event::LedgerItemClosed(_) | Event::LedgerItemPlanned(_))
                })
                .map(|change| change.record)
                .collect();
            prop_assert!(closing.len() <= 1);
            prop_assert!(closing.iter().all(|closed| *closed == id));
            office.must(role, id, command);
            let item = office.item(id);
            if item.outcome == Some(Outcome::Solved) {
                prop_assert_ne!(item.solver, item.closed_by);
                prop_assert!(!item.evidence.is_empty());
            }
        }
    }
}
