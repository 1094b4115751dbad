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

use super::{opening::decide, scene::Turn, story::Deed};
use crate::error::Result;

/// How a story ends or stands still.
pub(super) fn end(turn: &mut Turn<'_, '_, '_>, deed: Deed) -> Result<()> {
    let manager = turn.story.manager;
    match deed {
        Deed::Archive => {
            let shelf_no = format!("DA-{}-{:04}", turn.at.china().format("%Y"), turn.story.serial);
            turn.on_case("archivist1", Command::Archive(Archive { shelf_no }))
        }
        Deed::Withdraw => {
            let reason = "用户改用电磁灶,书面撤回申请".to_owned();
            turn.on_case(manager, Command::Withdraw(Withdraw { reason, costs_settled: true }))
        }
        Deed::AskPause => turn.on_case(
            "eng_dispatcher1",
            Command::Suspend(Suspend {
                reason: PauseReason::SiteNotReady,
                evidence: "甲方土建未完工,沟槽段被脚手架占用,已现场拍照".to_owned(),
                file: None,
                expected_end: Some(turn.at.plus_ms(10 * DAY_MS).date()),
            }),
        ),
        Deed::AskEnd => {
            let reason = "建设单位资金中断,项目停工,多次沟通无果".to_owned();
            turn.on_case(manager, Command::Terminate(Terminate { reason }))
        }
        _ => decide(turn, "cm_lead1"),
    }
}
