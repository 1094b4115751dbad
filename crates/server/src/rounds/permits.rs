//! Permits: an authority that says nothing about the papers of a filing within
//! its days is deemed to have accepted them (行政许可法 32(4); P-2). The filing
//! moves on from the day on which the authority had the papers, and who works
//! on it is told.

use std::collections::BTreeMap;

use lantian_domain::{
    case::{
        Case,
        permit::{PermitClock, PermitFiling, PermitState, PermitStep, RecordPermitStep},
    },
    clock::Clock,
    command::Command,
    ids::derived,
    notice::{About, Level, RaiseNotice, Recipient},
    policy::RuleId,
    record::{Record, RecordKind},
    time::Instant,
};

use super::Deed;
use crate::{
    error::Result,
    pipeline::find,
    store::{Scopes as _, Unit},
};

/// The filings whose authority let its days pass.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let mut deeds = Vec::new();
    for id in unit.urgent()? {
        let Some(Record::Case(case)) = find(unit, id)? else { continue };
        for filing in &case.permits {
            if let Some(clock) = silent(&case, filing, now) {
                deeds.extend(accepted(&case, filing, clock));
            }
        }
    }
    Ok(deeds)
}

/// The clock of an authority that should have answered by now.
fn silent<'a>(case: &'a Case, filing: &PermitFiling, now: Instant) -> Option<&'a Clock> {
    let waits = matches!(filing.state, PermitState::Filed | PermitState::CorrectionDone);
    case.permit_clocks(filing.id)
        .filter(|(part, clock)| waits && *part == PermitClock::P2 && clock.state.is_open())
        .map(|(_, clock)| clock)
        .find(|clock| clock.is_late(now))
}

fn accepted(case: &Case, filing: &PermitFiling, clock: &Clock) -> [Deed; 2] {
    let label = format!("deemed accepted {} {}", filing.id, clock.due_at.0);
    let step = RecordPermitStep {
        filing: filing.id,
        step: PermitStep::DeemedAccepted,
        at: None,
        by: None,
        files: Vec::new(),
        note: Some("行政许可法第三十二条:逾期不告知的,自收到申请材料之日起即为受理".to_owned()),
    };
    let raised = RaiseNotice {
        to: Recipient::User(filing.agent.unwrap_or(case.manager)),
        level: Level::Info,
        about: About {
            record: case.id,
            kind: RecordKind::Case,
            no: case.no.clone(),
            rule: Some(RuleId::D15),
            key: clock.key.clone(),
            clause: Some("R-42".to_owned()),
        },
        text: "permit_deemed_accepted".to_owned(),
        params: BTreeMap::from([("permit".to_owned(), filing.kind.as_str().to_owned())]),
    };
    let notice = derived(case.id, &label);
    [
        Deed { record: case.id, command: Command::RecordPermitStep(step), label },
        Deed {
            record: notice,
            command: Command::RaiseNotice(Box::new(raised)),
            label: "raise".to_owned(),
        },
    ]
}
