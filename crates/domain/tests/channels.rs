//! Demands through every channel: who takes them, from when their clock runs,
//! who becomes responsible.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use lantian_domain::{
    apply,
    audience::{Audience, audience},
    card::card,
    case::{
        Case, CaseKind, CaseState, Channel, Segment,
        assignment::AssignManager,
        intake::{AcceptCase, SubmitDemand},
        outside::{Appliance, Outside, progress},
    },
    clock::RuleId,
    command::Command,
    event::Event,
    ids::{RecordId, UserId},
    refusal::Code,
    role::Role,
    time::Instant,
};
use office::{Office, samples, user};
use proptest::prelude::*;

fn demand(office: &Office, channel: Channel, serial: Option<&str>) -> SubmitDemand {
    SubmitDemand {
        channel,
        kind: CaseKind::Application,
        external_serial: serial.map(str::to_owned),
        segment: Segment::Scattered,
        basic: samples::basic(office.now),
        manager: None,
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    }
}

fn submit(office: &mut Office, role: Role, demand: SubmitDemand) -> RecordId {
    let id = RecordId(office.id());
    office.must(role, id, &Command::SubmitDemand(demand));
    id
}

fn assign(manager: UserId) -> Command {
    Command::AssignManager(AssignManager { manager, reason: "按分派规则".to_owned() })
}

fn refused(office: &mut Office, role: Role, demand: SubmitDemand) -> (Code, String) {
    let id = RecordId(office.id());
    let no = office.give(role, id, &Command::SubmitDemand(demand)).unwrap_err();
    (no.code, no.params.get("field").cloned().unwrap_or_default())
}

fn d08(case: &Case) -> &lantian_domain::clock::Clock {
    case.clocks.iter().find(|clock| clock.rule == RuleId::D08).unwrap()
}

#[test]
fn r_07_a_hotline_demand_at_03_10_on_a_holiday_starts_d_08_at_03_10_00_exactly() {
    let mut office = Office::open();
    office.now = Instant::parse("2026-10-01T03:10:00+08:00").unwrap();
    let mut call = demand(&office, Channel::Hotline, None);
    call.recording_id = Some("REC-20261001-0310".to_owned());
    let id = submit(&mut office, Role::HotlineAgent, call);
    let case = office.case(id);
    let clock = d08(case);
    assert_eq!(clock.started_at.to_string(), "2026-10-01T03:10:00.000+08:00");
    assert_eq!(clock.due_at.to_string(), "2026-10-02T03:10:00.000+08:00");
    assert_eq!(case.intake.recording_id.as_deref(), Some("REC-20261001-0310"));
    assert_eq!(case.state, CaseState::Submitted);
}

#[test]
fn r_07_business_hall_hotline_and_on_site_are_three_channels_of_one_intake() {
    let mut office = Office::open();
    for (role, channel) in [
        (Role::CounterClerk, Channel::BusinessHall),
        (Role::HotlineAgent, Channel::Hotline),
        (Role::CustomerManager, Channel::OnSite),
    ] {
        let asked = demand(&office, channel, None);
        let id = submit(&mut office, role, asked);
        assert_eq!((office.case(id).channel, office.state(id)), (channel, CaseState::Submitted));
    }
}

#[test]
fn r_07_the_hotline_records_but_cannot_accept() {
    let mut office = Office::open();
    let asked = demand(&office, Channel::Hotline, None);
    let id = submit(&mut office, Role::HotlineAgent, asked);
    let accept = Command::AcceptCase(AcceptCase {});
    assert_eq!(office.give(Role::HotlineAgent, id, &accept).unwrap_err().code, Code::Role);
}

#[test]
fn k_30_events_carry_the_channel_of_every_application() {
    let mut office = Office::open();
    let mut online = 0;
    let taken = Channel::ALL.iter().filter(|channel| **channel != Channel::Lead);
    for (n, channel) in taken.enumerate() {
        let asked = demand(&office, *channel, Some(&format!("JB-{n}")));
        submit(&mut office, Role::Integration, asked);
    }
    let mut seen = Vec::new();
    for (_, event, _) in &office.log {
        if let Event::CaseSubmitted(case) = event {
            seen.push(case.channel);
            online += u32::from(case.channel.is_online());
        }
    }
    assert_eq!((seen.len(), online), (8, 4), "eight channels, four of them online");
    let applied = serde_json::to_value(Event::GasOnApplied(
        serde_json::from_value(
            serde_json::json!({ "channel": "lantian_app", "applicant": "王小明" }),
        )
        .unwrap(),
    ));
    assert_eq!(applied.unwrap()["channel"], "lantian_app");
}

#[test]
fn an_outside_system_names_its_number_and_never_a_lead() {
    let mut office = Office::open();
    let nameless = demand(&office, Channel::WechatOa, None);
    let field = refused(&mut office, Role::Integration, nameless);
    assert_eq!(field, (Code::Format, "external_serial".to_owned()));
    let of_lead = demand(&office, Channel::Lead, Some("JB-1"));
    let field = refused(&mut office, Role::Integration, of_lead);
    assert_eq!(field, (Code::Format, "channel".to_owned()));
}

#[test]
fn what_an_outside_system_says_is_bounded() {
    let mut office = Office::open();
    let long = "长".repeat(65);
    let fine = demand(&office, Channel::WechatOa, Some("JB-1"));
    let appliance = |quantity| Appliance {
        name: "双头炒灶".to_owned(),
        model: None,
        size: None,
        rate_m3h: Some("4.5".parse().unwrap()),
        pipe: None,
        quantity,
        heat_kw: None,
    };
    let outside = Outside { system: Some(long.clone()), ..Outside::default() };
    let raw = Outside { raw: [("x".to_owned(), "y".repeat(70_000))].into(), ..Outside::default() };
    let wrong = [
        ("external_serial", SubmitDemand { external_serial: Some(long), ..fine.clone() }),
        ("recording_id", SubmitDemand { recording_id: Some(" ".to_owned()), ..fine.clone() }),
        ("appliances", SubmitDemand { appliances: vec![appliance(0)], ..fine.clone() }),
        ("appliances", SubmitDemand { appliances: vec![appliance(1); 51], ..fine.clone() }),
        ("outside_system", SubmitDemand { outside: Some(outside), ..fine.clone() }),
        ("raw", SubmitDemand { outside: Some(raw), ..fine.clone() }),
    ];
    for (field, demand) in wrong {
        let no = refused(&mut office, Role::Integration, demand);
        assert_eq!(no, (Code::Format, field.to_owned()));
    }
    submit(&mut office, Role::Integration, SubmitDemand { appliances: vec![appliance(2)], ..fine });
}

#[test]
fn a_demand_without_a_manager_waits_for_the_lead_and_its_clock_runs_all_the_same() {
    let mut office = Office::open();
    let began = office.now;
    let asked = demand(&office, Channel::GovPortal, Some("JB-1"));
    let id = submit(&mut office, Role::Integration, asked);
    let record = &office.records[&id];
    let case = office.case(id);
    assert_eq!((case.responsible(), d08(case).person), (None, None));
    assert!(case.assignments.is_empty());
    assert!(card(record).flags.contains(&"unassigned".to_owned()));
    assert!(audience(record).contains(&Audience::Role(Role::CmLead)));
    assert!(!audience(record).contains(&Audience::User(UserId::NOBODY)));

    let manager = user(Role::CustomerManager);
    office.must(Role::CmLead, id, &assign(manager));
    let case = office.case(id);
    assert_eq!((case.responsible(), d08(case).person), (Some(manager), Some(manager)));
    assert_eq!(d08(case).started_at, began, "the clock does not start anew");
    assert_eq!(case.assignments.len(), 1);
    assert!(!card(&office.records[&id]).flags.contains(&"unassigned".to_owned()));
    assert!(audience(&office.records[&id]).contains(&Audience::User(manager)));
}

#[test]
fn the_rule_gives_a_first_manager_and_never_another() {
    let mut office = Office::open();
    let asked = demand(&office, Channel::GovPortal, Some("JB-1"));
    let id = submit(&mut office, Role::Integration, asked);
    let (first, second) = (user(Role::CustomerManager), user(Role::CounterClerk));
    office.must(Role::Integration, id, &assign(first));
    let no = office.give(Role::Integration, id, &assign(second)).unwrap_err();
    assert_eq!(no.code, Code::Assigned);
    office.must(Role::CmLead, id, &assign(second));
    assert_eq!(office.case(id).responsible(), Some(second));
}

#[test]
fn an_applicant_is_told_of_the_steps_and_of_nobody_of_the_company() {
    let mut office = Office::open();
    let asked = demand(&office, Channel::GovPortal, Some("JB-1"));
    let id = submit(&mut office, Role::Integration, asked);
    office.must(Role::Integration, id, &assign(user(Role::CustomerManager)));
    let told = progress(office.case(id));
    assert_eq!(told.iter().map(|told| told.step).collect::<Vec<_>>(), ["case_submitted"]);
}

proptest! {
    /// Whatever is submitted, by whomever: replay of its events gives the same
    /// case, and a case has at most one manager.
    #[test]
    fn a_demand_has_one_manager_or_none(role in 0..Role::ALL.len(), channel in 0..9_usize, serial in ".{0,70}") {
        let mut office = Office::open();
        let role = Role::ALL[role];
        let asked = demand(&office, Channel::ALL[channel], Some(&serial));
        let id = RecordId(office.id());
        if let Ok(changes) = office.judge(role, id, &Command::SubmitDemand(asked)) {
            prop_assert!(changes.iter().all(|change| change.record == id));
            let mut record = None;
            office.must(role, id, &Command::SubmitDemand(demand(&office, Channel::ALL[channel], Some(&serial))));
            for (_, event, stamp) in office.log.iter().filter(|(of, ..)| *of == id) {
                record = Some(apply(record, id, event, stamp));
            }
            prop_assert_eq!(record.as_ref(), office.records.get(&id));
            prop_assert!(office.case(id).assignments.len() <= 1);
        }
    }
}
