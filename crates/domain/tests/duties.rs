//! Separation of duty, and the limits that the law sets.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails where it stands and names what it is about"
)]

mod office;

use lantian_domain::{
    case::{
        CaseState, Segment,
        acceptance::ReportAcceptance,
        assignment::AssignManager,
        intake::{AcceptCase, NotAccept, NotAcceptReason},
        suspension::Suspend,
    },
    clock::{Clock, ClockState},
    command::Command,
    escalation::notices,
    ids::RecordId,
    lead::HandOverLead,
    notice::Level,
    policy::{PauseReason, RuleId},
    record::{Person, Record},
    refusal::Code,
    role::{OrgUnit, Role},
    time::Instant,
};
use office::{Office, samples, user};

const MANAGER: Role = Role::CustomerManager;

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn clock(office: &Office, id: RecordId, rule: RuleId) -> Clock {
    office.records[&id].clocks().iter().rfind(|clock| clock.rule == rule).unwrap().clone()
}

/// The only holder of `role` holds `other` as well, or belongs elsewhere.
fn also(office: &mut Office, role: Role, other: Role, org: OrgUnit) {
    let Record::Person(person) = office.records[&RecordId(user(role).0)].clone() else { panic!() };
    let mut person: Person = *person;
    person.roles.insert(other);
    person.org = org;
    office.save_person(person);
}

#[test]
fn sod_1_the_designer_does_not_approve_the_own_drawing() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    samples::step(&mut office, id);
    also(&mut office, Role::Designer, Role::TechLead, OrgUnit::TechDept);
    let design = samples::design(&mut office, id);
    office.must(Role::Designer, id, &design);
    assert!(office.case(id).design().is_none(), "proposed, also by a lead");
    assert_eq!(office.give(Role::Designer, id, &samples::yes(1)).unwrap_err().code, Code::Sod);
    office.must(Role::TechLead, id, &samples::yes(1));
    assert_eq!(office.case(id).design().unwrap().reviewer, user(Role::TechLead));
}

#[test]
fn sod_2_nobody_of_the_crew_or_company_that_built_inspects() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::AcceptanceTesting);
    let test = samples::acceptance(office.now, true);
    also(&mut office, Role::ContractorLead, Role::AcceptanceInspector, OrgUnit::Contractor);
    assert_eq!(office.give(Role::ContractorLead, id, &test).unwrap_err().code, Code::Sod);
    also(&mut office, Role::AcceptanceInspector, Role::AcceptanceInspector, OrgUnit::Contractor);
    assert_eq!(office.give(Role::AcceptanceInspector, id, &test).unwrap_err().code, Code::Sod);
    also(&mut office, Role::AcceptanceInspector, Role::AcceptanceInspector, OrgUnit::EngDept);
    office.must(Role::AcceptanceInspector, id, &test);
}

#[test]
fn sod_5_a_pause_is_requested_and_approved_by_different_persons() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeNegotiating);
    also(&mut office, MANAGER, Role::CmLead, OrgUnit::MarketDept);
    let pause = Command::Suspend(Suspend {
        reason: PauseReason::CustomerOtherDate,
        evidence: "用户改约下周一".to_owned(),
        file: None,
        expected_end: None,
    });
    office.must(MANAGER, id, &pause);
    let no = u32::try_from(office.case(id).approvals.len()).unwrap();
    assert!(office.case(id).suspended.is_none(), "a lead's own wish waits for another");
    assert_eq!(office.give(MANAGER, id, &samples::yes(no)).unwrap_err().code, Code::Sod);
    office.must(Role::CmLead, id, &samples::yes(no));
    assert_eq!(clock(&office, id, RuleId::D04).state, ClockState::Paused);
}

#[test]
fn sod_7_exactly_one_manager_is_responsible_at_a_time() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Accepted);
    for next in [Role::CounterClerk, MANAGER, Role::CounterClerk] {
        let given = AssignManager { manager: user(next), reason: "调整".to_owned() };
        office.must(Role::CmLead, id, &Command::AssignManager(given));
        let case = office.case(id);
        let open: Vec<_> = case.assignments.iter().filter(|one| one.to.is_none()).collect();
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].manager, case.manager), (user(next), user(next)));
    }
    let push = samples::push_to_tech();
    assert_eq!(office.give(MANAGER, id, &push).unwrap_err().code, Code::Assigned);
}

#[test]
fn l_01_gas_is_due_five_working_days_after_the_last_paper_and_the_leader_hears_of_more() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    for code in ["MT01", "MT02", "MT14", "MT23"] {
        office.must(MANAGER, id, &samples::receive(code));
    }
    office.must(MANAGER, id, &Command::AcceptCase(AcceptCase {}));
    let outer = clock(&office, id, RuleId::D16);
    assert_eq!(outer.due_at, at("2026-03-13T00:00:00"), "the end of the fifth working day");
    let people: Vec<Person> = office
        .records
        .values()
        .filter_map(|record| match record {
            Record::Person(person) => Some((**person).clone()),
            _ => None,
        })
        .collect();
    let told = |now: Instant| {
        let all = notices(&office.records[&id], &office.rules, &people, now);
        all.iter()
            .any(|(_, raise)| raise.about.rule == Some(RuleId::D16) && raise.level == Level::Leader)
    };
    assert!(!told(outer.due_at.plus_ms(-1)) && told(outer.due_at));
}

#[test]
fn l_03_a_refusal_has_one_of_four_reasons_in_writing_and_the_leads_word() {
    let codes: Vec<_> = NotAcceptReason::ALL.iter().map(|reason| reason.as_str()).collect();
    let known = ["outside_supply_area", "no_demand", "illegal_building", "prohibited_use"];
    assert_eq!(codes, known, "who meets the conditions is not refused");
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    let refusal = |text: &str| {
        let reason = NotAcceptReason::OutsideArea;
        Command::NotAccept(NotAccept { reason, text: text.to_owned() })
    };
    assert!(office.give(MANAGER, id, &refusal(" ")).is_err(), "the reasons are written down");
    office.must(MANAGER, id, &refusal("供气管网覆盖范围以外"));
    assert_eq!(office.state(id), CaseState::Submitted, "not by the manager alone");
    office.must(Role::CmLead, id, &samples::yes(1));
    assert_eq!(office.state(id), CaseState::NotAccepted);
}

#[test]
fn l_05_completion_is_reported_within_15_days_and_nothing_failed_is_used() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::AcceptanceTesting);
    office.set_segment(id, Segment::NonResidential);
    let gas = samples::ticket(&mut office, id);
    assert!(office.give(Role::IgnitionOperator, id, &gas).is_err(), "not accepted, not used");
    office.now = at("2026-03-09T15:00:00");
    let test = Command::RecordAcceptance(match samples::acceptance(office.now, true) {
        Command::RecordAcceptance(mut test) => {
            test.tests.iter_mut().for_each(|one| one.hold_minutes = 30);
            test
        }
        other => panic!("{other:?}"),
    });
    office.must(Role::AcceptanceInspector, id, &test);
    let report = clock(&office, id, RuleId::D17);
    assert_eq!(report.due_at, at("2026-03-25T00:00:00"), "the end of the fifteenth day");
    assert_eq!(report.org, "eng_dept");
    let told = |receipt_no: &str| {
        let authority = "新郑市燃气主管部门".to_owned();
        let receipt_no = receipt_no.to_owned();
        Command::ReportAcceptance(ReportAcceptance { authority, receipt_no })
    };
    assert_eq!(office.give(Role::EngLead, id, &told("")).unwrap_err().code, Code::Format);
    office.must(Role::EngLead, id, &told("BA-2026-1"));
    assert_eq!(clock(&office, id, RuleId::D17).state, ClockState::StoppedOnTime);
    assert_eq!(office.give(Role::EngLead, id, &told("BA-2")).unwrap_err().code, Code::State);
}

#[test]
fn l_13_a_message_arrives_when_it_enters_the_system() {
    let mut office = Office::open();
    let id = RecordId(office.id());
    let now = office.now;
    office.must(Role::HallClerk, id, &samples::push(now));
    let entered = office.now;
    let hand = HandOverLead { manager: user(MANAGER), note: None };
    office.must(Role::HallClerk, id, &Command::HandOverLead(hand));
    // Whenever the manager opens the tablet: the clock began with the entry.
    office.minutes(600);
    assert_eq!(clock(&office, id, RuleId::D02).started_at, entered);
}
