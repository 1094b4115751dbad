//! Which samples a record gives.

mod assessment;
mod attempt;
mod case;
mod clocks;
mod cost;
mod material;
mod notice;
mod permit;
mod service;
mod visit;

pub use attempt::attempt;

use crate::{
    case::Case,
    kpi::{
        place::About,
        sample::{Dims, Sink},
        town::town,
    },
    lead::Lead,
    record::{Record, Rules},
    time::Instant,
};

/// The org that answers for leads and cases as a whole.
const MARKET: &str = "market_dept";

/// What measuring needs besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The instant at which open clocks are judged.
    pub now: Instant,
    /// The working calendar and the versions of the policy.
    pub rules: &'a Rules,
    /// The instants at which it is seen how things stand, as
    /// [`Span::ends`](super::Span::ends) gives them.
    pub ends: &'a [Instant],
}

/// Gives the samples of a record.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other kind counts by its clocks alone")]
pub fn measure(record: &Record, cx: &Circumstances<'_>, sink: &mut impl Sink) {
    match record {
        Record::Lead(lead) => {
            let dims = lead_dims(lead);
            clocks::measure(record, &dims, cx, sink);
            clocks::lead(lead, &dims, sink);
        }
        Record::Case(case) => {
            let dims = case_dims(case);
            sink.case(case.id, &dims);
            clocks::measure(record, &dims, cx, sink);
            case::measure(case, &dims, sink);
            material::measure(case, &dims, cx, sink);
            cost::measure(case, &dims, sink);
            notice::measure(case, &dims, sink);
            permit::measure(case, &dims, sink);
        }
        Record::LedgerItem(item) => {
            let sink = &mut About { case: item.case, sink };
            clocks::measure(record, &service::ledger_dims(item), cx, sink);
            service::ledger(item, cx, sink);
        }
        Record::Complaint(complaint) => {
            let sink = &mut About { case: complaint.filed.case, sink };
            clocks::measure(record, &service::complaint_dims(complaint), cx, sink);
            service::complaint(complaint, sink);
        }
        Record::Rating(rating) => {
            let sink = &mut About { case: rating.received.case, sink };
            clocks::measure(record, &Dims::default(), cx, sink);
            service::rating(rating, sink);
        }
        Record::VisitMonth(plan) => visit::month(plan, cx, sink),
        Record::Visit(visit) => {
            visit::reached(visit, sink);
            visit::visit(visit, &mut About { case: Some(visit.account.case), sink });
        }
        Record::Assessment(one) => assessment::measure(one, sink),
        other => clocks::measure(other, &Dims::default(), cx, sink),
    }
}

fn lead_dims(lead: &Lead) -> Dims<'_> {
    Dims {
        org: Some(MARKET),
        person: lead.manager,
        town: lead.push.site_address.as_deref().and_then(town),
        ..Dims::default()
    }
}

fn case_dims(case: &Case) -> Dims<'_> {
    Dims {
        org: Some(MARKET),
        person: Some(case.manager),
        segment: Some(case.segment),
        channel: Some(case.channel),
        contractor: case.construction.as_ref().map(|built| built.order.contractor.as_str()),
        town: town(&case.basic.address),
        kind: None,
    }
}
