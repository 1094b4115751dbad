//! `lantian-server policy|calendar|price|sharing|pilot|technique`: the company's rules as
//! data.

use std::path::Path;

use lantian_domain::{
    event::{Change, Event},
    record::{Record, Rules},
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{args::RulesAct, exit::print};
use crate::{
    config::Config,
    error::{Error, Result},
    identity::accounts::{By, administrative},
    pipeline::{Desk, find},
    store::{AuditEntry, Journal as _},
};

/// A part of the rules.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// Deadlines and clauses.
    Policy,
    /// The working calendar.
    Calendar,
    /// Published prices.
    Prices,
    /// Who becomes responsible.
    Sharing,
    /// What is tried out.
    Pilots,
    /// The tables of the technical computations.
    Technique,
}

/// Shows or replaces a part.
pub(super) fn run(config: &Config, part: Part, act: RulesAct) -> Result<()> {
    let store = config.open_store()?;
    let mut rules = match store.read_now(|unit| find(unit, Rules::ID))? {
        Some(Record::Rules(rules)) => rules,
        _ => Box::new(Rules::seed()),
    };
    let RulesAct::Set { file } = act else { return show(&rules, part) };
    match part {
        Part::Policy => rules.policy = read(&file)?,
        Part::Calendar => rules.calendar = read(&file)?,
        Part::Prices => rules.prices = read(&file)?,
        Part::Sharing => rules.sharing = read(&file)?,
        Part::Pilots => rules.pilots = read(&file)?,
        Part::Technique => rules.technique = read(&file)?,
    }
    let at = config.clock.now();
    let saved = rules.clone();
    store.write_now(move |unit| {
        let mut desk = Desk::open(unit)?;
        let change = Change { record: Rules::ID, event: Event::RulesSaved(saved) };
        desk.append(change, &administrative(By::default(), at))?;
        desk.save()?;
        unit.audit(
            at,
            AuditEntry {
                act: "rules_saved".to_owned(),
                subject: Some(Rules::ID.0),
                result: "ok".to_owned(),
                detail: Some(json!({ "part": name(part) })),
                ..AuditEntry::default()
            },
        )
    })?;
    show(&rules, part)
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Policy => "policy",
        Part::Calendar => "calendar",
        Part::Prices => "prices",
        Part::Sharing => "sharing",
        Part::Pilots => "pilots",
        Part::Technique => "technique",
    }
}

fn show(rules: &Rules, part: Part) -> Result<()> {
    match part {
        Part::Policy => print(&rules.policy),
        Part::Calendar => print(&rules.calendar),
        Part::Prices => print(&rules.prices),
        Part::Sharing => print(&rules.sharing),
        Part::Pilots => print(&rules.pilots),
        Part::Technique => print(&rules.technique),
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read(file)
        .map_err(|error| Error::config(format!("{}: {error}", file.display())))?;
    serde_json::from_slice(&text)
        .map_err(|error| Error::config(format!("{}: {error}; nothing was changed", file.display())))
}
