//! A record as its log tells it: the record itself, and what the record does
//! not keep but an indicator counts.

use std::collections::BTreeMap;

use crate::{
    apply,
    event::Event,
    evidence::Grade,
    ids::{RecordId, UserId},
    kpi::{
        figure::Figure,
        measure::{Circumstances, measure},
        reader::Reader,
        sample::{Amount, Dims, Sample, Sink},
    },
    record::Record,
    stamp::Stamp,
    time::{Date, Instant},
};

/// The log of one record, read so far.
#[derive(Debug)]
pub struct History {
    id: RecordId,
    record: Option<Record>,
    /// When each event counts, by whom, and whether its evidence was late.
    marks: Vec<(Instant, UserId, bool)>,
    /// The days of a platform's watch, and whether somebody looked.
    days: BTreeMap<Date, bool>,
    reader: Reader,
}

impl History {
    /// A log of which nothing was read.
    pub fn new(id: RecordId) -> Self {
        let (marks, days) = (Vec::new(), BTreeMap::new());
        Self { id, record: None, marks, days, reader: Reader::default() }
    }

    /// Whether an event was read that can be built on.
    pub fn has_begun(&self) -> bool {
        self.record.is_some()
    }

    /// Reads the next event; one that was not decoded, because
    /// [`is_needed`](super::is_needed) leaves it out, is `None`.
    ///
    /// # Panics
    /// As [`apply`], when the log does not begin with what creates a record.
    pub fn read(&mut self, event: Option<&Event>, stamp: &Stamp) {
        self.marks.push((stamp.at, stamp.actor, stamp.grade == Grade::Late));
        let Some(event) = event else { return };
        self.watch(event);
        self.reader.watch(event, stamp.at);
        self.record = Some(apply(self.record.take(), self.id, event, stamp));
    }

    /// The record itself forgets its older days.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a watch has days")]
    fn watch(&mut self, event: &Event) {
        match event {
            Event::FeedDayOpened(opened) => {
                self.days.entry(opened.day).or_insert(false);
            }
            Event::FeedChecked(check) => {
                self.days.insert(check.day, true);
            }
            _ => {}
        }
    }

    /// Gives the samples of the whole log.
    pub fn measure(&self, cx: &Circumstances<'_>, sink: &mut impl Sink) {
        for (at, actor, late) in &self.marks {
            let dims = Dims { person: Some(*actor), ..Dims::default() };
            let amount = Amount::Part(*late);
            let figure = Figure::LateEvidence;
            sink.take(&Sample { figure, record: self.id, at: *at, dims, amount });
        }
        let dims = Dims { org: Some("market_dept"), ..Dims::default() };
        for (day, looked) in self.days.range(..cx.now.date()) {
            let at = Instant::start_of(*day);
            let amount = Amount::Part(*looked);
            sink.take(&Sample { figure: Figure::FeedDays, record: self.id, at, dims, amount });
        }
        self.reader.measure(self.id, cx, sink);
        if let Some(record) = &self.record {
            measure(record, cx, sink);
        }
    }
}
