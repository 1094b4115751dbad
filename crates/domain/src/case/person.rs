//! The fields of a case that carry a natural person's data.

use crate::{
    case::{Case, basic::PartyType, fee::Signature},
    privacy::{Field, field::some},
};

/// Shows `see` each of them.
pub(crate) fn personal(case: &mut Case, see: &mut dyn FnMut(Field, &mut String)) {
    let basic = &mut case.basic;
    see(Field::Phone, &mut basic.phone);
    // The name and seat of an organisation are public.
    if basic.party_type == PartyType::Person {
        see(Field::Name, &mut basic.name);
        see(Field::Address, &mut basic.address);
    }
    some(Field::ContactName, &mut basic.contact_name, see);
    some(Field::Agent, &mut basic.agent, see);
    some(Field::Remark, &mut basic.remark, see);
    for item in &mut case.materials {
        some(Field::DocNo, &mut item.doc_no, see);
    }
    for contact in &mut case.contacts {
        some(Field::Summary, &mut contact.summary, see);
    }
    for talk in &mut case.pre_services {
        see(Field::Summary, &mut talk.summary);
    }
    if let Some(survey) = &mut case.survey {
        some(Field::SiteRep, &mut survey.site_rep, see);
    }
    if let Some(talk) = case.negotiation.as_mut().and_then(|n| n.talk.as_mut()) {
        see(Field::Participants, &mut talk.participants);
    }
    for confirmation in &mut case.confirmations {
        some(Field::Participants, &mut confirmation.participants, see);
        signed(&mut confirmation.signature, see);
    }
    contracts(case, see);
    for power in case.proxy.powers.iter_mut().map(|power| &mut power.signed) {
        see(Field::Principal, &mut power.principal);
        power.agents.iter_mut().for_each(|agent| see(Field::Agents, agent));
        power.signature.iter_mut().for_each(|signature| signed(signature, see));
    }
    for road in case.permits.iter_mut().filter_map(|filing| filing.plan.road.as_mut()) {
        some(Field::ContactName, &mut road.contact, see);
        some(Field::ContactPhone, &mut road.phone, see);
    }
    if let Some(gas) = &mut case.gas {
        for applied in gas.queued.iter_mut().chain(gas.application.iter_mut()) {
            see(Field::Applicant, &mut applied.applicant);
        }
        if let Some(ticket) = &mut gas.ticket {
            signed(&mut ticket.safety_notice, see);
            some(Field::Witness, &mut ticket.witness, see);
        }
    }
}

/// Those of the contracts, whose blanks were filled from the case.
fn contracts(case: &mut Case, see: &mut dyn FnMut(Field, &mut String)) {
    let natural = case.basic.party_type == PartyType::Person;
    let contracts = &mut case.contracts;
    for contract in contracts.install.iter_mut().chain(contracts.supply.iter_mut()) {
        signed(&mut contract.signature, see);
        if let Some(terms) = contract.install.as_deref_mut() {
            see(Field::Contact, &mut terms.contact);
            see(Field::Agent, &mut terms.agent);
            if natural {
                see(Field::Name, &mut terms.gas_user);
                see(Field::Name, &mut terms.project_name);
                see(Field::Address, &mut terms.project_addr);
            }
        }
        if let Some(terms) = contract.supply.as_deref_mut().filter(|_| natural) {
            see(Field::Name, &mut terms.user);
            see(Field::Address, &mut terms.place);
        }
    }
}

fn signed(signature: &mut Signature, see: &mut dyn FnMut(Field, &mut String)) {
    see(Field::Signer, &mut signature.signer);
}
