//! P-1 to P-7, and what the indicators read.

use lantian_domain::{
    case::permit::*,
    clock::ClockState,
    command::Command,
    event::Event,
    file::FileKind,
    ids::FilingId,
    policy::{PauseReason, RuleId},
    refusal::Code,
    role::Role,
};

use crate::{
    bench::*,
    office::{Office, samples},
};

#[test]
fn permit_p1_is_two_working_days_from_the_issued_design() {
    let mut office = Office::open();
    let id = surveyed(&mut office);
    assert!(office.case(id).clocks.iter().all(|clock| clock.rule != RuleId::D15));
    let design = samples::design(&mut office, id);
    office.approved(Role::Designer, Role::TechLead, id, &design);
    let dig = of(&office, id, PermitKind::RoadDig).id;
    let started = clock(&office, id, dig, PermitClock::P1);
    assert_eq!(started.due_at, at("2026-03-10T00:00"), "Thursday + 2 working days");
    assert_eq!(started.started_at, office.case(id).design().unwrap().issued_at);
    filed(&mut office, id, PermitKind::RoadDig);
    assert_eq!(clock(&office, id, dig, PermitClock::P1).state, ClockState::StoppedOnTime);
    office.now = at("2026-03-10T09:00");
    let tree = filed(&mut office, id, PermitKind::TreeMove);
    assert_eq!(clock(&office, id, tree, PermitClock::P1).state, ClockState::StoppedLate);
}

#[test]
fn permit_p2_without_a_correction_notice_in_five_working_days_it_is_deemed_accepted() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let filed_at = office.case(id).filing(dig).unwrap().filed.as_ref().unwrap().at;
    assert_eq!(clock(&office, id, dig, PermitClock::P2).due_at, at("2026-03-13T00:00"));
    office.now = at("2026-03-12T23:59");
    let early = refused(step(&mut office, id, dig, PermitStep::DeemedAccepted));
    assert_eq!(early.params["field"], "step");
    office.now = at("2026-03-13T00:00");
    step(&mut office, id, dig, PermitStep::DeemedAccepted).unwrap();
    assert_eq!(state(&office, id, dig), PermitState::Accepted);
    assert_eq!(office.case(id).filing(dig).unwrap().accepted_at, Some(filed_at));
    assert_eq!(clock(&office, id, dig, PermitClock::P3).started_at, filed_at);
    let silence = clock(&office, id, dig, PermitClock::P2);
    assert_eq!(silence.state, ClockState::StoppedExcused, "the authority's silence, not ours");
}

#[test]
fn permit_p2_silence_after_a_correction_counts_from_the_corrected_papers() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    answer(&mut office, id, dig, "6");
    office.now = at("2026-03-09T10:00");
    answer(&mut office, id, dig, "7");
    assert_eq!(state(&office, id, dig), PermitState::CorrectionDone);
    let deemed = samples::permit_step(dig, PermitStep::DeemedAccepted);
    office.now = at("2026-03-16T23:59");
    assert!(office.give(Role::Integration, id, &deemed).is_err(), "five working days are not over");
    office.now = at("2026-03-17T00:00");
    let begun = samples::permit_step(dig, PermitStep::UseBegun);
    assert_eq!(refused(office.give(Role::Integration, id, &begun)).code, Code::State);
    office.must(Role::Integration, id, &deemed);
    assert_eq!(state(&office, id, dig), PermitState::Accepted);
    let accepted = office.case(id).filing(dig).unwrap().accepted_at;
    assert_eq!(accepted, Some(at("2026-03-09T10:00")));
    assert_eq!(clock(&office, id, dig, PermitClock::P3).started_at, at("2026-03-09T10:00"));
    let begun = office.give(Role::Integration, id, &samples::permit_step(dig, PermitStep::Lapsed));
    assert!(begun.is_err(), "the rounds note silence alone");
}

#[test]
fn permit_p3_is_twenty_working_days_ten_more_by_notice_and_green_fifteen() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    answer(&mut office, id, dig, "3");
    assert_eq!(clock(&office, id, dig, PermitClock::P3).due_at, at("2026-04-03T00:00"));
    answer(&mut office, id, dig, "extended");
    assert_eq!(clock(&office, id, dig, PermitClock::P3).due_at, at("2026-04-18T00:00"));
    let again = office.give(AGENT, id, &samples::answer(dig, AnswerCode::Extended));
    assert_eq!(refused(again).code, Code::Duplicate, "once");
    let tree = filed(&mut office, id, PermitKind::TreeMove);
    answer(&mut office, id, tree, "3");
    assert_eq!(clock(&office, id, tree, PermitClock::P3).due_at, at("2026-03-27T00:00"));
}

#[test]
fn permit_p3_stands_still_in_a_special_procedure_and_only_then() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let tree = filed(&mut office, id, PermitKind::TreeMove);
    for filing in [dig, tree] {
        answer(&mut office, id, filing, "3");
        answer(&mut office, id, filing, "8");
    }
    office.now = at("2026-03-09T00:00");
    answer(&mut office, id, dig, "9");
    assert_eq!(clock(&office, id, dig, PermitClock::P3).state, ClockState::Paused);
    assert_eq!(clock(&office, id, tree, PermitClock::P3).state, ClockState::Running);
    office.now = at("2026-03-11T00:00");
    answer(&mut office, id, dig, "10");
    let goes_on = clock(&office, id, dig, PermitClock::P3);
    assert_eq!((goes_on.state, goes_on.due_at), (ClockState::Running, at("2026-04-08T00:00")));
    let suspend = Command::Suspend(lantian_domain::case::suspension::Suspend {
        reason: PauseReason::SpecialProcedure,
        evidence: "专家论证".to_owned(),
        file: None,
        expected_end: None,
    });
    let no = refused(office.give(MANAGER, id, &suspend));
    assert_eq!(no.code, Code::PauseNotAllowed, "nobody of ours pauses it");
}

#[test]
fn permit_p4_the_certificate_comes_within_ten_working_days_of_the_decision() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = granted(&mut office, id, PermitKind::RoadDig);
    assert_eq!(clock(&office, id, dig, PermitClock::P4).due_at, at("2026-03-20T00:00"));
    answer(&mut office, id, dig, "certificate");
    assert_eq!(clock(&office, id, dig, PermitClock::P4).state, ClockState::StoppedOnTime);
    let paper = office.case(id).filing(dig).unwrap().certificate.clone().unwrap();
    assert_eq!(paper.external_no, "新城管掘〔2026〕18号");
}

#[test]
fn permit_p5_warns_seven_and_three_days_before_the_end_and_prolongs_only_before_it() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = granted(&mut office, id, PermitKind::RoadDig);
    let valid = clock(&office, id, dig, PermitClock::P5);
    assert_eq!(valid.due_at, at("2026-06-04T00:00"), "the last day is 2026-06-03");
    let warned: Vec<_> = valid.warnings.iter().map(|warning| warning.at).collect();
    assert_eq!(warned, [at("2026-05-27T00:00"), at("2026-05-31T00:00")]);

    let mut change = fresh(&mut office, PermitKind::RoadDig);
    change = filled(&mut office, id, change);
    change.changes = Some(dig);
    change.planned_to = Some(day("2026-06-20"));
    change.ban_exception =
        Some(BanException { approved_by: "市政".to_owned(), number: "1".to_owned() });
    let edited = DraftPermit { filing: dig, changes: None, ..change.clone() };
    assert_eq!(refused(draft(&mut office, id, edited)).code, Code::State, "a change is a filing");
    office.now = at("2026-06-04T08:00");
    let late = refused(draft(&mut office, id, change.clone()));
    assert_eq!(late.code, Code::PermitWindow, "asked after the end");
    office.now = at("2026-06-02T08:00");
    draft(&mut office, id, change.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(change.filing));
    for code in ["3", "8", "11"] {
        answer(&mut office, id, change.filing, code);
    }
    assert_eq!(state(&office, id, dig), PermitState::Changed);
    assert!(!clock(&office, id, dig, PermitClock::P5).state.is_open());
}

#[test]
fn permit_p6_runs_from_the_use_to_the_joint_inspection_and_restoration_says_in_time() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = granted(&mut office, id, PermitKind::RoadDig);
    let early = refused(step(&mut office, id, dig, PermitStep::UseBegun));
    assert_eq!(
        (early.code, early.params["reason"].as_str()),
        (Code::PermitWindow, "outside_period")
    );
    office.now = at("2026-05-12T08:00");
    step(&mut office, id, dig, PermitStep::UseBegun).unwrap();
    assert_eq!(clock(&office, id, dig, PermitClock::P6).due_at, at("2026-06-04T00:00"));
    assert_eq!(refused(step(&mut office, id, dig, PermitStep::Restored)).code, Code::Evidence);
    let photo = office.attach(AGENT, id, FileKind::PhotoConstruction);
    let Command::RecordPermitStep(mut restored) = samples::permit_step(dig, PermitStep::Restored)
    else {
        unreachable!()
    };
    restored.files = vec![photo];
    office.now = at("2026-06-03T18:00");
    let events = office.must(AGENT, id, &Command::RecordPermitStep(restored));
    let Event::PermitStepped(stepped) = &events[0] else { panic!("{events:?}") };
    assert_eq!((stepped.due_on, stepped.in_time), (Some(day("2026-06-03")), Some(true)));
    assert!(clock(&office, id, dig, PermitClock::P6).state.is_open(), "until it is inspected");
    step(&mut office, id, dig, PermitStep::Inspected).unwrap();
    assert_eq!(state(&office, id, dig), PermitState::Closed);
    assert_eq!(clock(&office, id, dig, PermitClock::P6).state, ClockState::StoppedOnTime);
    assert!(office.case(id).permit_clocks(dig).all(|(_, clock)| !clock.state.is_open()));
}

#[test]
fn permit_p7_green_land_is_occupied_for_a_year_at_most_however_often_prolonged() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = fresh(&mut office, PermitKind::GreenOccupy);
    plan = filled(&mut office, id, plan);
    plan.planned_from = Some(day("2026-04-01"));
    plan.planned_to = Some(day("2027-04-01"));
    assert_eq!(refused(draft(&mut office, id, plan.clone())).code, Code::PermitWindow, "366 days");
    plan.planned_to = Some(day("2027-03-31"));
    draft(&mut office, id, plan.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(plan.filing));
    answer(&mut office, id, plan.filing, "3");
    let grant = |office: &mut Office, filing, from: &str, to: &str| {
        let code = AnswerCode::Granted;
        let Command::RecordPermitAnswer(mut given) = samples::answer(filing, code) else {
            unreachable!()
        };
        (given.permitted_from, given.permitted_to) = (Some(day(from)), Some(day(to)));
        office.give(AGENT, id, &Command::RecordPermitAnswer(given))
    };
    let too_long = grant(&mut office, plan.filing, "2026-04-01", "2027-04-01");
    assert_eq!(refused(too_long).code, Code::PermitWindow);
    grant(&mut office, plan.filing, "2026-04-01", "2026-09-30").unwrap();
    let year = clock(&office, id, plan.filing, PermitClock::P7);
    assert_eq!(year.due_at, at("2027-04-01T00:00"));

    let mut longer = DraftPermit { filing: FilingId(office.id()), ..plan.clone() };
    longer.changes = Some(plan.filing);
    longer.planned_from = Some(day("2026-10-01"));
    draft(&mut office, id, longer.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(longer.filing));
    answer(&mut office, id, longer.filing, "3");
    let over = grant(&mut office, longer.filing, "2026-10-01", "2027-04-01");
    assert_eq!(refused(over).params["want"], "2027-03-31", "the year of the first permit");
    grant(&mut office, longer.filing, "2026-10-01", "2027-03-31").unwrap();
}

#[test]
fn k_15_the_decision_carries_kind_filing_and_grant() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let filed_at = office.case(id).filing(dig).unwrap().filed.as_ref().unwrap().at;
    answer(&mut office, id, dig, "3");
    office.now = at("2026-03-19T10:00");
    let events = answer(&mut office, id, dig, "11");
    let Event::PermitAnswered(granted) = &events[0] else { panic!("{events:?}") };
    assert_eq!(
        (granted.kind, granted.filed_at, granted.at),
        (PermitKind::RoadDig, filed_at, at("2026-03-19T10:00"))
    );
    let decided = clock(&office, id, dig, PermitClock::P3);
    assert_eq!(decided.state, ClockState::StoppedOnTime);
    let key: ClockKey = decided.key.unwrap().parse().unwrap();
    assert_eq!((key.part, key.kind, key.filing), (PermitClock::P3, PermitKind::RoadDig, dig));
}
