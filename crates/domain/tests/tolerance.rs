//! 容缺受理: F-1…F-7, R-30, R-38, R-40, L-11, and the catalogue (n.9).
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

mod office;

use lantian_domain::{
    card::card,
    case::{
        AcceptanceMode, CaseKind, CaseState, Channel, Segment,
        basic::{Basic, UpdateBasic},
        intake::SubmitDemand,
        material::{
            AddOwed, Because, CATALOGUE, DecideOverdue, ExtendMaterial, MaterialState, Message,
            OverdueDecision, OwedBy, RemindMaterial, Step, WaiveMaterial, ledger::ledger, missing,
            statistics::Statistics,
        },
        pressure::PushToTech,
    },
    clock::ClockState,
    command::Command,
    ids::RecordId,
    lead::{ContactChannel, ContactResult},
    notice::{Notice, Recipient},
    record::Record,
    refusal::Code,
    role::Role,
};
use office::{
    Office,
    debts::{all_owed, at, basic_with, debt, item, round, scattered, submitted, told, tolerant},
    samples, user,
};
use proptest::prelude::*;

const MANAGER: Role = Role::CustomerManager;

#[test]
fn f_01_r_30_the_six_basic_fields_are_enough_and_none_may_lack() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    assert_eq!(office.case(id).intake.mode, Some(AcceptanceMode::Tolerant));
    assert!(office.case(id).files.is_empty(), "no attachment was needed");
    // Four of the six are text; user kind and wish cannot be left out at all.
    for field in ["name", "phone", "address"] {
        let basic = basic_with(office.now, &serde_json::json!({ field: " " }));
        let demand = Command::SubmitDemand(SubmitDemand {
            channel: Channel::Hotline,
            kind: CaseKind::Demand,
            external_serial: None,
            segment: Segment::Scattered,
            basic,
            manager: Some(user(MANAGER)),
            recording_id: None,
            appliances: Vec::new(),
            outside: None,
        });
        let new = RecordId(office.id());
        let no = office.give(Role::HotlineAgent, new, &demand).unwrap_err();
        assert_eq!((no.code, no.params["missing"].as_str()), (Code::BasicMissing, field));
    }
    for field in ["party_type", "use_kind", "want", "consent"] {
        let mut basic = serde_json::to_value(samples::basic(office.now)).unwrap();
        basic.as_object_mut().unwrap().remove(field);
        assert!(serde_json::from_value::<Basic>(basic).is_err(), "{field}");
    }
}

#[test]
fn f_02_r_38_a_planning_permit_is_never_owed_and_a_sketch_is() {
    let mut office = Office::open();
    let basic = basic_with(
        office.now,
        &serde_json::json!({
            "party_type": "organization", "name": "示例置业", "use_kind": "dwelling",
        }),
    );
    let id = submitted(&mut office, Segment::Residential, basic);
    let mut owed = all_owed(&office, id);
    let permit = owed.iter_mut().find(|item| item.code == "MT07").unwrap();
    permit.owed_by = OwedBy::Customer;
    let no = office.give(MANAGER, id, &tolerant(owed)).unwrap_err();
    assert_eq!((no.code, no.params["code"].as_str()), (Code::NotTolerable, "MT07"));
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    assert!(owed.iter().any(|one| one.code == "MT14" && one.owed_by == OwedBy::Customer));
    office.must(MANAGER, id, &tolerant(owed));
}

#[test]
fn f_02_a_waiver_takes_the_lead_and_whoever_answers_for_law_or_technique() {
    let mut office = Office::open();
    let basic = basic_with(
        office.now,
        &serde_json::json!({
            "party_type": "organization", "name": "示例置业",
        }),
    );
    let id = submitted(&mut office, Segment::Residential, basic);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let waive = |code: &str| {
        let reason = "已有替代资料".to_owned();
        Command::WaiveMaterial(WaiveMaterial { code: code.to_owned(), reason })
    };
    let no = office.give(MANAGER, id, &waive("MT08")).unwrap_err();
    assert_eq!((no.code, no.params["want"].as_str()), (Code::NotTolerable, "cm_lead"));
    // Technical: the department's lead and the technical lead.
    office.must(Role::CmLead, id, &waive("MT08"));
    assert_ne!(item(&office, id, "MT08").state, MaterialState::Waived, "proposed only");
    assert_eq!(office.give(Role::Leader, id, &samples::yes(1)).unwrap_err().code, Code::Role);
    office.must(Role::TechLead, id, &samples::yes(1));
    assert_eq!(item(&office, id, "MT08").state, MaterialState::Waived);
    // Legal: the leader.
    office.must(Role::CmLead, id, &waive("MT03"));
    office.must(Role::Leader, id, &samples::yes(2));
    assert_eq!(item(&office, id, "MT03").state, MaterialState::Waived);
    // Both: the one, then the other.
    office.must(Role::CmLead, id, &waive("MT07"));
    office.must(Role::TechLead, id, &samples::yes(3));
    assert_ne!(item(&office, id, "MT07").state, MaterialState::Waived);
    office.must(Role::Leader, id, &samples::yes(4));
    assert_eq!(item(&office, id, "MT07").state, MaterialState::Waived);
    // What neither touches: the manager asks, the lead says yes.
    office.approved(MANAGER, Role::CmLead, id, &waive("MT11"));
    assert_eq!(item(&office, id, "MT11").state, MaterialState::Waived);
    let clocks = office.case(id).clocks.iter();
    let waived = clocks.filter(|clock| clock.state == ClockState::StoppedExcused).count();
    assert_eq!(waived, 4, "a debt that need not be paid is nobody's fault");
}

#[test]
fn f_03_every_missing_item_is_owed_or_collected_with_owner_and_date() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let mut owed = all_owed(&office, id);
    owed.retain(|one| !matches!(one.code.as_str(), "MT02" | "MT23"));
    let no = office.give(MANAGER, id, &tolerant(owed)).unwrap_err();
    assert_eq!((no.code, no.params["missing"].as_str()), (Code::NotTolerable, "MT02,MT23"));
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    for one in &office.case(id).materials {
        let clock = office.case(id).clocks.iter().find(|c| c.key.as_ref() == Some(&one.code));
        assert_eq!(clock.unwrap().person, Some(user(MANAGER)), "an owner");
        assert!(one.due_on.is_some(), "a date");
        let collecting = one.owed_by == Some(OwedBy::Manager);
        let state = if collecting { MaterialState::Collecting } else { MaterialState::Owed };
        assert_eq!(one.state, state);
    }
}

#[test]
fn f_04_l_11_one_notice_tells_everything_and_the_debt_does_not_grow() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let lacks: Vec<_> = missing(office.case(id)).iter().map(|kind| kind.code).collect();
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let notices = &office.case(id).tolerance.notices;
    assert_eq!(notices.len(), 1);
    let notice = &notices[0];
    assert_eq!(notice.items.iter().map(|i| i.code.as_str()).collect::<Vec<_>>(), lacks);
    assert!(notice.items.iter().all(|i| !i.why.is_empty() && !i.how.is_empty()));
    assert_eq!(
        (notice.channel, notice.contact.as_str()),
        (Channel::WechatOa, "客户经理 13900139000")
    );
    assert_eq!(told(&office, id, Message::OneTimeNotice), 1);

    // Later something else turns out to be missing.
    let agent = UpdateBasic { agent: Some("李四".to_owned()), ..UpdateBasic::default() };
    office.must(MANAGER, id, &Command::UpdateBasic(agent));
    let more = |owed_by, because| {
        Command::AddOwed(AddOwed {
            owed: vec![debt("MT06", owed_by, None)],
            because,
            reason: "经办人变更".to_owned(),
            contact: "客户经理".to_owned(),
            notice: None,
        })
    };
    let no = office.give(MANAGER, id, &more(OwedBy::Customer, None)).unwrap_err();
    assert_eq!(no.code, Code::NotTolerable);
    let changed = Some(Because::SegmentChanged);
    assert!(office.give(MANAGER, id, &more(OwedBy::Customer, changed)).is_err(), "not true");
    office.must(MANAGER, id, &more(OwedBy::Manager, None));
    assert_eq!(office.case(id).tolerance.second_notices(), 0, "the company's own affair");
}

#[test]
fn f_04_a_change_of_segment_allows_a_second_notice_and_it_counts() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let refined = UpdateBasic { segment: Some(Segment::Residential), ..UpdateBasic::default() };
    office.must(MANAGER, id, &Command::UpdateBasic(refined));
    assert_eq!(office.case(id).segment, Segment::Residential);
    let add = Command::AddOwed(AddOwed {
        owed: vec![debt("MT11", OwedBy::Customer, Some(5))],
        because: Some(Because::SegmentChanged),
        reason: "改为小区整体报装".to_owned(),
        contact: "客户经理".to_owned(),
        notice: None,
    });
    office.must(MANAGER, id, &add);
    let tolerance = &office.case(id).tolerance;
    assert_eq!(tolerance.second_notices(), 1, "K-14");
    assert_eq!(tolerance.notices[1].reason.as_deref(), Some("改为小区整体报装"));
    let figures = Statistics::of([office.case(id)], &office.rules.calendar, office.now);
    assert_eq!(figures.second_notices, 1);
    assert_eq!(office.give(MANAGER, id, &add).unwrap_err().code, Code::Duplicate);
}

#[test]
fn f_05_the_time_is_counted_from_acceptance_and_extended_once_by_the_lead() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let mut owed = all_owed(&office, id);
    owed[0].days = Some(21);
    assert_eq!(office.give(MANAGER, id, &tolerant(owed)).unwrap_err().params["field"], "days");
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    // Five working days after Thursday the 5th of March.
    assert_eq!(item(&office, id, "MT14").due_on, Some("2026-03-12".parse().unwrap()));
    let extend = |days| {
        let (code, reason) = ("MT14".to_owned(), "用户出差".to_owned());
        Command::ExtendMaterial(ExtendMaterial { code, days, reason })
    };
    assert_eq!(office.give(MANAGER, id, &extend(5)).unwrap_err().code, Code::Role);
    assert_eq!(office.give(Role::CmLead, id, &extend(6)).unwrap_err().code, Code::Format);
    office.must(Role::CmLead, id, &extend(5));
    assert_eq!(item(&office, id, "MT14").due_on, Some("2026-03-19".parse().unwrap()));
    assert_eq!(office.give(Role::CmLead, id, &extend(1)).unwrap_err().code, Code::Format, "once");
}

#[test]
fn f_06_r_40_reminders_come_three_working_days_before_and_on_the_day_then_it_is_overdue() {
    let mut office = Office::open();
    office.now = at("2026-02-10T09:00:00+08:00");
    let basic = samples::basic(office.now);
    let id = submitted(&mut office, Segment::Scattered, basic);
    // 02-11, 02-12, 02-13, 02-14 (worked), 02-24, 02-25.
    let mut owed = all_owed(&office, id);
    for one in &mut owed {
        one.days = Some(6);
    }
    owed.retain(|one| one.code == "MT14");
    for code in ["MT01", "MT02", "MT23"] {
        office.must(MANAGER, id, &samples::receive(code));
    }
    office.must(MANAGER, id, &tolerant(owed));
    assert_eq!(item(&office, id, "MT14").due_on, Some("2026-02-25".parse().unwrap()));
    let step = |step| vec![RemindMaterial { code: "MT14".to_owned(), step }];
    office.now = at("2026-02-12T23:59:59+08:00");
    assert!(round(&mut office, id).is_empty());
    office.now = at("2026-02-13T00:00:00+08:00");
    assert_eq!(round(&mut office, id), step(Step::Before), "02-13: three working days before");
    assert!(round(&mut office, id).is_empty(), "once");
    office.now = at("2026-02-24T12:00:00+08:00");
    assert!(round(&mut office, id).is_empty());
    office.now = at("2026-02-25T00:00:00+08:00");
    assert_eq!(round(&mut office, id), step(Step::DueDay));
    assert_eq!(told(&office, id, Message::Reminder), 2, "both on the applicant's channel");
    // No system reaches the applicant of this channel: the manager is to tell.
    let mine = to_tell(&office, "reminder");
    assert_eq!(mine.len(), 2);
    for notice in &mine {
        assert_eq!(notice.raised.to, Recipient::User(user(MANAGER)));
        assert_eq!(notice.raised.params["material"], "MT14");
        assert_eq!(notice.raised.params["due_on"], "2026-02-25");
        assert_eq!((notice.raised.about.record, notice.state()), (id, "unread"));
    }
    let open = |office: &Office| {
        let figures = Statistics::of([office.case(id)], &office.rules.calendar, office.now);
        (figures.all.open, figures.all.open_overdue)
    };
    office.now = at("2026-02-25T23:59:59+08:00");
    assert_eq!((open(&office), ledger(office.case(id), office.now)[0].late), ((1, 0), false));
    office.now = at("2026-02-26T00:00:00+08:00");
    assert_eq!((open(&office), ledger(office.case(id), office.now)[0].late), ((1, 1), true));
    assert_eq!(round(&mut office, id), step(Step::Overdue));
    assert!(card(&office.records[&id]).flags.contains(&"material_overdue".to_owned()));
}

#[test]
fn f_07_overdue_stops_nothing_then_a_visit_then_the_leads_decision() {
    let mut office = Office::open();
    office.now = at("2026-02-10T09:00:00+08:00");
    let basic = samples::basic(office.now);
    let id = submitted(&mut office, Segment::Scattered, basic);
    let mut owed = all_owed(&office, id);
    for one in &mut owed {
        one.days = Some(6);
    }
    office.must(MANAGER, id, &tolerant(owed));
    let decide = |decision| {
        let reason = "用户长期未补齐".to_owned();
        Command::DecideOverdue(DecideOverdue { decision, reason, expected_end: None })
    };
    // Five working days after the 25th has passed: 02-27, 02-28 (worked), 03-02, 03-03, 03-04.
    office.now = at("2026-03-03T23:59:59+08:00");
    round(&mut office, id);
    assert!(office.case(id).tolerance.overdue.is_none());
    office.now = at("2026-03-04T00:00:00+08:00");
    round(&mut office, id);
    let flags = card(&office.records[&id]).flags;
    assert!(flags.contains(&"tolerance_overdue".to_owned()));
    assert_eq!(
        office.give(Role::CmLead, id, &decide(OverdueDecision::TakeOver)).unwrap_err().code,
        Code::State
    );
    let visit = samples::attempt(ContactResult::Reached, ContactChannel::Visit);
    office.must(MANAGER, id, &visit);
    assert!(office.case(id).tolerance.overdue.unwrap().visited_at.is_some());
    let push = PushToTech { demand_m3h: "2".parse().unwrap(), note: None };
    office.must(MANAGER, id, &Command::PushToTech(push));
    office.now = at("2026-03-25T00:00:00+08:00");
    round(&mut office, id);
    assert!(office.case(id).tolerance.overdue.unwrap().to_decide_since.is_some());
    assert_eq!(
        office.give(MANAGER, id, &decide(OverdueDecision::TakeOver)).unwrap_err().code,
        Code::Role
    );
    office.must(Role::CmLead, id, &decide(OverdueDecision::TakeOver));
    assert_eq!(item(&office, id, "MT14").state, MaterialState::Collecting);
    assert!(office.case(id).materials.iter().all(|one| one.owed_by == Some(OwedBy::Manager)));
    assert!(office.case(id).tolerance.overdue.is_none());
    assert_eq!(told(&office, id, Message::TakenOver), 1);
    let (suspend, end) = (decide(OverdueDecision::Suspend), decide(OverdueDecision::Terminate));
    for (decision, state) in [(suspend, CaseState::Accepted), (end, CaseState::Terminated)] {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, CaseState::Accepted);
        office.now = at("2026-06-01T00:00:00+08:00");
        round(&mut office, id);
        office.must(Role::CmLead, id, &decision);
        assert_eq!(office.state(id), state);
        assert_eq!(office.case(id).suspended.is_some(), state == CaseState::Accepted);
    }
}

#[test]
fn the_catalogue_has_the_23_rows_of_the_plan() {
    let codes: Vec<_> = CATALOGUE.iter().map(|kind| kind.code).collect();
    let wanted: Vec<_> = (1..=23).map(|n| format!("MT{n:02}")).collect();
    assert_eq!(codes, wanted);
    let legal: Vec<_> = CATALOGUE.iter().filter(|k| k.affects_legality).map(|k| k.code).collect();
    assert_eq!(
        legal,
        ["MT01", "MT02", "MT03", "MT04", "MT05", "MT06", "MT07", "MT17", "MT18", "MT19", "MT20"]
    );
    let technical: Vec<_> =
        CATALOGUE.iter().filter(|k| k.affects_technical).map(|k| k.code).collect();
    assert_eq!(technical, ["MT07", "MT08", "MT09", "MT10", "MT12", "MT13", "MT18", "MT20"]);
    assert!(CATALOGUE.iter().all(|kind| kind.due_wd.is_none_or(|days| (1..=20).contains(&days))));
    let scattered = |kind: &&lantian_domain::case::material::MaterialType| {
        kind.segments.contains(&Segment::Scattered)
    };
    assert!(CATALOGUE.iter().filter(scattered).any(|kind| kind.code == "MT17"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// n.9: 23 rows × 4 segments; for no combination is an M2 item owed by the
    /// customer.
    #[test]
    fn f_02_r_38_no_critical_material_is_ever_owed_by_the_customer(
        segment in 0..4_usize, row in 0..23_usize, bits in 0..64_u32, all in any::<bool>(),
    ) {
        let segment = Segment::ALL[segment];
        let kind = &CATALOGUE[row];
        let mut office = Office::open();
        let flag = |bit: u32| bits & (1 << bit) != 0;
        let basic = basic_with(office.now, &serde_json::json!({
            "party_type": if flag(0) { "organization" } else { "person" },
            "name": "王小明",
            "use_kind": if flag(1) { "boiler" } else if flag(2) { "school" } else { "dwelling" },
            "new_building": flag(3),
            "crosses_shared_parts": flag(4),
            "agent": flag(5).then_some("李四"),
        }));
        let id = submitted(&mut office, segment, basic);
        let mut owed = all_owed(&office, id);
        let mut asked = false;
        for one in &mut owed {
            if all || one.code == kind.code {
                one.owed_by = OwedBy::Customer;
                asked |= CATALOGUE.iter().any(|k| k.code == one.code && k.is_critical());
            }
        }
        let answer = office.give(MANAGER, id, &tolerant(owed));
        prop_assert_eq!(answer.is_err(), asked);
        for one in &office.case(id).materials {
            let critical = CATALOGUE.iter().any(|k| k.code == one.code && k.is_critical());
            prop_assert!(!(critical && one.owed_by == Some(OwedBy::Customer)), "{}", one.code);
        }
    }
}

/// The notices that ask somebody to tell an applicant `message`.
fn to_tell(office: &Office, message: &str) -> Vec<Notice> {
    let all = office.records.values().filter_map(|record| match record {
        Record::Notice(notice) => Some((**notice).clone()),
        _ => None,
    });
    all.filter(|notice| notice.raised.text == "applicant_to_tell")
        .filter(|notice| notice.raised.params["message"] == message)
        .collect()
}

#[test]
fn f_12_a_confirmation_reaches_a_person_by_a_system_or_by_the_manager() {
    let mut office = Office::open();
    let by_hand =
        submitted(&mut office, Segment::Scattered, samples::basic(at("2026-03-05T09:00:00+08:00")));
    let owed = all_owed(&office, by_hand);
    office.must(MANAGER, by_hand, &tolerant(owed));
    assert!(to_tell(&office, "one_time_notice").is_empty(), "that one is handed over");
    office.must(MANAGER, by_hand, &samples::receive("MT14"));
    let told = to_tell(&office, "received");
    assert_eq!((told.len(), told[0].raised.to), (1, Recipient::User(user(MANAGER))));
    assert!(!serde_json::to_string(&told).unwrap().contains("王小明"), "no personal data");
    let longer =
        ExtendMaterial { code: "MT23".to_owned(), days: 2, reason: "用户出差".to_owned() };
    office.must(Role::CmLead, by_hand, &Command::ExtendMaterial(longer));
    assert_eq!(to_tell(&office, "extended").len(), 1, "the new date is told, too");
    // A system that brought the demand is told itself; nobody has to call.
    let mut other = Office::open();
    let basic = samples::basic(other.now);
    let by_system = submitted(&mut other, Segment::Scattered, basic);
    let Some(Record::Case(case)) = other.records.get_mut(&by_system) else { panic!("a case") };
    case.intake.outside = Some(
        serde_json::from_value(serde_json::json!({ "system": "新郑市一窗受理平台" })).unwrap(),
    );
    let owed = all_owed(&other, by_system);
    other.must(MANAGER, by_system, &tolerant(owed));
    other.must(MANAGER, by_system, &samples::receive("MT14"));
    assert!(
        other.case(by_system).tolerance.told.iter().any(|one| one.message == Message::Received)
    );
    assert!(to_tell(&other, "received").is_empty());
}
