//! 四零服务: who is eligible, on what evidence, and what follows (R-33…R-37).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case,
        material::{MaterialSource, item},
        user_side::counter_of,
    },
    coded::coded,
    command::Command,
    refusal::{Code, Refusal},
};

/// Parts of the service that the company tries out and can switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pilots {
    /// 四零服务; a case that began while it was on keeps it.
    pub four_zero: bool,
}

impl Default for Pilots {
    fn default() -> Self {
        Self { four_zero: true }
    }
}

coded! {
    /// Why a user is one of the four-zero service.
    Ground {
        /// 招商引资项目
        InvestmentPromotion = "investment_promotion",
        /// 中小微民营企业
        PrivateSme = "private_sme",
    }
}

/// A ground with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Eligibility {
    /// Why.
    pub ground: Ground,
    /// What proves it: the number of a document, or of the company's query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Whether the evidence was checked (MT22, which the manager fetches).
    pub verified: bool,
}

/// On what grounds the case is a four-zero case; none when it is not.
pub fn eligibility(case: &Case) -> Vec<Eligibility> {
    if !case.four_zero() {
        return Vec::new();
    }
    let proof = item(case, "MT22").filter(|item| !item.is_open());
    let number = proof.and_then(|item| item.doc_no.clone().or(item.query_receipt.clone()));
    let evidence = number.or_else(|| case.basic.four_zero_proof.clone());
    let verified = proof.is_some_and(|item| item.verified_by.is_some());
    [
        (Ground::InvestmentPromotion, case.basic.investment_promotion),
        (Ground::PrivateSme, case.basic.is_private_sme()),
    ]
    .into_iter()
    .filter(|(_, holds)| *holds)
    .map(|(ground, _)| Eligibility { ground, evidence: evidence.clone(), verified })
    .collect()
}

/// 零跑腿: refuses what would bring a four-zero user to a counter.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other command has a place of the user")]
pub(crate) fn spare_the_way(case: &Case, command: &Command) -> Result<(), Refusal> {
    let counter = match command {
        Command::SubmitGasOn(c) => counter_of(c.channel).map(|_| "channel"),
        Command::ReceiveMaterial(c) if c.source == MaterialSource::Counter => Some("source"),
        Command::StartFeeNegotiation(c) if c.place.is_counter() => Some("place"),
        Command::SettleFee(c) if c.place.is_counter() => Some("place"),
        _ => None,
    };
    match counter.filter(|_| case.four_zero()) {
        Some(field) => {
            Err(Refusal::new(Code::FourZero).with("field", field).with("why", "zero_trip"))
        }
        None => Ok(()),
    }
}

/// Whether something happened that a four-zero user was promised not to meet:
/// a finding for the lead.
pub fn has_finding(case: &Case) -> bool {
    case.four_zero() && !case.user_side.trips.is_empty()
}
