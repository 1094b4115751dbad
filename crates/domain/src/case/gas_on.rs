//! 通气: the application and the gas-on ticket, C23 and C26 (e.12, R-26…R-28).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, CaseState, Channel,
        fee::{Signature, signed},
        gate::{Gate, require_open},
        material::known_files,
    },
    coded::coded,
    context::Context,
    event::{Event, Stop},
    flow::{start, stop},
    ids::{FileId, UserId},
    money::Quantity,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

/// The safety notice in force; its signature is given on this text.
pub const SAFETY_NOTICE: &str = "SAFETY-2026-1";

/// Application, failed attempts, ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GasOn {
    /// An application that waits for the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queued: Option<SubmitGasOn>,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<SubmitGasOn>,
    /// Since when it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<Instant>,
    /// Attempts that failed at the door.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<NotIgnited>,
    /// 通气点火单
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Box<GasOnTicket>>,
    /// When gas was turned on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_at: Option<Instant>,
    /// Who turned it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<UserId>,
}

/// The user applies for gas-on, helped by the manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmitGasOn {
    /// Through which channel.
    pub channel: Channel,
    /// Who applies.
    pub applicant: String,
    /// The channel's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_serial: Option<String>,
    /// 用户希望的时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub wished_at: Option<Instant>,
}

/// The ticket of a connection that burns (e.12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GasOnTicket {
    /// 点火时间
    #[schemars(extend("x-widget" = "instant"))]
    pub ignited_at: Instant,
    /// 表号
    pub meter_no: String,
    /// 表型
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter_size: Option<String>,
    /// 首检证书编号
    pub meter_verification_no: String,
    /// 首检日期
    #[schemars(extend("x-widget" = "date"))]
    pub verified_on: Date,
    /// 起始读数, m³.
    #[schemars(extend("x-widget" = "quantity"))]
    pub start_reading_m3: Quantity,
    /// 检漏合格
    pub leak_check_passed: bool,
    /// 用气设备试火正常
    pub flames_ok: bool,
    /// 报警器编号; needed where the law asks for an alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_no: Option<String>,
    /// 报警器测试正常
    #[serde(default)]
    pub alarm_tested: bool,
    /// 阀门照片
    #[schemars(extend("x-widget" = "file:photo_valve"))]
    pub valve_photo: FileId,
    /// 安全告知书签字
    pub safety_notice: Signature,
    /// 见证人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// 用户编号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_no: Option<String>,
}

coded! {
    /// What kept the flame out.
    NotIgnitedCause {
        /// 用户不在
        UserAbsent = "user_absent",
        /// 存在隐患
        HiddenDanger = "hidden_danger",
        /// 其他
        Other = "other",
    }
}

/// The door stayed closed, or a danger was found; D-07 goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotIgnited {
    /// What kept the flame out.
    pub cause: NotIgnitedCause,
    /// In words.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// 照片
    #[schemars(extend("x-widget" = "file:photo_site"))]
    pub photo: FileId,
    /// 下次预约
    #[schemars(extend("x-widget" = "instant"))]
    pub appointment: Instant,
}

pub(crate) fn submit(
    case: &Case,
    application: &SubmitGasOn,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(
        application.channel != Channel::Lead && application.channel != Channel::GovHall,
        || Refusal::field("channel", "not a channel for this application"),
    )?;
    require(!application.applicant.trim().is_empty(), || Refusal::field("applicant", "missing"))?;
    if case.state == CaseState::Installed {
        return Ok(vec![
            Event::GasOnApplied(application.clone()),
            start(cx, RuleId::D07, cx.now, Some(case.manager)),
        ]);
    }
    let waits = case.gas.as_ref().is_some_and(|gas| gas.queued.is_some());
    require(!waits, || Refusal::new(Code::Duplicate).with("field", "application"))?;
    Ok(vec![Event::GasOnQueued(application.clone())])
}

pub(crate) fn turn_on(
    case: &Case,
    ticket: &GasOnTicket,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    for gate in [Gate::Test, Gate::LegalGas, Gate::Supply, Gate::Pay] {
        require_open(case, gate, cx.now)?;
    }
    metered(case, ticket, cx)?;
    let alarmed = ticket.alarm_no.as_ref().is_some_and(|no| !no.trim().is_empty());
    require(!case.basic.use_kind.needs_alarm() || (alarmed && ticket.alarm_tested), || {
        Refusal::new(Code::Gate).with("gate", Gate::Alarm.as_str()).with("missing", "alarm")
    })?;
    require(ticket.ignited_at <= cx.now, || Refusal::field("ignited_at", "in the future"))?;
    require(ticket.leak_check_passed, || Refusal::field("leak_check_passed", "must hold"))?;
    require(ticket.flames_ok, || Refusal::field("flames_ok", "must hold"))?;
    known_files(case, &[ticket.valve_photo], "valve_photo")?;
    signed(case, &ticket.safety_notice, SAFETY_NOTICE)
        .map_err(|no| no.with("gate", Gate::Safety.as_str()))?;
    let mut events = vec![Event::GasTurnedOn(Box::new(ticket.clone()))];
    for rule in [RuleId::D07, RuleId::D16] {
        events.extend(stop(&case.clocks, rule, cx.now, Stop::Done));
    }
    Ok(events)
}

/// G-METER: a verified meter, one of those that were installed.
fn metered(case: &Case, ticket: &GasOnTicket, cx: &Context<'_>) -> Result<(), Refusal> {
    let no = |missing: &str| {
        Refusal::new(Code::Gate).with("gate", Gate::Meter.as_str()).with("missing", missing)
    };
    require(!ticket.meter_verification_no.trim().is_empty(), || no("meter_verification_no"))?;
    require(ticket.verified_on <= cx.now.date(), || no("verified_on"))?;
    let installed = case.construction.as_ref().and_then(|build| build.completed.as_ref());
    let known = installed.is_some_and(|done| done.meters.contains(&ticket.meter_no));
    require(known, || no("meter_no"))?;
    require(ticket.start_reading_m3.units() >= 0, || {
        Refusal::field("start_reading_m3", "0 or more")
    })
}

pub(crate) fn fail(
    case: &Case,
    failed: &NotIgnited,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!failed.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    known_files(case, &[failed.photo], "photo")?;
    require(failed.appointment > cx.now, || Refusal::field("appointment", "in the past"))?;
    Ok(vec![Event::NotIgnited(failed.clone())])
}
