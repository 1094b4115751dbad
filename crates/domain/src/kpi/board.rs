//! Adding samples up: whole span, month by month, by dimension.

use std::collections::BTreeMap;

use crate::{
    ids::RecordId,
    kpi::{
        figure::Figure,
        report::{Group, Line, MonthValue, Report},
        sample::{Amount, Dimension, Dims, Sample, Sink},
        span::{Month, Span},
        tally::Tally,
    },
    time::Instant,
};

/// The sums of a report in the making. Boards of parts of the company's
/// records merge to the board of all.
#[derive(Clone, Debug)]
pub struct Board {
    span: Span,
    trend: Span,
    sums: BTreeMap<Figure, Sums>,
    /// When each lead was pushed, and which cases with gas came from a lead.
    leads: BTreeMap<RecordId, Instant>,
    born: Vec<Born>,
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
}

impl Board {
    /// An empty board for the days of `span`, with a trend over the months of
    /// `trend`.
    pub fn new(span: Span, trend: Span) -> Self {
        Self { span, trend, sums: BTreeMap::new(), leads: BTreeMap::new(), born: Vec::new() }
    }

    /// Adds the board of another part of the records.
    pub fn merge(&mut self, other: Self) {
        for (figure, sums) in other.sums {
            let own = self.sums.entry(figure).or_default();
            own.total.merge(sums.total);
            for (month, tally) in sums.months {
                own.months.entry(month).or_default().merge(tally);
            }
            for (dimension, keys) in sums.groups {
                let place = own.groups.entry(dimension).or_default();
                for (key, tally) in keys {
                    place.entry(key).or_default().merge(tally);
                }
            }
        }
        self.leads.extend(other.leads);
        self.born.extend(other.born);
    }

    fn days(&self, born: &Born) -> Option<i64> {
        let pushed_at = self.leads.get(&born.lead)?;
        Some((born.at.date() - pushed_at.date()).num_days())
    }

    /// The report as of `now`.
    pub fn report(mut self, now: Instant) -> Report {
        for born in std::mem::take(&mut self.born) {
            if let Some(days) = self.days(&born) {
                let amount = Amount::Value(days);
                self.count(Figure::DaysFromLead, born.at, &born.groups, amount);
            }
        }
        let months = self.trend.months();
        let figures =
            Figure::ALL.iter().map(|figure| line(*figure, self.sums.get(figure), &months));
        Report { from: self.span.from, to: self.span.to, as_of: now, figures: figures.collect() }
    }

    fn concerns(&self, at: Instant) -> bool {
        self.span.contains(at) || self.trend.contains(at)
    }

    fn count(
        &mut self,
        figure: Figure,
        at: Instant,
        groups: &[(Dimension, String)],
        amount: Amount,
    ) {
        let sums = self.sums.entry(figure).or_default();
        if self.trend.contains(at) {
            sums.months.entry(Month::of(at)).or_default().add(amount);
        }
        if !self.span.contains(at) {
            return;
        }
        sums.total.add(amount);
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
    let met = target.and_then(|target| total.main().map(|number| target.is_met(number)));
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
