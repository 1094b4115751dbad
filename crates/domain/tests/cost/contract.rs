//! e.10 and the laws on contracts: L-04, L-08, L-09, L-12, R-23.

use lantian_domain::{
    case::{
        CaseState, Segment,
        budget::{Boundary, Payer},
        contract::{ContractKind, InstallTerms, Instalment, PayDue, SignContract, SupplyTerms},
        fee::FeeType,
        gate::{Gate, missing},
    },
    command::Command,
    ids::RecordId,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples},
    stage::{MANAGER, drawn, fen, household, issue, papers, settle},
};

fn confirmed(office: &mut Office, segment: Segment) -> RecordId {
    let id = match segment {
        Segment::Scattered => household(office),
        _ => drawn(office, segment, |_| {}),
    };
    issue_for(office, id, segment);
    settle(office, id, FeeType::LumpSum);
    papers(office, id);
    id
}

fn issue_for(office: &mut Office, id: RecordId, segment: Segment) {
    let line = samples::line(Payer::Customer, Boundary::Inside, "2500.00");
    if segment.is_household() {
        return issue(office, id, vec![line]);
    }
    let budget = lantian_domain::case::budget::IssueBudget {
        cost_fen: Some(fen("2400.00")),
        ..crate::stage::estimate(office, id, vec![line])
    };
    office.approved(Role::Estimator, Role::TechLead, id, &Command::IssueBudget(budget));
}

fn draft(office: &mut Office, id: RecordId, kind: ContractKind) -> SignContract {
    let Command::SignContract(contract) = samples::contract(office, id, kind) else {
        unreachable!()
    };
    contract
}

fn supply(terms: SupplyTerms, office: &mut Office, id: RecordId) -> Result<(), String> {
    let contract =
        SignContract { supply: Some(Box::new(terms)), ..draft(office, id, ContractKind::Supply) };
    let answer = office.judge(MANAGER, id, &Command::SignContract(contract));
    answer.map(|_| ()).map_err(|no| no.params["rule"].clone())
}

#[test]
fn l_04_a_supply_contract_says_what_the_law_asks_for_and_gas_waits_for_it() {
    let mut office = Office::open();
    let id = confirmed(&mut office, Segment::Scattered);
    assert_eq!(
        missing(office.case(id), Gate::Supply, office.now, &office.rules),
        ["supply_contract"]
    );
    let contract = draft(&mut office, id, ContractKind::Supply);
    office.must(MANAGER, id, &Command::SignContract(contract));
    let signed = office.case(id).contracts.supply.clone().unwrap().supply.unwrap();
    let texts = serde_json::to_value(&signed).unwrap();
    let texts = texts.as_object().unwrap();
    assert_eq!(texts.len(), 19, "every clause is there: {texts:?}");
    assert!(texts.values().all(|text| !text.as_str().unwrap().trim().is_empty()));
    assert_eq!((signed.user.as_str(), signed.use_nature.as_str()), ("王小明", "居民生活用气"));
    assert!(signed.interruption_notice.contains("48小时"));
    assert!(missing(office.case(id), Gate::Supply, office.now, &office.rules).is_empty());
    let other = confirmed(&mut office, Segment::Scattered);
    let vague = SupplyTerms { interruption_notice: "及时通知".to_owned(), ..<_>::default() };
    assert_eq!(supply(vague, &mut office, other), Err("L-04".to_owned()));
}

#[test]
fn l_08_the_border_of_a_household_is_the_valve_before_the_hose() {
    let mut office = Office::open();
    let id = confirmed(&mut office, Segment::Scattered);
    let wrong = SupplyTerms { border: "以燃气表为界".to_owned(), ..<_>::default() };
    assert_eq!(supply(wrong, &mut office, id), Err("L-08".to_owned()));
    assert_eq!(supply(SupplyTerms::default(), &mut office, id), Ok(()));
    let contract = draft(&mut office, id, ContractKind::Supply);
    office.must(MANAGER, id, &Command::SignContract(contract));
    let border = office.case(id).contracts.supply.clone().unwrap().supply.unwrap().border;
    assert!(border.contains("灶前阀及以前的燃气设施由燃气公司维护"), "{border}");
}

#[test]
fn l_09_no_brand_and_no_supplier_is_forced() {
    let mut office = Office::open();
    let id = confirmed(&mut office, Segment::Scattered);
    let forced =
        SupplyTerms { free_choice: "灶具必须购买蓝天品牌".to_owned(), ..<_>::default() };
    assert_eq!(supply(forced, &mut office, id), Err("L-09".to_owned()));
    let install = draft(&mut office, id, ContractKind::Install);
    office.must(MANAGER, id, &Command::SignContract(install));
    let terms = office.case(id).contracts.install.clone().unwrap().install.unwrap();
    assert!(terms.duties.contains("不指定品牌和供应商"));
}

#[test]
fn l_12_notices_of_stopping_supply_go_out_on_paper() {
    let mut office = Office::open();
    let id = confirmed(&mut office, Segment::Scattered);
    let electronic =
        SupplyTerms { paper_notice: "停气通知以短信送达".to_owned(), ..<_>::default() };
    assert_eq!(supply(electronic, &mut office, id), Err("L-12".to_owned()));
    let paper =
        SupplyTerms { paper_notice: "停气通知以书面送达".to_owned(), ..<_>::default() };
    assert_eq!(supply(paper, &mut office, id), Ok(()));
}

#[test]
fn r_23_a_contract_without_completion_date_cannot_be_signed_for_these_segments() {
    let mut office = Office::open();
    for segment in [Segment::Residential, Segment::NonResidential] {
        let id = confirmed(&mut office, segment);
        let undated = draft(&mut office, id, ContractKind::Install);
        let no = office.give(MANAGER, id, &Command::SignContract(undated)).unwrap_err();
        assert_eq!(no.params["field"], "completion_due", "{segment:?}");
    }
    let small = confirmed(&mut office, Segment::Scattered);
    let undated = draft(&mut office, small, ContractKind::Install);
    office.must(MANAGER, small, &Command::SignContract(undated));
}

#[test]
fn an_installation_contract_is_written_from_the_case_and_pays_in_parts() {
    let mut office = Office::open();
    let id = confirmed(&mut office, Segment::Scattered);
    let part = |due, amount: &str| Instalment { due, amount_fen: fen(amount) };
    let with = |office: &mut Office, parts: Vec<Instalment>| {
        let install = Some(Box::new(InstallTerms { instalments: parts, ..<_>::default() }));
        Command::SignContract(SignContract { install, ..draft(office, id, ContractKind::Install) })
    };
    let short = with(&mut office, vec![part(PayDue::BeforeStart, "1000.00")]);
    let no = office.give(MANAGER, id, &short).unwrap_err();
    assert_eq!(
        (no.params["field"].as_str(), no.params["want"].as_str()),
        ("instalments", "2500.00")
    );
    let parts = vec![
        part(PayDue::BeforeStart, "600.00"),
        part(PayDue::BeforeStart, "400.00"),
        part(PayDue::BeforeGasOn, "1500.00"),
    ];
    let good = with(&mut office, parts.clone());
    office.must(MANAGER, id, &good);
    let terms = office.case(id).contracts.install.clone().unwrap().install.unwrap();
    assert_eq!(terms.instalments, parts);
    assert_eq!(terms.contract_amount_fen, Some(fen("2500.00")));
    assert_eq!(terms.vat_amount_fen, Some(fen("206.42")));
    assert_eq!(
        (terms.gas_user.as_str(), terms.project_no.as_str()),
        ("王小明", "XZLT-BZ-20260305-0001")
    );
    assert_eq!(office.state(id), CaseState::FeeConfirmed);
    let again = with(&mut office, parts);
    assert_eq!(office.give(MANAGER, id, &again).unwrap_err().code, Code::Duplicate);
}
