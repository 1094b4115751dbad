//! Adding samples up: whole span, month by month, by dimension.

use std::collections::BTreeMap;

use crate::{
    ids::RecordId,
    kpi::{
        figure::{Figure, Target},
        place::Waiting,
        report::{Group, Line, MonthValue, Report},
        sample::{Amount, Dimension, Dims, Sample, Sink},
        span::{Month, Span},
        tally::{Tally, Value},
    },
    time::Instant,
};

/// The sums of a report in the making. Boards of parts of the company's
/// records merge to the board of all.
#[derive(Clone, Debug)]
pub struct Board {
    span: Span,
    trend: Span,
    now: Instant,
    sums: BTreeMap<Figure, Sums>,
    /// When each lead was pushed, and which cases with gas came from a lead.
    leads: BTreeMap<RecordId, Instant>,
    born: Vec<Born>,
    waiting: Waiting,
}

/// A case with gas that came from a lead.
#[derive(Clone, Debug)]
struct Born {
    lead: RecordId,
    at: Instant,
    groups: Vec<(Dimension, String)>,
}

#[derive(Clone, Debug, Default)]
struct Sums {
    total: Tally,
    months: BTreeMap<Month, Tally>,
    groups: BTreeMap<Dimension, BTreeMap<String, Tally>>,
    /// Each department in each month, where each has to reach the target.
    each: BTreeMap<(Month, String), Tally>,
}

impl Sums {
    fn merge(&mut self, other: Self) {
        self.total.merge(other.total);
        for (month, tally) in other.months {
            self.months.entry(month).or_default().merge(tally);
        }
        for (dimension, keys) in other.groups {
            let place = self.groups.entry(dimension).or_default();
            for (key, tally) in keys {
                place.entry(key).or_default().merge(tally);
            }
        }
        for (cell, tally) in other.each {
            self.each.entry(cell).or_default().merge(tally);
        }
    }
}

impl Board {
    /// An empty board for the days of `span` as they stand at `now`, with a
    /// trend over the months of `trend`.
    pub fn new(span: Span, trend: Span, now: Instant) -> Self {
        let (sums, leads) = (BTreeMap::new(), BTreeMap::new());
        Self { span, trend, now, sums, leads, born: Vec::new(), waiting: Waiting::default() }
    }

    /// Adds the board of another part of the records.
    pub fn merge(&mut self, other: Self) {
        for (figure, sums) in other.sums {
            self.sums.entry(figure).or_default().merge(sums);
        }
        self.leads.extend(other.leads);
        self.born.extend(other.born);
        self.waiting.merge(other.waiting);
    }

    fn days(&self, born: &Born) -> Option<i64> {
        let pushed_at = self.leads.get(&born.lead)?;
        Some((born.at.date() - pushed_at.date()).num_days())
    }

    /// The report.
    pub fn report(mut self) -> Report {
        std::mem::take(&mut self.waiting).give(&mut |sample| self.take(sample));
        for born in std::mem::take(&mut self.born) {
            if let Some(days) = self.days(&born) {
                let amount = Amount::Value(days);
                self.count(Figure::DaysFromLead, born.at, &born.groups, amount);
            }
        }
        let months = self.trend.months();
        let figures =
            Figure::ALL.iter().map(|figure| line(*figure, self.sums.get(figure), &months));
        let (from, to) = (self.span.from, self.span.to);
        Report { from, to, as_of: self.now, figures: figures.collect() }
    }

    fn concerns(&self, at: Instant) -> bool {
        self.span.contains(at) || self.trend.contains(at)
    }

    /// Whether something at `at` counts for these days: of what stands, only
    /// what stands at their end.
    fn counts(&self, figure: Figure, at: Instant, days: Span) -> bool {
        let end = days.end().min(self.now).plus_ms(-1);
        days.contains(at) && (at == end || !figure.is_standing())
    }

    fn count(
        &mut self,
        figure: Figure,
        at: Instant,
        groups: &[(Dimension, String)],
        amount: Amount,
    ) {
        let month = Month::of(at);
        let of_month = self.trend.contains(at) && self.counts(figure, at, month.span());
        let of_span = self.counts(figure, at, self.span);
        let sums = self.sums.entry(figure).or_default();
        if of_month {
            sums.months.entry(month).or_default().add(amount);
        }
        if !of_span {
            return;
        }
        sums.total.add(amount);
        if figure.is_of_each_department() {
            for (_, key) in groups.iter().filter(|(by, _)| *by == Dimension::Org) {
                sums.each.entry((month, key.clone())).or_default().add(amount);
            }
        }
        for (dimension, key) in groups {
            let keys = sums.groups.entry(*dimension).or_default();
            match keys.get_mut(key) {
                Some(tally) => tally.add(amount),
                None => keys.entry(key.clone()).or_default().add(amount),
            }
        }
    }
}

impl Sink for Board {
    fn take(&mut self, sample: &Sample<'_>) {
        if self.concerns(sample.at) {
            let groups = groups_of(&sample.dims);
            self.count(sample.figure, sample.at, &groups, sample.amount);
        }
    }

    fn about(&mut self, case: RecordId, sample: &Sample<'_>) {
        if self.concerns(sample.at) {
            self.waiting.keep(case, sample);
        }
    }

    fn case(&mut self, case: RecordId, dims: &Dims<'_>) {
        self.waiting.case(case, dims);
    }

    fn lead(&mut self, lead: RecordId, pushed_at: Instant) {
        self.leads.insert(lead, pushed_at);
    }

    fn born(&mut self, lead: RecordId, _: RecordId, gas_on_at: Instant, dims: &Dims<'_>) {
        if self.concerns(gas_on_at) {
            self.born.push(Born { lead, at: gas_on_at, groups: groups_of(dims) });
        }
    }
}

fn groups_of(dims: &Dims<'_>) -> Vec<(Dimension, String)> {
    Dimension::ALL.iter().filter_map(|by| dims.key(*by).map(|key| (*by, key))).collect()
}

fn line(figure: Figure, sums: Option<&Sums>, months: &[Month]) -> Line {
    let (shape, unit) = (figure.shape(), figure.unit());
    let nothing = Sums::default();
    let sums = sums.unwrap_or(&nothing);
    let total = sums.total.value(shape, unit);
    let target = figure.target();
    let met = target.and_then(|target| met(figure, target, sums, &total));
    let none = Tally::default();
    let months = months
        .iter()
        .map(|month| MonthValue {
            month: month.to_string(),
            value: sums.months.get(month).unwrap_or(&none).value(shape, unit),
        })
        .collect();
    let groups = sums
        .groups
        .iter()
        .flat_map(|(by, keys)| keys.iter().map(move |(key, tally)| (*by, key, tally)))
        .map(|(by, key, tally)| Group { by, key: key.clone(), value: tally.value(shape, unit) })
        .collect();
    Line {
        kpi: figure.kpi().to_owned(),
        part: figure.part().to_owned(),
        unit,
        target,
        met,
        value: total,
        months,
        groups,
    }
}

/// Whether a figure reaches its target; nothing where nothing was counted.
fn met(figure: Figure, target: Target, sums: &Sums, total: &Value) -> Option<bool> {
    let reaches = |value: &Value| value.main().map(|number| target.is_met(number));
    if !figure.is_of_each_department() {
        return reaches(total);
    }
    let each = sums.each.values().map(|tally| tally.value(figure.shape(), figure.unit()));
    each.map(|value| reaches(&value)).reduce(|all, one| Some(all? && one?)).flatten()
}
