//! What the aftercare of a case knows: visits, ledger items, complaints and
//! ratings leave a mark on the case that they are about, so that one screen
//! shows them all and nothing is archived while one is open (C31).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    context::View,
    event::Event,
    flow::Flow,
    ids::RecordId,
    record::{Record, RecordKind},
    time::Instant,
};

/// A visit, ledger item, complaint or rating of a case, as the case knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceMark {
    /// Which record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number.
    pub no: String,
    /// Where it stands.
    pub state: String,
    /// Whether it still waits for somebody.
    pub open: bool,
    /// Since when.
    pub at: Instant,
}

impl ServiceMark {
    /// The mark of a record that waits for nobody.
    #[must_use]
    pub(crate) fn of(self, record: RecordId, kind: RecordKind, no: &str, state: &str) -> Self {
        Self { record, kind, no: no.to_owned(), state: state.to_owned(), ..self }
    }

    /// The same, still waiting if `open`.
    #[must_use]
    pub(crate) fn waiting(self, open: bool) -> Self {
        Self { open, ..self }
    }
}

/// Leaves a mark on the case, where the judge has it.
pub(crate) fn mark(
    flow: &mut Flow<'_>,
    view: &View<'_>,
    case: RecordId,
    write: impl FnOnce(ServiceMark) -> ServiceMark,
) {
    if !matches!(view.get(case), Some(Record::Case(_))) {
        return;
    }
    let blank = ServiceMark {
        record: case,
        kind: RecordKind::Case,
        no: String::new(),
        state: String::new(),
        open: false,
        at: flow.cx.now,
    };
    flow.emit_on(case, Event::CaseServed(write(blank)));
}

/// Puts a mark in the place of the record's earlier one.
pub(crate) fn put(marks: &mut Vec<ServiceMark>, mark: &ServiceMark) {
    match marks.iter_mut().find(|known| known.record == mark.record) {
        Some(known) => *known = mark.clone(),
        None => marks.push(mark.clone()),
    }
}
