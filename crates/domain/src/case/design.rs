//! 施工图: the construction drawing, C10 (e.9, R-17). The designer proposes a
//! version, the reviewer's yes issues it (SOD-1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{
        Case,
        gate::{Gate, require_open},
        pressure::PressureClass,
    },
    coded::coded,
    context::Context,
    event::{Event, Stop},
    file::FileKind,
    flow::stop,
    ids::{FileId, UserId},
    policy::RuleId,
    refusal::{Code, Refusal, require},
    technique::{self, DesignSheet},
    time::Instant,
};

coded! {
    /// What every drawing is checked for.
    CheckItem {
        /// 接气点与压力级制
        TieIn = "tie_in",
        /// 管线间距
        Clearance = "clearance",
        /// 覆土深度
        CoverDepth = "cover_depth",
        /// 管材与壁厚
        PipeMaterial = "pipe_material",
        /// 通风与用气房间
        Ventilation = "ventilation",
        /// 计量与调压
        Metering = "metering",
        /// 报警与切断
        Alarm = "alarm",
        /// 穿越与许可
        Crossing = "crossing",
    }
}

/// The answer to one item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckAnswer {
    /// The item.
    pub item: CheckItem,
    /// Whether the drawing complies.
    pub complies: bool,
    /// Why it need not, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Proposes a version of the drawing; the reviewer issues it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueDesign {
    /// The drawing.
    #[schemars(extend("x-widget" = "drawing"))]
    pub drawing: FileId,
    /// 设计压力级制
    pub pressure_class: PressureClass,
    /// 设计检查表, every item answered.
    #[schemars(extend("x-widget" = "checklist:design"))]
    pub checklist: Vec<CheckAnswer>,
    /// 依据规范
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub norms: Vec<String>,
    /// 技术数据: pipes, clearances, meters, pressure (T-03 to T-07).
    #[serde(default, skip_serializing_if = "DesignSheet::is_empty")]
    pub sheet: DesignSheet,
    /// What changed against the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// An issued version of the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Design {
    /// From 1.
    pub version: u32,
    /// The drawing.
    pub drawing: FileId,
    /// SHA-256 of the drawing, 64 hex digits.
    pub sha256: String,
    /// 设计压力级制
    pub pressure_class: PressureClass,
    /// 设计检查表
    pub checklist: Vec<CheckAnswer>,
    /// 技术数据
    #[serde(default, skip_serializing_if = "DesignSheet::is_empty")]
    pub sheet: DesignSheet,
    /// Who drew it.
    pub designer: UserId,
    /// Who let it out.
    pub reviewer: UserId,
    /// When.
    pub issued_at: Instant,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Issues a drawing: what the designer proposed, with the reviewer's word.
pub(crate) fn issue(
    case: &Case,
    issue: &IssueDesign,
    proposal: Option<&Approval>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(case.survey.is_some(), || {
        Refusal::new(Code::Gate).with("gate", "survey").with("missing", "survey")
    })?;
    require_open(case, Gate::Pressure, cx)?;
    require_open(case, Gate::LegalDesign, cx)?;
    let drawing = case
        .file(issue.drawing)
        .filter(|file| matches!(file.kind, FileKind::Drawing))
        .ok_or_else(|| Refusal::field("drawing", "attach the drawing to the case first"))?;
    checked(&issue.checklist)?;
    technique::refused(case, issue, &cx.rules.technique)?;
    technique::unexplained(case, issue, &cx.rules.technique)?;
    let design = Design {
        version: case.design().map_or(0, |design| design.version) + 1,
        drawing: issue.drawing,
        sha256: drawing.sha256.clone(),
        pressure_class: issue.pressure_class,
        checklist: issue.checklist.clone(),
        sheet: issue.sheet.clone(),
        designer: proposal.map_or(cx.actor.user, |proposal| proposal.by),
        reviewer: cx.actor.user,
        issued_at: cx.now,
        note: issue.note.clone(),
    };
    let mut events = vec![Event::DesignIssued(design)];
    events.extend(stop(&case.clocks, RuleId::D03, cx.now, Stop::Done));
    Ok(events)
}

fn checked(checklist: &[CheckAnswer]) -> Result<(), Refusal> {
    let open: Vec<_> = CheckItem::ALL
        .iter()
        .filter(|item| {
            !checklist.iter().any(|answer| {
                let explained = answer.note.as_ref().is_some_and(|note| !note.trim().is_empty());
                answer.item == **item && (answer.complies || explained)
            })
        })
        .map(|item| item.as_str())
        .collect();
    require(open.is_empty(), || {
        Refusal::field("checklist", "every item answered, a no explained")
            .with("missing", open.join(","))
    })
}
