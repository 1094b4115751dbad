//! 竣工验收: C24 and C25 (e.12, R-27). The inspector is not of those who
//! built (SOD-2).

use chrono::Months;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Segment, material::known_files, pressure::PressureClass},
    coded::coded,
    context::Context,
    event::{Empty, Event, Stop},
    flow::{start, stop},
    ids::FileId,
    money::Quantity,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    time::{Date, Instant},
};

/// 设备安装工程保修期: two years (建设工程质量管理条例 40, L-16).
const WARRANTY: Months = Months::new(24);

/// Acceptance begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartAcceptance {}

coded! {
    /// What a pressure test proves.
    TestKind {
        /// 强度试验
        Strength = "strength",
        /// 严密性试验
        Tightness = "tightness",
    }
}

coded! {
    /// With what a line is filled for the test.
    TestMedium {
        /// 空气
        Air = "air",
        /// 氮气
        Nitrogen = "nitrogen",
    }
}

/// A pressure test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PressureTest {
    /// 强度或严密性
    pub kind: TestKind,
    /// 介质
    pub medium: TestMedium,
    /// 试验压力, kPa.
    #[schemars(extend("x-widget" = "quantity"))]
    pub pressure_kpa: Quantity,
    /// 稳压时间, minutes.
    pub hold_minutes: u32,
    /// 初读数, kPa.
    #[schemars(extend("x-widget" = "quantity"))]
    pub start_kpa: Quantity,
    /// 末读数, kPa.
    #[schemars(extend("x-widget" = "quantity"))]
    pub end_kpa: Quantity,
    /// 压力表检定有效期至
    #[schemars(extend("x-widget" = "date"))]
    pub gauge_valid_to: Date,
}

/// A defect that has to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Defect {
    /// What is wrong.
    pub what: String,
    /// Until when.
    #[schemars(extend("x-widget" = "date"))]
    pub due_on: Date,
}

/// The result of an acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordAcceptance {
    /// 合格
    pub passed: bool,
    /// 试验
    pub tests: Vec<PressureTest>,
    /// 缺陷
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
    /// 参加验收并签字的人, three at least when it passes.
    pub signers: Vec<String>,
    /// 照片和记录
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:test_record"))]
    pub files: Vec<FileId>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
    /// 保修期至: two years from a pass (L-16); filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub warranty_until: Option<Date>,
    /// When; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub at: Option<Instant>,
}

/// What tests must reach; part of the rules as data (CJJ 94, GB/T 51455).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestRules {
    /// Tightness of a low-pressure system, kPa.
    pub low_tightness_kpa: u32,
    /// How long a household's system holds, minutes.
    pub household_minutes: u32,
    /// How long another user's system holds, minutes.
    pub business_minutes: u32,
    /// Tightness and strength above low pressure, kPa.
    pub medium_kpa: u32,
    /// How long a system above low pressure holds, minutes.
    pub medium_minutes: u32,
}

impl Default for TestRules {
    fn default() -> Self {
        Self {
            low_tightness_kpa: 5,
            household_minutes: 15,
            business_minutes: 30,
            medium_kpa: 100,
            medium_minutes: 120,
        }
    }
}

impl TestRules {
    /// The least pressure in kPa and the least time in minutes of a test.
    fn least(&self, case: &Case, kind: TestKind) -> (u32, u32) {
        let low = case.design().is_none_or(|d| d.pressure_class == PressureClass::Low);
        let minutes = if case.segment.is_household() {
            self.household_minutes
        } else {
            self.business_minutes
        };
        match (kind, low) {
            (TestKind::Strength, _) => (self.medium_kpa, 0),
            (TestKind::Tightness, true) => (self.low_tightness_kpa, minutes),
            (TestKind::Tightness, false) => (self.medium_kpa, self.medium_minutes),
        }
    }
}

/// The completion acceptance was reported to the gas authority (L-05, D-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportAcceptance {
    /// The authority.
    pub authority: String,
    /// The number of its receipt.
    pub receipt_no: String,
}

pub(crate) fn begin(case: &Case, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    independent(case, cx)?;
    Ok(vec![Event::AcceptanceStarted(Empty {})])
}

pub(crate) fn record(
    case: &Case,
    result: &RecordAcceptance,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    independent(case, cx)?;
    known_files(case, &result.files, "files")?;
    let warranty_until = cx.now.date().checked_add_months(WARRANTY).filter(|_| result.passed);
    let recorded = RecordAcceptance { at: Some(cx.now), warranty_until, ..result.clone() };
    if !result.passed {
        let listed = result.defects.iter().any(|defect| !defect.what.trim().is_empty());
        require(listed, || Refusal::field("defects", "list what has to be put right"))?;
        return Ok(vec![Event::AcceptanceFailed(recorded)]);
    }
    require(result.defects.is_empty(), || Refusal::field("defects", "a pass has no defects"))?;
    let signers = result.signers.iter().filter(|name| !name.trim().is_empty()).count();
    require(signers >= 3, || {
        Refusal::new(Code::Signature).with("field", "signers").with("want", 3)
    })?;
    for kind in TestKind::ALL {
        held(case, result, *kind, cx)?;
    }
    let mut events = vec![Event::AcceptancePassed(recorded)];
    if is_facility(case.segment) && !case.clocks.iter().any(|clock| clock.rule == RuleId::D17) {
        events.push(start(cx, RuleId::D17, cx.now, None));
    }
    Ok(events)
}

/// Whether the works are a gas facility whose completion the authority is told
/// of (L-05): mains and networks, not the pipe of a single household or shop.
fn is_facility(segment: Segment) -> bool {
    matches!(segment, Segment::Residential | Segment::NonResidential)
}

/// Whether the report to the authority is owed.
pub(crate) fn owes_report(case: &Case) -> bool {
    case.clocks.iter().any(|clock| clock.rule == RuleId::D17 && clock.state.is_open())
}

pub(crate) fn report(
    case: &Case,
    reported: &ReportAcceptance,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(owes_report(case), || Refusal::new(Code::State))?;
    require(!reported.receipt_no.trim().is_empty(), || Refusal::field("receipt_no", "missing"))?;
    let mut events = vec![Event::AcceptanceReported(reported.clone())];
    events.extend(stop(&case.clocks, RuleId::D17, cx.now, Stop::Done));
    Ok(events)
}

/// Requires one test of `kind` that reached the pressure, held long enough,
/// lost nothing, and was read on a calibrated gauge.
fn held(
    case: &Case,
    result: &RecordAcceptance,
    kind: TestKind,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let (kpa, minutes) = cx.rules.tests.least(case, kind);
    let least = i64::from(kpa) * 10_i64.pow(Quantity::SCALE);
    let holds = result.tests.iter().any(|test| {
        test.kind == kind
            && test.pressure_kpa.units() >= least
            && test.hold_minutes >= minutes
            && test.end_kpa >= test.start_kpa
            && test.gauge_valid_to >= cx.now.date()
    });
    require(holds, || {
        Refusal::new(Code::Evidence)
            .with("field", "tests")
            .with("kind", kind.as_str())
            .with("want_kpa", kpa)
            .with("want_minutes", minutes)
    })
}

/// SOD-2: not of the crew or company that built.
fn independent(case: &Case, cx: &Context<'_>) -> Result<(), Refusal> {
    let crew = case
        .construction
        .as_ref()
        .and_then(|build| build.started.as_ref())
        .is_some_and(|started| started.crew.contains(&cx.actor.name));
    let lead = case.construction.as_ref().is_some_and(|b| b.order.lead == cx.actor.user);
    let builder = cx.actor.org == OrgUnit::Contractor || cx.actor.is(Role::ContractorLead);
    require(!crew && !lead && !builder, || {
        Refusal::new(Code::Sod).with("rule", "inspector≠builder")
    })
}
