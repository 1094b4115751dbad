//! Where things belong whose case is read before or after them.

use std::collections::BTreeMap;

use crate::{
    case::{Channel, Segment},
    ids::{RecordId, UserId},
    kpi::sample::{Dims, Sample, Sink},
    time::Instant,
};

/// [`Dims`] that are kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    org: Option<String>,
    person: Option<UserId>,
    segment: Option<Segment>,
    channel: Option<Channel>,
    contractor: Option<String>,
    town: Option<String>,
    kind: Option<String>,
}

impl Place {
    /// Keeps dimensions.
    pub(super) fn of(dims: &Dims<'_>) -> Self {
        Self {
            org: dims.org.map(str::to_owned),
            person: dims.person,
            segment: dims.segment,
            channel: dims.channel,
            contractor: dims.contractor.map(str::to_owned),
            town: dims.town.map(str::to_owned),
            kind: dims.kind.map(str::to_owned),
        }
    }

    /// The dimensions kept.
    pub(super) fn dims(&self) -> Dims<'_> {
        Dims {
            org: self.org.as_deref(),
            person: self.person,
            segment: self.segment,
            channel: self.channel,
            contractor: self.contractor.as_deref(),
            town: self.town.as_deref(),
            kind: self.kind.as_deref(),
        }
    }
}

/// Samples that wait for the dimensions of their case.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    cases: BTreeMap<RecordId, Place>,
    samples: Vec<(RecordId, Place, Sample<'static>)>,
}

impl Waiting {
    /// Keeps a sample about a case.
    pub(super) fn keep(&mut self, case: RecordId, sample: &Sample<'_>) {
        let Sample { figure, record, at, dims, amount } = *sample;
        let bare = Sample { figure, record, at, dims: Dims::default(), amount };
        self.samples.push((case, Place::of(&dims), bare));
    }

    /// Keeps where a case belongs.
    pub(super) fn case(&mut self, case: RecordId, dims: &Dims<'_>) {
        self.cases.insert(case, Place::of(dims));
    }

    /// Adds what another part of the records gave.
    pub(super) fn merge(&mut self, other: Self) {
        self.cases.extend(other.cases);
        self.samples.extend(other.samples);
    }

    /// Gives every sample with its own dimensions and those of its case.
    pub(super) fn give(&self, take: &mut impl FnMut(&Sample<'_>)) {
        for (case, own, sample) in &self.samples {
            let of_case = self.cases.get(case).map(Place::dims).unwrap_or_default();
            take(&Sample { dims: own.dims().within(of_case), ..*sample });
        }
    }
}

/// A sink in which every sample is about one case, where one is known.
#[derive(Debug)]
pub(super) struct About<'s, S> {
    /// The case.
    pub(super) case: Option<RecordId>,
    /// Where the samples go.
    pub(super) sink: &'s mut S,
}

impl<S: Sink> Sink for About<'_, S> {
    fn take(&mut self, sample: &Sample<'_>) {
        match self.case {
            Some(case) => self.sink.about(case, sample),
            None => self.sink.take(sample),
        }
    }

    fn about(&mut self, case: RecordId, sample: &Sample<'_>) {
        self.sink.about(case, sample);
    }

    fn case(&mut self, case: RecordId, dims: &Dims<'_>) {
        self.sink.case(case, dims);
    }

    fn lead(&mut self, lead: RecordId, pushed_at: Instant) {
        self.sink.lead(lead, pushed_at);
    }

    fn born(&mut self, lead: RecordId, case: RecordId, gas_on_at: Instant, dims: &Dims<'_>) {
        self.sink.born(lead, case, gas_on_at, dims);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_charge_comes_from_one_of_the_two() {
        let case = Dims {
            org: Some("market_dept"),
            person: Some(UserId(uuid::Uuid::nil())),
            town: Some("龙湖镇"),
            ..Dims::default()
        };
        let own = Dims { org: Some("eng_dept"), kind: Some("quality"), ..Dims::default() };
        let both = own.within(case);
        assert_eq!((both.org, both.person, both.town), (own.org, None, case.town));
        assert_eq!(Dims::default().within(case), case);
    }
}
