//! The lanes of the outbox, as the engine reads them.

use std::collections::BTreeSet;

use lantian_domain::ids::CommandId;
use lantian_sync::lane::{self, Fate as Lane, Waiting};

use super::{Effect, Overlay};
use crate::outbox::{Fate, Outbox};

/// Which commands are parked or may be sent, by the lanes of the engine.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    pub(crate) parked: BTreeSet<CommandId>,
    pub(crate) sendable: Vec<CommandId>,
}

impl Lanes {
    pub(crate) fn of(outbox: &Outbox, overlay: &Overlay) -> Self {
        let rows: Vec<Waiting> = outbox
            .open_commands()
            // What was corrected has its correction in its place, unless it
            // had an effect after all: then both stand.
            .filter(|open| open.replaced_by.is_none() || open.counts())
            .map(|open| {
                let named = open.envelope.after;
                let after = named.map(|id| outbox.stand_in(id));
                let foreseen = overlay
                    .step(open.id())
                    .is_some_and(|step| matches!(step.effect, Effect::Foreseen(_)));
                Waiting {
                    id: open.id(),
                    record: open.envelope.record,
                    after,
                    fate: match open.fate {
                        Fate::Pending => Lane::Pending,
                        Fate::Taken => Lane::Taken,
                        Fate::Refused | Fate::Quarantined => Lane::Void,
                        Fate::Discarded | Fate::Handed => Lane::GivenUp,
                    },
                    foreseen: foreseen && !open.reoffered,
                    held: named != after,
                }
            })
            .collect();
        Self { parked: lane::parked(&rows), sendable: lane::sendable(&rows, usize::MAX) }
    }
}
