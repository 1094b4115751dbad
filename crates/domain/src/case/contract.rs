//! 合同与付款: C16 and payments (e.10, R-19, R-23).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case,
        fee::{Signature, signed},
        material::{MaterialGate, known_files, missing_at},
    },
    coded::coded,
    context::Context,
    event::Event,
    flow::clock,
    ids::FileId,
    money::Fen,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::Date,
};

/// The contracts of a case and what was paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contracts {
    /// 施工(安装)合同
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install: Option<SignContract>,
    /// 供用气合同
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply: Option<SignContract>,
    /// 付款
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<RecordPayment>,
}

impl Contracts {
    /// What was paid, refunds taken off; nothing if the sum is beyond money.
    pub fn paid(&self) -> Option<Fen> {
        Fen::sum(self.payments.iter().map(|payment| payment.amount_fen)).ok()
    }
}

coded! {
    /// The two contracts.
    ContractKind {
        /// 施工(安装)合同
        Install = "install",
        /// 供用气合同
        Supply = "supply",
    }
}

/// A contract is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignContract {
    /// Which contract.
    pub kind: ContractKind,
    /// 合同编号
    pub number: String,
    /// 竣工日期: of the installation contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub completion_due: Option<Date>,
    /// What is to be paid before construction begins, fen.
    #[serde(default)]
    #[schemars(extend("x-widget" = "money"))]
    pub due_before_start_fen: Fen,
    /// The signed paper or its photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:contract"))]
    pub file: Option<FileId>,
    /// The customer's signature, given on the contract's number.
    pub signature: Signature,
}

/// A payment, or with a negative amount a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPayment {
    /// 金额, fen.
    #[schemars(extend("x-widget" = "money"))]
    pub amount_fen: Fen,
    /// 方式
    pub method: String,
    /// 收据编号; of a refund the receipt that it goes back on.
    pub receipt_no: String,
    /// 日期
    #[schemars(extend("x-widget" = "date"))]
    pub paid_on: Date,
}

pub(crate) fn sign(
    case: &Case,
    contract: &SignContract,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(case.confirmation().is_some(), || {
        Refusal::new(Code::Gate).with("gate", "G-FEE").with("missing", "confirmation")
    })?;
    let missing: Vec<_> =
        missing_at(case, MaterialGate::Contract).iter().map(|kind| kind.code).collect();
    require(missing.is_empty(), || {
        Refusal::new(Code::Gate).with("gate", "materials").with("missing", missing.join(","))
    })?;
    require(!contract.number.trim().is_empty(), || Refusal::field("number", "missing"))?;
    let there = match contract.kind {
        ContractKind::Install => case.contracts.install.is_some(),
        ContractKind::Supply => case.contracts.supply.is_some(),
    };
    require(!there, || Refusal::new(Code::Duplicate).with("kind", contract.kind.as_str()))?;
    require(contract.due_before_start_fen >= Fen::ZERO, || {
        Refusal::field("due_before_start_fen", "0.00 or more")
    })?;
    let file: Vec<_> = contract.file.into_iter().collect();
    known_files(case, &file, "file")?;
    signed(case, &contract.signature, &contract.number)?;
    let mut events = vec![Event::ContractSigned(Box::new(contract.clone()))];
    if contract.kind == ContractKind::Install && !case.segment.is_small() {
        let due = contract
            .completion_due
            .filter(|date| *date >= cx.now.date())
            .ok_or_else(|| Refusal::field("completion_due", "today or later"))?;
        let clock = clock(cx, RuleId::D06a, None, cx.now, None).until(due, &cx.rules.calendar);
        events.push(Event::ClockStarted(clock));
    }
    Ok(events)
}

pub(crate) fn pay(
    case: &Case,
    payment: &RecordPayment,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(payment.amount_fen != Fen::ZERO, || Refusal::field("amount_fen", "not 0.00"))?;
    for (field, text) in [("method", &payment.method), ("receipt_no", &payment.receipt_no)] {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    require(payment.paid_on <= cx.now.date(), || Refusal::field("paid_on", "in the future"))?;
    let known = case.contracts.payments.iter().any(|p| p.receipt_no == payment.receipt_no);
    let refund = payment.amount_fen < Fen::ZERO;
    require(known == refund, || {
        if refund {
            Refusal::field("receipt_no", "a refund names the receipt that it goes back on")
        } else {
            Refusal::new(Code::Duplicate).with("receipt_no", &payment.receipt_no)
        }
    })?;
    let after = case.contracts.paid().and_then(|paid| paid.checked_add(payment.amount_fen).ok());
    require(after.is_some_and(|sum| sum >= Fen::ZERO), || {
        Refusal::field("amount_fen", "more than was paid")
    })?;
    Ok(vec![Event::PaymentRecorded(payment.clone())])
}
