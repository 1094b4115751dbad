//! Inspections: the sample of one that was planned is drawn from everything
//! that the company holds of its period.

use lantian_domain::{
    command::Command,
    ids::RecordId,
    inspection::{DrawSample, Inspection, InspectionState, frame},
    record::{Record, RecordKind},
    time::Instant,
};

use super::Deed;
use crate::{
    error::Result,
    pipeline::find,
    store::{Ledger as _, Unit},
};

/// The kinds of records that themes look at; which of them, the rulebook says.
const LOOKED_AT: [RecordKind; 4] =
    [RecordKind::Case, RecordKind::Complaint, RecordKind::Visit, RecordKind::Rating];

/// The draws that are owed.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let mut deeds = Vec::new();
    for id in unit.records_of(RecordKind::Inspection)? {
        if let Some(Record::Inspection(inspection)) = find(unit, id)?
            && inspection.state == InspectionState::Planned
            && inspection.sample.is_none()
        {
            deeds.push(draw(unit, id, &inspection, now)?);
        }
    }
    Ok(deeds)
}

/// The deed that draws the sample of an inspection.
pub(crate) fn draw(
    unit: &Unit<'_>,
    id: RecordId,
    inspection: &Inspection,
    now: Instant,
) -> Result<Deed> {
    let mut sampled = Vec::new();
    for kind in LOOKED_AT {
        for one in unit.records_of(kind)? {
            let record = find(unit, one)?;
            sampled.extend(frame(&inspection.plan, record.iter(), now));
        }
    }
    let command = Command::DrawSample(DrawSample { frame: sampled });
    Ok(Deed { record: id, command, label: "draw".to_owned() })
}
