//! K-01 to K-09 and the other rates of clocks (CLK-5, CLK-7, CLK-10).

use crate::{
    clock::{Clock, ClockState, RuleId},
    kpi::{
        figure::Figure,
        measure::Circumstances,
        sample::{Amount, ClockResult, Dims, Sample, Sink},
    },
    lead::Lead,
    record::Record,
    time::Instant,
};

/// The rate that a deadline counts for, and the figure of its length.
fn figures(rule: RuleId) -> Option<(Figure, Option<Figure>)> {
    let (rate, length) = match rule {
        RuleId::D01 => (Figure::HandOver, None),
        RuleId::D02 => (Figure::Contact, Some(Figure::ContactHours)),
        RuleId::D03 => (Figure::Design, None),
        RuleId::D04 => (Figure::FeeTalk, None),
        RuleId::D05 => (Figure::Engineering, None),
        RuleId::D06a => (Figure::BuildContract, None),
        RuleId::D06b => (Figure::BuildScattered, None),
        RuleId::D06c => (Figure::BuildMicro, None),
        RuleId::D07 => (Figure::GasOn, Some(Figure::GasOnHours)),
        RuleId::D08 => (Figure::Acceptance, None),
        RuleId::D10 => (Figure::Ledger, None),
        RuleId::D15 => (Figure::Permits, None),
        RuleId::D16 => (Figure::OuterLimit, None),
        RuleId::D18 => (Figure::ComplaintAnswers, None),
        RuleId::D20 => (Figure::RatingFollowUp, None),
        RuleId::D03P
        | RuleId::D09
        | RuleId::D11
        | RuleId::D12
        | RuleId::D13
        | RuleId::D14
        | RuleId::D17
        | RuleId::D19
        | RuleId::D21
        | RuleId::D22 => return None,
    };
    Some((rate, length))
}

/// Of the clocks of a permit only the authority's decision, P-3, is an
/// indicator (K-15).
fn counts(clock: &Clock) -> bool {
    clock.rule != RuleId::D15 || clock.key.as_deref().is_some_and(|key| key.starts_with("P-3:"))
}

/// The instant by which a clock belongs to a period: its due instant, which
/// for a day clock is the last instant of its last day.
pub(super) fn belongs_at(due_at: Instant, exclusive: bool) -> Instant {
    if exclusive { due_at.plus_ms(-1) } else { due_at }
}

/// Gives the samples of a record's clocks.
pub(super) fn measure(
    record: &Record,
    dims: &Dims<'_>,
    cx: &Circumstances<'_>,
    sink: &mut impl Sink,
) {
    for clock in record.clocks() {
        let in_charge = in_charge(clock, dims, cx.now);
        let sample = |figure, at, amount| Sample {
            figure,
            record: record.id(),
            at,
            dims: in_charge,
            amount,
        };
        if let (true, Some(at)) = (clock.time_anomaly, clock.stopped_at) {
            sink.take(&sample(Figure::TimeAnomalies, at, Amount::Count(1)));
        }
        let Some((rate, length)) = figures(clock.rule).filter(|_| counts(clock)) else { continue };
        let net_at = belongs_at(clock.due_at, clock.exclusive);
        let gross_at = belongs_at(clock.gross_due_at, clock.exclusive);
        if let Some(result) = ClockResult::net(clock, cx.now) {
            sink.take(&sample(rate, net_at, Amount::Net(result)));
        }
        if let Some(result) = ClockResult::gross(clock, cx.now) {
            sink.take(&sample(rate, gross_at, Amount::Gross(result)));
        }
        if let (Some(length), Some(ms)) = (length, length_ms(clock)) {
            sink.take(&sample(length, net_at, Amount::Value(ms)));
        }
    }
}

/// How long a clock ran from its start to its stop, if it was stopped.
fn length_ms(clock: &Clock) -> Option<i64> {
    let counts = matches!(clock.state, ClockState::StoppedOnTime | ClockState::StoppedLate);
    clock.stopped_at.filter(|_| counts).map(|stopped_at| stopped_at.since(clock.started_at))
}

/// The dimensions of a clock: org and person are those who were in charge
/// when it was stopped or, if that came first, when it fell due (CLK-1); the
/// clock of a permit has the permit's kind.
fn in_charge<'a>(clock: &'a Clock, dims: &Dims<'a>, now: Instant) -> Dims<'a> {
    let at = clock.stopped_at.unwrap_or(now).min(clock.due_at);
    let key = clock.key.as_deref().filter(|_| clock.rule == RuleId::D15);
    let kind = key.and_then(|key| key.split(':').nth(1)).or(dims.kind);
    let dims = &Dims { kind, ..*dims };
    match clock.in_charge_at(at) {
        Some(holder) => Dims { org: Some(&holder.org), person: holder.person, ..*dims },
        None => *dims,
    }
}

/// K-32 and the beginning of K-10: what a lead itself counts for.
pub(super) fn lead(lead: &Lead, dims: &Dims<'_>, sink: &mut impl Sink) {
    let first = lead.clocks.iter().find(|clock| clock.rule == RuleId::D01);
    sink.lead(lead.id, first.map_or(lead.received_at, |clock| clock.started_at));
    if let Some(at) = first.filter(|clock| length_ms(clock).is_some()).and_then(|c| c.stopped_at) {
        let (figure, amount) = (Figure::FeedRecords, Amount::Count(1));
        sink.take(&Sample { figure, record: lead.id, at, dims: *dims, amount });
    }
}
