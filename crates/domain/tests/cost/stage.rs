//! Cases brought to where a test begins.

use lantian_domain::{
    case::{
        CaseState, Segment,
        basic::Basic,
        budget::{CostLine, IssueBudget},
        fee::{FeeType, SettleFee, basis},
        material::missing,
    },
    clock::{Clock, RuleId},
    command::Command,
    event::Event,
    ids::RecordId,
    money::Fen,
    refusal::Refusal,
    role::Role,
    time::Instant,
};

use crate::office::{Office, samples};

pub(crate) const MANAGER: Role = Role::CustomerManager;

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn fen(text: &str) -> Fen {
    text.parse().unwrap()
}

/// A case of this kind of user that was just submitted.
pub(crate) fn submitted(
    office: &mut Office,
    segment: Segment,
    change: impl Fn(&mut Basic),
) -> RecordId {
    let id = RecordId(office.id());
    let mut basic = samples::basic(office.now);
    change(&mut basic);
    let demand = serde_json::json!({
        "channel": "on_site", "kind": "demand", "segment": segment, "basic": basic,
    });
    let submit = Command::SubmitDemand(serde_json::from_value(demand).unwrap());
    office.must(MANAGER, id, &submit);
    id
}

/// Every paper of the case is there.
pub(crate) fn papers(office: &mut Office, id: RecordId) {
    let codes: Vec<_> = missing(office.case(id)).iter().map(|kind| kind.code.to_owned()).collect();
    for code in codes {
        office.must(MANAGER, id, &samples::receive(&code));
    }
}

/// A case whose drawing is issued and whose budget is not.
pub(crate) fn drawn(
    office: &mut Office,
    segment: Segment,
    change: impl Fn(&mut Basic),
) -> RecordId {
    let id = submitted(office, segment, change);
    papers(office, id);
    let accept = Command::AcceptCase(lantian_domain::case::intake::AcceptCase {});
    office.must(MANAGER, id, &accept);
    while office.case(id).design().is_none() {
        samples::step(office, id);
    }
    id
}

pub(crate) fn household(office: &mut Office) -> RecordId {
    drawn(office, Segment::Scattered, |_| {})
}

/// A budget of these lines for the drawing in force.
pub(crate) fn estimate(office: &Office, id: RecordId, lines: Vec<CostLine>) -> IssueBudget {
    let version = office.case(id).design().map_or(1, |design| design.version);
    let note = Some("按现场变更".to_owned());
    IssueBudget { note, ..samples::estimate(version, lines) }
}

/// What the rulebook says to these lines.
pub(crate) fn tried(office: &Office, id: RecordId, lines: Vec<CostLine>) -> Result<(), Refusal> {
    let issue = Command::IssueBudget(estimate(office, id, lines));
    office.judge(Role::Estimator, id, &issue).map(|_| ())
}

pub(crate) fn refused(office: &Office, id: RecordId, line: CostLine) -> Refusal {
    tried(office, id, vec![line]).unwrap_err()
}

/// Issues a budget of these lines.
pub(crate) fn issue(office: &mut Office, id: RecordId, lines: Vec<CostLine>) {
    let issue = estimate(office, id, lines);
    let lead = Role::TechLead;
    office.approved(Role::Estimator, lead, id, &Command::IssueBudget(issue));
}

/// The customer signs what is in force.
pub(crate) fn signs(office: &mut Office, id: RecordId, fee_type: FeeType) -> SettleFee {
    let Command::SettleFee(settle) = samples::settle(office, id) else { unreachable!() };
    SettleFee { fee_type, ..settle }
}

pub(crate) fn settle(office: &mut Office, id: RecordId, fee_type: FeeType) -> Vec<Event> {
    let settle = signs(office, id, fee_type);
    office.must(MANAGER, id, &Command::SettleFee(settle))
}

/// The same settlement with these options chosen.
pub(crate) fn choosing(office: &mut Office, id: RecordId, chosen: &[u32]) -> SettleFee {
    let mut settle = signs(office, id, FeeType::LumpSum);
    let sheet = lantian_domain::case::fee::sheet(office.case(id), chosen).unwrap();
    settle.chosen = chosen.to_vec();
    settle.customer_total_fen = sheet.totals.customer_fen;
    settle.signature.basis = sheet.basis;
    settle
}

/// A case by quantity with one priced line, carried to `state`.
pub(crate) fn measured(office: &mut Office, line: CostLine, state: CaseState) -> RecordId {
    let id = household(office);
    issue(office, id, vec![line]);
    settle(office, id, FeeType::ByQuantity);
    assert!(basis(office.case(id)).is_some());
    pay_all(office, id, state);
    id
}

/// Carries a case with a settled fee on; what is owed is paid on the way.
pub(crate) fn pay_all(office: &mut Office, id: RecordId, state: CaseState) {
    samples::advance(office, id, CaseState::ConstructionPreparing);
    if state > CaseState::ConstructionPreparing {
        build(office, id);
        samples::advance(office, id, state);
    }
}

/// Contracts, payment, site, start.
pub(crate) fn build(office: &mut Office, id: RecordId) {
    use lantian_domain::case::contract::ContractKind;
    papers(office, id);
    let total = office.case(id).confirmation().unwrap().customer_total_fen;
    for kind in [ContractKind::Install, ContractKind::Supply] {
        let Command::SignContract(mut contract) = samples::contract(office, id, kind) else {
            unreachable!()
        };
        contract.due_before_start_fen = total;
        if !office.case(id).segment.is_small() {
            contract.completion_due = Some("2026-06-30".parse().unwrap());
        }
        office.must(MANAGER, id, &Command::SignContract(contract));
    }
    if total > Fen::ZERO {
        let paid = samples::pay(office, total.0, "SJ-1");
        office.must(Role::FinanceClerk, id, &paid);
    }
    let site = samples::site(office);
    office.must(Role::EngDispatcher, id, &site);
    let begun = samples::begin(office, id);
    office.must(Role::ContractorLead, id, &begun);
}

pub(crate) fn clock(office: &Office, id: RecordId, rule: RuleId) -> Clock {
    office.case(id).clocks.iter().rfind(|clock| clock.rule == rule).unwrap().clone()
}
