//! Clocks that are watched over, notices, the policy and its readers,
//! inspections, assessments: clause by clause.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails where it stands and names what it is about"
)]

mod office;

use std::collections::BTreeSet;

use lantian_domain::{
    assessment::{
        AppealAssessment, Assessment, AssessmentState, Cause, DecideAppeal, DecideAssessment,
        Penalty, ProposePenalty, award_eligibility,
    },
    case::CaseState,
    clock::{Clock, ClockState},
    command::{Command, CommandName},
    complaint::ComplaintState,
    escalation::{self, in_charge, notices},
    event::Event,
    ids::RecordId,
    inspection::{
        DrawSample, Inspection, InspectionState, IssueFindings, NewFinding, RectifyFinding,
        Sampled, Theme, VerifyFinding, frame,
    },
    lead::{ContactChannel, ContactResult, HandOverLead, ReassignLead, Source},
    notice::{Level, Notice, RaiseNotice, ReadNotice, Recipient},
    policy::RuleId,
    record::{Person, Record, RecordKind},
    reference::{ConfirmPolicy, NameDepartment},
    refusal::Code,
    role::{OrgUnit, Role},
    tend::{NoteBreaches, RecountClocks},
    time::{HOUR_MS, Instant},
    visit::{SegmentGroup, questionnaire::Mark},
    watch::{CheckFeed, OpenFeedDay, Watch},
};
use office::{Office, aftercare, every, samples, user};
use proptest::prelude::*;

const MANAGER: Role = Role::CustomerManager;

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn people(office: &Office) -> Vec<Person> {
    let person = |record: &Record| match record {
        Record::Person(person) => Some((**person).clone()),
        _ => None,
    };
    office.records.values().filter_map(person).collect()
}

/// What the round would raise now, and raises.
fn round(office: &mut Office, id: RecordId) -> Vec<RaiseNotice> {
    let due = notices(&office.records[&id], &office.rules, &people(office), office.now);
    let mut fresh = Vec::new();
    for (notice, raise) in due {
        if !office.records.contains_key(&notice) {
            let now = office.now;
            office.must(Role::Integration, notice, &Command::RaiseNotice(Box::new(raise.clone())));
            office.now = now;
            fresh.push(raise);
        }
    }
    fresh
}

fn levels(raised: &[RaiseNotice]) -> Vec<(Level, Recipient)> {
    raised.iter().map(|raise| (raise.level, raise.to)).collect()
}

fn to(role: Role) -> Recipient {
    Recipient::User(user(role))
}

/// A lead that was pushed at the office's instant.
fn pushed(office: &mut Office) -> RecordId {
    let id = RecordId(office.id());
    let now = office.now;
    office.must(Role::HallClerk, id, &samples::push(now));
    office.now = now;
    id
}

/// A lead that is with the manager since the office's instant.
fn handed(office: &mut Office) -> RecordId {
    let id = pushed(office);
    let hand = HandOverLead { manager: user(MANAGER), note: None };
    let now = office.now;
    office.must(Role::HallClerk, id, &Command::HandOverLead(hand));
    office.now = now;
    id
}

fn clock(office: &Office, id: RecordId, rule: RuleId) -> Clock {
    office.records[&id].clocks().iter().rfind(|clock| clock.rule == rule).unwrap().clone()
}

fn note_breaches(office: &mut Office, id: RecordId) -> Vec<Event> {
    office.give(Role::Integration, id, &Command::NoteBreaches(NoteBreaches {})).unwrap()
}

fn name_first(office: &mut Office, org: OrgUnit, first: Role) {
    office.publish_rules();
    let first_responsible = user(first);
    let named = NameDepartment { org, lead: None, first_responsible };
    let rules = lantian_domain::record::Rules::ID;
    office.must(Role::SysAdmin, rules, &Command::NameDepartment(named));
    let no = u32::try_from(office.rules.approvals.len()).unwrap();
    office.must(Role::SecAdmin, rules, &samples::yes(no));
}

#[test]
fn r_01_a_running_clock_keeps_its_policy_and_a_new_one_takes_the_next() {
    let mut office = Office::open();
    let old = handed(&mut office);
    office.publish_rules();
    let rules = lantian_domain::record::Rules::ID;
    office.must(Role::SysAdmin, rules, &Command::PublishPolicy(every::next_policy()));
    assert_eq!(office.rules.policy.version, 1, "it takes two");
    let own = office.give(Role::SysAdmin, rules, &samples::yes(1)).unwrap_err();
    assert_eq!(own.code, Code::Role);
    office.must(Role::SecAdmin, rules, &samples::yes(1));
    let new = handed(&mut office);
    let (old, new) = (clock(&office, old, RuleId::D02), clock(&office, new, RuleId::D02));
    assert_eq!(old.due_at.since(old.started_at), 24 * HOUR_MS);
    assert_eq!(new.due_at.since(new.started_at), 12 * HOUR_MS);
    assert_eq!((old.policy.as_str(), new.policy.as_str()), ("XZLT-2022-16/1", "XZLT-2022-16/2"));
    for clock in [&old, &new] {
        let policy = office.rules.policy_of(&clock.policy);
        assert_eq!(policy.label(), clock.policy);
        assert_eq!(policy.rule(RuleId::D02).clause, "R-12");
    }
}

#[test]
fn r_02_the_first_command_is_refused_until_the_plan_is_confirmed() {
    let mut office = Office::open();
    let id = RecordId(user(MANAGER).0);
    let Record::Person(mut person) = office.records[&id].clone() else { panic!() };
    person.policy_read = None;
    office.records.remove(&id);
    office.save_person(*person);
    let case = RecordId(office.id());
    let submit = samples::submit(&office);
    let no = office.give(MANAGER, case, &submit).unwrap_err();
    assert_eq!((no.code, no.now_possible), (Code::PolicyUnread, vec![CommandName::ConfirmPolicy]));
    let unread = |office: &Office| {
        lantian_domain::card::card(&office.records[&id]).flags.contains(&"policy_unread".to_owned())
    };
    assert!(unread(&office), "the lead's list shows who has not confirmed");
    let stale = Command::ConfirmPolicy(ConfirmPolicy { policy: "XZLT-2022-16/0".to_owned() });
    assert_eq!(office.give(MANAGER, id, &stale).unwrap_err().code, Code::Version);
    let read = Command::ConfirmPolicy(ConfirmPolicy { policy: office.rules.policy.label() });
    assert_eq!(office.give(Role::CmLead, id, &read).unwrap_err().code, Code::Assigned);
    office.must(MANAGER, id, &read);
    assert!(!unread(&office));
    office.must(MANAGER, case, &submit);
}

#[test]
fn r_10_a_day_without_a_look_is_breached_at_midnight_and_the_hall_lead_is_told() {
    let mut office = Office::open();
    office.now = at("2026-03-05T00:00:00");
    let id = Watch::id_of(Source::Duogui);
    let day = office.now.date();
    office.must(
        Role::Integration,
        id,
        &Command::OpenFeedDay(OpenFeedDay { source: Source::Duogui, day }),
    );
    office.now = at("2026-03-05T23:59:59");
    assert!(office.give(Role::Integration, id, &Command::NoteBreaches(NoteBreaches {})).is_err());
    office.now = at("2026-03-06T00:00:00");
    assert!(clock(&office, id, RuleId::D14).is_late(office.now));
    let told = round(&mut office, id);
    assert_eq!(levels(&told), [(Level::DeptLead, to(Role::CmLead))], "the hall has no other lead");
    note_breaches(&mut office, id);
    assert_eq!(clock(&office, id, RuleId::D14).breached_at, Some(at("2026-03-06T00:00:00")));
    // A zero report satisfies the next day.
    let tomorrow = office.now.date();
    office.must(
        Role::Integration,
        id,
        &Command::OpenFeedDay(OpenFeedDay { source: Source::Duogui, day: tomorrow }),
    );
    let zero = CheckFeed { new_count: 0, day: Some(tomorrow), note: None };
    office.must(Role::HallClerk, id, &Command::CheckFeed(zero));
    assert_eq!(clock(&office, id, RuleId::D14).state, ClockState::StoppedOnTime);
}

#[test]
fn r_11_a_hand_over_after_24_hours_is_on_time_and_a_second_later_late() {
    for (handed_at, state) in [
        ("2026-02-15T16:20:30", ClockState::StoppedOnTime),
        ("2026-02-15T16:20:31", ClockState::StoppedLate),
    ] {
        let mut office = Office::open();
        office.now = at("2026-02-14T16:20:30");
        let id = pushed(&mut office);
        office.now = at(handed_at);
        let hand = HandOverLead { manager: user(MANAGER), note: None };
        office.must(Role::HallClerk, id, &Command::HandOverLead(hand));
        assert_eq!(clock(&office, id, RuleId::D01).state, state, "{handed_at}");
    }
}

#[test]
fn r_12_two_unanswered_calls_do_not_stop_the_clock() {
    let mut office = Office::open();
    let id = handed(&mut office);
    let start = office.now;
    for _ in 0..2 {
        office.minutes(60);
        let call = samples::attempt(ContactResult::NoAnswer, ContactChannel::Phone);
        office.must(MANAGER, id, &call);
    }
    assert_eq!(clock(&office, id, RuleId::D02).state, ClockState::Running);
    office.now = start.plus_ms((23 * 60 + 59) * 60_000);
    let call = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
    office.must(MANAGER, id, &call);
    assert_eq!(clock(&office, id, RuleId::D02).state, ClockState::StoppedOnTime);
}

#[test]
fn r_50_each_running_clock_of_a_case_has_one_org_and_one_person() {
    for state in CaseState::ALL {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, *state);
        let record = &office.records[&id];
        let running = record.clocks().iter().any(|clock| clock.state == ClockState::Running);
        let named = in_charge(record, &office.rules, &people(&office));
        assert_eq!(named.is_some(), running, "{}", state.as_str());
        if let Some(named) = named {
            assert!(OrgUnit::parse(&named.org).is_some());
            assert!(
                named.person.is_some(),
                "{}: a person in charge of {}",
                state.as_str(),
                named.rule
            );
        }
    }
}

#[test]
fn r_51_the_first_responsible_person_has_a_notice_24_hours_after_a_breach() {
    let mut office = Office::open();
    name_first(&mut office, OrgUnit::MarketDept, Role::CounterClerk);
    let id = handed(&mut office);
    let breach = clock(&office, id, RuleId::D02).due_at;
    office.now = breach.plus_ms(24 * HOUR_MS);
    round(&mut office, id);
    let own = |record: &Record| match record {
        Record::Notice(notice) if notice.raised.to == to(Role::CounterClerk) => {
            Some((**notice).clone())
        }
        _ => None,
    };
    let all: Vec<Notice> = office.records.values().filter_map(own).collect();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].raised.level, all[0].state()), (Level::FirstResponsible, "unread"));
    office.must(Role::CounterClerk, all[0].id, &Command::ReadNotice(ReadNotice {}));
    let Record::Notice(read) = &office.records[&all[0].id] else { panic!() };
    assert_eq!((read.state(), read.receipts[0].by), ("read", user(Role::CounterClerk)));
}

fn planned(office: &mut Office, theme: Theme, size: u32) -> RecordId {
    let id = RecordId(office.id());
    let mut plan = every::plan_inspection(office.now);
    (plan.theme, plan.size) = (theme, size);
    office.must(Role::Inspector, id, &Command::PlanInspection(plan));
    id
}

fn inspection(office: &Office, id: RecordId) -> &Inspection {
    match &office.records[&id] {
        Record::Inspection(inspection) => inspection,
        other => panic!("an inspection, not {other:?}"),
    }
}

fn draw(office: &mut Office, id: RecordId) {
    let plan = inspection(office, id).plan.clone();
    let frame = frame(&plan, office.records.values(), office.now);
    office.must(Role::Integration, id, &Command::DrawSample(DrawSample { frame }));
}

#[test]
fn r_52_a_sample_is_drawn_reproducibly_and_findings_get_rectification_clocks() {
    let mut office = Office::open();
    for _ in 0..6 {
        samples::case_in(&mut office, CaseState::Submitted);
    }
    let (one, two) =
        (planned(&mut office, Theme::Connection, 3), planned(&mut office, Theme::Connection, 3));
    draw(&mut office, one);
    draw(&mut office, two);
    let sample = inspection(&office, one).sample.clone().unwrap();
    assert_eq!((sample.population, sample.records.len()), (6, 3));
    assert_eq!(inspection(&office, two).sample.as_ref(), Some(&sample));
    let done = every::executed(Theme::Connection, &["contacted"]);
    office.must(Role::Inspector, one, &Command::ExecuteInspection(Box::new(done)));
    let none = Command::IssueFindings(IssueFindings { findings: Vec::new() });
    assert_eq!(office.give(Role::Inspector, one, &none).unwrap_err().code, Code::Format);
    let found = NewFinding {
        text: "首次联系超时".to_owned(),
        clause: "R-12".to_owned(),
        org: OrgUnit::MarketDept,
        person: None,
        days: None,
        record_no: Some(sample.records[0].no.clone()),
    };
    let other = NewFinding { org: OrgUnit::TechDept, days: Some(3), ..found.clone() };
    office.now = at("2026-03-05T10:00:00");
    let issue = Command::IssueFindings(IssueFindings { findings: vec![found, other] });
    office.must(Role::Inspector, one, &issue);
    let clocks = &inspection(&office, one).clocks;
    assert_eq!(
        clocks.iter().map(|c| (c.rule, c.org.as_str())).collect::<Vec<_>>(),
        [(RuleId::D21, "market_dept"), (RuleId::D21, "tech_dept"),]
    );
    assert_eq!(clocks[1].due_at, at("2026-03-11T00:00:00"), "three working days");
    rectified(&mut office, one);
}

/// Both findings are put right by their departments and verified by another.
fn rectified(office: &mut Office, id: RecordId) {
    let rectify = |no| {
        let measures = "已整改".to_owned();
        Command::RectifyFinding(RectifyFinding { no, measures, files: Vec::new() })
    };
    let verify = |no, passed: bool| {
        let note = (!passed).then(|| "仍不符合".to_owned());
        Command::VerifyFinding(VerifyFinding { no, passed, note })
    };
    assert_eq!(office.give(Role::TechLead, id, &rectify(1)).unwrap_err().code, Code::Assigned);
    office.must(Role::CmLead, id, &rectify(1));
    office.must(Role::TechLead, id, &rectify(2));
    assert_eq!(inspection(office, id).state, InspectionState::Rectified);
    office.must(Role::Inspector, id, &verify(1, true));
    office.must(Role::Inspector, id, &verify(2, false));
    assert_eq!(inspection(office, id).state, InspectionState::FindingsIssued);
    assert_eq!(inspection(office, id).clocks[1].state, ClockState::Running);
    office.must(Role::TechLead, id, &rectify(2));
    office.must(Role::Inspector, id, &verify(2, true));
    assert_eq!(inspection(office, id).state, InspectionState::Verified);
    assert!(inspection(office, id).clocks.iter().all(|c| c.state == ClockState::StoppedOnTime));
}

#[test]
fn r_53_the_theme_of_tolerance_lists_all_tolerant_acceptances_with_overdue_marks() {
    let mut office = Office::open();
    let submitted = samples::case_in(&mut office, CaseState::Submitted);
    let mut tolerated = BTreeSet::new();
    for _ in 0..7 {
        let id = samples::case_in(&mut office, CaseState::Submitted);
        office.must(MANAGER, id, &samples::tolerant(&["MT01", "MT02", "MT14", "MT23"]));
        tolerated.insert(id);
    }
    office.now = at("2026-03-20T09:00:00");
    let id = planned(&mut office, Theme::Tolerance, 1);
    draw(&mut office, id);
    let sample = inspection(&office, id).sample.clone().unwrap();
    let listed: BTreeSet<_> = sample.records.iter().map(|sampled| sampled.record).collect();
    assert_eq!(listed, tolerated, "all of them, whatever the size");
    assert!(!listed.contains(&submitted));
    assert!(sample.records.iter().all(|sampled| sampled.marks == ["overdue", "owed"]));
    assert_eq!(Theme::ALL.len(), 3);
    assert!(Theme::ALL.iter().all(|theme| theme.checklist().len() >= 5));
}

#[test]
fn r_53_the_theme_of_attitude_looks_at_complaints_visits_and_ratings_too() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::Submitted);
    let complaint = aftercare::complaint_in(&mut office, ComplaintState::Received);
    let rating = aftercare::rating_of(&mut office, 1);
    let month = aftercare::month(
        &mut office,
        SegmentGroup::Household,
        aftercare::accounts(SegmentGroup::Household, 1),
        Vec::new(),
    );
    let visit = aftercare::visits(&office, month)[0];
    let answers = aftercare::answers(Mark::Bad);
    let made = Command::CompleteVisit(Box::new(aftercare::by_phone(answers)));
    office.must(Role::VisitAgent, visit, &made);
    let id = planned(&mut office, Theme::Attitude, 100);
    draw(&mut office, id);
    let sample = inspection(&office, id).sample.clone().unwrap();
    let of = |record: RecordId| sample.records.iter().find(|one| one.record == record).unwrap();
    assert_eq!(of(case).kind, RecordKind::Case);
    assert_eq!(of(complaint).kind, RecordKind::Complaint);
    assert!(of(complaint).marks.contains(&"unanswered".to_owned()));
    assert_eq!(
        (of(rating).kind, of(rating).marks.as_slice()),
        (RecordKind::Rating, ["bad_rating".to_owned()].as_slice())
    );
    assert_eq!(
        (of(visit).kind, of(visit).marks.as_slice()),
        (RecordKind::Visit, ["unsatisfied".to_owned()].as_slice())
    );
    // The other themes look at cases alone.
    let other = planned(&mut office, Theme::Connection, 100);
    draw(&mut office, other);
    let sample = inspection(&office, other).sample.clone().unwrap();
    assert!(sample.records.iter().all(|one| one.kind == RecordKind::Case));
}

fn assessment(office: &Office, id: RecordId) -> &Assessment {
    match &office.records[&id] {
        Record::Assessment(assessment) => assessment,
        other => panic!("an assessment, not {other:?}"),
    }
}

fn complained(office: &mut Office) -> RecordId {
    let id = RecordId(office.id());
    let mut draft = every::missed_standard(id, office.now);
    draft.cause = Cause::Complaint;
    office.must(Role::Inspector, id, &Command::DraftAssessment(Box::new(draft)));
    let propose = ProposePenalty { penalty: Penalty::Notice, reason: "态度恶劣".to_owned() };
    office.must(Role::Inspector, id, &Command::ProposePenalty(propose));
    id
}

fn eligible(office: &Office) -> bool {
    let all = office.records.values().filter_map(|record| match record {
        Record::Assessment(one) => Some(&**one),
        _ => None,
    });
    award_eligibility(all, OrgUnit::MarketDept, 2026)
}

#[test]
fn r_54_a_substantiated_complaint_drafts_an_assessment_of_the_person_in_charge_at_the_fact() {
    let mut office = Office::open();
    let proved = aftercare::complaint_in(&mut office, ComplaintState::Substantiated);
    let decision = office.complaint(proved).decision().unwrap().clone();
    let draft = assessment(&office, Assessment::id_of(proved));
    assert_eq!((draft.state, draft.draft.cause), (AssessmentState::Draft, Cause::Complaint));
    assert_eq!((draft.draft.source, draft.draft.org), (proved, decision.org));
    assert_eq!(
        (draft.draft.person, Some(draft.draft.fact_at)),
        (decision.person, decision.fact_at)
    );
    assert!(draft.draft.person.is_some());
    let groundless = aftercare::complaint_in(&mut office, ComplaintState::Unsubstantiated);
    assert!(!office.records.contains_key(&Assessment::id_of(groundless)), "none for these");
}

#[test]
fn r_55_an_approved_complaint_takes_the_award_and_an_accepted_appeal_restores_it() {
    let mut office = Office::open();
    let id = complained(&mut office);
    assert!(eligible(&office), "a draft takes nothing");
    let approve = Command::DecideAssessment(DecideAssessment { approve: true, note: None });
    assert_eq!(office.give(Role::Inspector, id, &approve).unwrap_err().code, Code::Role);
    office.must(Role::Assessor, id, &approve);
    assert!(!eligible(&office));
    let appeal =
        Command::AppealAssessment(AppealAssessment { reason: "与事实不符".to_owned() });
    assert_eq!(office.give(Role::TechLead, id, &appeal).unwrap_err().code, Code::Assigned);
    office.must(MANAGER, id, &appeal);
    assert!(!eligible(&office), "lost until the appeal is accepted");
    let accept =
        Command::DecideAppeal(DecideAppeal { accept: true, note: "查证属实".to_owned() });
    assert_eq!(office.give(Role::Assessor, id, &accept).unwrap_err().code, Code::Sod);
    office.must(Role::Leader, id, &accept);
    assert!(eligible(&office));
    assert_eq!(assessment(&office, id).state, AssessmentState::Restored);
    let kept: Vec<_> = office.records[&id].trail().iter().map(|entry| entry.did.as_str()).collect();
    assert!(kept.contains(&"award_forfeited") && kept.contains(&"award_restored"), "{kept:?}");
}

#[test]
fn clk_1_the_person_in_charge_at_the_breach_is_blamed() {
    let mut office = Office::open();
    let id = handed(&mut office);
    let due = clock(&office, id, RuleId::D02).due_at;
    office.now = due.plus_ms(HOUR_MS);
    let given = ReassignLead { manager: user(Role::CounterClerk), reason: "调整".to_owned() };
    office.must(Role::CmLead, id, &Command::ReassignLead(given));
    let events = note_breaches(&mut office, id);
    let Some(Event::ClockBreached(breach)) = events.first() else { panic!("{events:?}") };
    assert_eq!((breach.rule, breach.due_at), (RuleId::D02, due));
    assert_eq!(breach.person, Some(user(MANAGER)), "the successor answers from then on");
    assert_eq!(clock(&office, id, RuleId::D02).person, Some(user(Role::CounterClerk)));
    let told = round(&mut office, id);
    assert_eq!(told[0].params["person"], user(MANAGER).to_string());
}

#[test]
fn clk_2_the_due_instant_is_stored_and_does_not_follow_the_rules() {
    let mut office = Office::open();
    let id = handed(&mut office);
    let before = clock(&office, id, RuleId::D02).due_at;
    let stored = serde_json::to_value(&office.records[&id]).unwrap();
    assert_eq!(stored["lead"]["clocks"][1]["due_at"], serde_json::to_value(before).unwrap());
    let rule = office.rules.policy.rule(RuleId::D02).clone();
    let term = lantian_domain::period::Term { count: 1, ..rule.term };
    let rule = lantian_domain::policy::DeadlineRule { term, ..rule };
    office.rules.policy = office.rules.policy.with_rule(rule, office.now.date()).unwrap();
    assert_eq!(clock(&office, id, RuleId::D02).due_at, before);
}

#[test]
fn clk_6_each_threshold_warns_once_also_without_a_network() {
    let mut office = Office::open();
    let id = handed(&mut office);
    let start = office.now;
    // What a tablet knows from the stored record alone.
    let known = |office: &Office, hours: i64| {
        clock(office, id, RuleId::D02).warnings(start.plus_ms(hours * HOUR_MS)).len()
    };
    assert_eq!([11, 12, 19, 20].map(|hours| known(&office, hours)), [0, 1, 1, 2]);
    let mut warned = Vec::new();
    for hours in [11, 12, 13, 20, 21, 23] {
        office.now = start.plus_ms(hours * HOUR_MS);
        warned.push(round(&mut office, id).len());
    }
    assert_eq!(warned, [0, 1, 0, 1, 0, 0]);
    let all = notices(&office.records[&id], &office.rules, &people(&office), office.now);
    assert!(all.iter().all(|(_, raise)| raise.level == Level::Warning && raise.to == to(MANAGER)));
}

#[test]
fn clk_9_a_published_calendar_recounts_open_clocks_and_keeps_both_values() {
    let mut office = Office::open();
    office.now = at("2026-12-30T09:00:00");
    let id = samples::case_in(&mut office, CaseState::Submitted);
    office.must(MANAGER, id, &samples::tolerant(&["MT01", "MT02", "MT14", "MT23"]));
    let before = clock(&office, id, RuleId::D09);
    assert!(before.provisional);
    assert!(office.give(Role::Integration, id, &recount()).is_err(), "nothing is published");
    office.publish_rules();
    let rules = lantian_domain::record::Rules::ID;
    office.must(Role::SysAdmin, rules, &Command::PublishCalendar(every::year_2027()));
    office.must(Role::SecAdmin, rules, &samples::yes(1));
    let events = office.must(Role::Integration, id, &recount());
    let after = clock(&office, id, RuleId::D09);
    assert!(!after.provisional);
    let again = events.iter().find_map(|event| match event {
        Event::ClockRecomputed(again) if again.clock.rule == RuleId::D09 => Some(again),
        _ => None,
    });
    let again = again.unwrap();
    assert_eq!((again.old, again.new), (before.due_at, after.due_at));
    assert_eq!(again.cause, "calendar 2");
    assert!(office.give(Role::Integration, id, &recount()).is_err(), "once");
}

fn recount() -> Command {
    Command::RecountClocks(RecountClocks { cause: "calendar 2".to_owned() })
}

#[test]
fn clk_9_a_recorded_breach_is_annotated_and_not_deleted() {
    let mut office = Office::open();
    let id = handed(&mut office);
    let due = clock(&office, id, RuleId::D02).due_at;
    office.now = due.plus_ms(1);
    note_breaches(&mut office, id);
    office.rules.calendar.version += 1;
    office.must(Role::Integration, id, &recount());
    assert_eq!(clock(&office, id, RuleId::D02).breached_at, Some(due));
}

#[test]
fn clk_11_a_breach_climbs_from_the_lead_to_the_first_responsible_to_the_leader() {
    let mut office = Office::open();
    name_first(&mut office, OrgUnit::MarketDept, Role::CounterClerk);
    let id = handed(&mut office);
    let due = clock(&office, id, RuleId::D02).due_at;
    let mut seen = Vec::new();
    for hours in [0, 1, 24, 25, 48, 60] {
        office.now = due.plus_ms(hours * HOUR_MS + 1);
        seen.push(levels(&round(&mut office, id)));
    }
    let once = |level, role| vec![(level, to(role))];
    assert_eq!(
        seen,
        [
            once(Level::DeptLead, Role::CmLead),
            vec![],
            once(Level::FirstResponsible, Role::CounterClerk),
            vec![],
            once(Level::Leader, Role::Leader),
            vec![],
        ]
    );
    // Each needs a receipt of its own, given by nobody else.
    let of_leader = office.records.values().find_map(|record| match record {
        Record::Notice(notice) if notice.raised.level == Level::Leader => Some(notice.id),
        _ => None,
    });
    let read = Command::ReadNotice(ReadNotice {});
    let notice = of_leader.unwrap();
    assert_eq!(office.give(Role::CmLead, notice, &read).unwrap_err().code, Code::Assigned);
    office.must(Role::Leader, notice, &read);
    assert_eq!(office.give(Role::Leader, notice, &read).unwrap_err().code, Code::Duplicate);
}

#[test]
fn clk_11_a_stop_ends_the_climb() {
    let mut office = Office::open();
    let id = handed(&mut office);
    office.now = clock(&office, id, RuleId::D02).due_at.plus_ms(HOUR_MS);
    round(&mut office, id);
    let call = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
    office.must(MANAGER, id, &call);
    office.now = office.now.plus_ms(72 * HOUR_MS);
    assert!(round(&mut office, id).is_empty());
}

#[test]
fn a_notice_names_no_customer() {
    let mut office = Office::open();
    let id = handed(&mut office);
    office.now = clock(&office, id, RuleId::D02).due_at.plus_ms(72 * HOUR_MS);
    let text = serde_json::to_string(&round(&mut office, id)).unwrap();
    assert!(!text.contains("王小明") && !text.contains("13800138000"), "{text}");
    assert_eq!(escalation::lead_role(OrgUnit::GovHall), Role::CmLead);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The sample is the same for any order of the frame.
    #[test]
    fn r_52_the_sample_does_not_depend_on_the_order_of_the_frame(
        ids in prop::collection::btree_set(any::<u128>(), 1..60),
        size in 1_u32..30,
        turn in 0_usize..60,
    ) {
        let frame: Vec<Sampled> = ids.into_iter().map(|id| Sampled {
            record: RecordId(uuid::Uuid::from_u128(id)),
            kind: RecordKind::Case,
            no: id.to_string(),
            marks: Vec::new(),
        }).collect();
        let mut turned = frame.clone();
        turned.rotate_left(turn % frame.len());
        let drawn = |frame: Vec<Sampled>| {
            let mut office = Office::open();
            let id = planned(&mut office, Theme::Attitude, size);
            office.must(Role::Integration, id, &Command::DrawSample(DrawSample { frame }));
            inspection(&office, id).sample.clone().unwrap()
        };
        let (one, two) = (drawn(frame.clone()), drawn(turned));
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(one.records.len(), frame.len().min(size as usize));
    }
}
