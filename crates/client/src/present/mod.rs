//! From what the store holds to what a front end shows; runs on the store's
//! thread, decides nothing.

mod attention;
mod card;
mod clock;
mod cost;
mod departure;
mod file;
mod health;
mod pending;
mod permit;
mod record;
mod steps;
mod sync;

use lantian_domain::{event::Change, refusal::Refusal};

pub(crate) use attention::attention;
pub(crate) use card::{card, person, title};
pub(crate) use cost::{cost, estimate};
pub(crate) use departure::departure;
pub(crate) use file::{file, files, find_file};
pub(crate) use health::health;
pub(crate) use pending::pending;
pub(crate) use permit::{PermitQuestion, permit_page};
pub(crate) use record::{body, record};
pub(crate) use sync::{held, last_success, outward, preview, sync_status};

use crate::view::JudgeView;

/// The types of the events of a command.
pub(crate) fn event_names(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| change.event.name().to_owned()).collect()
}

/// What the rulebook said.
pub(crate) fn judgement(judged: Result<Vec<Change>, Refusal>) -> JudgeView {
    match judged {
        Ok(changes) => JudgeView { ok: true, events: event_names(&changes), refusal: None },
        Err(refusal) => JudgeView { ok: false, events: Vec::new(), refusal: Some(refusal.into()) },
    }
}
