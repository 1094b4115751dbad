//! H-11…H-13: the sheet, the decision, its versions.

use lantian_domain::{
    case::{
        CaseState,
        budget::{Boundary, CostLine, FeeGroup, Payer, ZeroRule},
        construction::{ReportProgress, Stage},
        fee::{CustomerDecision, FeeType, SettleFee, StartFeeNegotiation, TalkPlace, sheet},
    },
    clock::{ClockState, RuleId},
    command::Command,
    money::Fen,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples},
    stage::{MANAGER, at, choosing, clock, fen, household, issue, pay_all, settle, signs},
};

fn works(price: &str) -> CostLine {
    samples::line(Payer::Customer, Boundary::Inside, price)
}

fn talk(office: &mut Office, id: lantian_domain::ids::RecordId) {
    let (place, participants) = (TalkPlace::OnSite, "王小明".to_owned());
    let talk = StartFeeNegotiation { place, participants };
    office.must(MANAGER, id, &Command::StartFeeNegotiation(talk));
}

#[test]
fn r_18_an_outdated_drawing_is_refused_and_the_sheet_shows_groups_and_place() {
    let mut office = Office::open();
    let id = household(&mut office);
    issue(&mut office, id, vec![works("2500.00")]);
    talk(&mut office, id);
    let page = sheet(office.case(id), &[]).unwrap();
    assert_eq!(page.place, Some(TalkPlace::OnSite));
    let groups: Vec<_> = page.groups.iter().map(|one| (one.group, one.customer_fen)).collect();
    let zero = Fen::ZERO;
    let shown = [
        (FeeGroup::Design, zero),
        (FeeGroup::Construction, zero),
        (FeeGroup::Installation, fen("2500.00")),
    ];
    assert_eq!(groups, shown);
    let old = signs(&mut office, id, FeeType::LumpSum);
    let newer = samples::design(&mut office, id);
    office.approved(Role::Designer, Role::TechLead, id, &newer);
    let no = office.give(MANAGER, id, &Command::SettleFee(old)).unwrap_err();
    assert_eq!(no.code, Code::StaleDesign);
    assert_eq!((no.params["have"].as_str(), no.params["want"].as_str()), ("1/1", "2/1"));
}

#[test]
fn r_19_fee_type_and_contract_draft_are_mandatory_and_the_day_is_a_working_day() {
    let mut office = Office::open();
    office.now = at("2026-02-12T09:00:00+08:00");
    let id = household(&mut office);
    office.now = at("2026-02-13T10:00:00+08:00");
    issue(&mut office, id, vec![works("2500.00")]);
    let d04 = clock(&office, id, RuleId::D04);
    assert_eq!(d04.started_at.date(), "2026-02-13".parse().unwrap(), "a Friday");
    assert_eq!(d04.due_at.to_string(), "2026-02-15T00:00:00.000+08:00", "end of the 14th");
    let good = signs(&mut office, id, FeeType::LumpSum);
    let mut untyped = serde_json::to_value(&good).unwrap();
    untyped.as_object_mut().unwrap().remove("fee_type");
    let unread = serde_json::from_value::<SettleFee>(untyped).unwrap_err();
    assert!(unread.to_string().contains("fee_type"));
    let undrafted = SettleFee { contract_draft_delivered: false, ..good.clone() };
    let no = office.give(MANAGER, id, &Command::SettleFee(undrafted)).unwrap_err();
    assert_eq!(no.params["field"], "contract_draft_delivered");
    office.now = at("2026-02-14T23:59:59+08:00");
    office.must(MANAGER, id, &Command::SettleFee(good));
    assert_eq!(clock(&office, id, RuleId::D04).state, ClockState::StoppedOnTime);
}

#[test]
fn h_11_an_option_is_paid_only_when_it_is_chosen() {
    let mut office = Office::open();
    let id = household(&mut office);
    let stove = CostLine { name: "双眼灶具".to_owned(), optional: true, ..works("699.00") };
    issue(&mut office, id, vec![works("100.00"), stove]);
    let page = sheet(office.case(id), &[]).unwrap();
    assert!(page.groups.iter().flat_map(|g| &g.lines).all(|l| !l.chosen), "never pre-ticked");
    let sneaky = SettleFee { chosen: vec![1], ..signs(&mut office, id, FeeType::LumpSum) };
    let no = office.give(MANAGER, id, &Command::SettleFee(sneaky)).unwrap_err();
    assert_eq!(no.params["field"], "chosen", "line 1 is no option");
    let mut unsigned = choosing(&mut office, id, &[2]);
    unsigned.signature.basis = sheet(office.case(id), &[]).unwrap().basis;
    let no = office.give(MANAGER, id, &Command::SettleFee(unsigned)).unwrap_err();
    assert_eq!(no.code, Code::Signature, "the signature names the options");
    let chosen = choosing(&mut office, id, &[2]);
    office.must(MANAGER, id, &Command::SettleFee(chosen));
    let fee = office.case(id).confirmation().unwrap();
    assert_eq!((fee.customer_total_fen, fee.chosen.as_slice()), (fen("799.00"), [2].as_slice()));
}

#[test]
fn h_12_the_sheet_shows_every_line_with_payer_and_what_is_free_with_its_rule() {
    let mut office = Office::open();
    let id = household(&mut office);
    let free = samples::line(Payer::Company, Boundary::Outside, "880.00");
    issue(&mut office, id, vec![works("100.00"), free]);
    let page = sheet(office.case(id), &[]).unwrap();
    let lines: Vec<_> = page.groups.iter().flat_map(|group| &group.lines).collect();
    assert_eq!(lines.len(), 2);
    let outside = lines.iter().find(|one| one.no == 2).unwrap();
    assert_eq!(outside.customer_fen, fen("0.00"));
    assert_eq!(outside.line.zero_rule, Some(ZeroRule::OutsideBoundary));
    assert_eq!(outside.line.payer, Payer::Company);
}

#[test]
fn h_13_a_change_in_construction_waits_for_the_customers_consent() {
    let mut office = Office::open();
    let id = household(&mut office);
    issue(&mut office, id, vec![works("1000.00")]);
    settle(&mut office, id, FeeType::LumpSum);
    pay_all(&mut office, id, CaseState::Constructing);
    let again = signs(&mut office, id, FeeType::LumpSum);
    let no = office.give(MANAGER, id, &Command::SettleFee(again)).unwrap_err();
    assert_eq!(no.code, Code::State, "nothing new to decide");
    issue(&mut office, id, vec![works("1300.00")]);
    let case = office.case(id);
    assert_eq!(case.state, CaseState::Constructing);
    assert_eq!(case.confirmation().unwrap().customer_total_fen, fen("1000.00"), "still agreed");
    assert!(case.has_open_change());
    let stage = |changed_part| {
        Command::ReportProgress(ReportProgress {
            stage: Stage::Indoor,
            quantity: None,
            photos: Vec::new(),
            changed_part,
            hidden_work_signed_by: None,
            note: None,
            at: None,
        })
    };
    office.must(Role::ContractorLead, id, &stage(false));
    let no = office.give(Role::ContractorLead, id, &stage(true)).unwrap_err();
    assert_eq!((no.params["gate"].as_str(), no.params["rule"].as_str()), ("G-FEE", "H-13"));
    let done = samples::complete(&mut office, id);
    assert_eq!(office.give(Role::ContractorLead, id, &done).unwrap_err().params["rule"], "H-13");
    settle(&mut office, id, FeeType::LumpSum);
    let fee = office.case(id).confirmation().unwrap();
    assert_eq!((fee.no, fee.difference_fen), (2, Some(fen("300.00"))));
    assert_eq!(office.state(id), CaseState::Constructing, "construction went on");
    office.must(Role::ContractorLead, id, &stage(true));
}

#[test]
fn h_13_agreeing_with_changes_asks_for_a_new_version() {
    let mut office = Office::open();
    let id = household(&mut office);
    issue(&mut office, id, vec![works("1000.00")]);
    let but = SettleFee {
        customer_decision: CustomerDecision::AgreeWithChanges,
        ..signs(&mut office, id, FeeType::LumpSum)
    };
    let no = office.give(MANAGER, id, &Command::SettleFee(but.clone())).unwrap_err();
    assert_eq!(no.params["field"], "wanted_changes");
    let wanted_changes = Some("表箱移到北墙".to_owned());
    office.must(MANAGER, id, &Command::SettleFee(SettleFee { wanted_changes, ..but }));
    assert_eq!(office.state(id), CaseState::FeeNegotiating);
    assert!(office.case(id).confirmation().is_none(), "nothing is in force");
    let no = SettleFee {
        customer_decision: CustomerDecision::Refuse,
        ..signs(&mut office, id, FeeType::LumpSum)
    };
    let no = office.give(MANAGER, id, &Command::SettleFee(no)).unwrap_err();
    assert_eq!(no.params["why"], "give fee_dispute with the reason");
    issue(&mut office, id, vec![works("1100.00")]);
    settle(&mut office, id, FeeType::LumpSum);
    let all = &office.case(id).confirmations;
    assert_eq!(all.iter().map(|fee| fee.no).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(office.state(id), CaseState::FeeConfirmed);
}

#[test]
fn h_13_a_confirmation_holds_until_its_day() {
    let mut office = Office::open();
    let id = household(&mut office);
    issue(&mut office, id, vec![works("1000.00")]);
    let today = office.now.date();
    let good = signs(&mut office, id, FeeType::LumpSum);
    let past = SettleFee { valid_until: today.pred_opt(), ..good.clone() };
    let no = office.give(MANAGER, id, &Command::SettleFee(past)).unwrap_err();
    assert_eq!(no.params["field"], "valid_until");
    office.must(MANAGER, id, &Command::SettleFee(SettleFee { valid_until: Some(today), ..good }));
    office.minutes(24 * 60);
    let hand = lantian_domain::case::engineering::HandToEngineering {
        engineer: None,
        drawing: office.case(id).design().map(|design| design.drawing),
    };
    let no = office.give(MANAGER, id, &Command::HandToEngineering(hand.clone())).unwrap_err();
    assert_eq!(no.params["missing"], "fee_confirmation_expired");
    settle(&mut office, id, FeeType::LumpSum);
    office.must(MANAGER, id, &Command::HandToEngineering(hand));
}
