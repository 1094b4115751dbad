//! 签字: what was signed in a case, and how far each signature is completed
//! (P-21; 电子签名法 13, 14, 16).
//!
//! ```text
//! signed on a tablet ──► captured ── the server holds the drawing ──► complete
//! ```
//!
//! Words: the *paper* is what was signed; the *document* is the event of the
//! log that carries it, byte for byte; the *seal* is the server's completion:
//! the hash of the document and of every file that belongs to it, the server's
//! time, and its counter-signature over these.
//!
//! Invariant: a seal is made once and never changed; a signature that is
//! signed anew is another one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, contract::ContractKind, fee::FeeConfirmation},
    coded::coded,
    event::Event,
    ids::FileId,
    stamp::Stamp,
    suite::Suite,
    time::Instant,
};

coded! {
    /// How far a signature is completed.
    SigningState {
        /// 已采集: taken, and not yet completed by the server.
        Captured = "captured",
        /// 已完成: hashed, time-stamped and counter-signed.
        Complete = "complete",
    }
}

coded! {
    /// What was signed.
    Paper {
        /// 费用确认单
        Fee = "fee_confirmation",
        /// 安装合同
        Install = "install_contract",
        /// 供用气合同
        Supply = "supply_contract",
        /// 授权委托书
        Power = "power_of_attorney",
        /// 安全告知书
        Safety = "safety_notice",
        /// 现场勘察单
        Survey = "survey_sheet",
        /// 一次性告知书
        Notice = "one_time_notice",
    }
}

/// A signature of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signing {
    /// The number of the event that carries it, in the case's log.
    pub version: u64,
    /// What was signed.
    pub paper: Paper,
    /// How far it is completed.
    pub state: SigningState,
    /// The drawn picture, and after it the files that belong to the paper.
    pub files: Vec<FileId>,
    /// When it was taken.
    pub at: Instant,
    /// The server's completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// The server's completion of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seal {
    /// By which family of algorithms.
    pub suite: Suite,
    /// Hash of the document, hex.
    pub document: String,
    /// Hash of each file, in the order of [`Signing::files`].
    pub files: Vec<SealedFile>,
    /// The server's time.
    pub at: Instant,
    /// The key that counter-signed: the hash of its public part, hex.
    pub key: String,
    /// The counter-signature, hex.
    pub signature: String,
}

/// A file under a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedFile {
    /// Which.
    pub file: FileId,
    /// Its hash, hex.
    pub hash: String,
}

/// The server completed a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureCompleted {
    /// The event that carries the signature.
    pub version: u64,
    /// The completion.
    pub seal: Seal,
}

impl Case {
    /// The signatures that the server has not completed.
    pub fn captured(&self) -> impl Iterator<Item = &Signing> {
        self.signings.iter().filter(|one| one.state == SigningState::Captured)
    }
}

/// Notes a signature that an event carries; takes the server's completion in.
pub(crate) fn apply(case: &mut Case, event: &Event, stamp: &Stamp) {
    if let Event::SignatureCompleted(done) = event {
        let open = |one: &&mut Signing| one.version == done.version && one.seal.is_none();
        if let Some(one) = case.signings.iter_mut().find(open) {
            one.state = SigningState::Complete;
            one.seal = Some(done.seal.clone());
        }
        return;
    }
    if let Some((paper, files)) = carried(case, event) {
        case.signings.push(Signing {
            // The event is the next of the log.
            version: case.version + 1,
            paper,
            state: SigningState::Captured,
            files,
            at: stamp.at,
            seal: None,
        });
    }
}

/// What an event carries a signature under, and the files: the drawn picture
/// first.
#[expect(clippy::wildcard_enum_match_arm, reason = "few events carry a signature")]
fn carried(case: &Case, event: &Event) -> Option<(Paper, Vec<FileId>)> {
    match event {
        Event::FeeSettled(fee) => Some((Paper::Fee, fee_files(case, fee))),
        Event::ContractSigned(contract) => {
            let paper = match contract.kind {
                ContractKind::Install => Paper::Install,
                ContractKind::Supply => Paper::Supply,
            };
            let files = [contract.signature.file].into_iter().chain(contract.file);
            Some((paper, files.collect()))
        }
        Event::PowerSigned(power) => {
            let drawn = power.signature.as_ref()?.file;
            Some((Paper::Power, [drawn].into_iter().chain(power.sealed).collect()))
        }
        Event::GasTurnedOn(ticket) => Some((Paper::Safety, vec![ticket.safety_notice.file])),
        Event::SurveyCompleted(survey) => Some((Paper::Survey, vec![survey.signature?])),
        Event::OneTimeNoticeGiven(notice) => Some((Paper::Notice, vec![notice.signed?])),
        _ => None,
    }
}

/// What a customer signs the costs on: the drawing and the budget shown.
fn fee_files(case: &Case, fee: &FeeConfirmation) -> Vec<FileId> {
    let design = case.designs.iter().find(|design| design.version == fee.design_version);
    let budget = case.budgets.iter().find(|budget| budget.version == fee.budget_version);
    let drawing = design.map(|design| design.drawing);
    let shown = drawing.into_iter().chain(budget.and_then(|budget| budget.file));
    [fee.signature.file].into_iter().chain(shown).collect()
}
