//! 区域压力核查: the question to the Technical Dept and its verdict, C07 and
//! C08 (e.7, R-16).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::Case,
    coded::coded,
    context::Context,
    event::{Event, Stop},
    flow::{start, stop},
    money::Quantity,
    policy::RuleId,
    refusal::{Refusal, require},
    time::{DAY_MS, Date, Instant},
    validate::coordinates::GeoPoint,
};

/// The question to the Technical Dept, and the last answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pressure {
    /// When it was asked.
    pub asked_at: Instant,
    /// What was asked.
    pub asked: PushToTech,
    /// The last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<PressureCheck>,
    /// When it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Instant>,
}

/// Asks the Technical Dept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PushToTech {
    /// What the user will draw, m³/h.
    #[schemars(extend("x-widget" = "quantity"))]
    pub demand_m3h: Quantity,
    /// What the Technical Dept should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

coded! {
    /// Classes of design pressure (GB 55009).
    PressureClass {
        /// 低压
        Low = "low",
        /// 中压B
        MediumB = "medium_b",
        /// 中压A
        MediumA = "medium_a",
        /// 次高压B
        SubHighB = "sub_high_b",
        /// 次高压A
        SubHighA = "sub_high_a",
        /// 高压B
        HighB = "high_b",
        /// 高压A
        HighA = "high_a",
    }
}

impl PressureClass {
    /// The upper ends of the classes, kPa, from low to high; exactly 0.01 MPa
    /// is low.
    const UPPER_KPA: [(i64, Self); 7] = [
        (10, Self::Low),
        (200, Self::MediumB),
        (400, Self::MediumA),
        (800, Self::SubHighB),
        (1_600, Self::SubHighA),
        (2_500, Self::HighB),
        (4_000, Self::HighA),
    ];

    /// The most that a pipe of this class is designed for, kPa.
    pub fn upper_kpa(self) -> Option<Quantity> {
        let scale = 10_i64.pow(Quantity::SCALE);
        let row = Self::UPPER_KPA.into_iter().find(|(_, class)| *class == self);
        row.and_then(|(upper, _)| Quantity::from_units(upper * scale).ok())
    }

    /// The class of a design pressure in kPa; nothing above 4 MPa or below 0.
    pub fn of_kpa(pressure: Quantity) -> Option<Self> {
        let scale = 10_i64.pow(Quantity::SCALE);
        if pressure.units() <= 0 {
            return None;
        }
        Self::UPPER_KPA
            .into_iter()
            .find(|(upper, _)| pressure.units() <= upper * scale)
            .map(|(_, class)| class)
    }
}

coded! {
    /// Whether the area's pressure suffices.
    Verdict {
        /// 满足
        Satisfied = "satisfied",
        /// 不满足
        NotSatisfied = "not_satisfied",
        /// 有条件满足; counts as not satisfied until the condition is met.
        Conditional = "conditional",
    }
}

coded! {
    /// On what the verdict rests.
    Basis {
        /// 实测
        Measured = "measured",
        /// 监控系统
        Scada = "scada",
        /// 水力计算
        HydraulicModel = "hydraulic_model",
        /// 估算
        Estimate = "estimate",
    }
}

/// The verdict on the area's pressure (e.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PressureCheck {
    /// 满足、不满足、有条件
    pub verdict: Verdict,
    /// 接气点
    pub connection_point: String,
    /// 接气点坐标
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: Option<GeoPoint>,
    /// Design pressure of the main, kPa.
    #[schemars(extend("x-widget" = "quantity"))]
    pub design_pressure_kpa: Quantity,
    /// Lowest operating pressure, winter peak, kPa.
    #[schemars(extend("x-widget" = "quantity"))]
    pub lowest_operating_kpa: Quantity,
    /// Pressure that the user needs at the inlet, kPa.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub required_inlet_kpa: Option<Quantity>,
    /// Capacity left, m³/h.
    #[schemars(extend("x-widget" = "quantity"))]
    pub available_m3h: Quantity,
    /// Capacity needed, m³/h.
    #[schemars(extend("x-widget" = "quantity"))]
    pub required_m3h: Quantity,
    /// On what it rests.
    pub basis: Basis,
    /// What is done if it does not suffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub remedy_plan: Option<String>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy_owner: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub remedy_due: Option<Date>,
    /// Days that the verdict holds.
    #[serde(default = "thirty")]
    pub valid_days: u32,
}

fn thirty() -> u32 {
    30
}

impl Pressure {
    /// Whether the verdict suffices and still holds at `now`.
    pub fn is_satisfied(&self, now: Instant) -> bool {
        let (Some(check), Some(at)) = (&self.check, self.checked_at) else { return false };
        check.verdict == Verdict::Satisfied
            && now.since(at) <= i64::from(check.valid_days).saturating_mul(DAY_MS)
    }
}

pub(crate) fn push(asked: &PushToTech, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    require(asked.demand_m3h.units() > 0, || Refusal::field("demand_m3h", "more than 0"))?;
    Ok(vec![Event::TechRequested(asked.clone()), start(cx, RuleId::D03P, cx.now, None)])
}

pub(crate) fn check(
    case: &Case,
    check: &PressureCheck,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!check.connection_point.trim().is_empty(), || {
        Refusal::field("connection_point", "missing")
    })?;
    require(PressureClass::of_kpa(check.design_pressure_kpa).is_some(), || {
        Refusal::field("design_pressure_kpa", "more than 0, at most 4000 kPa")
    })?;
    require((1..=365).contains(&check.valid_days), || Refusal::field("valid_days", "1 to 365"))?;
    let stopped = stop(&case.clocks, RuleId::D03P, cx.now, Stop::Done);
    if check.verdict == Verdict::Satisfied {
        require(check.available_m3h >= check.required_m3h, || {
            Refusal::field("available_m3h", "less than required")
        })?;
        let inlet = check.required_inlet_kpa.unwrap_or_default();
        require(
            check.lowest_operating_kpa >= inlet && check.lowest_operating_kpa.units() > 0,
            || Refusal::field("lowest_operating_kpa", "less than required at the inlet"),
        )?;
        let mut events = vec![Event::PressureSatisfied(check.clone())];
        events.extend(stopped);
        events.push(start(cx, RuleId::D03, cx.now, None));
        return Ok(events);
    }
    let planned = check.remedy_plan.as_ref().is_some_and(|plan| !plan.trim().is_empty())
        && check.remedy_owner.is_some()
        && check.remedy_due.is_some();
    require(planned, || Refusal::field("remedy_plan", "plan, owner and date are needed"))?;
    let mut events = vec![Event::PressureNotSatisfied(check.clone())];
    events.extend(stopped);
    Ok(events)
}
