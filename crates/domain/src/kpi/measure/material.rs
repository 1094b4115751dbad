//! What the materials of a case count for: K-12, K-13, K-17.

use crate::{
    calendar::Calendar,
    case::Case,
    clock::{Clock, ClockState, RuleId},
    kpi::{
        figure::Figure,
        measure::{Circumstances, case::number},
        sample::{Amount, Dims, Sample, Sink},
    },
    period::on_time,
    time::{Date, Instant},
};

/// Gives the samples of a case's materials.
pub(super) fn measure(case: &Case, dims: &Dims<'_>, cx: &Circumstances<'_>, sink: &mut impl Sink) {
    let mut take = |figure, at, amount| {
        sink.take(&Sample { figure, record: case.id, at, dims: *dims, amount });
    };
    if let Some(at) = case.intake.accepted_at {
        let asked = Amount::Value(number(case.user_side.asked.len()));
        take(Figure::Materials, at, asked);
        if case.four_zero() {
            take(Figure::MaterialsFourZero, at, asked);
        }
    }
    for clock in case.clocks.iter().filter(|clock| clock.rule == RuleId::D09) {
        if let (Some(late), Some(at)) = (made_up_late(clock), clock.stopped_at) {
            let days = working_days(clock.started_at.date(), at.date(), &cx.rules.calendar);
            take(Figure::MakeUpDays, at, Amount::Value(days));
            take(Figure::MadeUpLate, at, Amount::Part(late));
        }
        for end in cx.ends {
            if let Some(overdue) = overdue_at(clock, *end) {
                // The last instant of the month, of the span, or of today.
                take(Figure::OverdueOpen, end.plus_ms(-1), Amount::Part(overdue));
            }
        }
    }
}

/// Whether an item came late; nothing for one that has not come.
fn made_up_late(clock: &Clock) -> Option<bool> {
    match clock.state {
        ClockState::StoppedOnTime => Some(false),
        ClockState::StoppedLate => Some(true),
        ClockState::Running
        | ClockState::Paused
        | ClockState::StoppedExcused
        | ClockState::Cancelled => None,
    }
}

/// Whether an item that is owed at `at` is overdue; nothing for one that is
/// not owed then.
pub(super) fn overdue_at(clock: &Clock, at: Instant) -> Option<bool> {
    let owed = clock.started_at < at && clock.stopped_at.is_none_or(|stopped| stopped >= at);
    owed.then(|| !on_time(at, &clock.due()))
}

/// The working days after `from`, up to and with `to`.
fn working_days(from: Date, to: Date, calendar: &Calendar) -> i64 {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    number(days.filter(|day| calendar.is_working_day(*day)).count())
}
