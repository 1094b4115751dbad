//! acting for the user rests on a power of attorney.

use lantian_domain::{
    case::{CaseState, permit::*, proxy::*},
    command::Command,
    refusal::Code,
};

use crate::{
    bench::*,
    office::{Office, samples},
};

#[test]
fn r_41_filing_in_the_users_name_needs_a_power_of_attorney_in_scope_period_and_signed() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = of(&office, id, PermitKind::TreeMove).plan;
    plan = filled(&mut office, id, plan);
    plan.applicant = PermitApplicant::User;
    let filing = plan.filing;
    draft(&mut office, id, plan).unwrap();
    let file = samples::file_permit(filing);
    let poa = |office: &mut Office| {
        let no = refused(office.give(AGENT, id, &file));
        assert_eq!(no.code, Code::Poa);
        no.params["why"].clone()
    };
    assert_eq!(poa(&mut office), "no power of attorney is signed");

    // Scope, period: a power for something else, and one that begins later.
    let sign = |office: &mut Office, edit: &dyn Fn(&mut SignPower)| {
        let Command::SignPower(mut power) = samples::power(office, id) else { unreachable!() };
        power.power = lantian_domain::ids::PowerId(office.id());
        edit(&mut power);
        (power.power, office.give(AGENT, id, &Command::SignPower(power)))
    };
    let (_, signed) = sign(&mut office, &|power| power.matters = vec![Matter::Contract]);
    signed.unwrap();
    assert_eq!(poa(&mut office), "not within its scope");
    let (_, signed) = sign(&mut office, &|power| power.valid_from = day("2026-03-06"));
    signed.unwrap();
    assert_eq!(poa(&mut office), "not within its period");
    let (_, unsigned) = sign(&mut office, &|power| power.signature = None);
    assert_eq!(refused(unsigned).code, Code::Signature);

    let (power, signed) = sign(&mut office, &|_| {});
    signed.unwrap();
    let reason = "用户收回委托".to_owned();
    office.must(MANAGER, id, &Command::RevokePower(RevokePower { power, reason }));
    assert_eq!(poa(&mut office), "revoked");
    let (_, signed) = sign(&mut office, &|_| {});
    signed.unwrap();
    office.must(AGENT, id, &file);
    assert_eq!(state(&office, id, filing), PermitState::Filed);
}

#[test]
fn r_41_proxy_service_has_its_reason_waits_for_the_signature_and_costs_nothing() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Installed);
    let agree = |reason, note: Option<&str>| {
        let note = note.map(str::to_owned);
        Command::AgreeProxy(AgreeProxy { reason, matters: vec![Matter::GasOn], note })
    };
    let no = refused(office.give(MANAGER, id, &agree(ProxyReason::Other, None)));
    assert_eq!(no.params["field"], "note");
    office.must(MANAGER, id, &agree(ProxyReason::Elsewhere, None));
    let today = office.now.date();
    assert_eq!(office.case(id).proxy.state(today), Some(ProxyState::AwaitingSignature));
    let apply = samples::gas_on(lantian_domain::case::Channel::OnSite);
    assert_eq!(refused(office.give(MANAGER, id, &apply)).code, Code::Poa);
    let power = samples::power(&mut office, id);
    office.must(MANAGER, id, &power);
    assert_eq!(office.case(id).proxy.state(today), Some(ProxyState::Acting));
    office.must(MANAGER, id, &apply);
    let end = Command::EndProxy(EndProxy { done: true, note: "已通气".to_owned() });
    office.must(MANAGER, id, &end);
    assert_eq!(office.case(id).proxy.state(today), Some(ProxyState::Done));
}
