//! What became of a push: one result for each row, and totals.

use lantian_domain::ids::{RecordId, UserId};
use serde::Serialize;

use super::{
    fault::RowFault,
    table::{Part, RawRow},
};

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken: a lead was created, updated, joined or retracted.
    Accepted,
    /// Known already and not newer; nothing changed.
    Duplicate,
    /// A rule of the fields refuses it.
    Rejected,
    /// Not understood; kept aside with the file.
    Quarantined,
}

/// What an accepted row did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A lead was created.
    LeadCreated,
    /// The lead has newer information.
    Updated,
    /// The information was added to the lead of the same project.
    Joined,
    /// The platform took the project back.
    Retracted,
    /// It belongs to no project and stays with the file.
    Kept,
    /// A case was created, or an application for gas-on put to one.
    CaseCreated,
}

/// Something doubtful about an accepted row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable code, as `E_V02`.
    pub code: &'static str,
    /// The field concerned, by its exchange name.
    pub field: &'static str,
    /// What to look at, in Chinese.
    pub message: String,
}

impl Warning {
    /// A warning about a field.
    pub fn new(code: &'static str, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, field, message: message.into() }
    }
}

/// The result of one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowResult {
    /// Number among the entries, from 1.
    pub row: u32,
    /// Line of the file, for tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Which list of the push.
    pub part: Part,
    /// What became of it.
    pub status: Status,
    /// Stable code of the rule that stands against the row.
    pub code: Option<String>,
    /// The field concerned.
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub message: Option<String>,
    /// What was done for an accepted row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// For a duplicate within the push: the row that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_row: Option<u32>,
    /// The lead; for what is only kept, the push as filed.
    pub id: Option<RecordId>,
    /// The state of the lead when it ended by this row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<&'static str>,
    /// Why it ended, as `out_of_area`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// To whom the lead was handed over at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<UserId>,
    /// What was doubtful.
    pub warnings: Vec<Warning>,
}

impl RowResult {
    /// A result without anything to explain.
    pub fn plain(raw: &RawRow, status: Status) -> Self {
        Self {
            row: raw.row,
            line: raw.line,
            part: raw.part,
            status,
            code: None,
            field: None,
            message: None,
            effect: None,
            of_row: None,
            id: None,
            lead: None,
            reason: None,
            manager: None,
            warnings: Vec::new(),
        }
    }

    /// The result of a row with a fault.
    pub fn faulty(raw: &RawRow, fault: RowFault) -> Self {
        let status = if fault.quarantine { Status::Quarantined } else { Status::Rejected };
        Self {
            code: Some(fault.code.to_owned()),
            field: Some(fault.field.to_owned()),
            message: Some(fault.message),
            ..Self::plain(raw, status)
        }
    }

    /// The same with the record concerned.
    #[must_use]
    pub fn about(mut self, id: RecordId) -> Self {
        self.id = Some(id);
        self
    }
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// The source.
    pub source: &'static str,
    /// The sender's name of the push.
    pub batch_id: Option<String>,
    /// SHA-256 of the file, which is kept.
    pub sha256: String,
    /// Rows in all.
    pub total: usize,
    /// Rows taken, those out of area included.
    pub accepted: usize,
    /// Rows known already.
    pub duplicate: usize,
    /// Rows refused.
    pub rejected: usize,
    /// Rows kept aside.
    pub quarantined: usize,
    /// Of the accepted: kept as invalid because they lie outside 新郑市.
    pub out_of_area: usize,
    /// Of the accepted: with at least one warning.
    pub accepted_with_warning: usize,
    /// Leads handed over to a manager at once.
    pub handed_over: usize,
    /// The result of each row.
    pub rows: Vec<RowResult>,
}

impl ImportReport {
    /// Counts the results.
    pub fn of(
        source: &'static str,
        batch_id: Option<String>,
        sha256: String,
        rows: Vec<RowResult>,
    ) -> Self {
        let count = |status| rows.iter().filter(|row| row.status == status).count();
        let accepted = |row: &&RowResult| row.status == Status::Accepted;
        Self {
            source,
            batch_id,
            sha256,
            total: rows.len(),
            accepted: count(Status::Accepted),
            duplicate: count(Status::Duplicate),
            rejected: count(Status::Rejected),
            quarantined: count(Status::Quarantined),
            out_of_area: rows
                .iter()
                .filter(accepted)
                .filter(|row| row.reason.as_deref() == Some("out_of_area"))
                .count(),
            accepted_with_warning: rows
                .iter()
                .filter(accepted)
                .filter(|row| !row.warnings.is_empty())
                .count(),
            handed_over: rows.iter().filter(|row| row.manager.is_some()).count(),
            rows,
        }
    }
}
