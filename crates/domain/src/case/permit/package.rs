//! 并联审批: filings that the authorities decide together (S5 art 22).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    clock::PermitClock,
    draft::{known, wrong_state},
};
use crate::{
    case::Case,
    event::Event,
    ids::FilingId,
    refusal::{Refusal, require},
    time::Instant,
};

/// Puts filings into a package, in place of the ones that they were in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupPermits {
    /// 并联审批名称
    pub name: String,
    /// 许可, two at least.
    #[schemars(extend("x-widget" = "filings"))]
    pub filings: Vec<FilingId>,
}

/// Filings were put into a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitsGrouped {
    /// Number of the package within the case, from 1.
    pub no: u32,
    /// 并联审批名称
    pub name: String,
    /// Its members.
    pub filings: Vec<FilingId>,
}

/// A package of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParallelPackage {
    /// Number within the case, from 1.
    pub no: u32,
    /// 并联审批名称
    pub name: String,
}

pub(crate) fn group(case: &Case, asked: &GroupPermits) -> Result<Vec<Event>, Refusal> {
    require(!asked.name.trim().is_empty(), || Refusal::field("name", "missing"))?;
    let members: BTreeSet<_> = asked.filings.iter().copied().collect();
    require(members.len() >= 2, || Refusal::field("filings", "two at least"))?;
    for id in &members {
        let filing = known(case, *id)?;
        require(filing.state.is_open(), || wrong_state(filing, &[]))?;
    }
    let last = case.packages.iter().map(|package| package.no).max().unwrap_or(0);
    Ok(vec![Event::PermitsGrouped(PermitsGrouped {
        no: last.saturating_add(1),
        name: asked.name.clone(),
        filings: members.into_iter().collect(),
    })])
}

/// Applies a grouping; a package that lost its members is gone.
pub(super) fn put(case: &mut Case, grouped: &PermitsGrouped) {
    for filing in &mut case.permits {
        if grouped.filings.contains(&filing.id) {
            filing.package = Some(grouped.no);
        }
    }
    case.packages.push(ParallelPackage { no: grouped.no, name: grouped.name.clone() });
    let permits = &case.permits;
    case.packages.retain(|package| permits.iter().any(|f| f.package == Some(package.no)));
}

/// When the last member of a package is due: the latest open clock that leads
/// to a decision (P-1 to P-4).
pub fn latest_due(case: &Case, package: u32) -> Option<Instant> {
    let members = case.permits.iter().filter(|filing| filing.package == Some(package));
    members
        .flat_map(|filing| case.permit_clocks(filing.id))
        .filter(|(part, clock)| *part <= PermitClock::P4 && clock.state.is_open())
        .map(|(_, clock)| clock.due_at)
        .max()
}
