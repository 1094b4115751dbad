//! Ends and pauses.

use lantian_domain::{
    case::{
        closing::{Archive, Terminate, Withdraw},
        suspension::Suspend,
    },
    command::Command,
    policy::PauseReason,
    time::DAY_MS,
};

use super::scene::Turn;
use crate::error::Result;

/// The file is archived.
pub(super) fn archive(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let shelf_no = format!("DA-{}-{:04}", turn.at.china().format("%Y"), turn.story.serial);
    turn.on_case("archivist1", Command::Archive(Archive { shelf_no }))
}

/// The user withdraws.
pub(super) fn withdraw(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let reason = "用户改用电磁灶,书面撤回申请".to_owned();
    turn.on_case(
        turn.story.manager,
        Command::Withdraw(Withdraw { reason, costs_settled: true, incurred: Vec::new() }),
    )
}

/// The dispatcher asks to suspend.
pub(super) fn ask_pause(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let suspend = Suspend {
        reason: PauseReason::SiteNotReady,
        evidence: "甲方土建未完工,沟槽段被脚手架占用,已现场拍照".to_owned(),
        file: None,
        expected_end: Some(turn.at.plus_ms(10 * DAY_MS).date()),
    };
    turn.on_case("eng_dispatcher1", Command::Suspend(suspend))
}

/// The manager proposes to terminate.
pub(super) fn ask_end(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let reason = "建设单位资金中断,项目停工,多次沟通无果".to_owned();
    turn.on_case(turn.story.manager, Command::Terminate(Terminate { reason }))
}
