//! 合同与付款: C16 and payments (e.10, R-19, R-23, L-04).

mod terms;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use terms::{ContractType, InstallTerms, SUPPLY_TEXT, SupplyTerms};

use crate::{
    case::{
        Case, CaseState,
        fee::{Signature, missing as missing_fee, signed},
        material::{MaterialGate, known_files, missing_at},
        settlement::Settlement,
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
    /// 结算
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Box<Settlement>>,
    /// 应退: what goes back to a user who withdrew, fen (H-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_due_fen: Option<Fen>,
    /// What had gone back before the user withdrew, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded_before_fen: Option<Fen>,
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
    /// 安装合同条款; what is left out is written from the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install: Option<Box<InstallTerms>>,
    /// 供用气合同条款; what is left out is the standard text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply: Option<Box<SupplyTerms>>,
    /// The signed paper or its photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:contract"))]
    pub file: Option<FileId>,
    /// The customer's signature, given on the contract's number.
    pub signature: Signature,
}

coded! {
    /// When an instalment is due.
    PayDue {
        /// 开工前
        BeforeStart = "before_start",
        /// 通气前
        BeforeGasOn = "before_gas_on",
    }
}

/// A part of what the customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instalment {
    /// 何时付
    pub due: PayDue,
    /// 金额, fen.
    #[schemars(extend("x-widget" = "money"))]
    pub amount_fen: Fen,
}

/// The plan of payments: together the contract's amount, before construction
/// what the contract says.
fn instalments(
    plan: &[Instalment],
    before_start: Fen,
    amount: Fen,
) -> Result<Vec<Instalment>, Refusal> {
    require(before_start <= amount, || {
        Refusal::field("due_before_start_fen", "more than the contract's amount")
            .with("want", amount)
    })?;
    if plan.is_empty() {
        let rest = Fen(amount.0 - before_start.0);
        let parts = [(PayDue::BeforeStart, before_start), (PayDue::BeforeGasOn, rest)];
        let due = parts.into_iter().filter(|(_, fen)| *fen > Fen::ZERO);
        return Ok(due.map(|(due, amount_fen)| Instalment { due, amount_fen }).collect());
    }
    let of = |wanted: Option<PayDue>| {
        let parts = plan.iter().filter(|part| wanted.is_none_or(|due| part.due == due));
        Fen::sum(parts.map(|part| part.amount_fen)).ok()
    };
    let positive = plan.iter().all(|part| part.amount_fen > Fen::ZERO);
    require(positive && of(None) == Some(amount), || {
        Refusal::field("instalments", "the parts are the contract's amount").with("want", amount)
    })?;
    require(of(Some(PayDue::BeforeStart)) == Some(before_start), || {
        Refusal::field("instalments", "not what is due before construction")
            .with("want", before_start)
    })?;
    Ok(plan.to_vec())
}

coded! {
    /// What a payment is for.
    PaymentKind {
        /// 工程款
        Instalment = "instalment",
        /// 结算款
        Settlement = "settlement",
        /// 退款
        Refund = "refund",
    }
}

/// A payment, or with a negative amount a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPayment {
    /// 款项; by the sign of the amount when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PaymentKind>,
    /// 金额, fen.
    #[schemars(extend("x-widget" = "money"))]
    pub amount_fen: Fen,
    /// 方式
    pub method: String,
    /// 收据编号; of a refund the receipt that it goes back on.
    pub receipt_no: String,
    /// 发票号码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_no: Option<String>,
    /// 日期
    #[schemars(extend("x-widget" = "date"))]
    pub paid_on: Date,
}

pub(crate) fn sign(
    case: &Case,
    contract: &SignContract,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Some(missing) = missing_fee(case, cx.now) {
        return Err(Refusal::new(Code::Gate).with("gate", "G-FEE").with("missing", missing));
    }
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
    let mut events = vec![Event::ContractSigned(Box::new(written(case, contract, cx)?))];
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

/// The contract as it is signed, its terms whole.
fn written(
    case: &Case,
    contract: &SignContract,
    cx: &Context<'_>,
) -> Result<SignContract, Refusal> {
    let mut signed = contract.clone();
    match contract.kind {
        ContractKind::Install => {
            require(contract.supply.is_none(), || Refusal::field("supply", "another contract"))?;
            let fee = case.confirmation().ok_or_else(|| Refusal::new(Code::Gate))?;
            let terms = contract.install.clone().unwrap_or_default();
            signed.install = Some(Box::new(terms.filled(case, contract, fee, cx)?));
        }
        ContractKind::Supply => {
            require(contract.install.is_none(), || Refusal::field("install", "another contract"))?;
            let terms = contract.supply.clone().unwrap_or_default().filled(case);
            terms.lawful(case)?;
            signed.supply = Some(Box::new(terms));
        }
    }
    Ok(signed)
}

/// What the customer owes in the end: by the settlement, else as confirmed;
/// nothing once the case has ended.
pub(crate) fn owed(case: &Case) -> Fen {
    let ended = matches!(case.state, CaseState::Withdrawn | CaseState::Terminated);
    let settled = case.contracts.settlement.as_ref().map(|settled| settled.customer_fen);
    let confirmed = case.confirmation().map(|fee| fee.customer_total_fen);
    if ended { Fen::ZERO } else { settled.or(confirmed).unwrap_or(Fen::ZERO) }
}

/// Whether money still has to come or go.
pub(crate) fn money_open(case: &Case) -> bool {
    let paid = case.contracts.paid().unwrap_or(Fen::ZERO);
    match case.contracts.refund_due_fen {
        Some(due) => due > refunded(case),
        None if case.state == CaseState::GasOn => paid != owed(case),
        None => false,
    }
}

/// What has gone back since the user withdrew.
fn refunded(case: &Case) -> Fen {
    let since = case.contracts.refund_due_fen.is_some();
    let back = case.contracts.payments.iter().filter(|p| p.kind == Some(PaymentKind::Refund));
    let sum = Fen::sum(back.map(|payment| payment.amount_fen)).unwrap_or(Fen::ZERO);
    if since {
        Fen(-sum.0 - case.contracts.refunded_before_fen.unwrap_or(Fen::ZERO).0)
    } else {
        Fen::ZERO
    }
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
    require(payment.kind.is_none_or(|kind| (kind == PaymentKind::Refund) == refund), || {
        Refusal::field("kind", "a refund is negative, everything else is positive")
    })?;
    let after = case.contracts.paid().and_then(|paid| paid.checked_add(payment.amount_fen).ok());
    let after = after.filter(|sum| *sum >= Fen::ZERO);
    let after = after.ok_or_else(|| Refusal::field("amount_fen", "more than was paid"))?;
    if refund {
        within_refund(case, payment)?;
    } else {
        let owed = owed(case);
        require(after <= owed, || {
            Refusal::field("amount_fen", "more than the customer owes").with("want", owed)
        })?;
    }
    let kind = if refund { PaymentKind::Refund } else { PaymentKind::Instalment };
    let kind = payment.kind.or(Some(kind));
    Ok(vec![Event::PaymentRecorded(RecordPayment { kind, ..payment.clone() })])
}

/// A user who withdrew gets back what is due and no more (H-15).
fn within_refund(case: &Case, payment: &RecordPayment) -> Result<(), Refusal> {
    let Some(due) = case.contracts.refund_due_fen else { return Ok(()) };
    let left = Fen(due.0 - refunded(case).0);
    require(Fen(-payment.amount_fen.0) <= left, || {
        Refusal::field("amount_fen", "more than is due back").with("want", left)
    })
}
