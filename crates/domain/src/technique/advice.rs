//! What the computations say: a proposal or a warning, with the rule and the
//! clause of the norm that it rests on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;

coded! {
    /// The computations of domain e.8.
    Rule {
        /// 高峰用气量
        T01 = "T-01",
        /// 热负荷折算流量
        T02 = "T-02",
        /// 表型
        T03 = "T-03",
        /// 埋地管道间距
        T04 = "T-04",
        /// 覆土深度
        T05 = "T-05",
        /// 聚乙烯管
        T06 = "T-06",
        /// 用户供气压力
        T07 = "T-07",
    }
}

impl Rule {
    /// The norm behind it.
    pub fn clause(self) -> &'static str {
        match self {
            Self::T01 => "GB 50028 附录F",
            Self::T02 => "GB/T 13611",
            Self::T03 => "GB/T 6968",
            Self::T04 => "GB 50028 表6.3.3",
            Self::T05 => "GB 50028 6.3.4",
            Self::T06 => "CJJ 63",
            Self::T07 => "GB 50028 10.2.1",
        }
    }
}

coded! {
    /// What is said, for a table of translations.
    AdviceCode {
        /// The peak that the appliances come to.
        DemandProposed = "demand_proposed",
        /// Less than the appliances come to.
        DemandBelow = "demand_below",
        /// The flow that a heat load comes to.
        FlowProposed = "flow_proposed",
        /// Another flow than the heat load comes to.
        FlowDiffers = "flow_differs",
        /// The meter that fits.
        MeterProposed = "meter_proposed",
        /// The meter passes less than the peak.
        MeterSmall = "meter_small",
        /// The meter does not feel the smallest appliance.
        MeterCoarse = "meter_coarse",
        /// No size of this name is known.
        MeterUnknown = "meter_unknown",
        /// Closer beside than the table allows.
        ClearanceBelow = "clearance_below",
        /// Closer above or below than the table allows.
        CrossingBelow = "crossing_below",
        /// The table says nothing for this class of pressure.
        ClearanceUnknown = "clearance_unknown",
        /// Less earth above the pipe than the table asks for.
        CoverBelow = "cover_below",
        /// Polyethylene not buried outdoors; refused.
        PeNotBuried = "pe_not_buried",
        /// More pressure than this polyethylene is for.
        PePressure = "pe_pressure",
        /// Polyethylene of a kind that the table does not know.
        PeUnknown = "pe_unknown",
        /// More pressure at the user than allowed.
        SupplyAbove = "supply_above",
        /// Less pressure at the user than an appliance needs.
        SupplyBelow = "supply_below",
    }
}

impl AdviceCode {
    /// Whether it only proposes; the rest warns.
    pub fn is_proposal(self) -> bool {
        matches!(self, Self::DemandProposed | Self::FlowProposed | Self::MeterProposed)
    }
}

/// One thing that the computations say. Numbers are written as the form
/// writes them, so that a proposal can be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Advice {
    /// Which computation.
    pub rule: Rule,
    /// What it says.
    pub code: AdviceCode,
    /// The norm behind it.
    pub clause: String,
    /// The field that it is about, by its path in the form: `pipes.0.cover_m`.
    pub field: String,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<String>,
    /// What the computation comes to, or the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub want: Option<String>,
    /// What it is about besides: the neighbour, the ground, the coefficient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Whether it only proposes.
    pub proposal: bool,
}

impl Advice {
    pub(super) fn new(rule: Rule, code: AdviceCode, field: impl Into<String>) -> Self {
        Self {
            rule,
            code,
            clause: rule.clause().to_owned(),
            field: field.into(),
            have: None,
            want: None,
            about: None,
            proposal: code.is_proposal(),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a literal reads better than a borrow")]
    pub(super) fn have(mut self, value: impl ToString) -> Self {
        self.have = Some(value.to_string());
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "a literal reads better than a borrow")]
    pub(super) fn want(mut self, value: impl ToString) -> Self {
        self.want = Some(value.to_string());
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "a literal reads better than a borrow")]
    pub(super) fn about(mut self, value: impl ToString) -> Self {
        self.about = Some(value.to_string());
        self
    }
}
