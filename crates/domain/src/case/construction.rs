//! 施工: C20 to C22 (e.11, R-22…R-25).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{
        Case, CaseState,
        engineering::{ArrangeContractor, ConfirmSite},
        fee::require_consent,
        gate::{Gate, require_open},
        material::known_files,
        permit,
    },
    coded::coded,
    context::Context,
    event::{Event, Stop},
    flow::{start, stop},
    ids::FileId,
    money::Quantity,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

/// The order and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Construction {
    /// 施工任务单
    pub order: ArrangeContractor,
    /// Site and material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<ConfirmSite>,
    /// When every gate was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Instant>,
    /// How it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<StartConstruction>,
    /// Its stages, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub progress: Vec<ReportProgress>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<CompleteInstallation>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Instant>,
}

/// Construction begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartConstruction {
    /// 班组人员
    pub crew: Vec<String>,
    /// 开工照片
    #[schemars(extend("x-widget" = "file:photo_construction"))]
    pub photo: FileId,
}

coded! {
    /// Stages of construction (e.11).
    Stage {
        /// 开挖
        Excavation = "excavation",
        /// 管道敷设
        PipeLaying = "pipe_laying",
        /// 焊接、熔接
        Welding = "welding",
        /// 回填
        Backfill = "backfill",
        /// 调压设备
        Regulator = "regulator",
        /// 户内安装
        Indoor = "indoor",
        /// 吹扫
        Purging = "purging",
        /// 强度试验
        StrengthTest = "strength_test",
        /// 严密性试验
        TightnessTest = "tightness_test",
    }
}

/// A stage of construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportProgress {
    /// Which stage.
    pub stage: Stage,
    /// How much of it, m or pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub quantity: Option<Quantity>,
    /// 照片; hidden work is photographed before backfill.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:photo_construction"))]
    pub photos: Vec<FileId>,
    /// 变更部分: belongs to what was changed after the user had agreed (H-13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub changed_part: bool,
    /// 监理: who signed for hidden work; needed for backfill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_work_signed_by: Option<String>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
    /// When; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub at: Option<Instant>,
}

/// Everything is installed; the dispatcher confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompleteInstallation {
    /// 材料表逐项安装完毕或核销
    pub bill_cleared: bool,
    /// 表号
    pub meters: Vec<String>,
    /// 竣工长度, m.
    #[schemars(extend("x-widget" = "quantity"))]
    pub as_built_m: Quantity,
    /// 自检试验记录
    #[schemars(extend("x-widget" = "files:test_record"))]
    pub tests: Vec<FileId>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

pub(crate) fn begin(
    case: &Case,
    begun: &StartConstruction,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_ours(case, cx)?;
    for gate in [Gate::Contract, Gate::Pay, Gate::Permit, Gate::Site, Gate::Material] {
        require_open(case, gate, cx)?;
    }
    require_consent(case)?;
    let named = begun.crew.iter().any(|name| !name.trim().is_empty());
    require(named, || Refusal::field("crew", "who works here"))?;
    known_files(case, &[begun.photo], "photo")?;
    let mut events = vec![Event::ConstructionStarted(begun.clone())];
    events.extend(permit::begin_use(case, cx));
    Ok(events)
}

pub(crate) fn report(
    case: &Case,
    stage: &ReportProgress,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_ours(case, cx)?;
    if stage.changed_part {
        require_consent(case)?;
    }
    known_files(case, &stage.photos, "photos")?;
    if stage.stage == Stage::Backfill {
        require(!stage.photos.is_empty(), || {
            Refusal::new(Code::Evidence).with("field", "photos").with("want", "hidden work")
        })?;
        let signed = stage.hidden_work_signed_by.as_ref().is_some_and(|n| !n.trim().is_empty());
        require(signed, || {
            Refusal::new(Code::Evidence)
                .with("field", "hidden_work_signed_by")
                .with("want", "supervisor")
        })?;
    }
    Ok(vec![Event::ProgressReported(ReportProgress { at: Some(cx.now), ..stage.clone() })])
}

/// The contractor's declaration with the dispatcher's word; D-06 stops at the
/// declaration.
pub(crate) fn complete(
    case: &Case,
    done: &CompleteInstallation,
    proposal: Option<&Approval>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if proposal.is_none() {
        require_ours(case, cx)?;
    }
    require_consent(case)?;
    require(done.bill_cleared, || {
        Refusal::field("bill_cleared", "install or clear every line of the bill first")
    })?;
    let meters = done.meters.iter().any(|no| !no.trim().is_empty());
    require(meters, || Refusal::field("meters", "at least one number"))?;
    require(done.as_built_m.units() >= 0, || Refusal::field("as_built_m", "0 or more"))?;
    require(!done.tests.is_empty(), || {
        Refusal::new(Code::Evidence).with("field", "tests").with("want", "own tests")
    })?;
    known_files(case, &done.tests, "tests")?;
    let unmet = permit::unmet(case);
    require(unmet.is_empty(), || {
        Refusal::new(Code::Evidence).with("field", "conditions").with("item", unmet.join("；"))
    })?;
    let declared = proposal.map_or(cx.now, |proposal| proposal.at);
    let mut events = vec![Event::InstallationCompleted(done.clone())];
    for rule in [RuleId::D06a, RuleId::D06b, RuleId::D06c] {
        events.extend(stop(&case.clocks, rule, declared, Stop::Done));
    }
    Ok(events)
}

/// What follows for an application that waited for the installation (C23).
pub(crate) fn apply_queued(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let queued = case.gas.as_ref().and_then(|gas| gas.queued.clone());
    match queued {
        Some(application) if case.state == CaseState::Installed => vec![
            Event::GasOnApplied(application),
            start(cx, RuleId::D07, cx.now, Some(case.manager)),
        ],
        _ => Vec::new(),
    }
}

/// A contractor acts on its own orders only.
fn require_ours(case: &Case, cx: &Context<'_>) -> Result<(), Refusal> {
    let ours = case.construction.as_ref().is_some_and(|build| build.order.lead == cx.actor.user);
    require(ours || cx.actor.is(Role::EngDispatcher), || Refusal::new(Code::Assigned))
}
