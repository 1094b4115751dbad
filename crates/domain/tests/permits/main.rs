//! Permits and acting for the user, section g and, as written.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod ban;
mod bench;
mod clocks;
#[path = "../office/mod.rs"]
mod office;
mod proxy;

use bench::*;
use lantian_domain::{
    case::{
        CaseState,
        budget::{Payer, preview},
        fee::sheet,
        permit::*,
    },
    clock::ClockState,
    command::Command,
    context::Context,
    file::FileKind,
    ids::RecordId,
    money::Fen,
    refusal::Code,
    role::Role,
};
use office::{Office, samples};
use proptest::prelude::*;

#[test]
fn r_42_a_survey_with_a_road_and_two_trees_proposes_both_and_both_hold_construction_shut() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let kinds: Vec<_> = office.case(id).permits.iter().map(|f| (f.kind, f.state)).collect();
    let proposed = PermitState::Proposed;
    assert_eq!(kinds, [(PermitKind::RoadDig, proposed), (PermitKind::TreeMove, proposed)]);
    let road = of(&office, id, PermitKind::RoadDig).plan.road.unwrap();
    assert_eq!(road.carriageway_len_m, Some("12".parse().unwrap()));
    assert_eq!(of(&office, id, PermitKind::TreeMove).plan.trees[0].count, 2);

    let (dig, tree) =
        (filed(&mut office, id, PermitKind::RoadDig), filed(&mut office, id, PermitKind::TreeMove));
    samples::advance(&mut office, id, CaseState::ConstructionPreparing);
    prepared(&mut office, id);
    for code in ["3", "8", "11"] {
        answer(&mut office, id, dig, code);
    }
    office.now = at("2026-05-12T09:00");
    let begun = samples::begin(&mut office, id);
    let no = refused(office.give(Role::ContractorLead, id, &begun));
    assert_eq!((no.code, no.params["missing"].as_str()), (Code::Gate, "tree_move"));
    for code in ["3", "8", "11"] {
        answer(&mut office, id, tree, code);
    }
    office.must(Role::ContractorLead, id, &begun);
    assert_eq!(office.state(id), CaseState::Constructing);
    assert_eq!(state(&office, id, dig), PermitState::InUse, "the start brings it into use");
}

/// Papers, contracts, payment and site, so that only permits are missing.
fn prepared(office: &mut Office, id: RecordId) {
    use lantian_domain::case::contract::ContractKind;
    for code in ["MT01", "MT02"] {
        office.must(MANAGER, id, &samples::receive(code));
    }
    for kind in [ContractKind::Install, ContractKind::Supply] {
        let contract = samples::contract(office, id, kind);
        office.must(MANAGER, id, &contract);
    }
    let paid = samples::pay(office, 250_000, "SJ-1");
    office.must(Role::FinanceClerk, id, &paid);
    let site = samples::site(office);
    office.must(Role::EngDispatcher, id, &site);
}

#[test]
fn n_14_the_codes_3_6_7_8_11_end_granted_and_13_ends_refused() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let mut states = Vec::new();
    for code in ["3", "6", "7", "8", "11"] {
        answer(&mut office, id, dig, code);
        states.push(state(&office, id, dig));
    }
    let want = [
        PermitState::Accepted,
        PermitState::Correction,
        PermitState::CorrectionDone,
        PermitState::Reviewing,
        PermitState::Granted,
    ];
    assert_eq!(states, want);
    let tree = filed(&mut office, id, PermitKind::TreeMove);
    for code in ["3", "8", "13"] {
        answer(&mut office, id, tree, code);
    }
    assert_eq!(state(&office, id, tree), PermitState::Refused);
}

#[test]
fn a_package_shows_the_latest_due_of_its_members() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let tree = filed(&mut office, id, PermitKind::TreeMove);
    let name = "市政与园林并联".to_owned();
    let group = |filings| Command::GroupPermits(GroupPermits { name: name.clone(), filings });
    assert_eq!(refused(office.give(AGENT, id, &group(vec![dig]))).params["field"], "filings");
    office.must(AGENT, id, &group(vec![dig, tree]));
    answer(&mut office, id, dig, "3");
    answer(&mut office, id, tree, "3");
    assert_eq!(latest_due(office.case(id), 1), Some(at("2026-04-03T00:00")), "20 before 15");
    answer(&mut office, id, dig, "11");
    answer(&mut office, id, dig, "certificate");
    assert_eq!(latest_due(office.case(id), 1), Some(at("2026-03-27T00:00")));
}

#[test]
fn a_commitment_is_offered_by_rule_and_its_conditions_are_construction_s_checklist() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = of(&office, id, PermitKind::RoadDig).plan;
    plan = filled(&mut office, id, plan);
    plan.commitment_mode = true;
    assert_eq!(refused(draft(&mut office, id, plan.clone())).params["field"], "commitment_mode");
    let mut terms = office.rules.permits.terms(PermitKind::RoadDig).clone();
    terms.commitment = Some(CommitmentTerms {
        text_version: "CN-2026-1".to_owned(),
        conditions: vec!["设置围挡和警示标志".to_owned()],
    });
    office.rules.permits = office.rules.permits.clone().with_terms(terms);
    draft(&mut office, id, plan.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(plan.filing));
    for code in ["3", "8", "11"] {
        answer(&mut office, id, plan.filing, code);
    }
    granted(&mut office, id, PermitKind::TreeMove);
    samples::advance(&mut office, id, CaseState::ConstructionPreparing);
    office.now = at("2026-05-12T08:00");
    samples::advance(&mut office, id, CaseState::Constructing);
    let done = samples::complete(&mut office, id);
    let no = refused(office.give(Role::ContractorLead, id, &done));
    assert_eq!((no.code, no.params["item"].as_str()), (Code::Evidence, "设置围挡和警示标志"));
    let photo = office.attach(Role::ContractorLead, id, FileKind::PhotoConstruction);
    let met = MeetPermitCondition { filing: plan.filing, no: 1, photo };
    office.must(Role::ContractorLead, id, &Command::MeetPermitCondition(met));
    office.must(Role::ContractorLead, id, &done);
}

#[test]
fn within_the_limit_of_the_rules_a_filing_is_recorded_and_takes_effect_on_acceptance() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut terms = office.rules.permits.terms(PermitKind::RoadDig).clone();
    let limit = RecordLimit { length_m: Some("12".parse().unwrap()), area_m2: None, days: None };
    terms.record_within = Some(limit);
    office.rules.permits = office.rules.permits.clone().with_terms(terms.clone());
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    let filing = office.case(id).filing(dig).unwrap();
    assert_eq!(filing.procedure, Some(Procedure::Record), "12 m of 12");
    answer(&mut office, id, dig, "3");
    let filing = office.case(id).filing(dig).unwrap();
    assert_eq!(filing.state, PermitState::Granted);
    let grant = filing.grant.as_ref().unwrap();
    assert_eq!((grant.from, grant.to), (day("2026-05-11"), day("2026-06-03")));

    let mut longer = fresh(&mut office, PermitKind::RoadDig);
    longer = filled(&mut office, id, longer);
    longer.road.as_mut().unwrap().carriageway_len_m = Some("12.001".parse().unwrap());
    draft(&mut office, id, longer.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(longer.filing));
    let filing = office.case(id).filing(longer.filing).unwrap();
    assert_eq!(filing.procedure, Some(Procedure::Approval));
}

#[test]
fn fees_of_the_authorities_pass_through_and_never_reach_the_user() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = of(&office, id, PermitKind::RoadDig).plan;
    let fee = |payer| PermitFee {
        name: "掘动修复费".to_owned(),
        amount_fen: Fen(360_000),
        payer,
        receipt_no: None,
    };
    plan.fees = vec![fee(Payer::Customer)];
    assert_eq!(refused(draft(&mut office, id, plan.clone())).code, Code::ZeroCost);
    plan.fees = vec![fee(Payer::Company)];
    draft(&mut office, id, plan).unwrap();
    let lines = pass_through(office.case(id));
    assert_eq!((lines.len(), lines[0].fee.amount_fen), (1, Fen(360_000)));
    assert_eq!((lines[0].permit, lines[0].no), (PermitKind::RoadDig, 1));
    // The budget in the making, the customer's sheet: shown, and in no sum.
    let budget = samples::budget(&office, id, "100.00");
    let Command::IssueBudget(issue) = &budget else { unreachable!() };
    let actor = office.actor(Role::Estimator);
    let cx = Context { now: office.now, actor: &actor, rules: &office.rules, new_no: "" };
    let making = preview(office.case(id), issue, &cx);
    assert_eq!(making.pass_through, lines);
    let sums = making.totals.unwrap();
    office.approved(Role::Estimator, Role::TechLead, id, &budget);
    let shown = sheet(office.case(id), &[]).unwrap();
    assert_eq!(shown.pass_through, lines);
    assert_eq!(
        (shown.totals.company_fen, shown.totals.incl_fen),
        (sums.company_fen, sums.incl_fen)
    );
}

#[test]
fn a_refused_filing_is_appealed_or_asked_for_anew_and_a_rejected_one_drafted_again() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    answer(&mut office, id, dig, "4");
    assert_eq!(state(&office, id, dig), PermitState::RejectedIntake);
    let dig = filed(&mut office, id, PermitKind::RoadDig);
    for code in ["3", "13"] {
        answer(&mut office, id, dig, code);
    }
    assert_eq!(shut(&office, id), ["road_dig", "tree_move"]);
    step(&mut office, id, dig, PermitStep::Appealed).unwrap();
    answer(&mut office, id, dig, "13");
    let mut anew = fresh(&mut office, PermitKind::RoadDig);
    anew = filled(&mut office, id, anew);
    anew.replaces = Some(dig);
    draft(&mut office, id, anew.clone()).unwrap();
    office.must(AGENT, id, &samples::file_permit(anew.filing));
    for code in ["3", "12"] {
        answer(&mut office, id, anew.filing, code);
    }
    let grant = office.case(id).filing(anew.filing).unwrap().grant.clone().unwrap();
    assert_eq!(grant.debts, ["补交交通组织方案"], "granted with debts");
    granted(&mut office, id, PermitKind::TreeMove);
    office.now = at("2026-05-11T08:00");
    assert!(shut(&office, id).is_empty(), "the new filing stands for the refused one");
}

#[test]
fn what_is_missing_is_named_before_it_is_filed() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let plan = of(&office, id, PermitKind::RoadDig).plan;
    let filing = plan.filing;
    let file = samples::file_permit(filing);
    assert_eq!(refused(office.give(AGENT, id, &file)).code, Code::State, "not drafted");
    draft(&mut office, id, plan.clone()).unwrap();
    let no = refused(office.give(AGENT, id, &file));
    assert_eq!(no.code, Code::BasicMissing);
    assert_eq!(no.params["missing"], "dig_depth_m,method,planned_from,planned_to");
    let mut plan = filled(&mut office, id, plan);
    plan.documents.clear();
    draft(&mut office, id, plan).unwrap();
    let no = refused(office.give(AGENT, id, &file));
    assert_eq!((no.code, no.params["missing"].as_str()), (Code::Evidence, "construction_plan"));
}

#[test]
fn a_permit_that_is_not_needed_says_why_and_holds_nothing_shut() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let tree = of(&office, id, PermitKind::TreeMove).id;
    let dismiss = |reason: &str| {
        Command::DismissPermit(DismissPermit { filing: tree, reason: reason.to_owned() })
    };
    assert_eq!(refused(office.give(AGENT, id, &dismiss(" "))).params["field"], "reason");
    office.must(AGENT, id, &dismiss("改线后避开行道树"));
    assert_eq!(shut(&office, id), ["road_dig"]);
    assert_eq!(clock(&office, id, tree, PermitClock::P1).state, ClockState::Cancelled);
}

#[test]
fn every_state_of_a_filing_has_its_way_and_every_code_its_place() {
    use PermitState as S;
    for state in S::ALL {
        for code in AnswerCode::ALL {
            if let Some(next) = state.answered(*code) {
                assert!(next == *state || state.next().contains(&next), "{state:?} {code:?}");
            }
        }
    }
    let reached: std::collections::BTreeSet<_> = S::ALL.iter().flat_map(|s| s.next()).collect();
    assert!(S::ALL.iter().all(|state| *state == S::Proposed || reached.contains(state)));
    let gov: Vec<_> = AnswerCode::ALL.iter().filter_map(|code| code.gov_code()).collect();
    assert_eq!(gov, (2..=15).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is answered and done in whatever order, a filing only moves
    /// along its table, construction waits for every blocking permit, and a
    /// filing that is over has no open clock.
    #[test]
    fn any_order_of_answers_keeps_to_the_table(
        acts in prop::collection::vec((0_usize..22, 0_i64..4_000), 1..30),
    ) {
        let mut office = Office::open();
        let id = designed(&mut office);
        let dig = filed(&mut office, id, PermitKind::RoadDig);
        let photo = office.attach(AGENT, id, FileKind::PhotoConstruction);
        for (which, minutes) in acts {
            let before = state(&office, id, dig);
            let command = if let Some(code) = AnswerCode::ALL.get(which) {
                samples::answer(dig, *code)
            } else {
                let step = PermitStep::ALL[which - AnswerCode::ALL.len()];
                let Command::RecordPermitStep(mut taken) = samples::permit_step(dig, step) else {
                    unreachable!()
                };
                taken.files = vec![photo];
                Command::RecordPermitStep(taken)
            };
            let given = office.give(AGENT, id, &command);
            let after = state(&office, id, dig);
            prop_assert!(after == before || before.next().contains(&after), "{:?} → {:?}", before, after);
            if given.is_err() {
                prop_assert_eq!(after, before);
            }
            if matches!(after, PermitState::Closed | PermitState::Withdrawn | PermitState::Refused) {
                let open = office.case(id).permit_clocks(dig).any(|(_, clock)| clock.state.is_open());
                prop_assert!(!open, "{:?}", after);
            }
            prop_assert!(shut(&office, id).iter().any(|what| what.starts_with("tree_move")));
            office.minutes(minutes);
        }
    }
}
