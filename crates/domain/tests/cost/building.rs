//! …: from the pressure to the flame, with the
//! instants of the specification.

use lantian_domain::{
    case::{
        CaseState, Channel, Segment,
        budget::{Boundary, Payer},
        construction::Stage,
        contract::ContractKind,
        engineering::{ArrangeContractor, HandToEngineering},
        fee::FeeType,
        pressure::Verdict,
        schedule::{GasDate, ProjectDate, ProjectStage, ScheduleGas, ScheduleProject},
    },
    clock::{ClockState, RuleId},
    command::Command,
    event::Event,
    file::FileRef,
    ids::{FileId, RecordId},
    notice::Recipient,
    record::Record,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples, user},
    stage::{MANAGER, at, clock, drawn, fen, household, issue, pay_all, settle},
};

fn settled(office: &mut Office, segment: Segment) -> RecordId {
    let id = match segment {
        Segment::Scattered => household(office),
        _ => drawn(office, segment, |basic| {
            basic.use_kind = lantian_domain::case::basic::UseKind::Other;
        }),
    };
    let line = samples::line(Payer::Customer, Boundary::Inside, "2500.00");
    let budget = lantian_domain::case::budget::IssueBudget {
        cost_fen: Some(fen("2400.00")),
        ..crate::stage::estimate(office, id, vec![line])
    };
    office.approved(Role::Estimator, Role::TechLead, id, &Command::IssueBudget(budget));
    settle(office, id, FeeType::LumpSum);
    id
}

#[test]
fn r_16_no_survey_without_the_verdict_and_no_clock_while_blocked() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::PressureChecking);
    let survey = samples::survey(&mut office, id);
    assert_eq!(office.give(Role::Surveyor, id, &survey).unwrap_err().code, Code::State);
    office.must(Role::TechLead, id, &samples::verdict(Verdict::NotSatisfied));
    assert_eq!(office.state(id), CaseState::PressureBlocked);
    assert!(office.case(id).clocks.iter().all(|clock| clock.rule != RuleId::D03));
    let check = office.case(id).pressure.clone().unwrap().check.unwrap();
    assert!(check.remedy_plan.is_some() && check.remedy_owner.is_some());
    assert!(check.remedy_due.is_some());
    assert_eq!(office.give(Role::Surveyor, id, &survey).unwrap_err().code, Code::State);
    office.must(Role::TechLead, id, &samples::verdict(Verdict::Satisfied));
    office.must(Role::Surveyor, id, &survey);
}

#[test]
fn r_17_survey_and_drawing_have_one_calendar_day_and_every_answer() {
    for (drawn_at, state) in [
        ("2026-03-06T23:59:59+08:00", ClockState::StoppedOnTime),
        ("2026-03-07T00:00:00+08:00", ClockState::StoppedLate),
    ] {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, CaseState::PressureChecking);
        office.now = at("2026-03-05T09:00:00+08:00");
        office.must(Role::TechLead, id, &samples::verdict(Verdict::Satisfied));
        samples::step(&mut office, id);
        let Command::IssueDesign(design) = samples::design(&mut office, id) else { unreachable!() };
        let mut unanswered = design.clone();
        unanswered.checklist.pop();
        let no = office.give(Role::Designer, id, &Command::IssueDesign(unanswered)).unwrap_err();
        assert_eq!(no.params["field"], "checklist");
        assert_eq!(no.params["missing"], "crossing");
        office.must(Role::Designer, id, &Command::IssueDesign(design));
        office.now = at(drawn_at);
        let last = u32::try_from(office.case(id).approvals.len()).unwrap();
        office.must(Role::TechLead, id, &samples::yes(last));
        assert_eq!(clock(&office, id, RuleId::D03).state, state, "{drawn_at}");
    }
}

#[test]
fn r_20_contact_in_time_but_the_drawing_on_the_second_day_is_late() {
    let mut office = Office::open();
    let id = settled(&mut office, Segment::Scattered);
    let engineer = Some(user(Role::EngDispatcher));
    let told = HandToEngineering { engineer, drawing: None };
    office.must(MANAGER, id, &Command::HandToEngineering(told));
    assert_eq!(clock(&office, id, RuleId::D05).state, ClockState::Running);
    let issued = office.case(id).design().unwrap().clone();
    let same = office.case(id).file(issued.drawing).unwrap().clone();
    let other = FileRef { id: FileId(office.id()), sha256: "f".repeat(64), ..same };
    let drawing = Some(other.id);
    let attach = lantian_domain::command::AttachFile { file: other };
    office.must(MANAGER, id, &Command::AttachFile(attach));
    let wrong = HandToEngineering { engineer: None, drawing };
    let no = office.give(MANAGER, id, &Command::HandToEngineering(wrong)).unwrap_err();
    assert_eq!((no.code, &no.params["want"]), (Code::StaleDesign, &issued.sha256));
    office.minutes(2 * 24 * 60);
    let upload = HandToEngineering { engineer: None, drawing: Some(issued.drawing) };
    office.must(MANAGER, id, &Command::HandToEngineering(upload));
    assert_eq!(office.state(id), CaseState::EngineeringReceived);
    assert_eq!(clock(&office, id, RuleId::D05).state, ClockState::StoppedLate);
    let uploaded = office.case(id).engineering.clone().unwrap().uploaded.unwrap();
    assert_eq!(uploaded.sha256, issued.sha256);
}

#[test]
fn r_21_a_contractor_is_qualified_to_the_planned_end() {
    let mut office = Office::open();
    let id = settled(&mut office, Segment::Scattered);
    samples::advance(&mut office, id, CaseState::EngineeringReceived);
    let Command::ArrangeContractor(order) = samples::order(&office) else { unreachable!() };
    let planned_finish = "2026-04-20".parse().unwrap();
    let until = |day: &str| {
        let qualification_valid_to = day.parse().unwrap();
        Command::ArrangeContractor(ArrangeContractor {
            planned_finish,
            qualification_valid_to,
            ..order.clone()
        })
    };
    let no = office.give(Role::EngDispatcher, id, &until("2026-04-19")).unwrap_err();
    assert_eq!((no.code, no.params["want"].as_str()), (Code::Qualification, "2026-04-20"));
    office.must(Role::EngDispatcher, id, &until("2026-04-20"));
}

#[test]
fn r_22_a_stage_moved_by_ten_days_moves_the_linked_gas_stage_and_says_so() {
    let mut office = Office::open();
    let id = settled(&mut office, Segment::Scattered);
    samples::advance(&mut office, id, CaseState::ConstructionPreparing);
    let project = |stage, day: &str| {
        let planned_on = day.parse().unwrap();
        let stages = vec![ProjectDate { stage, planned_on }];
        Command::ScheduleProject(ScheduleProject { stages, note: None })
    };
    office.must(MANAGER, id, &project(ProjectStage::OutdoorPipes, "2026-04-01"));
    office.must(MANAGER, id, &project(ProjectStage::MainStructure, "2026-03-20"));
    let gas =
        |stage, day: &str, follows| GasDate { stage, proposed_on: day.parse().unwrap(), follows };
    let plan = Command::ScheduleGas(ScheduleGas {
        stages: vec![
            gas(Stage::PipeLaying, "2026-04-03", Some(ProjectStage::OutdoorPipes)),
            gas(Stage::Indoor, "2026-03-25", Some(ProjectStage::MainStructure)),
        ],
    });
    office.must(Role::EngDispatcher, id, &plan);
    let events = office.must(MANAGER, id, &project(ProjectStage::OutdoorPipes, "2026-04-11"));
    let schedule = office.case(id).schedule.clone().unwrap();
    let laying = schedule.gas.iter().find(|gas| gas.stage == Stage::PipeLaying).unwrap();
    assert_eq!(laying.proposed_on, "2026-04-13".parse().unwrap(), "ten days later");
    let indoor = schedule.gas.iter().find(|gas| gas.stage == Stage::Indoor).unwrap();
    assert_eq!(indoor.proposed_on, "2026-03-25".parse().unwrap(), "what hangs elsewhere stays");
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::NoticeRaised(notice) => Some(notice.raised.to),
            _ => None,
        })
        .collect();
    let lead = Recipient::User(user(Role::ContractorLead));
    assert_eq!(told, [Recipient::Role(Role::EngDispatcher), lead]);
    let notices = office.records.values().filter(|record| matches!(record, Record::Notice(_)));
    assert_eq!(notices.count(), 2, "the notices are records with receipts");
    let rows = schedule.side_by_side();
    let stages: Vec<_> =
        rows.iter().map(|row| (row.project.map(|p| p.stage), row.gas[0].stage)).collect();
    let expected = [
        (Some(ProjectStage::MainStructure), Stage::Indoor),
        (Some(ProjectStage::OutdoorPipes), Stage::PipeLaying),
    ];
    assert_eq!(stages, expected, "side by side");
    office.must(MANAGER, id, &project(ProjectStage::OutdoorPipes, "2026-04-01"));
    let back = office.case(id).schedule.clone().unwrap();
    assert!(back.gas.iter().any(|gas| gas.proposed_on == "2026-04-03".parse().unwrap()));
}

#[test]
fn r_23_the_contract_date_is_on_time_until_its_last_second() {
    for (done_at, state) in [
        ("2026-06-30T23:59:59+08:00", ClockState::StoppedOnTime),
        ("2026-07-01T00:00:00+08:00", ClockState::StoppedLate),
    ] {
        let mut office = Office::open();
        let id = settled(&mut office, Segment::NonResidential);
        pay_all(&mut office, id, CaseState::Constructing);
        assert_eq!(clock(&office, id, RuleId::D06a).state, ClockState::Running);
        office.now = at(done_at);
        let done = samples::complete(&mut office, id);
        office.now = at(done_at);
        office.approved(Role::ContractorLead, Role::EngDispatcher, id, &done);
        assert_eq!(clock(&office, id, RuleId::D06a).state, state, "{done_at}");
    }
}

fn ready_at(office: &mut Office, segment: Segment) -> RecordId {
    office.now = at("2026-10-08T08:00:00+08:00");
    let id = settled(office, segment);
    samples::advance(office, id, CaseState::ConstructionPreparing);
    crate::stage::papers(office, id);
    for kind in [ContractKind::Install, ContractKind::Supply] {
        let contract = samples::contract(office, id, kind);
        office.must(MANAGER, id, &contract);
    }
    let paid = samples::pay(office, 250_000, "SJ-1");
    office.must(Role::FinanceClerk, id, &paid);
    office.now = at("2026-10-09T08:00:00+08:00");
    let site = samples::site(office);
    office.must(Role::EngDispatcher, id, &site);
    id
}

#[test]
fn r_24_a_scattered_household_is_built_within_one_day_of_being_ready() {
    let mut office = Office::open();
    let id = ready_at(&mut office, Segment::Scattered);
    let d06 = clock(&office, id, RuleId::D06b);
    assert_eq!(d06.started_at.to_string(), "2026-10-09T08:00:00.000+08:00");
    assert_eq!(d06.due_at.to_string(), "2026-10-11T00:00:00.000+08:00");
}

#[test]
fn r_25_a_small_shop_is_built_within_two_days_of_being_ready() {
    let mut office = Office::open();
    let id = ready_at(&mut office, Segment::Micro);
    let d06 = clock(&office, id, RuleId::D06c);
    assert_eq!(d06.started_at.to_string(), "2026-10-09T08:00:00.000+08:00");
    assert_eq!(d06.due_at.to_string(), "2026-10-12T00:00:00.000+08:00");
}

#[test]
fn r_27_gas_is_on_within_24_hours_holidays_included() {
    for (on_at, state) in [
        ("2026-10-01T18:00:00+08:00", ClockState::StoppedOnTime),
        ("2026-10-01T18:00:01+08:00", ClockState::StoppedLate),
    ] {
        let mut office = Office::open();
        office.now = at("2026-09-28T08:00:00+08:00");
        let id = household(&mut office);
        issue(&mut office, id, vec![samples::line(Payer::Company, Boundary::Inside, "10.00")]);
        settle(&mut office, id, FeeType::Zero);
        samples::advance(&mut office, id, CaseState::ConstructionPreparing);
        free(&mut office, id);
        office.now = at("2026-09-30T18:00:00+08:00");
        office.must(MANAGER, id, &samples::gas_on(Channel::WechatOa));
        samples::step(&mut office, id);
        samples::step(&mut office, id);
        let ticket = samples::ticket(&mut office, id);
        office.now = at(on_at);
        office.must(Role::IgnitionOperator, id, &ticket);
        assert_eq!(clock(&office, id, RuleId::D07).state, state, "{on_at}");
    }
}

/// Builds a case whose customer pays nothing.
fn free(office: &mut Office, id: RecordId) {
    crate::stage::papers(office, id);
    for kind in [ContractKind::Install, ContractKind::Supply] {
        let Command::SignContract(mut contract) = samples::contract(office, id, kind) else {
            unreachable!()
        };
        contract.due_before_start_fen = fen("0.00");
        office.must(MANAGER, id, &Command::SignContract(contract));
    }
    let site = samples::site(office);
    office.must(Role::EngDispatcher, id, &site);
    let begun = samples::begin(office, id);
    office.must(Role::ContractorLead, id, &begun);
    samples::advance(office, id, CaseState::Installed);
}
