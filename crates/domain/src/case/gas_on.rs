//! 通气: the application and the gas-on ticket, C23 and C26 (e.12, R-26…R-28).

use chrono::Months;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, CaseState, Channel,
        fee::{Signature, signed},
        gate::{Gate, require_open},
        material::known_files,
        proxy::{self, Matter},
    },
    coded::coded,
    context::Context,
    event::{ClockStop, Empty, Event, Stop},
    flow::{start, stop},
    ids::{FileId, UserId},
    money::Quantity,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::{Date, Instant},
};

/// Time between verifications of a large meter.
const VERIFIED_AGAIN: Months = Months::new(36);

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
    /// Since when the manager is to help the user apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_since: Option<Instant>,
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

impl GasOn {
    /// Whether the task to help the user apply is open.
    pub fn wants_help(&self) -> bool {
        self.help_since.is_some() && self.application.is_none() && self.queued.is_none()
    }
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
    /// Who of the company filed it for the user; filled by the rulebook. What
    /// a channel brings in was filed by the user himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub assisted_by: Option<UserId>,
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
    /// 下次检定: three years on for a meter of 10 m³/h and more (L-06); filled by
    /// the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub next_verification: Option<Date>,
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
    proxy::require_if_proxied(case, Matter::GasOn, cx.now.date())?;
    let outside = cx.actor.is(Role::Integration);
    let assisted_by = (!outside).then_some(cx.actor.user);
    let application = SubmitGasOn { assisted_by, ..application.clone() };
    let mut events = accepted_at_once(case, cx);
    if case.state == CaseState::Installed {
        events.insert(0, Event::GasOnApplied(application));
        events.push(start(cx, RuleId::D07, cx.now, Some(case.manager)));
        return Ok(events);
    }
    let waits = case.gas.as_ref().is_some_and(|gas| gas.queued.is_some());
    require(!waits, || Refusal::new(Code::Duplicate).with("field", "application"))?;
    events.insert(0, Event::GasOnQueued(application));
    Ok(events)
}

/// D-08 of a case that began without an application: it was accepted long ago
/// as pre-service, so the application is accepted the moment it comes.
fn accepted_at_once(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let accepted = case.intake.accepted_at.is_some();
    if !accepted || case.clocks.iter().any(|clock| clock.rule == RuleId::D08) {
        return Vec::new();
    }
    let how = Stop::Done;
    vec![
        start(cx, RuleId::D08, cx.now, Some(case.manager)),
        Event::ClockStopped(ClockStop { rule: RuleId::D08, key: None, at: cx.now, how }),
    ]
}

/// What follows when everything is installed and nobody has applied: the
/// manager's task to help.
pub(crate) fn help(case: &Case) -> Vec<Event> {
    let told = case.gas.as_ref().is_some_and(|gas| {
        gas.help_since.is_some() || gas.queued.is_some() || gas.application.is_some()
    });
    if case.state != CaseState::Installed || told {
        return Vec::new();
    }
    vec![Event::HelpWanted(Empty {})]
}

pub(crate) fn turn_on(
    case: &Case,
    ticket: &GasOnTicket,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    for gate in [Gate::Test, Gate::LegalGas, Gate::Supply, Gate::Pay] {
        require_open(case, gate, cx)?;
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
    let mut ticket = ticket.clone();
    ticket.next_verification = again(&ticket);
    let mut events = vec![Event::GasTurnedOn(Box::new(ticket))];
    for rule in [RuleId::D07, RuleId::D16] {
        events.extend(stop(&case.clocks, rule, cx.now, Stop::Done));
    }
    Ok(events)
}

/// When the meter has to be verified again: its size names its nominal flow in
/// m³/h, as G10 (郑州市燃气管理条例 27).
fn again(ticket: &GasOnTicket) -> Option<Date> {
    let size = ticket.meter_size.as_ref()?.trim().to_uppercase();
    let digits: String = size.strip_prefix('G')?.chars().take_while(char::is_ascii_digit).collect();
    let nominal: u32 = digits.parse().ok()?;
    ticket.verified_on.checked_add_months(VERIFIED_AGAIN).filter(|_| nominal >= 10)
}

/// G-METER: a verified meter, one of those that were installed.
fn metered(case: &Case, ticket: &GasOnTicket, cx: &Context<'_>) -> Result<(), Refusal> {
    let no = |missing: &str| {
        Refusal::new(Code::Gate).with("gate", Gate::Meter.as_str()).with("missing", missing)
    };
    let business = !case.segment.is_household();
    require(!business || ticket.meter_size.is_some(), || no("meter_size"))?;
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
