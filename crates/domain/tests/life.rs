//! The life of a case as people live it, with its clocks and its refusals.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use lantian_domain::{
    case::{
        AcceptanceMode, CaseState, Channel, Segment,
        budget::{Boundary, Payer},
        contract::ContractKind,
        fee::FeeDispute,
        gas_on::{NotIgnited, NotIgnitedCause},
        intake::{AcceptCase, SubmitDemand},
        material::{MaterialState, RejectMaterial, VerifyMaterial},
        suspension::{Resume, Suspend},
    },
    clock::{Clock, ClockState, RuleId},
    command::Command,
    file::FileKind,
    ids::RecordId,
    lead::{ContactChannel, ContactResult, ConvertLead, HandOverLead, LeadState, Source},
    policy::PauseReason,
    refusal::Code,
    role::Role,
    time::Instant,
    watch::{CheckFeed, OpenFeedDay, Watch},
};
use office::{Office, samples, user};

const MANAGER: Role = Role::CustomerManager;

fn clock(office: &Office, id: RecordId, rule: RuleId) -> Clock {
    office.case(id).clocks.iter().rfind(|clock| clock.rule == rule).unwrap().clone()
}

fn due(office: &Office, id: RecordId, rule: RuleId) -> String {
    clock(office, id, rule).due_at.to_string()
}

#[test]
fn a_lead_becomes_a_connection_and_every_clock_ends_in_time() {
    let mut office = Office::open();
    let lead = RecordId(office.id());
    let pushed = office.now;
    office.must(Role::HallClerk, lead, &samples::push(pushed));
    office.minutes(60);
    let manager = user(MANAGER);
    let handed = Command::HandOverLead(HandOverLead { manager, note: None });
    office.must(Role::HallClerk, lead, &handed);
    let missed = samples::attempt(ContactResult::NoAnswer, ContactChannel::Phone);
    office.must(MANAGER, lead, &missed);
    assert_eq!(office.lead(lead).state, LeadState::HandedOver, "R-12: not reached");
    let reached = samples::attempt(ContactResult::Reached, ContactChannel::Visit);
    office.must(MANAGER, lead, &reached);
    assert!(office.lead(lead).clocks.iter().all(|c| c.state == ClockState::StoppedOnTime));

    let case = RecordId(office.id());
    let basic = samples::basic(office.now);
    let convert = Command::ConvertLead(ConvertLead { case, segment: Segment::Scattered, basic });
    office.must(MANAGER, lead, &convert);
    assert_eq!(office.lead(lead).became, Some(case));
    assert!(office.case(case).clocks.is_empty(), "a converted lead has no D-08");

    for code in ["MT01", "MT02"] {
        office.must(MANAGER, case, &samples::receive(code));
    }
    office.must(MANAGER, case, &samples::tolerant(&["MT14", "MT23"]));
    assert_eq!(office.case(case).intake.mode, Some(AcceptanceMode::Tolerant));
    let owed: Vec<_> = office.case(case).clocks.iter().filter(|c| c.rule == RuleId::D09).collect();
    assert_eq!(owed.len(), 2);
    // Five working days after Thursday the 5th of March: until the end of the 12th.
    assert!(
        owed.iter().all(|c| c.due_at.to_string().starts_with("2026-03-13T00:00:00")),
        "{owed:?}"
    );
    samples::advance(&mut office, case, CaseState::GasOn);
    let open: Vec<_> = office
        .case(case)
        .clocks
        .iter()
        .filter(|clock| clock.state != ClockState::StoppedOnTime)
        .map(|clock| clock.rule)
        .collect();
    assert_eq!(open, [RuleId::D09, RuleId::D09], "the two debts are still owed");

    for code in ["MT14", "MT23"] {
        office.must(MANAGER, case, &samples::receive(code));
    }
    samples::advance(&mut office, case, CaseState::Archived);
}

#[test]
fn survey_and_drawing_have_until_the_end_of_the_next_day() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    assert_eq!(due(&office, id, RuleId::D03), "2026-03-07T00:00:00.000+08:00");
    assert!(clock(&office, id, RuleId::D03).exclusive, "R-17: midnight itself is late");
}

#[test]
fn a_drawing_takes_two_people_and_a_survey() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let early = samples::design(&mut office, id);
    let no = office.give(Role::Designer, id, &early).unwrap_err();
    assert_eq!(no.code, Code::Gate);
    samples::step(&mut office, id);
    let design = samples::design(&mut office, id);
    office.must(Role::Designer, id, &design);
    assert!(office.case(id).design().is_none(), "proposed, not issued");
    let again = office.give(Role::Designer, id, &design).unwrap_err();
    assert_eq!(again.code, Code::Duplicate);
    let no = office.give(Role::EngDispatcher, id, &samples::yes(1)).unwrap_err();
    assert_eq!(no.code, Code::Role, "not this lead's word");
    office.must(Role::TechLead, id, &samples::yes(1));
    let issued = office.case(id).design().unwrap();
    assert_eq!((issued.designer, issued.reviewer), (user(Role::Designer), user(Role::TechLead)));
    assert_eq!(clock(&office, id, RuleId::D03).state, ClockState::StoppedOnTime);
}

#[test]
fn a_newer_budget_makes_a_signature_stale() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeNegotiating);
    let signed_offline = samples::settle(&mut office, id);
    let newer = samples::budget(&office, id, "2600.00");
    office.approved(Role::Estimator, Role::TechLead, id, &newer);
    let no = office.give(MANAGER, id, &signed_offline).unwrap_err();
    assert_eq!(no.code, Code::StaleDesign);
    assert_eq!((no.params["have"].as_str(), no.params["want"].as_str()), ("1/1", "1/2"));
    let again = samples::settle(&mut office, id);
    office.must(MANAGER, id, &again);
    assert_eq!(office.case(id).confirmation().unwrap().customer_total_fen.0, 260_000);

    let change = samples::budget(&office, id, "2700.00");
    office.approved(Role::Estimator, Role::TechLead, id, &change);
    assert!(office.case(id).confirmation().is_none(), "H-13: a change needs a new signature");
    assert_eq!(office.state(id), CaseState::FeeNegotiating);
    let d05 = clock(&office, id, RuleId::D05);
    assert_eq!(d05.state, ClockState::Cancelled);
}

#[test]
fn a_signature_is_bound_to_the_amount_shown() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Designed);
    let Command::SettleFee(mut fee) = samples::settle(&mut office, id) else { unreachable!() };
    fee.signature.basis.push('0');
    let no = office.give(MANAGER, id, &Command::SettleFee(fee.clone())).unwrap_err();
    assert_eq!(no.code, Code::Signature);
    fee.signature.file = office.attach(MANAGER, id, FileKind::PhotoSite);
    fee.signature.basis.pop();
    let no = office.give(MANAGER, id, &Command::SettleFee(fee)).unwrap_err();
    assert_eq!(no.code, Code::Signature, "a photo is no signature");
}

#[test]
fn the_customer_pays_nothing_outside_the_red_line_and_no_forbidden_fee() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    samples::step(&mut office, id);
    samples::step(&mut office, id);
    let with = |line| {
        let lines = vec![line];
        Command::IssueBudget(samples::estimate(1, lines))
    };
    let outside = samples::line(Payer::Customer, Boundary::Outside, "100.00");
    let no = office.give(Role::Estimator, id, &with(outside)).unwrap_err();
    assert_eq!((no.code, no.params["rule"].as_str()), (Code::ZeroCost, "H-6"));
    let mut fee = samples::line(Payer::Customer, Boundary::Inside, "1.00");
    fee.name = "燃气 初装费".to_owned();
    let no = office.give(Role::Estimator, id, &with(fee)).unwrap_err();
    assert_eq!((no.code, no.params["term"].as_str()), (Code::ForbiddenFee, "初装费"));
    let mut priced = samples::line(Payer::Customer, Boundary::Inside, "1.00");
    priced.price_item = Some("户内".to_owned());
    let no = office.give(Role::Estimator, id, &with(priced)).unwrap_err();
    assert_eq!(no.code, Code::PriceMissing);
    let free = samples::line(Payer::Company, Boundary::Outside, "100.00");
    office.approved(Role::Estimator, Role::TechLead, id, &with(free));
    assert_eq!(office.case(id).budget().unwrap().totals.customer_fen.0, 0);
}

#[test]
fn a_disputed_fee_starts_a_new_day_for_the_new_version() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeNegotiating);
    let dispute = Command::FeeDispute(FeeDispute { reason: "管线走向".to_owned() });
    office.must(MANAGER, id, &dispute);
    assert_eq!(clock(&office, id, RuleId::D04).state, ClockState::StoppedOnTime);
    office.minutes(24 * 60);
    let newer = samples::budget(&office, id, "2000.00");
    office.approved(Role::Estimator, Role::TechLead, id, &newer);
    let open = clock(&office, id, RuleId::D04);
    assert_eq!(open.state, ClockState::Running);
    assert_eq!(open.started_at.date(), "2026-03-06".parse().unwrap());
}

#[test]
fn a_critical_material_is_never_owed_by_the_user() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    let Command::AcceptTolerant(mut owed) = samples::tolerant(&["MT01", "MT02", "MT14", "MT23"])
    else {
        unreachable!()
    };
    owed.owed[0].owed_by = lantian_domain::case::material::OwedBy::Customer;
    let no = office.give(MANAGER, id, &Command::AcceptTolerant(owed)).unwrap_err();
    assert_eq!((no.code, no.params["code"].as_str()), (Code::NotTolerable, "MT01"));
    let forgot = samples::tolerant(&["MT01", "MT02", "MT14"]);
    let no = office.give(MANAGER, id, &forgot).unwrap_err();
    assert_eq!(no.params["missing"], "MT23", "F-3 names what was forgotten");
}

#[test]
fn a_hotline_demand_on_a_holiday_night_starts_its_clock_at_once() {
    let mut office = Office::open();
    office.now = Instant::parse("2026-02-17T03:10:00+08:00").unwrap();
    let id = RecordId(office.id());
    let demand = Command::SubmitDemand(SubmitDemand {
        channel: Channel::Hotline,
        kind: lantian_domain::case::CaseKind::Demand,
        external_serial: None,
        segment: Segment::Micro,
        basic: samples::basic(office.now),
        manager: Some(user(MANAGER)),
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    });
    office.must(Role::HotlineAgent, id, &demand);
    let d08 = clock(&office, id, RuleId::D08);
    assert_eq!(d08.started_at.to_string(), "2026-02-17T03:10:00.000+08:00");
    assert_eq!(d08.due_at.to_string(), "2026-02-18T03:10:00.000+08:00");
}

#[test]
fn somebody_elses_case_is_refused() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Accepted);
    let asked =
        lantian_domain::case::pressure::PushToTech { demand_m3h: "1".parse().unwrap(), note: None };
    let no = office.give(Role::CounterClerk, id, &Command::PushToTech(asked)).unwrap_err();
    assert_eq!(no.code, Code::Assigned);
}

#[test]
fn a_pause_takes_two_people_and_moves_the_due_instant() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeNegotiating);
    let before = due(&office, id, RuleId::D04);
    let weather = Command::Suspend(Suspend {
        reason: PauseReason::WeatherAlert,
        evidence: "橙色预警".to_owned(),
        file: None,
        expected_end: None,
    });
    assert_eq!(office.give(MANAGER, id, &weather).unwrap_err().code, Code::PauseNotAllowed);
    let other_day = Command::Suspend(Suspend {
        reason: PauseReason::CustomerOtherDate,
        evidence: "用户改约下周一".to_owned(),
        file: None,
        expected_end: None,
    });
    office.approved(MANAGER, Role::CmLead, id, &other_day);
    assert!(office.case(id).suspended.is_some());
    let talk = samples::settle(&mut office, id);
    assert_eq!(office.give(MANAGER, id, &talk).unwrap_err().code, Code::State);
    office.minutes(24 * 60);
    let resume = Command::Resume(Resume { note: "用户已返回".to_owned() });
    office.approved(MANAGER, Role::CmLead, id, &resume);
    assert!(office.case(id).suspended.is_none());
    let d04 = clock(&office, id, RuleId::D04);
    assert_eq!(d04.state, ClockState::Running);
    assert!(d04.due_at.to_string() > before, "net moves");
    assert_eq!(d04.gross_due_at.to_string(), before, "gross stays");
}

#[test]
fn an_application_before_the_installation_waits_for_it() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Constructing);
    office.must(MANAGER, id, &samples::gas_on(Channel::GovPortal));
    assert_eq!(office.state(id), CaseState::Constructing);
    let done = samples::complete(&mut office, id);
    let declared = office.now;
    office.must(Role::ContractorLead, id, &done);
    office.minutes(120);
    let no = u32::try_from(office.case(id).approvals.len()).unwrap();
    office.must(Role::EngDispatcher, id, &samples::yes(no));
    assert_eq!(office.state(id), CaseState::GasOnApplied);
    let d06 = clock(&office, id, RuleId::D06b);
    assert_eq!(d06.stopped_at, Some(declared), "D-06 stops at the contractor's declaration");
    let d07 = clock(&office, id, RuleId::D07);
    assert_eq!(d07.started_at.since(declared), 121 * 60_000, "D-07 starts at the later of both");
}

#[test]
fn every_channel_takes_an_application_for_gas_on() {
    for channel in [
        Channel::GovPortal,
        Channel::WechatOa,
        Channel::LantianApp,
        Channel::Zaidexinzheng,
        Channel::BusinessHall,
        Channel::Hotline,
        Channel::OnSite,
    ] {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, CaseState::Installed);
        office.must(MANAGER, id, &samples::gas_on(channel));
        assert_eq!(office.state(id), CaseState::GasOnApplied);
    }
}

#[test]
fn gas_stays_off_until_test_contract_and_payment_are_there() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::AcceptanceTesting);
    let ticket = samples::ticket(&mut office, id);
    let no = office.give(Role::IgnitionOperator, id, &ticket).unwrap_err();
    assert_eq!((no.code, no.params["gate"].as_str()), (Code::Gate, "G-TEST"));
    let failed = samples::acceptance(office.now, false);
    office.must(Role::AcceptanceInspector, id, &failed);
    assert_eq!(office.state(id), CaseState::Rectifying);
    assert_eq!(clock(&office, id, RuleId::D07).state, ClockState::Running);
    let start = Command::StartAcceptance(lantian_domain::case::acceptance::StartAcceptance {});
    assert_eq!(
        office.give(Role::IgnitionOperator, id, &start).unwrap_err().code,
        Code::Role,
        "acceptance is the inspector's"
    );
    samples::advance(&mut office, id, CaseState::GasOn);
    assert_eq!(clock(&office, id, RuleId::D07).state, ClockState::StoppedOnTime);
}

#[test]
fn construction_waits_for_its_gates() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::ConstructionPreparing);
    let begun = samples::begin(&mut office, id);
    let no = office.give(Role::ContractorLead, id, &begun).unwrap_err();
    assert_eq!((no.code, no.params["gate"].as_str()), (Code::Gate, "G-CONTRACT"));
    let contract = samples::contract(&mut office, id, ContractKind::Install);
    let no = office.give(MANAGER, id, &contract).unwrap_err();
    assert_eq!(no.params["missing"], "MT01,MT02", "the papers of the contract gate");
}

#[test]
fn a_case_with_every_paper_is_accepted_in_full_and_has_five_working_days() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    for code in ["MT01", "MT02", "MT14"] {
        office.must(MANAGER, id, &samples::receive(code));
    }
    let accept = Command::AcceptCase(AcceptCase {});
    let no = office.give(MANAGER, id, &accept).unwrap_err();
    assert_eq!((no.code, no.params["missing"].as_str()), (Code::Gate, "MT23"));
    let last = office.now;
    office.must(MANAGER, id, &samples::receive("MT23"));
    office.must(MANAGER, id, &accept);
    assert_eq!(office.case(id).intake.mode, Some(AcceptanceMode::Full));
    assert_eq!(clock(&office, id, RuleId::D08).state, ClockState::StoppedOnTime);
    let outer = clock(&office, id, RuleId::D16);
    assert_eq!(outer.started_at, last, "from the last paper");
    assert_eq!(outer.due_at.to_string(), "2026-03-13T00:00:00.000+08:00");
}

#[test]
fn a_rejected_paper_is_owed_again_and_the_last_right_one_completes_the_case() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Accepted);
    let verify = |code: &str| Command::VerifyMaterial(VerifyMaterial { code: code.to_owned() });
    assert_eq!(office.give(MANAGER, id, &verify("MT14")).unwrap_err().code, Code::Format);
    office.must(MANAGER, id, &samples::receive("MT14"));
    let (code, reason) = ("MT14".to_owned(), "模糊".to_owned());
    office.must(MANAGER, id, &Command::RejectMaterial(RejectMaterial { code, reason }));
    let item = office.case(id).materials.iter().find(|item| item.code == "MT14").unwrap();
    assert_eq!(item.state, MaterialState::Owed);
    for code in ["MT01", "MT02", "MT14", "MT23"] {
        office.must(MANAGER, id, &samples::receive(code));
        office.must(MANAGER, id, &verify(code));
    }
    let case = office.case(id);
    assert_eq!(case.intake.mode, Some(AcceptanceMode::Full), "F-12");
    assert!(case.intake.was_tolerant, "history keeps tolerant");
    let debts = case.clocks.iter().filter(|clock| clock.rule == RuleId::D09);
    assert!(debts.clone().count() == 4 && debts.into_iter().all(|c| !c.state.is_open()));
    assert_eq!(clock(&office, id, RuleId::D16).state, ClockState::Running);
}

#[test]
fn a_closed_door_keeps_the_clock_running() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::GasOnApplied);
    let photo = office.attach(Role::IgnitionOperator, id, FileKind::PhotoSite);
    let failed = |appointment| {
        let reason = "约定时间无人".to_owned();
        let cause = NotIgnitedCause::UserAbsent;
        Command::RecordNotIgnited(NotIgnited { cause, reason, photo, appointment })
    };
    let past = failed(office.now);
    assert_eq!(office.give(Role::IgnitionOperator, id, &past).unwrap_err().code, Code::Format);
    let tomorrow = failed(office.now.plus_ms(86_400_000));
    office.must(Role::IgnitionOperator, id, &tomorrow);
    assert_eq!(office.case(id).gas.as_ref().unwrap().failures.len(), 1);
    assert_eq!(clock(&office, id, RuleId::D07).state, ClockState::Running);
}

#[test]
fn a_platform_is_looked_at_every_day_also_when_nothing_came() {
    let mut office = Office::open();
    let id = Watch::id_of(Source::Gonggai);
    let open = |day: &str| {
        let day = day.parse().unwrap();
        Command::OpenFeedDay(OpenFeedDay { source: Source::Gonggai, day })
    };
    let look = |day: Option<&str>| {
        let day = day.map(|day| day.parse().unwrap());
        Command::CheckFeed(CheckFeed { new_count: 0, day, note: None })
    };
    office.must(Role::Integration, id, &open("2026-03-05"));
    assert_eq!(
        office.give(Role::Integration, id, &open("2026-03-05")).unwrap_err().code,
        Code::Duplicate
    );
    let due = |office: &Office, day: &str| {
        let clocks = office.records[&id].clocks();
        clocks.iter().find(|clock| clock.key.as_deref() == Some(day)).unwrap().clone()
    };
    assert_eq!(due(&office, "2026-03-05").started_at.to_string(), "2026-03-05T00:00:00.000+08:00");
    assert_eq!(due(&office, "2026-03-05").due_at.to_string(), "2026-03-06T00:00:00.000+08:00");
    office.must(Role::HallClerk, id, &look(None));
    assert_eq!(
        due(&office, "2026-03-05").state,
        ClockState::StoppedOnTime,
        "a zero report satisfies it"
    );

    office.must(Role::Integration, id, &open("2026-03-06"));
    office.now = Instant::parse("2026-03-07T00:00:00+08:00").unwrap();
    assert!(due(&office, "2026-03-06").is_late(office.now), "R-10: breached at midnight");
    office.must(Role::Integration, id, &open("2026-03-07"));
    office.must(Role::HallClerk, id, &look(None));
    assert!(due(&office, "2026-03-06").state.is_open(), "today's look is not yesterday's");
    office.must(Role::HallClerk, id, &look(Some("2026-03-06")));
    assert_eq!(due(&office, "2026-03-06").state, ClockState::StoppedLate);
}
