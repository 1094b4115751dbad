//! The talk about fees, the signature, contracts, payments, hand-over.

use lantian_domain::{
    case::{
        contract::{ContractKind, RecordPayment, SignContract},
        engineering::HandToEngineering,
        fee::{
            CustomerDecision, FeeDispute, FeeType, Relation, SettleFee, Signature,
            StartFeeNegotiation, TalkPlace, basis,
        },
    },
    command::Command,
    file::FileKind,
    money::Fen,
    time::DAY_MS,
};

use super::{paper::Paper, scene::Turn, story::Kind};
use crate::error::{Error, Result};

/// The talk begins.
pub(super) fn talk(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let participants = turn.story.contact.to_owned();
    let talk = StartFeeNegotiation { place: TalkPlace::OnSite, participants };
    turn.on_case(turn.story.manager, Command::StartFeeNegotiation(talk))
}

/// The user disagrees.
pub(super) fn dispute(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let reason = "用户希望表箱改到北墙,减少明管长度,请重新出图核价".to_owned();
    turn.on_case(turn.story.manager, Command::FeeDispute(FeeDispute { reason }))
}

/// Both contracts are signed.
pub(super) fn contract(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    sign(turn, ContractKind::Install)?;
    sign(turn, ContractKind::Supply)
}

/// Engineering is told and gets the drawing.
pub(super) fn hand(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let drawing = turn.case()?.design().map(|design| design.drawing);
    let engineer = Some(turn.staff.user("eng_dispatcher1")?);
    let hand = HandToEngineering { engineer, drawing };
    turn.on_case(turn.story.manager, Command::HandToEngineering(hand))
}

/// What is due before construction is paid.
pub(super) fn pay_first(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let install = turn.case()?.contracts.install;
    pay(turn, install.map_or(Fen::ZERO, |install| install.due_before_start_fen))
}

/// What is left is paid.
pub(super) fn pay_rest(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let total = turn.case()?.confirmation().map_or(Fen::ZERO, |fee| fee.customer_total_fen);
    pay(turn, total)
}

/// A signature drawn on the manager's tablet, given on `basis`.
pub(super) fn signature(
    turn: &mut Turn<'_, '_, '_>,
    login: &str,
    basis: String,
) -> Result<Signature> {
    let person = turn.story.kind == Kind::Home;
    Ok(Signature {
        signer: turn.story.contact.to_owned(),
        relation: if person { Relation::Applicant } else { Relation::Agent },
        file: turn.attach(login, FileKind::Signature, Paper::Signature)?,
        basis,
    })
}

/// The fee is settled with a signature.
pub(super) fn settle(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let case = turn.case()?;
    let (Some(design), Some(budget), Some(basis)) = (case.design(), case.budget(), basis(&case))
    else {
        return Err(Error::damaged("the demo settles a fee without a budget"));
    };
    let total = budget.totals.customer_fen;
    let signature = signature(turn, turn.story.manager, basis)?;
    let settle = SettleFee {
        design_version: design.version,
        budget_version: budget.version,
        fee_type: match turn.story.kind {
            Kind::Estate => FeeType::Developer,
            Kind::Home => FeeType::PerHousehold,
            Kind::Diner
            | Kind::Factory
            | Kind::School
            | Kind::Hospital
            | Kind::Hotel
            | Kind::Boiler => FeeType::LumpSum,
        },
        customer_total_fen: total,
        chosen: Vec::new(),
        customer_decision: CustomerDecision::Agree,
        wanted_changes: None,
        talk_at: None,
        participants: None,
        valid_until: None,
        place: TalkPlace::OnSite,
        contract_draft_delivered: true,
        signature,
    };
    turn.on_case(turn.story.manager, Command::SettleFee(settle))
}

fn sign(turn: &mut Turn<'_, '_, '_>, kind: ContractKind) -> Result<()> {
    let total = turn.case()?.confirmation().map_or(Fen::ZERO, |fee| fee.customer_total_fen);
    let install = kind == ContractKind::Install;
    let mark = if install { "AZ" } else { "GY" };
    let number = format!("XZLT-{mark}-{}-{:04}", turn.at.china().format("%Y"), turn.story.serial);
    let large = !turn.story.kind.is_small();
    let contract = SignContract {
        kind,
        number: number.clone(),
        completion_due: (install && large).then(|| turn.at.plus_ms(45 * DAY_MS).date()),
        due_before_start_fen: match (install, large) {
            (false, _) => Fen::ZERO,
            (true, true) => Fen(total.0 / 2),
            (true, false) => total,
        },
        install: None,
        supply: None,
        file: None,
        signature: signature(turn, turn.story.manager, number)?,
    };
    turn.on_case(turn.story.manager, Command::SignContract(contract))
}

/// Pays up to `total`.
fn pay(turn: &mut Turn<'_, '_, '_>, total: Fen) -> Result<()> {
    let paid = turn.case()?.contracts.paid().unwrap_or(Fen::ZERO);
    if total <= paid {
        return Ok(());
    }
    let payment = RecordPayment {
        kind: None,
        invoice_no: None,
        amount_fen: Fen(total.0 - paid.0),
        method: "银行转账".to_owned(),
        receipt_no: format!("SJ{}{:04}", turn.at.china().format("%Y%m%d%H%M"), turn.story.serial),
        paid_on: turn.at.date(),
    };
    turn.on_case("finance_clerk1", Command::RecordPayment(payment))
}
