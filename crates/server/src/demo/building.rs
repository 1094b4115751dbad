//! The contractor, construction.

use lantian_domain::{
    case::{
        construction::{CompleteInstallation, ReportProgress, Stage, StartConstruction},
        engineering::{ArrangeContractor, ConfirmSite},
    },
    command::Command,
    file::FileKind,
    time::DAY_MS,
};

use super::{
    paper::Paper,
    scene::{Turn, decimal},
};
use crate::error::Result;

const DISPATCHER: &str = "eng_dispatcher1";
const BUILDER: &str = "contractor_lead1";

/// A contractor is arranged.
pub(super) fn arrange(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let order = ArrangeContractor {
        contractor: "示例市政工程有限公司".to_owned(),
        qualification_no: "D241000000".to_owned(),
        qualification_valid_to: turn.at.plus_ms(700 * DAY_MS).date(),
        lead: turn.staff.user(BUILDER)?,
        supervisor: Some(turn.staff.user("site_supervisor1")?),
        planned_start: turn.at.plus_ms(2 * DAY_MS).date(),
        planned_finish: turn.at.plus_ms(30 * DAY_MS).date(),
    };
    turn.on_case(DISPATCHER, Command::ArrangeContractor(order))
}

/// Site and material are ready.
pub(super) fn site(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let site = ConfirmSite {
        site_ready: true,
        agreed_date: turn.at.date(),
        material_ready: true,
        note: Some("物业已同意进场".to_owned()),
    };
    turn.on_case(DISPATCHER, Command::ConfirmSite(site))
}

/// Construction begins.
pub(super) fn begin(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let photo = turn.attach(BUILDER, FileKind::PhotoConstruction, Paper::Trench)?;
    let crew = vec!["丁力".to_owned(), "史文杰".to_owned(), "彭涛".to_owned()];
    turn.on_case(BUILDER, Command::StartConstruction(StartConstruction { crew, photo }))
}

/// The contractor declares everything installed.
pub(super) fn declare(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let test = turn.attach(BUILDER, FileKind::TestRecord, Paper::Test)?;
    let done = CompleteInstallation {
        bill_cleared: true,
        meters: vec![meter(turn.story.serial)],
        as_built_m: decimal(if turn.story.kind.is_small() { "26.5" } else { "131.5" })?,
        tests: vec![test],
        note: None,
    };
    turn.on_case(BUILDER, Command::CompleteInstallation(done))
}

/// The number of the story's meter.
pub(super) fn meter(serial: u32) -> String {
    format!("XZ2026{:07}", 3_100_000 + serial * 11)
}

/// A stage of construction.
pub(super) fn stage(turn: &mut Turn<'_, '_, '_>, stage: Stage, quantity: &str) -> Result<()> {
    let photo = turn.attach(BUILDER, FileKind::PhotoConstruction, Paper::Trench)?;
    let progress = ReportProgress {
        stage,
        quantity: Some(decimal(quantity)?),
        photos: vec![photo],
        changed_part: false,
        hidden_work_signed_by: (stage == Stage::Backfill).then(|| "许静".to_owned()),
        note: None,
        at: None,
    };
    turn.on_case(BUILDER, Command::ReportProgress(progress))
}
