//! From a figure down to the records behind it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::RecordId,
    kpi::{
        figure::Figure,
        place::Waiting,
        sample::{Amount, ClockResult, Dimension, Dims, Sample, Sink},
        span::Span,
    },
    time::Instant,
};

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Question {
    /// Behind which figure.
    pub figure: Figure,
    /// In which days.
    pub span: Span,
    /// In which group, if in one.
    pub group: Option<(Dimension, String)>,
    /// The instant at which open clocks are judged.
    pub now: Instant,
}

/// How a record counts for a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In time.
    OnTime,
    /// Stopped late.
    Late,
    /// Open and past the due instant.
    OpenBreached,
    /// Excused, outside the rate.
    Excused,
    /// Of the part.
    Part,
    /// Of the whole alone.
    Rest,
    /// One of those counted, or one with a value.
    Counted,
}

/// A record behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hit {
    /// The record.
    pub record: RecordId,
    /// The instant by which it belongs to the days.
    pub at: Instant,
    /// How it counts, net of pauses.
    pub verdict: Verdict,
    /// Its value in the raw unit of the figure, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// Collects what is behind a figure.
#[derive(Debug)]
pub struct Drill {
    question: Question,
    hits: Vec<Hit>,
    leads: BTreeMap<RecordId, Instant>,
    born: Vec<(RecordId, RecordId, Instant)>,
    waiting: Waiting,
}

impl Drill {
    /// Begins a search.
    pub fn new(question: Question) -> Self {
        let (hits, leads, born) = (Vec::new(), BTreeMap::new(), Vec::new());
        Self { question, hits, leads, born, waiting: Waiting::default() }
    }

    /// Adds what another part of the records gave.
    pub fn merge(&mut self, other: Self) {
        self.hits.extend(other.hits);
        self.leads.extend(other.leads);
        self.born.extend(other.born);
        self.waiting.merge(other.waiting);
    }

    /// The hits: what is late first, then by instant and record.
    pub fn hits(mut self) -> Vec<Hit> {
        std::mem::take(&mut self.waiting).give(&mut |sample| self.take(sample));
        for (lead, record, at) in &self.born {
            if let Some(pushed_at) = self.leads.get(lead) {
                let value = Some((at.date() - pushed_at.date()).num_days());
                self.hits.push(Hit { record: *record, at: *at, verdict: Verdict::Counted, value });
            }
        }
        let is_late = |hit: &Hit| matches!(hit.verdict, Verdict::Late | Verdict::OpenBreached);
        self.hits.sort_by_key(|hit| (!is_late(hit), hit.at, hit.record));
        self.hits
    }

    fn wants(&self, figure: Figure, at: Instant, dims: &Dims<'_>) -> bool {
        let Question { figure: wanted, span, group, now } = &self.question;
        let end = span.end().min(*now).plus_ms(-1);
        *wanted == figure
            && span.contains(at)
            && (at == end || !figure.is_standing())
            && group.as_ref().is_none_or(|(by, key)| dims.key(*by).as_ref() == Some(key))
    }
}

impl Sink for Drill {
    fn take(&mut self, sample: &Sample<'_>) {
        if !self.wants(sample.figure, sample.at, &sample.dims) {
            return;
        }
        let (verdict, value) = match sample.amount {
            Amount::Net(result) => (verdict(result), None),
            Amount::Gross(_) | Amount::WholeOnly(_) => return,
            Amount::Part(true) => (Verdict::Part, None),
            Amount::Part(false) => (Verdict::Rest, None),
            Amount::PartOnly(count) | Amount::Count(count) => (Verdict::Counted, Some(count)),
            Amount::Once(_) => (Verdict::Counted, Some(1)),
            Amount::Value(value) => (Verdict::Counted, Some(value)),
        };
        self.hits.push(Hit { record: sample.record, at: sample.at, verdict, value });
    }

    fn about(&mut self, case: RecordId, sample: &Sample<'_>) {
        if self.question.group.is_none() {
            self.take(sample);
        } else if self.question.figure == sample.figure {
            self.waiting.keep(case, sample);
        }
    }

    fn case(&mut self, case: RecordId, dims: &Dims<'_>) {
        if self.question.group.is_some() {
            self.waiting.case(case, dims);
        }
    }

    fn lead(&mut self, lead: RecordId, pushed_at: Instant) {
        if self.question.figure == Figure::DaysFromLead {
            self.leads.insert(lead, pushed_at);
        }
    }

    fn born(&mut self, lead: RecordId, case: RecordId, gas_on_at: Instant, dims: &Dims<'_>) {
        if self.wants(Figure::DaysFromLead, gas_on_at, dims) {
            self.born.push((lead, case, gas_on_at));
        }
    }
}

fn verdict(result: ClockResult) -> Verdict {
    match result {
        ClockResult::OnTime => Verdict::OnTime,
        ClockResult::Late => Verdict::Late,
        ClockResult::OpenBreached => Verdict::OpenBreached,
        ClockResult::Excused => Verdict::Excused,
    }
}
