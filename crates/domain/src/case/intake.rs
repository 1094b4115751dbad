//! Submission and acceptance: C02 to C05 (R-06, R-07, R-30… ).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        AcceptanceMode, Case, CaseKind, CaseState, Channel, Segment,
        assignment::{self, Assignment},
        basic::{self, Basic},
        contract::Contracts,
        material::{self, Message, OwedItem, Tolerance, debt, notice},
        outside::{self, Appliance, Outside},
        proxy::Proxy,
        user_side::UserSide,
    },
    coded::coded,
    context::{Context, View},
    event::{Event, Stop},
    flow::{start, stop},
    ids::{FileId, RecordId, UserId},
    lead::{ConvertLead, Lead},
    policy::RuleId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

/// When the demand came and how it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intake {
    /// When the demand reached the company.
    pub submitted_at: Instant,
    /// When it was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Instant>,
    /// How it was accepted; a completed tolerant case is `full` again (F-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<AcceptanceMode>,
    /// Whom to ask about owed materials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_contact: Option<String>,
    /// Accepted with debts at first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_tolerant: bool,
    /// 录音编号, of a demand by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_id: Option<String>,
    /// What the applicant means to use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appliances: Vec<Appliance>,
    /// The outside system that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
}

/// A demand or application reaches the company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubmitDemand {
    /// Through which channel.
    pub channel: Channel,
    /// Demand or application.
    #[serde(default = "demand")]
    pub kind: CaseKind,
    /// The channel's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_serial: Option<String>,
    /// The kind of user.
    pub segment: Segment,
    /// Applicant and premises.
    pub basic: Basic,
    /// The responsible manager. Without one, a manager who submits takes it;
    /// of all others the company's rule decides who does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person:customer_manager"))]
    pub manager: Option<UserId>,
    /// 录音编号, of a demand by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_id: Option<String>,
    /// 用气设备
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appliances: Vec<Appliance>,
    /// The outside system that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
}

fn demand() -> CaseKind {
    CaseKind::Demand
}

/// Accepts a case with everything at hand, or as pre-service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptCase {}

/// Accepts a case with owed materials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptTolerant {
    /// Everything that is missing, once and for all (F-4).
    pub owed: Vec<OwedItem>,
    /// Whom the user can ask.
    pub contact: String,
    /// The user's signature on the notice, where the user is present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:notice"))]
    pub notice: Option<FileId>,
}

/// How a case was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Full or pre-service.
    pub mode: AcceptanceMode,
}

/// What is owed after a tolerant acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedTolerant {
    /// Every missing material with its last day.
    pub owed: Vec<OwedItem>,
    /// Whom the user can ask.
    pub contact: String,
}

coded! {
    /// Why a demand is not accepted (C05).
    NotAcceptReason {
        /// 供气区域外
        OutsideArea = "outside_supply_area",
        /// 无用气需求
        NoDemand = "no_demand",
        /// 违法建筑
        IllegalBuilding = "illegal_building",
        /// 禁止用气
        ProhibitedUse = "prohibited_use",
    }
}

/// Does not accept a demand; the lead decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotAccept {
    /// Why.
    pub reason: NotAcceptReason,
    /// What the user is told, in writing.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

/// A new case of a demand (C02).
pub(crate) fn submit(
    id: RecordId,
    view: &View<'_>,
    submitted: &SubmitDemand,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let basic = basic::check(&submitted.basic)?;
    require(submitted.kind != CaseKind::PreService, || {
        Refusal::field("kind", "a pre-service case comes from a lead")
    })?;
    require(submitted.channel != Channel::Lead, || {
        Refusal::field("channel", "a case of a lead comes by converting the lead")
    })?;
    let from_system = cx.actor.is(Role::Integration);
    require(!from_system || submitted.external_serial.is_some(), || {
        Refusal::field("external_serial", "an outside system names its own number")
    })?;
    let names = [
        ("external_serial", submitted.external_serial.as_ref()),
        ("recording_id", submitted.recording_id.as_ref()),
    ];
    outside::check(submitted.outside.as_ref(), &submitted.appliances, &names)?;
    let own = cx.actor.is(Role::CustomerManager) || cx.actor.is(Role::CounterClerk);
    let manager = match submitted.manager {
        Some(manager) => {
            if manager != cx.actor.user || !own {
                let roles = [Role::CustomerManager, Role::CounterClerk];
                assignment::active(view, manager, &roles, "manager")?;
            }
            manager
        }
        None if own => cx.actor.user,
        None => UserId::NOBODY,
    };
    let mut case = new(id, submitted.segment, manager, basic, cx);
    case.kind = submitted.kind;
    case.channel = submitted.channel;
    case.external_serial.clone_from(&submitted.external_serial);
    case.intake.recording_id.clone_from(&submitted.recording_id);
    case.intake.appliances.clone_from(&submitted.appliances);
    case.intake.outside.clone_from(&submitted.outside);
    let responsible = case.responsible();
    Ok(vec![Event::CaseSubmitted(Box::new(case)), start(cx, RuleId::D08, cx.now, responsible)])
}

/// A new pre-service case of a lead (L6); D-08 does not run.
pub(crate) fn from_lead(
    lead: &Lead,
    convert: &ConvertLead,
    cx: &Context<'_>,
) -> Result<Case, Refusal> {
    let basic = basic::check(&convert.basic)?;
    let manager = lead.manager.unwrap_or(cx.actor.user);
    let mut case = new(convert.case, convert.segment, manager, basic, cx);
    case.kind = CaseKind::PreService;
    case.channel = Channel::Lead;
    case.lead = Some(lead.id);
    // One line of responsibility from the lead to the archive.
    if lead.assignments.last().is_some_and(|last| last.manager == manager) {
        case.assignments.clone_from(&lead.assignments);
    }
    Ok(case)
}

fn new(id: RecordId, segment: Segment, manager: UserId, basic: Basic, cx: &Context<'_>) -> Case {
    Case {
        id,
        version: 0,
        no: cx.new_no.to_owned(),
        kind: CaseKind::Demand,
        channel: Channel::OnSite,
        external_serial: None,
        segment,
        state: CaseState::Submitted,
        policy: cx.rules.policy.label(),
        suspended: None,
        manager,
        assignments: Some(manager)
            .filter(|manager| *manager != UserId::NOBODY)
            .map(|manager| Assignment { manager, from: cx.now, to: None, reason: String::new() })
            .into_iter()
            .collect(),
        lead: None,
        basic,
        intake: Intake {
            submitted_at: cx.now,
            accepted_at: None,
            mode: None,
            notice_contact: None,
            was_tolerant: false,
            recording_id: None,
            appliances: Vec::new(),
            outside: None,
        },
        materials: Vec::new(),
        tolerance: Tolerance::default(),
        mode_101: true,
        outside_pilot: !cx.rules.pilots.four_zero,
        user_side: UserSide::default(),
        pre_services: Vec::new(),
        contacts: Vec::new(),
        pressure: None,
        survey: None,
        designs: Vec::new(),
        budgets: Vec::new(),
        negotiation: None,
        confirmations: Vec::new(),
        cost_exceptions: Vec::new(),
        blocked_fees: Vec::new(),
        contracts: Contracts::default(),
        schedule: None,
        permits: Vec::new(),
        packages: Vec::new(),
        proxy: Proxy::default(),
        engineering: None,
        construction: None,
        gas: None,
        acceptances: Vec::new(),
        service: Vec::new(),
        signings: Vec::new(),
        merged_into: None,
        ended_because: None,
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    }
}

pub(crate) fn accept(case: &Case, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let missing: Vec<_> = material::missing(case).iter().map(|kind| kind.code).collect();
    let mode = match case.kind {
        _ if missing.is_empty() => AcceptanceMode::Full,
        CaseKind::PreService => AcceptanceMode::PreService,
        CaseKind::Demand | CaseKind::Application => {
            return Err(Refusal::new(Code::Gate)
                .with("gate", "materials")
                .with("missing", missing.join(",")));
        }
    };
    let mut events = vec![Event::CaseAccepted(Accepted { mode })];
    events.extend(stop(&case.clocks, RuleId::D08, cx.now, Stop::Done));
    if mode == AcceptanceMode::Full {
        let last = case.materials.iter().filter_map(|item| item.received_at).max();
        let from = last.unwrap_or(case.intake.submitted_at).max(case.intake.submitted_at);
        events.push(start(cx, RuleId::D16, from, Some(case.manager)));
    }
    Ok(events)
}

pub(crate) fn accept_tolerant(
    case: &Case,
    view: &View<'_>,
    tolerant: &AcceptTolerant,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!tolerant.contact.trim().is_empty(), || Refusal::field("contact", "missing"))?;
    let basic = case.basic.missing();
    require(basic.is_empty(), || {
        Refusal::new(Code::BasicMissing).with("missing", basic.join(","))
    })?;
    let signed: Vec<_> = tolerant.notice.into_iter().collect();
    material::known_files(case, &signed, "notice")?;
    let (owed, clocks) = debt::owe(case, view, &tolerant.owed, cx)?;
    let contact = tolerant.contact.clone();
    let told = notice::written(case, &owed, &contact, tolerant.notice, cx);
    let mut events = vec![
        Event::CaseAcceptedTolerant(AcceptedTolerant { owed, contact }),
        Event::OneTimeNoticeGiven(Box::new(told)),
        notice::tell(case, Message::OneTimeNotice, None, cx),
    ];
    events.extend(stop(&case.clocks, RuleId::D08, cx.now, Stop::Done));
    events.extend(clocks.into_iter().map(Event::ClockStarted));
    Ok(events)
}

pub(crate) fn not_accept(
    case: &Case,
    refused: &NotAccept,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!refused.text.trim().is_empty(), || Refusal::field("text", "missing"))?;
    let mut events = vec![Event::CaseNotAccepted(refused.clone())];
    events.extend(stop(&case.clocks, RuleId::D08, cx.now, Stop::Done));
    Ok(events)
}
