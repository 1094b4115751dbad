//! 移交工程部, 组织施工: C17, C18 and the site's readiness (e.11, R-20, R-21).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, CaseState, Segment,
        assignment::active,
        gate::{Gate, missing, require_open},
    },
    context::{Context, View},
    event::{Empty, Event, Stop},
    flow::{start, stop},
    ids::{FileId, UserId},
    policy::RuleId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::{Date, Instant},
};

/// The hand-over to engineering; complete when both sides are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engineering {
    /// Who was told, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified: Option<Notified>,
    /// Which drawing is in the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded: Option<Uploaded>,
    /// When both were there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Instant>,
}

/// Tells engineering, puts the drawing into the system, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandToEngineering {
    /// The person in engineering who is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person:eng_dispatcher"))]
    pub engineer: Option<UserId>,
    /// The issued drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "drawing"))]
    pub drawing: Option<FileId>,
}

/// Engineering was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notified {
    /// Who.
    pub engineer: UserId,
    /// When.
    pub at: Instant,
}

/// The drawing is in the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uploaded {
    /// The drawing.
    pub drawing: FileId,
    /// Its SHA-256, that of the issued version.
    pub sha256: String,
    /// When.
    pub at: Instant,
}

/// A contractor is arranged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArrangeContractor {
    /// 施工单位
    pub contractor: String,
    /// 资质编号
    pub qualification_no: String,
    /// 资质有效期至
    #[schemars(extend("x-widget" = "date"))]
    pub qualification_valid_to: Date,
    /// 施工负责人
    #[schemars(extend("x-widget" = "person:contractor_lead"))]
    pub lead: UserId,
    /// 监理
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person:site_supervisor"))]
    pub supervisor: Option<UserId>,
    /// 计划开工
    #[schemars(extend("x-widget" = "date"))]
    pub planned_start: Date,
    /// 计划完工
    #[schemars(extend("x-widget" = "date"))]
    pub planned_finish: Date,
}

/// Site and material are ready, the customer agrees the date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmSite {
    /// 进场条件已具备
    pub site_ready: bool,
    /// 用户同意的进场日期
    #[schemars(extend("x-widget" = "date"))]
    pub agreed_date: Date,
    /// 材料已到位或已订货
    pub material_ready: bool,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

pub(crate) fn hand(
    case: &Case,
    view: &View<'_>,
    given: &HandToEngineering,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require_open(case, Gate::Fee, cx)?;
    require(given.engineer.is_some() || given.drawing.is_some(), || {
        Refusal::field("engineer", "name who is told, or the drawing, or both")
    })?;
    let mut events = Vec::new();
    if let Some(engineer) = given.engineer {
        active(view, engineer, &[Role::EngDispatcher, Role::EngLead], "engineer")?;
        events.push(Event::EngineeringNotified(Notified { engineer, at: cx.now }));
    }
    if let Some(id) = given.drawing {
        let file = case
            .file(id)
            .ok_or_else(|| Refusal::field("drawing", "attach the drawing to the case first"))?;
        let issued = case.design().map(|design| design.sha256.as_str()).unwrap_or_default();
        require(file.sha256 == issued, || {
            Refusal::new(Code::StaleDesign).with("have", &file.sha256).with("want", issued)
        })?;
        let sha256 = file.sha256.clone();
        events.push(Event::DrawingUploaded(Uploaded { drawing: id, sha256, at: cx.now }));
    }
    Ok(events)
}

/// What follows when engineering was told and has the drawing: D-05 stops at
/// the later of the two.
pub(crate) fn received(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let both = case.engineering.as_ref().and_then(|hand| {
        let (told, drawn) = (hand.notified.as_ref()?, hand.uploaded.as_ref()?);
        hand.received_at.is_none().then(|| told.at.max(drawn.at))
    });
    let Some(at) = both.filter(|_| case.state == CaseState::FeeConfirmed) else {
        return Vec::new();
    };
    let mut events = vec![Event::EngineeringReceived(Empty {})];
    events.extend(stop(&case.clocks, RuleId::D05, at.min(cx.now), Stop::Done));
    events
}

pub(crate) fn arrange(
    view: &View<'_>,
    order: &ArrangeContractor,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    for (field, text) in
        [("contractor", &order.contractor), ("qualification_no", &order.qualification_no)]
    {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    let until = order.planned_finish.max(cx.now.date());
    require(order.qualification_valid_to >= until, || {
        Refusal::new(Code::Qualification)
            .with("have", order.qualification_valid_to)
            .with("want", until)
    })?;
    require(order.planned_start <= order.planned_finish, || {
        Refusal::field("planned_finish", "before its start")
    })?;
    active(view, order.lead, &[Role::ContractorLead], "lead")?;
    if let Some(supervisor) = order.supervisor {
        active(view, supervisor, &[Role::SiteSupervisor], "supervisor")?;
    }
    Ok(vec![Event::ContractorArranged(order.clone())])
}

pub(crate) fn confirm_site(site: &ConfirmSite) -> Vec<Event> {
    vec![Event::SiteConfirmed(site.clone())]
}

/// What follows when every gate of construction is open (C19): D-06 of the
/// small cases starts.
pub(crate) fn ready(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    const GATES: [Gate; 5] = [Gate::Contract, Gate::Pay, Gate::Permit, Gate::Site, Gate::Material];
    let waits = case.state == CaseState::ConstructionPreparing
        && case.construction.as_ref().is_some_and(|build| build.ready_at.is_none());
    if !waits
        || case.has_open_change()
        || GATES.iter().any(|gate| !missing(case, *gate, cx.now, cx.rules).is_empty())
    {
        return Vec::new();
    }
    let mut events = vec![Event::ConstructionReady(Empty {})];
    match case.segment {
        Segment::Scattered => events.push(start(cx, RuleId::D06b, cx.now, None)),
        Segment::Micro => events.push(start(cx, RuleId::D06c, cx.now, None)),
        Segment::Residential | Segment::NonResidential => {}
    }
    events
}
