//! What an outside system says of an application besides the basic
//! information (domain j.3), and what the applicant is told of its progress.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Channel},
    ids::UserId,
    money::Quantity,
    refusal::{Refusal, require},
    time::Instant,
};

/// The longest name of a system, serial, account or recording.
const MAX_NAME: usize = 64;
/// The most appliances of an application.
const MAX_APPLIANCES: usize = 50;
/// Bytes kept of fields that nobody knows.
const MAX_RAW: usize = 64 << 10;

/// The outside system that an application came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outside {
    /// The system's own name, as 新郑市一窗受理平台.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The applicant's account there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// 用户编号, for one who has gas already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer_no: Option<String>,
    /// Who helped with the filing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assisted_by: Option<String>,
    /// Fields that the form does not know, as they came.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<String, String>,
}

/// An appliance that the applicant means to use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appliance {
    /// 设备名称
    pub name: String,
    /// 型号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// 外形尺寸
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// 额定用气量, m³/h each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub rate_m3h: Option<Quantity>,
    /// 接口管径, as DN25.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipe: Option<String>,
    /// 台数
    pub quantity: u32,
    /// 热负荷, kW each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub heat_kw: Option<Quantity>,
}

impl Channel {
    /// Whether an authority runs it, so that what it is told is a provision
    /// of personal information to others (P-09).
    pub fn is_of_government(self) -> bool {
        matches!(self, Self::GovPortal | Self::Zaidexinzheng)
    }
}

impl UserId {
    /// Nobody: a case whose manager the department's lead has yet to name.
    pub const NOBODY: Self = Self(uuid::Uuid::nil());
}

impl Case {
    /// The responsible customer manager; nobody while the demand waits for
    /// the lead of the department.
    pub fn responsible(&self) -> Option<UserId> {
        (self.manager != UserId::NOBODY).then_some(self.manager)
    }
}

/// Checks what an outside system says.
pub(crate) fn check(
    outside: Option<&Outside>,
    appliances: &[Appliance],
    names: &[(&str, Option<&String>)],
) -> Result<(), Refusal> {
    let long = |text: &str| text.trim().is_empty() || text.chars().count() > MAX_NAME;
    for (field, value) in names {
        require(!value.is_some_and(|text| long(text)), || {
            Refusal::field(field, format!("1 to {MAX_NAME} characters"))
        })?;
    }
    require(appliances.len() <= MAX_APPLIANCES, || {
        Refusal::field("appliances", format!("at most {MAX_APPLIANCES}"))
    })?;
    for appliance in appliances {
        require(!long(&appliance.name), || {
            Refusal::field("appliances", format!("each has a name, at most {MAX_NAME} characters"))
        })?;
        require((1..=10_000).contains(&appliance.quantity), || {
            Refusal::field("appliances", "each at least one and at most 10000 pieces")
        })?;
    }
    let Some(outside) = outside else { return Ok(()) };
    let said = [
        ("outside_system", &outside.system),
        ("account", &outside.account),
        ("consumer_no", &outside.consumer_no),
        ("assisted_by", &outside.assisted_by),
    ];
    for (field, value) in said {
        require(!value.as_ref().is_some_and(|text| long(text)), || {
            Refusal::field(field, format!("1 to {MAX_NAME} characters"))
        })?;
    }
    let bytes: usize = outside.raw.iter().map(|(name, text)| name.len() + text.len()).sum();
    require(bytes <= MAX_RAW, || Refusal::field("raw", format!("at most {MAX_RAW} bytes")))
}

/// A step that the applicant is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Milestone {
    /// What happened, by the event's name.
    pub step: &'static str,
    /// When it first happened.
    pub at: Instant,
}

/// The events that an applicant is told of, in order of the procedure. What
/// goes on inside the company (checks, budgets, approvals) is not among them.
const TOLD: [&str; 14] = [
    "case_submitted",
    "case_accepted",
    "case_accepted_tolerant",
    "case_not_accepted",
    "survey_completed",
    "fee_settled",
    "contract_signed",
    "construction_started",
    "installation_completed",
    "gas_on_applied",
    "acceptance_passed",
    "gas_turned_on",
    "case_withdrawn",
    "case_terminated",
];

/// What an applicant is told of the progress of a case, oldest first; no
/// person of the company is named.
pub fn progress(case: &Case) -> Vec<Milestone> {
    let mut steps: Vec<Milestone> = TOLD
        .iter()
        .filter_map(|step| {
            let first = case.trail.iter().find(|entry| entry.did == *step)?;
            Some(Milestone { step, at: first.at })
        })
        .collect();
    steps.sort_by_key(|milestone| milestone.at);
    steps
}

/// Whether an applicant is told of an event with this name.
pub fn is_told(event: &str) -> bool {
    TOLD.contains(&event)
}
