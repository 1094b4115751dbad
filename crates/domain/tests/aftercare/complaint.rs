//! Complaints and ratings.

use lantian_domain::{
    assessment::Assessment,
    case::CaseState,
    clock::{ClockState, RuleId},
    command::Command,
    complaint::{
        AnswerComplaint, AppealComplaint, AssignComplaint, ComplaintChannel, ComplaintState,
        Finding,
    },
    file::FileKind,
    ids::{RecordId, derived},
    ledger::ItemSource,
    rating::ContactRating,
    record::{Record, RecordKind},
    refusal::Code,
    role::{OrgUnit, Role},
};

use crate::office::{
    Office,
    aftercare::{at, complaint_in, decide, file, look_again, rate, rating_of},
    samples, user,
};

#[test]
fn a_complaint_is_answered_in_24_hours_and_decided_in_5_working_days() {
    let mut office = Office::open();
    office.now = at("2026-03-06T16:00:00+08:00");
    let id = complaint_in(&mut office, ComplaintState::Received);
    let clock = |office: &Office, rule| {
        office.complaint(id).clocks.iter().find(|clock| clock.rule == rule).unwrap().clone()
    };
    let answer = clock(&office, RuleId::D18);
    assert_eq!(answer.due_at, at("2026-03-07T16:00:00+08:00"));
    assert_eq!(answer.org, "market_dept", "the department of the matter");
    let finding = clock(&office, RuleId::D19);
    assert_eq!(finding.due_at, at("2026-03-14T00:00:00+08:00"));
    office.now = at("2026-03-07T16:00:00+08:00");
    let said = AnswerComplaint { channel: ComplaintChannel::Hotline, text: "致歉".to_owned() };
    office.must(Role::CmLead, id, &Command::AnswerComplaint(said));
    assert_eq!(clock(&office, RuleId::D18).state, ClockState::StoppedOnTime);
}

#[test]
fn the_investigator_is_not_of_the_department_concerned() {
    let mut office = Office::open();
    let id = complaint_in(&mut office, ComplaintState::Received);
    let assign = |role| Command::AssignComplaint(AssignComplaint { investigator: user(role) });
    let own = office.judge(Role::Inspector, id, &assign(Role::CmLead)).unwrap_err();
    assert_eq!(own.code, Code::Sod);
    office.must(Role::Inspector, id, &assign(Role::ServiceLead));
    let decided = decide(&office, Finding::Unsubstantiated, Vec::new());
    let other = office.judge(Role::Inspector, id, &decided).unwrap_err();
    assert_eq!(other.code, Code::Assigned, "the one who was named decides");
    assert!(office.judge(Role::ServiceLead, id, &decided).is_ok());
}

#[test]
fn a_finding_against_somebody_is_proved_and_names_the_person_in_charge_then() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::Accepted);
    let id = RecordId(office.id());
    // The lead sees every case; on a tablet one names only what one sees.
    let filed = file(OrgUnit::MarketDept, Some(case));
    office.must(Role::CmLead, id, &Command::FileComplaint(filed));
    let assign = AssignComplaint { investigator: user(Role::Inspector) };
    office.must(Role::Inspector, id, &Command::AssignComplaint(assign));
    let bare = decide(&office, Finding::Substantiated, Vec::new());
    assert_eq!(office.judge(Role::Inspector, id, &bare).unwrap_err().code, Code::Evidence);
    let proof = office.attach(Role::Inspector, id, FileKind::Other);
    office.now = office.now.plus_ms(7_200_000);
    let decided = decide(&office, Finding::Substantiated, vec![proof]);
    office.must(Role::Inspector, id, &decided);
    let decision = office.complaint(id).decision().unwrap().clone();
    assert_eq!(decision.person, Some(office.case(case).manager));
    assert_eq!(office.complaint(id).state, ComplaintState::Substantiated);
    let mark = &office.case(case).service[0];
    assert_eq!((mark.kind, mark.open), (RecordKind::Complaint, true), "the case shows it");
}

#[test]
fn an_appeal_is_examined_by_somebody_else_and_both_findings_are_kept() {
    let mut office = Office::open();
    let id = complaint_in(&mut office, ComplaintState::Appealed);
    let own = office.judge(Role::Inspector, id, &look_again(Finding::Unsubstantiated));
    assert_eq!(own.unwrap_err().code, Code::Sod);
    office.must(Role::Assessor, id, &look_again(Finding::Unsubstantiated));
    let findings: Vec<_> =
        office.complaint(id).decisions.iter().map(|decision| decision.finding).collect();
    assert_eq!(findings, [Finding::Substantiated, Finding::Unsubstantiated]);
}

#[test]
fn r_54_what_an_appeal_proves_drafts_an_assessment_too_and_only_once() {
    let mut office = Office::open();
    let id = complaint_in(&mut office, ComplaintState::Unsubstantiated);
    let drafted = Assessment::id_of(id);
    assert!(!office.records.contains_key(&drafted));
    let appeal = AppealComplaint { reason: "另有录音".to_owned() };
    office.must(Role::CustomerManager, id, &Command::AppealComplaint(appeal));
    office.must(Role::Assessor, id, &look_again(Finding::Partly));
    let Record::Assessment(draft) = &office.records[&drafted] else { panic!("an assessment") };
    assert_eq!(draft.draft.person, Some(user(Role::CustomerManager)));
    assert_eq!(draft.draft.source, id);
    let proved = complaint_in(&mut office, ComplaintState::Appealed);
    office.must(Role::Assessor, proved, &look_again(Finding::Substantiated));
    assert_eq!(office.records[&Assessment::id_of(proved)].version(), 1, "the first one stands");
}

#[test]
fn a_case_is_not_archived_while_a_complaint_is_open() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::Withdrawn);
    let archive =
        Command::Archive(lantian_domain::case::closing::Archive { shelf_no: "A-1".to_owned() });
    let id = RecordId(office.id());
    let filed = file(OrgUnit::MarketDept, Some(case));
    office.must(Role::CmLead, id, &Command::FileComplaint(filed));
    let no = office.judge(Role::Archivist, case, &archive).unwrap_err();
    assert_eq!((no.code, no.params["gate"].as_str()), (Code::Gate, "archive"));
}

#[test]
fn two_stars_start_the_follow_up_clock_and_a_ledger_item_three_do_not() {
    let mut office = Office::open();
    let good = rating_of(&mut office, 3);
    assert!(office.items().is_empty());
    assert!(office.records[&good].clocks().is_empty());
    office.now = at("2026-03-05T10:00:00+08:00");
    let bad = rating_of(&mut office, 2);
    let clock = &office.records[&bad].clocks()[0];
    assert_eq!((clock.rule, clock.due_at), (RuleId::D20, at("2026-03-07T00:00:00+08:00")));
    let item = office.item(derived(bad, "ledger"));
    assert_eq!((item.source, item.from), (ItemSource::Rating, Some(bad)));
    let contact = ContactRating { confirmed: true, text: "已致歉".to_owned() };
    office.must(Role::ServiceLead, bad, &Command::ContactRating(contact));
    assert_eq!(office.records[&bad].clocks()[0].state, ClockState::StoppedOnTime);
}

#[test]
fn six_stars_and_ratings_of_the_future_are_refused() {
    let mut office = Office::open();
    let id = RecordId(office.id());
    let six = Command::ReceiveRating(rate(office.now, 6));
    assert_eq!(office.judge(Role::Integration, id, &six).unwrap_err().code, Code::Format);
    let future = Command::ReceiveRating(rate(office.now.plus_ms(1), 5));
    assert_eq!(office.judge(Role::Integration, id, &future).unwrap_err().code, Code::Format);
}
