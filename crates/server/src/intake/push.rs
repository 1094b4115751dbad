//! A row in its normal form: what a `receive_push` command carries, with the
//! warnings found on the way.

use lantian_domain::{
    lead::{ReceivePush, Source},
    time::Instant,
};

use super::{
    boundary,
    fault::RowFault,
    opinion, project,
    result::Warning,
    table::{Part, RawRow},
};

/// A push of one project, ready to be judged.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Push {
    /// The command's data.
    pub data: ReceivePush,
    /// What was doubtful.
    pub warnings: Vec<Warning>,
}

/// What a row means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// A push of a project.
    Push(Box<Push>),
    /// Reference information without a project; it stays with the file.
    Reference,
}

/// Normalises a row.
///
/// # Errors
/// [`RowFault`] when a mandatory field is missing or wrong.
pub(crate) fn normalise(raw: &RawRow, pushed_at: Option<Instant>) -> Result<Meaning, RowFault> {
    match raw.part {
        Part::Records => project::normalise(raw, pushed_at),
        Part::Opinions => opinion::normalise(raw, pushed_at),
        Part::Boundaries => boundary::normalise(raw, pushed_at),
        Part::Controls | Part::Applications => return Ok(Meaning::Reference),
    }
    .map(|push| Meaning::Push(Box::new(push)))
}

/// A push with nothing but its name.
pub(crate) fn blank(
    source: Source,
    source_key: String,
    pushed_at: Instant,
    name: String,
) -> ReceivePush {
    ReceivePush {
        source,
        source_key,
        pushed_at,
        updated_at: None,
        valid: true,
        project_code: None,
        works_code: None,
        region_code: None,
        site_region: None,
        project_name: name,
        builder_name: None,
        builder_uscc: None,
        contact_name: None,
        contact_phone: None,
        site_address: None,
        geo: None,
        boundary: Vec::new(),
        planned_start: None,
        planned_finish: None,
        scale_note: None,
        est_households: None,
        est_area_m2: None,
        stage_code: None,
        opinion: None,
        raw: std::collections::BTreeMap::new(),
        warnings: Vec::new(),
    }
}

/// The instant of the push, from the row or from the whole push.
///
/// # Errors
/// [`RowFault`] when neither has one.
pub(crate) fn pushed_at(row: Option<Instant>, batch: Option<Instant>) -> Result<Instant, RowFault> {
    row.or(batch).ok_or_else(|| RowFault::missing("pushed_at", "推送时间"))
}
