//! The application for gas-on, acceptance, ignition.

use lantian_domain::{
    case::{
        Channel,
        acceptance::{
            Defect, PressureTest, RecordAcceptance, StartAcceptance, TestKind, TestMedium,
        },
        gas_on::{GasOnTicket, NotIgnited, NotIgnitedCause, SAFETY_NOTICE, SubmitGasOn},
    },
    command::Command,
    file::FileKind,
    time::DAY_MS,
};

use super::{
    agreement::signature,
    building::meter,
    paper::Paper,
    scene::{Turn, decimal},
};
use crate::error::Result;

const INSPECTOR: &str = "acceptance_inspector1";
const OPERATOR: &str = "ignition_operator1";

/// The user applies for gas-on.
pub(super) fn apply(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    const CHANNELS: [Channel; 4] =
        [Channel::WechatOa, Channel::GovPortal, Channel::OnSite, Channel::LantianApp];
    let application = SubmitGasOn {
        channel: CHANNELS[turn.story.serial as usize % CHANNELS.len()],
        applicant: turn.story.contact.to_owned(),
        external_serial: None,
        wished_at: Some(turn.at.plus_ms(DAY_MS / 2)),
        assisted_by: None,
    };
    turn.on_case(turn.story.manager, Command::SubmitGasOn(application))
}

/// Acceptance begins.
pub(super) fn inspect(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    turn.on_case(INSPECTOR, Command::StartAcceptance(StartAcceptance {}))
}

/// Acceptance passes.
pub(super) fn pass(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    result(turn, Vec::new())
}

/// Acceptance fails.
pub(super) fn fail(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let what = "表后阀门处检出微漏,需更换密封件后复验".to_owned();
    result(turn, vec![Defect { what, due_on: turn.at.plus_ms(DAY_MS).date() }])
}

/// Nobody opens the door.
pub(super) fn closed_door(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let failed = NotIgnited {
        cause: NotIgnitedCause::UserAbsent,
        reason: "约定时间用户外出,电话改约".to_owned(),
        photo: turn.attach(OPERATOR, FileKind::PhotoSite, Paper::Site)?,
        appointment: turn.at.plus_ms(DAY_MS / 3),
    };
    turn.on_case(OPERATOR, Command::RecordNotIgnited(failed))
}

/// Gas is turned on.
pub(super) fn ignite(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let valve_photo = turn.attach(OPERATOR, FileKind::PhotoValve, Paper::Valve)?;
    let safety_notice = signature(turn, OPERATOR, SAFETY_NOTICE.to_owned())?;
    let ticket = GasOnTicket {
        ignited_at: turn.at,
        meter_no: meter(turn.story.serial),
        meter_size: Some(if turn.story.kind.is_small() { "G1.6" } else { "G160" }.to_owned()),
        meter_verification_no: format!("JD2026-{:06}", 40_000 + turn.story.serial),
        verified_on: turn.at.plus_ms(-40 * DAY_MS).date(),
        next_verification: None,
        start_reading_m3: decimal("0")?,
        leak_check_passed: true,
        flames_ok: true,
        alarm_no: Some(format!("BJ{:06}", 8_000 + turn.story.serial)),
        alarm_tested: true,
        valve_photo,
        safety_notice,
        witness: Some(turn.story.contact.to_owned()),
        account_no: Some(format!("0371{:07}", 900_000 + turn.story.serial)),
    };
    turn.on_case(OPERATOR, Command::TurnGasOn(Box::new(ticket)))
}

fn result(turn: &mut Turn<'_, '_, '_>, defects: Vec<Defect>) -> Result<()> {
    let record = turn.attach(INSPECTOR, FileKind::TestRecord, Paper::Test)?;
    let passed = defects.is_empty();
    let result = RecordAcceptance {
        passed,
        tests: vec![
            test(turn, TestKind::Strength, 60, passed)?,
            test(turn, TestKind::Tightness, 150, passed)?,
        ],
        defects,
        signers: vec!["郭涛".to_owned(), "杨大勇".to_owned(), "许静".to_owned()],
        files: vec![record],
        note: None,
        warranty_until: None,
        at: None,
    };
    turn.on_case(INSPECTOR, Command::RecordAcceptance(result))
}

fn test(
    turn: &Turn<'_, '_, '_>,
    kind: TestKind,
    hold_minutes: u32,
    tight: bool,
) -> Result<PressureTest> {
    Ok(PressureTest {
        kind,
        medium: TestMedium::Air,
        pressure_kpa: decimal("120")?,
        hold_minutes,
        start_kpa: decimal("120")?,
        end_kpa: decimal(if tight { "120" } else { "118.4" })?,
        gauge_valid_to: turn.at.plus_ms(200 * DAY_MS).date(),
    })
}
