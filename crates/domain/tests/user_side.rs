//! “101” and four-zero: … …R-36,
//! F-9.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

mod office;

use lantian_domain::{
    card::card,
    case::{
        AcceptanceMode, CaseKind, CaseState, Channel, Segment,
        assignment::{AssignManager, Assignment},
        basic::UpdateBasic,
        fee::{StartFeeNegotiation, TalkPlace},
        four_zero::{Ground, eligibility},
        intake::SubmitDemand,
        material::{
            MaterialSource, MaterialState, OwedBy, OwedItem, ReceiveMaterial, material, missing,
        },
        pre_service::{PreServiceKind, RecordPreService, report},
        progress::{UserAction, progress},
        risk::risk,
        user_side::{RecordTrip, TripTo, UserSide},
    },
    clock::{ClockState, RuleId},
    command::{Command, CommandName},
    event::Event,
    evidence::{Grade, effective_time},
    ids::RecordId,
    lead::{ContactChannel, ContactResult, ConvertLead, HandOverLead, ReassignLead},
    notice::Recipient,
    record::Record,
    refusal::Code,
    role::{Role, may},
    time::{HOUR_MS, Instant},
};
use office::{Office, every, samples, user};
use proptest::prelude::*;

const MANAGER: Role = Role::CustomerManager;

/// A demand of a private small firm, or one that investment brought here.
fn four_zero(office: &mut Office, segment: Segment, promoted: bool) -> RecordId {
    let id = RecordId(office.id());
    let mut basic = serde_json::to_value(samples::basic(office.now)).unwrap();
    basic["party_type"] = "organization".into();
    basic["name"] = "示例餐饮店".into();
    if promoted {
        basic["investment_promotion"] = true.into();
    } else {
        basic["enterprise_size"] = "micro".into();
        basic["ownership"] = "private".into();
    }
    let demand = SubmitDemand {
        channel: Channel::Hotline,
        kind: CaseKind::Demand,
        external_serial: None,
        segment,
        basic: serde_json::from_value(basic).unwrap(),
        manager: Some(user(MANAGER)),
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    };
    office.must(Role::HotlineAgent, id, &Command::SubmitDemand(demand));
    id
}

fn tolerant(office: &Office, id: RecordId, owed_by: OwedBy) -> Command {
    let owed = missing(office.case(id))
        .iter()
        .map(|kind| OwedItem {
            code: kind.code.to_owned(),
            owed_by: if kind.is_critical() { OwedBy::Manager } else { owed_by },
            days: None,
            due_on: None,
            why: None,
        })
        .collect();
    Command::AcceptTolerant(lantian_domain::case::intake::AcceptTolerant {
        owed,
        contact: "客户经理".to_owned(),
        notice: None,
    })
}

fn trip(to: TripTo, on: &str) -> Command {
    let (on, purpose) = (Some(on.parse().unwrap()), "送资料".to_owned());
    Command::RecordTrip(RecordTrip { to, on, purpose })
}

fn flags(office: &Office, id: RecordId) -> Vec<String> {
    card(&office.records[&id]).flags
}

/// A case of a lead, accepted as pre-service.
fn of_a_lead(office: &mut Office) -> RecordId {
    let lead = RecordId(office.id());
    let now = office.now;
    office.must(Role::HallClerk, lead, &samples::push(now));
    let manager = user(MANAGER);
    office.must(
        Role::HallClerk,
        lead,
        &Command::HandOverLead(HandOverLead { manager, note: None }),
    );
    let reached = samples::attempt(ContactResult::Reached, ContactChannel::Visit);
    office.must(MANAGER, lead, &reached);
    let case = RecordId(office.id());
    let basic = samples::basic(office.now);
    let convert = ConvertLead { case, segment: Segment::Scattered, basic };
    office.must(MANAGER, lead, &Command::ConvertLead(convert));
    office.must(MANAGER, case, &Command::AcceptCase(lantian_domain::case::intake::AcceptCase {}));
    case
}

#[test]
fn r_04_two_counter_visits_are_listed_and_one_is_the_most_of_a_day() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Accepted);
    office.must(MANAGER, id, &trip(TripTo::BusinessHall, "2026-03-04"));
    office.must(MANAGER, id, &trip(TripTo::BusinessHall, "2026-03-04"));
    assert_eq!(office.case(id).user_side.trip_count(), 1, "one way, two matters");
    assert!(!flags(&office, id).contains(&"trips".to_owned()));
    office.must(MANAGER, id, &trip(TripTo::BusinessHall, "2026-03-05"));
    assert_eq!(office.case(id).user_side.trip_count(), 2);
    assert!(flags(&office, id).contains(&"trips".to_owned()), "跑动次数>1");
    // No state requires a counter: a whole life without one.
    let id = samples::case_in(&mut office, CaseState::GasOn);
    assert_eq!(office.case(id).user_side.trip_count(), 0);
}

#[test]
fn r_08_a_counter_clerk_runs_every_command_of_a_manager_on_own_cases() {
    for command in CommandName::ALL {
        if may(Role::CustomerManager, *command) {
            assert!(may(Role::CounterClerk, *command), "{}", command.as_str());
        }
    }
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    let clerk = Role::CounterClerk;
    let given = AssignManager { manager: user(clerk), reason: "营业厅受理".to_owned() };
    office.must(Role::CmLead, id, &Command::AssignManager(given));
    let accept = tolerant(&office, id, OwedBy::Customer);
    assert_eq!(office.give(MANAGER, id, &accept).unwrap_err().code, Code::Assigned);
    office.must(clerk, id, &accept);
    office.must(clerk, id, &samples::receive("MT14"));
    let push =
        lantian_domain::case::pressure::PushToTech { demand_m3h: "2".parse().unwrap(), note: None };
    office.must(clerk, id, &Command::PushToTech(push));
}

#[test]
fn r_13_one_manager_at_a_time_and_three_periods_without_gap_or_overlap() {
    let mut office = Office::open();
    let lead = RecordId(office.id());
    let now = office.now;
    office.must(Role::HallClerk, lead, &samples::push(now));
    let hand = Command::HandOverLead(HandOverLead { manager: user(MANAGER), note: None });
    office.must(Role::HallClerk, lead, &hand);
    let second =
        Command::HandOverLead(HandOverLead { manager: user(Role::CounterClerk), note: None });
    assert_eq!(office.give(Role::HallClerk, lead, &second).unwrap_err().code, Code::Assigned);
    let reached = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
    office.must(MANAGER, lead, &reached);
    let to = |role: Role| {
        Command::ReassignLead(ReassignLead {
            manager: user(role), reason: "片区调整".to_owned()
        })
    };
    office.must(Role::CmLead, lead, &to(Role::CounterClerk));
    office.must(Role::CmLead, lead, &to(MANAGER));
    let case = RecordId(office.id());
    let basic = samples::basic(office.now);
    let convert = Command::ConvertLead(ConvertLead { case, segment: Segment::Scattered, basic });
    office.must(MANAGER, lead, &convert);
    let assign = |role: Role| {
        Command::AssignManager(AssignManager { manager: user(role), reason: "休假".to_owned() })
    };
    let no = office.give(Role::CmLead, case, &assign(MANAGER)).unwrap_err();
    assert_eq!(no.code, Code::Assigned, "a second active assignment");
    office.must(Role::CmLead, case, &assign(Role::CounterClerk));
    let history = &office.case(case).assignments;
    let ended: Vec<&Assignment> = history.iter().filter(|period| period.to.is_some()).collect();
    assert_eq!(ended.len(), 3, "three reassignments, three periods that ended");
    assert_eq!(history.len(), 4, "and the one that lasts, from the lead on");
    for pair in history.windows(2) {
        assert_eq!(pair[0].to, Some(pair[1].from), "no gap, no overlap");
    }
    assert_eq!(history.last().unwrap().to, None);
}

#[test]
fn r_14_a_case_of_a_lead_is_installed_without_an_application_and_lists_its_pre_services() {
    let mut office = Office::open();
    let id = of_a_lead(&mut office);
    for kind in [PreServiceKind::Other, PreServiceKind::Supervision, PreServiceKind::Completion] {
        let summary = "上门指导".to_owned();
        let given = RecordPreService { kind, on: None, summary, files: Vec::new() };
        office.must(MANAGER, id, &Command::RecordPreService(given));
    }
    samples::advance(&mut office, id, CaseState::Installed);
    let case = office.case(id);
    assert!(case.gas.as_ref().is_none_or(|gas| gas.application.is_none() && gas.queued.is_none()));
    let services = report(case);
    let kinds: Vec<_> = services.iter().map(|service| service.kind).collect();
    for kind in PreServiceKind::ALL {
        assert!(kinds.contains(kind), "{}", kind.as_str());
    }
    assert!(services.windows(2).all(|p| (p[0].kind, p[0].on) <= (p[1].kind, p[1].on)));
    office.must(MANAGER, id, &samples::gas_on(Channel::WechatOa));
    let late = RecordPreService {
        kind: PreServiceKind::Other,
        on: None,
        summary: "事后".to_owned(),
        files: Vec::new(),
    };
    let no = office.give(MANAGER, id, &Command::RecordPreService(late)).unwrap_err();
    assert_eq!(no.code, Code::State, "pre-service comes before the application");
}

#[test]
fn r_15_a_plan_later_than_the_need_is_a_risk_at_once() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::EngineeringReceived);
    let need = |day: &str| {
        let need_date = Some(day.parse().unwrap());
        Command::UpdateBasic(UpdateBasic { need_date, ..UpdateBasic::default() })
    };
    office.must(MANAGER, id, &need("2026-03-20"));
    let Command::ArrangeContractor(mut order) = samples::order(&office) else { unreachable!() };
    order.planned_finish = "2026-03-21".parse().unwrap();
    office.must(Role::EngDispatcher, id, &Command::ArrangeContractor(order));
    assert_eq!(risk(office.case(id)).unwrap().days_late, 1);
    assert!(flags(&office, id).contains(&"risk".to_owned()));
    office.must(MANAGER, id, &need("2026-03-21"));
    assert_eq!(risk(office.case(id)), None, "the same day is in time");
    assert!(!flags(&office, id).contains(&"risk".to_owned()));
}

#[test]
fn r_26_after_installation_the_manager_has_a_task_and_the_application_shows_who_helped() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Installed);
    assert!(office.case(id).gas.as_ref().unwrap().wants_help());
    assert!(flags(&office, id).contains(&"help_apply".to_owned()));
    office.must(MANAGER, id, &samples::gas_on(Channel::LantianApp));
    let gas = office.case(id).gas.clone().unwrap();
    let application = gas.application.as_ref().unwrap();
    assert_eq!(application.assisted_by, Some(user(MANAGER)));
    assert_eq!(application.channel, Channel::LantianApp);
    assert!(!gas.wants_help());
    assert!(!flags(&office, id).contains(&"help_apply".to_owned()));
    assert_ne!(Channel::LantianApp.as_str(), Channel::Zaidexinzheng.as_str());
    let own = samples::case_in(&mut office, CaseState::Installed);
    office.must(Role::Integration, own, &samples::gas_on(Channel::WechatOa));
    let gas = office.case(own).gas.clone().unwrap();
    assert_eq!(gas.application.unwrap().assisted_by, None, "the user's own");
}

#[test]
fn r_28_the_users_view_of_any_state_lists_exactly_one_action() {
    for state in CaseState::ALL {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, *state);
        let seen = progress(office.case(id));
        assert!(seen.mode_101);
        let actions: Vec<_> = seen.actions.iter().map(|one| one.action).collect();
        assert_eq!(actions, [UserAction::Apply], "{}", state.as_str());
    }
}

#[test]
fn r_29_a_lead_born_case_with_one_application_has_one_step() {
    let mut office = Office::open();
    let id = of_a_lead(&mut office);
    samples::advance(&mut office, id, CaseState::GasOn);
    assert_eq!(office.case(id).user_side.steps, 1);
    // The same from the events alone.
    let mut counted = UserSide::default();
    let log = office.log.iter().filter(|(record, _, _)| *record == id);
    log.for_each(|(_, event, stamp)| counted.take(event, stamp));
    assert_eq!(counted, office.case(id).user_side);
    assert_eq!(counted.trip_count(), 0);
}

#[test]
fn r_32_an_application_on_an_installed_case_is_accepted_and_finished_in_a_day() {
    let mut office = Office::open();
    let id = of_a_lead(&mut office);
    samples::advance(&mut office, id, CaseState::Installed);
    let applied = office.now;
    office.must(MANAGER, id, &samples::gas_on(Channel::WechatOa));
    samples::advance(&mut office, id, CaseState::AcceptanceTesting);
    samples::step(&mut office, id);
    // Valve and signature take a minute each: gas burns at the last instant.
    office.now = applied.plus_ms(24 * HOUR_MS - 120_000);
    samples::step(&mut office, id);
    assert_eq!(office.state(id), CaseState::GasOn);
    for rule in [RuleId::D08, RuleId::D07] {
        let clock = office.case(id).clocks.iter().find(|clock| clock.rule == rule).unwrap();
        assert_eq!(clock.state, ClockState::StoppedOnTime, "{rule}");
    }
    // Before the installation D-08 runs, and D-07 is pending.
    let id = RecordId(office.id());
    let submit = Command::SubmitDemand(SubmitDemand {
        channel: Channel::GovPortal,
        kind: CaseKind::Application,
        external_serial: Some("JB-32".to_owned()),
        segment: Segment::Scattered,
        basic: samples::basic(office.now),
        manager: Some(user(MANAGER)),
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    });
    office.must(Role::Integration, id, &submit);
    let running: Vec<_> = office.case(id).clocks.iter().map(|c| (c.rule, c.state)).collect();
    assert_eq!(running, [(RuleId::D08, ClockState::Running)]);
    assert!(office.case(id).is_gas_on_pending());
}

#[test]
fn r_33_the_badge_comes_with_its_ground_and_the_switch_leaves_started_cases_alone() {
    let mut office = Office::open();
    let promoted = four_zero(&mut office, Segment::NonResidential, true);
    let small = four_zero(&mut office, Segment::Micro, false);
    for (id, ground) in [(promoted, Ground::InvestmentPromotion), (small, Ground::PrivateSme)] {
        assert!(flags(&office, id).contains(&"four_zero".to_owned()));
        let found = eligibility(office.case(id));
        assert_eq!(found[0].ground, ground);
        assert!(!found[0].verified, "no evidence yet");
        assert!(missing(office.case(id)).iter().any(|kind| kind.code == "MT22"));
    }
    let accept = tolerant(&office, small, OwedBy::Manager);
    office.must(MANAGER, small, &accept);
    office.must(MANAGER, small, &samples::receive("MT22"));
    let verify = lantian_domain::case::material::VerifyMaterial { code: "MT22".to_owned() };
    office.must(MANAGER, small, &Command::VerifyMaterial(verify));
    let proved = &eligibility(office.case(small))[0];
    assert_eq!((proved.evidence.as_deref(), proved.verified), (Some("410184-1"), true));

    office.rules.pilots.four_zero = false;
    assert!(office.case(small).four_zero(), "a started case is unchanged");
    let after = four_zero(&mut office, Segment::Micro, false);
    assert!(!office.case(after).four_zero());
    assert!(eligibility(office.case(after)).is_empty());
    office.rules.pilots.four_zero = true;
    assert!(!office.case(after).four_zero());
}

#[test]
fn r_34_a_four_zero_user_is_sent_to_no_counter_and_a_trip_is_a_finding() {
    let mut office = Office::open();
    let id = four_zero(&mut office, Segment::Micro, false);
    let accept = tolerant(&office, id, OwedBy::Manager);
    office.must(MANAGER, id, &accept);
    let handed_in = Command::ReceiveMaterial(ReceiveMaterial {
        code: "MT16".to_owned(),
        source: MaterialSource::Counter,
        files: Vec::new(),
        doc_no: Some("1".to_owned()),
        valid_to: None,
        query_receipt: None,
    });
    let at_counter = samples::gas_on(Channel::BusinessHall);
    for command in [handed_in, at_counter] {
        let no = office.give(MANAGER, id, &command).unwrap_err();
        assert_eq!((no.code, no.params["why"].as_str()), (Code::FourZero, "zero_trip"));
    }
    let mut talking = Office::open();
    let talk = samples::case_in(&mut talking, CaseState::Designed);
    let make = UpdateBasic { investment_promotion: Some(true), ..UpdateBasic::default() };
    talking.must(MANAGER, talk, &Command::UpdateBasic(make));
    let meet = |place| {
        let participants = "王小明".to_owned();
        Command::StartFeeNegotiation(StartFeeNegotiation { place, participants })
    };
    let no = talking.give(MANAGER, talk, &meet(TalkPlace::BusinessHall)).unwrap_err();
    assert_eq!(no.code, Code::FourZero);
    talking.must(MANAGER, talk, &meet(TalkPlace::OnSite));

    assert!(!flags(&office, id).contains(&"zero_trip_broken".to_owned()));
    office.must(MANAGER, id, &trip(TripTo::GovHall, "2026-03-05"));
    assert!(flags(&office, id).contains(&"zero_trip_broken".to_owned()), "a finding");
    let findings = |office: &Office| -> Vec<_> {
        let all = office.records.values().filter_map(|record| match record {
            Record::Notice(notice) if notice.raised.text == "zero_trip_broken" => {
                Some((notice.raised.to, notice.raised.about.clause.clone()))
            }
            _ => None,
        });
        all.collect()
    };
    let heard = findings(&office);
    for role in [Role::CmLead, Role::Inspector] {
        assert!(heard.contains(&(Recipient::Role(role), Some("R-34".to_owned()))), "{role:?}");
    }
    assert_eq!(heard.len(), 2, "raised once");
    office.must(MANAGER, id, &trip(TripTo::GovHall, "2026-03-05"));
    assert_eq!(findings(&office).len(), 2, "the same trip is no second finding");
}

#[test]
fn f_09_r_35_no_paper_is_owed_by_a_four_zero_user_and_the_manager_owns_them_all() {
    let mut office = Office::open();
    let id = four_zero(&mut office, Segment::Micro, false);
    let by_user = tolerant(&office, id, OwedBy::Customer);
    assert_eq!(office.give(MANAGER, id, &by_user).unwrap_err().code, Code::FourZero);
    let by_us = tolerant(&office, id, OwedBy::Manager);
    office.must(MANAGER, id, &by_us);
    let case = office.case(id);
    assert!(case.materials.iter().all(|one| one.state == MaterialState::Collecting));
    assert!(case.user_side.asked.is_empty(), "K-17: asked of the user 0");
    let clocks = case.clocks.iter().filter(|clock| clock.rule == RuleId::D09);
    assert!(clocks.into_iter().all(|clock| clock.person == Some(user(MANAGER))));
}

#[test]
fn r_36_an_acceptance_on_site_without_network_stays_at_its_instant_and_nobody_approves() {
    let mut office = Office::open();
    let id = four_zero(&mut office, Segment::Micro, false);
    let on_site = office.now;
    let accept = tolerant(&office, id, OwedBy::Manager);
    // Seven hours later the tablet finds a network: the rule of evidence gives
    // the server the instant on site, and the same command is judged with it.
    let received = on_site.plus_ms(7 * HOUR_MS);
    let evidence = effective_time(on_site, received, 0, 0, true);
    assert_eq!((evidence.at, evidence.grade), (on_site, Grade::Offline));
    office.now = evidence.at;
    let events = office.must(MANAGER, id, &accept);
    assert_eq!(office.case(id).intake.accepted_at, Some(on_site));
    assert_eq!(office.case(id).intake.mode, Some(AcceptanceMode::Tolerant));
    let asked =
        |event: &Event| matches!(event, Event::ApprovalRequested(_) | Event::ApprovalDecided(_));
    assert!(!events.iter().any(asked));
    assert!(office.case(id).approvals.is_empty());
    let d08 = office.case(id).clocks.iter().find(|clock| clock.rule == RuleId::D08).unwrap();
    assert_eq!(d08.stopped_at, Some(on_site));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people try in whatever order: a four-zero user owes no paper,
    /// also where the user turns out to be one only later.
    #[test]
    fn f_09_r_35_no_sequence_of_commands_lets_a_four_zero_applicant_owe_a_paper(
        begun in any::<bool>(), state in 0..CaseState::ALL.len(),
        tries in prop::collection::vec((0_usize..128, 0_usize..27, 0_i64..3_000), 1..25),
    ) {
        let mut office = Office::open();
        let id = if begun {
            four_zero(&mut office, Segment::Micro, true)
        } else {
            samples::case_in(&mut office, CaseState::ALL[state])
        };
        let promoted = UpdateBasic { investment_promotion: Some(true), ..UpdateBasic::default() };
        for (which, role, pause) in tries {
            let mut commands = every::every(&mut office, id);
            commands.push(Command::UpdateBasic(promoted.clone()));
            commands.push(tolerant(&office, id, OwedBy::Customer));
            commands.push(tolerant(&office, id, OwedBy::Manager));
            let command = &commands[which % commands.len()];
            let _answer = office.give(Role::ALL[role], id, command);
            office.minutes(pause);
            let case = office.case(id);
            if case.four_zero() {
                for one in &case.materials {
                    let owes = one.owed_by == Some(OwedBy::Customer) && one.is_open();
                    prop_assert!(!owes, "{}", one.code);
                    prop_assert!(material(&one.code).is_some());
                }
            }
        }
    }
}

#[test]
fn what_counts_as_a_step_is_said_by_the_events() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    assert_eq!(office.case(id).user_side.steps, 1, "his demand");
    let instant = Instant::parse("2026-03-05T09:00:00+08:00").unwrap();
    assert!(office.case(id).intake.submitted_at >= instant);
    samples::advance(&mut office, id, CaseState::GasOnApplied);
    assert_eq!(office.case(id).user_side.steps, 2, "and his application");
    assert_eq!(office.case(id).user_side.asked.len(), 2, "K-17");
}
