//! A visit: script, answers, score, ledger items, sorting, who may go.

use lantian_domain::{
    clock::{ClockState, RuleId},
    command::{Command, CommandName, schema},
    event::Event,
    file::FileKind,
    ids::RecordId,
    ledger::{ItemKind, ItemSource, Severity},
    refusal::Code,
    role::{OrgUnit, Role},
    visit::{
        AllowSelfVisit, AssignVisit, NewItem, SegmentGroup, SortVisit, VisitMode,
        questionnaire::{CLOSING, Mark, OPENING, YesNo},
    },
};

use crate::office::{
    Office,
    aftercare::{accounts, answers, at, by_phone, month, on_site, reach, visits},
    user,
};

const HOMES: SegmentGroup = SegmentGroup::Household;
const FIRMS: SegmentGroup = SegmentGroup::NonResidential;
const AGENT: Role = Role::VisitAgent;

fn a_visit(office: &mut Office, group: SegmentGroup) -> RecordId {
    let id = month(office, group, accounts(group, 10), Vec::new());
    visits(office, id)[0]
}

fn complete(
    office: &mut Office,
    role: Role,
    visit: RecordId,
    given: lantian_domain::visit::CompleteVisit,
) {
    office.must(role, visit, &Command::CompleteVisit(Box::new(given)));
}

#[test]
fn r_45_the_script_has_opening_closing_and_a_polite_sentence_for_every_question() {
    let schema = serde_json::to_value(schema(CommandName::CompleteVisit)).unwrap();
    assert_eq!(schema["x-opening"], OPENING);
    assert_eq!(schema["x-closing"], CLOSING);
    let text = schema.to_string();
    assert_eq!(text.matches("x-script").count(), 10);
    for group in ["installation", "gas_use"] {
        assert!(text.contains(&format!("\"x-group\":\"{group}\"")));
    }
}

#[test]
fn r_45_a_visit_without_answers_for_both_groups_is_incomplete() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    for question in ["q1", "q4", "q7", "q8"] {
        let mut value = serde_json::to_value(by_phone(answers(Mark::Good))).unwrap();
        value["answers"].as_object_mut().unwrap().remove(question);
        let given = serde_json::from_value(value).unwrap();
        let no = office.judge(AGENT, visit, &Command::CompleteVisit(Box::new(given))).unwrap_err();
        assert_eq!(no.code, Code::Format);
        assert_eq!(no.params["field"], format!("answers.{question}"));
    }
    let mut none = answers(Mark::Good);
    (none.q6, none.q8) = (Some(Mark::NotApplicable), Some(Mark::NotApplicable));
    let given = Command::CompleteVisit(Box::new(by_phone(none)));
    assert_eq!(office.judge(AGENT, visit, &given).unwrap_err().code, Code::Format);
}

#[test]
fn the_score_is_the_mean_with_two_decimals_and_satisfied_needs_no_bad_mark() {
    let mut given = answers(Mark::VeryGood);
    assert_eq!(given.score().unwrap().to_string(), "5.00");
    assert!(given.is_satisfied());
    given.q1 = Some(Mark::Bad);
    assert_eq!(given.score().unwrap().to_string(), "4.50");
    assert!(!given.is_satisfied(), "a mark of 2 or less");
    given.q1 = Some(Mark::NotApplicable);
    given.q2 = Some(Mark::Fair);
    given.q3 = Some(Mark::Fair);
    // 3, 3, 5, 5, 5: 21 / 5.
    assert_eq!(given.score().unwrap().to_string(), "4.20");
    given.q5 = Some(Mark::Fair);
    given.q6 = Some(Mark::Good);
    given.q8 = None;
    // 3, 3, 3, 4: 13 / 4.
    assert_eq!(given.score().unwrap().to_string(), "3.25");
    let text = serde_json::to_string(&given.score()).unwrap();
    assert_eq!(text, "\"3.25\"");
    assert_eq!(serde_json::from_str::<Option<_>>(&text).unwrap(), given.score());
}

#[test]
fn r_47_a_need_in_a_visit_becomes_a_ledger_item_linked_to_visit_and_case() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    let needs = Some("希望增加一个用气点".to_owned());
    let given = lantian_domain::visit::CompleteVisit { needs, ..by_phone(answers(Mark::Good)) };
    complete(&mut office, AGENT, visit, given);
    let items = office.items();
    let [item] = items.as_slice() else { panic!("one item") };
    assert_eq!((item.kind, item.source), (ItemKind::Need, ItemSource::Visit));
    assert_eq!(item.from, Some(visit));
    assert_eq!(item.case, Some(office.visit(visit).account.case));
    assert_eq!(office.visit(visit).results[0].items, [item.id]);
}

#[test]
fn r_48_each_finding_of_a_visit_becomes_an_item_of_its_own() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    let mut given = answers(Mark::Good);
    (given.q2, given.q4, given.q7) = (Some(Mark::Bad), Some(YesNo::Yes), Some(YesNo::No));
    given.q9 = Some(YesNo::Yes);
    complete(&mut office, AGENT, visit, by_phone(given));
    let mut kinds: Vec<_> = office.items().iter().map(|item| item.kind).collect();
    kinds.sort();
    assert_eq!(kinds, [ItemKind::Attitude, ItemKind::Safety, ItemKind::Safety, ItemKind::Cost]);
    let danger = office.items().into_iter().find(|item| item.safety_order.is_some()).unwrap();
    assert_eq!(danger.severity, Severity::Urgent);
    assert!(office.items().iter().all(|item| item.clocks[0].rule == RuleId::D10));
}

#[test]
fn r_48_a_finished_visit_is_sorted_by_the_end_of_the_next_working_day() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    reach(&mut office, AGENT, visit);
    let clock = &office.visit(visit).clocks[0];
    // Thursday 2026-03-05: the next working day ends with the sixth.
    assert_eq!((clock.rule, clock.due_at), (RuleId::D11, at("2026-03-07T00:00:00+08:00")));
    let neither = Command::SortVisit(SortVisit::default());
    assert_eq!(office.judge(AGENT, visit, &neither).unwrap_err().code, Code::Format);
    office.now = at("2026-03-07T00:00:00+08:00");
    let none = Command::SortVisit(SortVisit { items: Vec::new(), nothing_more: true });
    office.must(AGENT, visit, &none);
    assert_eq!(office.visit(visit).clocks[0].state, ClockState::StoppedLate, "D-11 is breached");
    let again = office.judge(AGENT, visit, &none).unwrap_err();
    assert_eq!(again.code, Code::Duplicate);
}

#[test]
fn lg_1_sorting_makes_one_item_of_each_matter() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    reach(&mut office, AGENT, visit);
    let one = |text: &str| NewItem {
        kind: ItemKind::Other,
        severity: Severity::Normal,
        text: text.to_owned(),
        org: OrgUnit::EngDept,
        person: user(Role::EngDispatcher),
    };
    let items = vec![one("楼道灯坏"), one("发票抬头有误")];
    let sort = Command::SortVisit(SortVisit { items, nothing_more: false });
    let events = office.must(AGENT, visit, &sort);
    let made = events.iter().filter(|e| matches!(e, Event::LedgerItemRegistered(_))).count();
    assert_eq!(made, 2);
    let numbers: std::collections::BTreeSet<_> =
        office.items().iter().map(|item| item.no.clone()).collect();
    assert_eq!(numbers.len(), 2, "each has its number");
}

#[test]
fn sod_4_the_manager_of_the_case_does_not_telephone_and_goes_only_with_consent() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, FIRMS);
    let own = Role::CustomerManager;
    let phone = Command::CompleteVisit(Box::new(by_phone(answers(Mark::Good))));
    assert_eq!(office.judge(own, visit, &phone).unwrap_err().code, Code::Sod);
    let named = Command::AssignVisit(AssignVisit { visitor: user(own) });
    assert_eq!(office.judge(Role::CmLead, visit, &named).unwrap_err().code, Code::Sod);
    let reason = "其他人员均已外派".to_owned();
    office.must(Role::CmLead, visit, &Command::AllowSelfVisit(AllowSelfVisit { reason }));
    assert_eq!(office.judge(own, visit, &phone).unwrap_err().code, Code::Sod, "never by phone");
    let photo = office.attach(own, visit, FileKind::PhotoSite);
    complete(&mut office, own, visit, on_site(answers(Mark::Good), photo));
    let result = office.visit(visit).result(VisitMode::OnSite).unwrap();
    assert!(result.self_visit, "it is marked");
}

#[test]
fn sod_4_households_are_never_visited_by_their_manager() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    let reason = "说明".to_owned();
    let allow = Command::AllowSelfVisit(AllowSelfVisit { reason });
    assert_eq!(office.judge(Role::CmLead, visit, &allow).unwrap_err().code, Code::Sod);
    let phone = Command::CompleteVisit(Box::new(by_phone(answers(Mark::Good))));
    assert_eq!(office.judge(Role::CustomerManager, visit, &phone).unwrap_err().code, Code::Sod);
    let other = office.judge(Role::CounterClerk, visit, &phone).unwrap_err();
    assert_eq!(other.code, Code::Assigned, "the service department visits households");
}

#[test]
fn a_visit_that_is_named_to_somebody_is_not_made_by_another() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, FIRMS);
    let given = AssignVisit { visitor: user(Role::CounterClerk) };
    office.must(Role::CmLead, visit, &Command::AssignVisit(given));
    let phone = Command::CompleteVisit(Box::new(by_phone(answers(Mark::Good))));
    assert_eq!(office.judge(AGENT, visit, &phone).unwrap_err().code, Code::Assigned);
    assert!(office.judge(Role::CounterClerk, visit, &phone).is_ok());
}

#[test]
fn a_visit_on_site_is_proved_and_a_recording_needs_consent() {
    let mut office = Office::open();
    let visit = a_visit(&mut office, HOMES);
    let bare = lantian_domain::visit::CompleteVisit {
        mode: VisitMode::OnSite,
        ..by_phone(answers(Mark::Good))
    };
    let no = office.judge(AGENT, visit, &Command::CompleteVisit(Box::new(bare))).unwrap_err();
    assert_eq!(no.code, Code::Evidence);
    let recording = Some(office.attach(AGENT, visit, FileKind::Recording));
    let taped = lantian_domain::visit::CompleteVisit {
        recording,
        recording_consent: false,
        ..by_phone(answers(Mark::Good))
    };
    let no = office.judge(AGENT, visit, &Command::CompleteVisit(Box::new(taped))).unwrap_err();
    assert_eq!(no.params["field"], "recording_consent");
}
