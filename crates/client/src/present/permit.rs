//! Permits as a front end shows them.

use lantian_domain::{
    case::{
        Case,
        permit::{self, PermitFiling, PermitState},
    },
    command::CommandName,
    offer::Offer,
    record::{Record, Rules},
    time::Instant,
};
use lantian_replica::{Filter, Replica, ShownCard};

use super::{
    card::{person, sync_state},
    clock,
};
use crate::{
    error::Result,
    view::{ConditionView, PackageView, PermitCardView, PermitPage, PermitView},
};

/// The filings of a case, in order.
pub(crate) fn permits(
    replica: &Replica,
    record: &Record,
    offers: &[Offer],
    rules: &Rules,
    now: Instant,
) -> Result<Vec<PermitView>> {
    let Record::Case(case) = record else { return Ok(Vec::new()) };
    let can = |command: &CommandName| {
        offers.iter().any(|offer| offer.command == *command && offer.possible)
    };
    case.permits
        .iter()
        .map(|filing| {
            let urgent = case.urgent_permit_clock(filing);
            let clock = urgent.map(|(_, one)| clock::view(replica, one, rules, now)).transpose()?;
            Ok(PermitView {
                filing: filing.id,
                no: filing.no,
                kind: filing.kind,
                state: filing.state,
                applicant: filing.plan.applicant,
                authority: authority(filing, rules),
                procedure: filing.procedure,
                blocking: filing.plan.blocking,
                part: urgent.map(|(part, _)| part),
                clock,
                promised_on: filing.promised_on,
                permitted_from: filing.grant.as_ref().map(|grant| grant.from),
                permitted_to: filing.grant.as_ref().map(|grant| grant.to),
                external_no: filing.certificate.as_ref().map(|paper| paper.external_no.clone()),
                missing: missing(case, filing, rules),
                warnings: permit::warnings(filing, rules, now),
                conditions: conditions(filing),
                package: filing.package,
                next: filing.next_steps().iter().copied().filter(can).collect(),
            })
        })
        .collect()
}

/// The packages of a case, each with the latest due of its members.
pub(crate) fn packages(record: &Record) -> Vec<PackageView> {
    let Record::Case(case) = record else { return Vec::new() };
    let members = |no: u32| {
        let of = case.permits.iter().filter(move |filing| filing.package == Some(no));
        of.map(|filing| filing.id).collect()
    };
    case.packages
        .iter()
        .map(|package| PackageView {
            no: package.no,
            name: package.name.clone(),
            filings: members(package.no),
            due_at: permit::latest_due(case, package.no),
        })
        .collect()
}

fn authority(filing: &PermitFiling, rules: &Rules) -> String {
    let said = filing.plan.authority.clone();
    said.unwrap_or_else(|| rules.permits.terms(filing.kind).authority.clone())
}

fn missing(case: &Case, filing: &PermitFiling, rules: &Rules) -> Vec<String> {
    if !matches!(filing.state, PermitState::Proposed | PermitState::Drafting) {
        return Vec::new();
    }
    let (mut fields, papers) = permit::missing(case, filing, rules);
    fields.extend(papers);
    fields
}

fn conditions(filing: &PermitFiling) -> Vec<ConditionView> {
    let all = filing.commitment.iter().flat_map(|commitment| &commitment.conditions);
    (1..)
        .zip(all)
        .map(|(no, one)| ConditionView { no, text: one.text.clone(), met: one.met.is_some() })
        .collect()
}

/// What a list of open filings is asked.
pub(crate) struct PermitQuestion<'a> {
    /// Which cases.
    pub(crate) filter: &'a Filter,
    /// Only these states of a filing.
    pub(crate) states: &'a [String],
    /// Only those due before this instant.
    pub(crate) due_before: Option<Instant>,
    /// How many at the most.
    pub(crate) limit: usize,
    /// How many were shown before.
    pub(crate) after: usize,
}

/// The open filings of the device's cases, the most urgent first.
pub(crate) fn permit_page(replica: &Replica, asked: &PermitQuestion<'_>) -> Result<PermitPage> {
    let mut lines = Vec::new();
    for shown in replica.cases_with_permits(asked.filter)? {
        for line in &shown.card.permits {
            let state = line.state.as_str();
            let in_state = asked.states.is_empty() || asked.states.iter().any(|s| s == state);
            let due = asked.due_before;
            let in_time = due.is_none_or(|due| line.due_at.is_some_and(|at| at < due));
            if in_state && in_time {
                lines.push((line.due_at.map_or(i64::MAX, |at| at.0), shown.clone(), line.clone()));
            }
        }
    }
    lines.sort_by_key(|(due, shown, line)| (*due, shown.card.id, line.no));
    let total = lines.len();
    let end = asked.after.saturating_add(asked.limit);
    let page = lines.into_iter().skip(asked.after).take(asked.limit);
    let items = page.map(|(_, shown, line)| row(replica, shown, &line));
    Ok(PermitPage {
        items: items.collect::<Result<_>>()?,
        next: (end < total).then(|| end.to_string()),
        total: total as u64,
    })
}

fn row(
    replica: &Replica,
    shown: ShownCard,
    line: &lantian_domain::card::PermitLine,
) -> Result<PermitCardView> {
    Ok(PermitCardView {
        id: shown.card.id,
        filing: line.filing,
        no: format!("{}-{}", shown.card.no, line.no),
        title: shown.card.title,
        subtitle: shown.card.subtitle,
        kind: line.kind,
        state: line.state,
        due_at: line.due_at,
        clock: line.part,
        manager: shown.card.manager.map(|user| person(replica, user)).transpose()?,
        sync_state: sync_state(shown.sync),
    })
}
