//! The months of return visits (domain i.1, i.2): the secret of a draw is
//! committed to before its month, the population frozen and drawn from once the
//! month has begun, the department warned on day 20, the secret revealed when
//! the month is over.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Months};
use lantian_domain::{
    case::{Case, CaseState, basic::PartyType},
    clock::{ClockState, RuleId},
    command::Command,
    record::{Record, RecordKind},
    time::{Date, Instant},
    visit::{
        Account, Basis, CommitVisitMonth, EndVisitMonth, Force, Forced, FreezeVisitMonth,
        MonthState, SegmentGroup, VisitMonth, WarnVisitMonth, sample,
    },
};
use rusqlite::params;
use sha2::{Digest as _, Sha256};

use super::Deed;
use crate::{
    error::{Error, Result},
    pipeline::find,
    store::{Ledger as _, Unit},
};

/// How many months before its own a month's secret is committed to, so that a
/// server that stands still over a change of months misses none.
const AHEAD: u32 = 2;
/// How many months back a month that was not ended is looked for.
const BACK: u32 = 3;

/// What the months lack at `now`.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let this = now.date().with_day(1).unwrap_or_else(|| now.date());
    let mut deeds = Vec::new();
    for group in SegmentGroup::ALL.iter().copied() {
        for ahead in 1..=AHEAD {
            let month = this.checked_add_months(Months::new(ahead)).unwrap_or(Date::MAX);
            if found(unit, month, group)?.is_none() {
                deeds.push(commit(unit, month, group)?);
            }
        }
        for back in 0..=BACK {
            let month = this.checked_sub_months(Months::new(back)).unwrap_or(Date::MIN);
            if let Some(plan) = found(unit, month, group)? {
                deeds.extend(tend(unit, &plan, now)?);
            }
        }
    }
    Ok(deeds)
}

fn found(unit: &Unit<'_>, month: Date, group: SegmentGroup) -> Result<Option<VisitMonth>> {
    match find(unit, VisitMonth::id_of(month, group))? {
        Some(Record::VisitMonth(plan)) => Ok(Some(*plan)),
        _ => Ok(None),
    }
}

/// The deed that commits to a month's secret.
pub(crate) fn commit(unit: &Unit<'_>, month: Date, group: SegmentGroup) -> Result<Deed> {
    let commitment = sample::commitment(&secret(unit, month, group)?);
    Ok(Deed {
        record: VisitMonth::id_of(month, group),
        command: Command::CommitVisitMonth(CommitVisitMonth { month, group, commitment }),
        label: "commit".to_owned(),
    })
}

fn tend(unit: &Unit<'_>, plan: &VisitMonth, now: Instant) -> Result<Option<Deed>> {
    let deed = |command, label: &str| Deed { record: plan.id, command, label: label.to_owned() };
    let secret = || secret(unit, plan.month, plan.group);
    Ok(match plan.state {
        MonthState::Committed if now >= plan.end() => None,
        MonthState::Committed => {
            let (accounts, forced) = population(unit, plan.month, plan.group)?;
            let basis = Basis::CompletedLastMonth;
            let secret = secret()?;
            let freeze = FreezeVisitMonth { secret, basis, accounts, forced };
            Some(deed(Command::FreezeVisitMonth(Box::new(freeze)), "freeze"))
        }
        MonthState::Running if now >= plan.end() => {
            Some(deed(Command::EndVisitMonth(EndVisitMonth { secret: secret()? }), "end"))
        }
        MonthState::Running if !plan.behind && plan.is_behind(now) => {
            Some(deed(Command::WarnVisitMonth(WarnVisitMonth {}), "warn"))
        }
        MonthState::Running | MonthState::Ended => None,
    })
}

/// The secret of a month's draw: 64 hex digits, the same whenever it is asked
/// for, and not to be told from its commitment.
///
/// # Errors
/// The store's.
pub(crate) fn secret(unit: &Unit<'_>, month: Date, group: SegmentGroup) -> Result<String> {
    const SQL: &str = "SELECT value FROM secrets WHERE org = ?1 AND name = 'visits'";
    let root: Vec<u8> =
        unit.connection().prepare_cached(SQL)?.query_row(params![unit.org()], |row| row.get(0))?;
    if root.len() < 32 {
        return Err(Error::damaged("the root of the months' secrets is too short"));
    }
    let mut hash = Sha256::new();
    hash.update(&root);
    hash.update(month.format("%Y-%m").to_string().as_bytes());
    hash.update(group.as_str().as_bytes());
    Ok(hex::encode(hash.finalize()))
}

/// The accounts of a month: those whose installation was complete in the month
/// before (V-1), and those whom something forces in (i.2.5).
fn population(
    unit: &Unit<'_>,
    month: Date,
    group: SegmentGroup,
) -> Result<(Vec<Account>, Vec<Forced>)> {
    let before = month.checked_sub_months(Months::new(1)).unwrap_or(Date::MIN);
    let within = |at: Instant| at >= Instant::start_of(before) && at < Instant::start_of(month);
    let (mut accounts, mut forced) = (Vec::new(), Vec::new());
    for id in unit.records_of(RecordKind::Case)? {
        let Some(Record::Case(case)) = find(unit, id)? else { continue };
        if SegmentGroup::of(case.segment) != group {
            continue;
        }
        let Some(account) = account(&case) else { continue };
        let reasons = reasons(&case, within);
        if within(account.completed_at) {
            accounts.push(account.clone());
        }
        if !reasons.is_empty() {
            forced.push(Forced { account, reasons });
        }
    }
    Ok((accounts, forced))
}

/// The account of a case whose installation is complete and that was neither
/// merged nor given up.
pub(crate) fn account(case: &Case) -> Option<Account> {
    let gone = matches!(
        case.state,
        CaseState::Withdrawn | CaseState::Terminated | CaseState::Merged | CaseState::NotAccepted
    );
    let built = case.construction.as_ref().filter(|_| !gone)?;
    Some(Account {
        case: case.id,
        no: case.no.clone(),
        name: case.basic.name.clone(),
        natural: case.basic.party_type == PartyType::Person,
        address: case.basic.address.clone(),
        phone: case.basic.phone.clone(),
        segment: case.segment,
        manager: case.manager,
        contractor: built.order.contractor.clone(),
        completed_at: built.completed_at?,
    })
}

/// What forces a visit to this user, as far as it happened in the month before.
fn reasons(case: &Case, within: impl Fn(Instant) -> bool) -> BTreeSet<Force> {
    let marked = |kind| case.service.iter().any(|mark| mark.kind == kind && within(mark.at));
    let late = |rule| {
        case.clocks.iter().any(|clock| {
            let closed = clock.state == ClockState::StoppedLate || clock.breached_at.is_some();
            clock.rule == rule && closed && within(clock.breached_at.unwrap_or(clock.due_at))
        })
    };
    let not_ignited = case.trail.iter().any(|entry| entry.did == "not_ignited" && within(entry.at));
    [
        (Force::Complaint, marked(RecordKind::Complaint)),
        (Force::BadRating, marked(RecordKind::Rating)),
        (Force::GasOnLate, late(RuleId::D07)),
        (Force::NotIgnited, not_ignited),
        (Force::ToleranceOverdue, late(RuleId::D09)),
    ]
    .into_iter()
    .filter(|(_, holds)| *holds)
    .map(|(reason, _)| reason)
    .collect()
}
