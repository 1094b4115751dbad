//! 办理进度 for the user: the company's steps, and the one thing that is his
//! («1个环节», R-28).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, CaseState, Channel,
        material::{OwedBy, material},
    },
    coded::coded,
    time::{Date, Instant},
};

coded! {
    /// The company's steps as a user sees them.
    PublicStep {
        /// 受理
        Accepted = "accepted",
        /// 上门勘察设计
        Survey = "survey",
        /// 确认费用
        Fee = "fee",
        /// 施工安装
        Construction = "construction",
        /// 验收通气
        GasOn = "gas_on",
    }
}

coded! {
    /// How far a step is.
    Pace {
        /// 已完成
        Done = "done",
        /// 办理中
        Doing = "doing",
        /// 未开始
        Ahead = "ahead",
    }
}

coded! {
    /// What the user does. There is exactly one thing.
    UserAction {
        /// 申请
        Apply = "apply",
    }
}

/// A step of the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepSeen {
    /// Which.
    pub step: PublicStep,
    /// How far.
    pub pace: Pace,
}

/// What the user does himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionSeen {
    /// What.
    pub action: UserAction,
    /// When he did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Instant>,
    /// Through which channels he can; the manager helps with each.
    pub channels: Vec<Channel>,
}

/// A paper that the user promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseSeen {
    /// Name of the material.
    pub name: String,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// What a user is shown of his case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// The number of the case.
    pub no: String,
    /// 101 工作模式.
    pub mode_101: bool,
    /// 四零服务.
    pub four_zero: bool,
    /// What the company does, in order.
    pub steps: Vec<StepSeen>,
    /// What the user does: one action.
    pub actions: Vec<ActionSeen>,
    /// The papers that he promised and that are still out.
    pub promises: Vec<PromiseSeen>,
    /// When gas was turned on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_on_at: Option<Instant>,
}

/// The channels through which a user applies without going anywhere.
pub const APPLY_THROUGH: [Channel; 6] = [
    Channel::GovPortal,
    Channel::WechatOa,
    Channel::LantianApp,
    Channel::Zaidexinzheng,
    Channel::Hotline,
    Channel::OnSite,
];

/// What the user of `case` is shown.
pub fn progress(case: &Case) -> Progress {
    let gas = case.gas.as_ref();
    let promised = case.materials.iter().filter(|item| {
        item.owed_by == Some(OwedBy::Customer) && item.is_open() && !case.state.is_ended()
    });
    Progress {
        no: case.no.clone(),
        mode_101: case.mode_101,
        four_zero: case.four_zero(),
        steps: steps(case),
        actions: vec![ActionSeen {
            action: UserAction::Apply,
            done_at: gas.and_then(|gas| gas.applied_at).or_else(|| case.applied_at()),
            channels: APPLY_THROUGH.to_vec(),
        }],
        promises: promised
            .map(|item| PromiseSeen {
                name: material(&item.code)
                    .map_or(item.code.as_str(), |kind| kind.name_zh)
                    .to_owned(),
                due_on: item.due_on,
            })
            .collect(),
        gas_on_at: gas.and_then(|gas| gas.on_at),
    }
}

fn steps(case: &Case) -> Vec<StepSeen> {
    let marks = [
        case.intake.accepted_at.is_some(),
        case.design().is_some() && case.budget().is_some(),
        case.confirmation().is_some(),
        case.construction.as_ref().is_some_and(|build| build.completed.is_some()),
        case.state == CaseState::GasOn || case.gas.as_ref().is_some_and(|gas| gas.on_at.is_some()),
    ];
    let doing = marks.iter().position(|done| !done).filter(|_| case.state.is_active());
    PublicStep::ALL
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let pace = match (marks[at], doing == Some(at)) {
                (true, _) => Pace::Done,
                (false, true) => Pace::Doing,
                (false, false) => Pace::Ahead,
            };
            StepSeen { step: *step, pace }
        })
        .collect()
}
