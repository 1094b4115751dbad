//! 回访台账: each item on another way to its end.

use lantian_domain::{
    approval::Decide,
    command::Command,
    ids::RecordId,
    ledger::{
        CloseLedgerItem, Confirm, ItemKind, ItemSource, PlanLedgerItem, RegisterLedgerItem,
        Severity, SolveLedgerItem, StartLedgerItem,
    },
    role::OrgUnit,
    time::{DAY_MS, HOUR_MS, Instant},
};
use uuid::Uuid;

use super::Stage;
use crate::error::Result;

/// What becomes of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nobody got further than the beginning: it is late.
    Begun,
    /// Solved, it waits for its closing.
    Solved,
    /// Closed.
    Closed,
    /// The wish cannot be met, and the customer agrees.
    Explained,
    /// It needs longer work, which the lead has allowed.
    Planned,
}

const MATTERS: [(i64, &str, ItemKind, Severity, End); 5] = [
    (12, "燃气表箱门松动，用户担心安全", ItemKind::Safety, Severity::Urgent, End::Begun),
    (5, "安装后墙面未恢复", ItemKind::Installation, Severity::Normal, End::Solved),
    (6, "希望开具增值税专用发票", ItemKind::Need, Severity::Normal, End::Closed),
    (8, "希望免除室内改管的材料费", ItemKind::Cost, Severity::Normal, End::Explained),
    (7, "用气高峰时压力偏低，需更换小区调压箱", ItemKind::GasUse, Severity::Normal, End::Planned),
];

/// Plays every item.
pub(super) fn play(stage: &mut Stage<'_, '_, '_>, now: Instant) -> Result<()> {
    for (days, text, kind, severity, end) in MATTERS {
        let id = RecordId(Uuid::now_v7());
        let at = now.plus_ms(-days * DAY_MS);
        let given = RegisterLedgerItem {
            source: ItemSource::Hotline,
            kind,
            severity,
            text: text.to_owned(),
            customer: "赵女士".to_owned(),
            case: None,
            heard_at: None,
            org: OrgUnit::MarketDept,
            person: stage.staff.user("manager1")?,
        };
        stage.give("hotline1", id, at, Command::RegisterLedgerItem(given))?;
        let measures = "已联系用户，约定上门时间".to_owned();
        let begun = Command::StartLedgerItem(StartLedgerItem { measures });
        stage.give("manager1", id, at.plus_ms(3 * HOUR_MS), begun)?;
        finish(stage, id, at, end)?;
    }
    Ok(())
}

fn finish(stage: &mut Stage<'_, '_, '_>, id: RecordId, at: Instant, end: End) -> Result<()> {
    let after = |hours: i64| at.plus_ms(hours * HOUR_MS);
    if matches!(end, End::Solved | End::Closed) {
        let photo = stage.attach("manager1", id, after(20))?;
        let solved = SolveLedgerItem {
            measures: None,
            result: "已上门处理，用户确认".to_owned(),
            evidence: vec![photo],
        };
        stage.give("manager1", id, after(20), Command::SolveLedgerItem(solved))?;
    }
    let explanation = "室内改管按公示价目由用户承担，用户表示理解";
    match end {
        End::Begun | End::Solved => Ok(()),
        End::Closed => stage.give("service_lead1", id, after(26), close(None)),
        End::Explained => stage.give("service_lead1", id, after(26), close(Some(explanation))),
        End::Planned => {
            let until = after(45 * 24).date();
            let reason = "调压箱采购和更换需要一个多月".to_owned();
            let plan = Command::PlanLedgerItem(PlanLedgerItem { until, reason });
            stage.give("manager1", id, after(22), plan)?;
            let decide = Decide { no: 1, approve: true, note: None };
            stage.give("service_lead1", id, after(26), Command::Decide(decide))
        }
    }
}

fn close(explanation: Option<&str>) -> Command {
    Command::CloseLedgerItem(CloseLedgerItem {
        customer_confirm: Confirm::Yes,
        attempts: Vec::new(),
        explanation: explanation.map(str::to_owned),
        items: Vec::new(),
    })
}
