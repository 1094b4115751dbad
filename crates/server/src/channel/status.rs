//! What an outside system is told of a case on asking: states, next step, due,
//! materials owed, all masked.

use lantian_domain::{
    case::{
        Case,
        material::{MaterialState, OwedBy, material},
        outside::{Milestone, progress},
    },
    ids::RecordId,
    record::Record,
    time::{Date, Instant},
};
use rusqlite::{OptionalExtension as _, params};
use schemars::JsonSchema;
use serde::Serialize;

use super::{serial, words};
use crate::{error::Result, pipeline::find, store::Unit};

/// The most cases of a list.
const MOST: usize = 100;

/// How a case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Status {
    /// The number of the case.
    pub case_no: String,
    /// The channel's own number, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_id: Option<String>,
    /// The state's code.
    pub state: &'static str,
    /// The state in words.
    pub state_name: &'static str,
    /// What comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<&'static str>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// Applicant, masked.
    pub applicant: String,
    /// Telephone, masked.
    pub phone: String,
    /// What has happened.
    pub steps: Vec<Milestone>,
    /// What the applicant still owes.
    pub materials_owed: Vec<Owed>,
}

/// A material that the applicant owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Owed {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: &'static str,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

impl Status {
    /// How `case` stands, for the applicant.
    pub(super) fn of(case: &Case) -> Self {
        let open = case.clocks.iter().filter(|clock| clock.state.is_open());
        let owed = case.materials.iter().filter(|item| {
            item.owed_by == Some(OwedBy::Customer)
                && matches!(item.state, MaterialState::Owed | MaterialState::Rejected)
        });
        Self {
            case_no: case.no.clone(),
            serial_id: case.external_serial.clone(),
            state: case.state.as_str(),
            state_name: words::state(case.state),
            next_step: words::next(case.state),
            due_at: open.map(|clock| clock.due_at).min(),
            applicant: words::name(&case.basic.name),
            phone: words::phone(&case.basic.phone),
            steps: progress(case),
            materials_owed: owed
                .map(|item| Owed {
                    code: item.code.clone(),
                    name: material(&item.code).map_or("材料", |kind| kind.name_zh),
                    due_on: item.due_on,
                })
                .collect(),
        }
    }
}

/// A case by its number or serial, if the client has sent something of it.
///
/// # Errors
/// The store's.
pub(super) fn own(unit: &Unit<'_>, client: &str, named: &str) -> Result<Option<Box<Case>>> {
    const SQL: &str = "SELECT record FROM channel_serials
         WHERE org = ?1 AND client = ?2 AND (serial = ?3 OR case_no = ?3) LIMIT 1";
    let found: Option<Vec<u8>> = unit
        .connection()
        .prepare_cached(SQL)?
        .query_row(params![unit.org(), client, named], |row| row.get(0))
        .optional()?;
    found.map_or(Ok(None), |bytes| case(unit, serial::record_id(&bytes)?))
}

fn case(unit: &Unit<'_>, record: RecordId) -> Result<Option<Box<Case>>> {
    Ok(match find(unit, record)? {
        Some(Record::Case(case)) => Some(case),
        _ => None,
    })
}

/// The cases of an applicant's account, newest first.
///
/// # Errors
/// The store's.
pub(super) fn of_account(unit: &Unit<'_>, client: &str, account: &str) -> Result<Vec<Status>> {
    let mut all = Vec::new();
    for record in serial::of_account(unit, client, account, MOST)? {
        all.extend(case(unit, record)?.map(|case| Status::of(&case)));
    }
    Ok(all)
}
