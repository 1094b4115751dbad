//! Ends of a case other than gas-on, and corrections: C28 to C32.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, CaseState,
        basic::{self, UpdateBasic},
        contract, material,
        settlement::{IncurredCost, refund_due},
        survey::{self, Survey},
    },
    clock::Clock,
    coded::coded,
    context::{Context, View},
    event::Event,
    flow::{Flow, cancel_all},
    ids::RecordId,
    money::Fen,
    record::{Record, RecordKind},
    refusal::{Code, Refusal, require},
    service::ServiceMark,
};

/// The user withdraws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Withdraw {
    /// The user's wish, in words.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// 费用已与用户核对
    pub costs_settled: bool,
    /// 红线内实际发生的费用; the rest of what was paid goes back (H-15).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incurred: Vec<IncurredCost>,
}

/// The company terminates; a lead decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terminate {
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// Two cases of the same premises and applicant become one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MergeCases {
    /// The case that remains.
    #[schemars(extend("x-widget" = "record:case"))]
    pub into: RecordId,
}

/// Another case was merged into this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Absorbed {
    /// The case that ended.
    pub case: RecordId,
    /// Its number.
    pub no: String,
}

/// The file is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Archive {
    /// 档案号
    pub shelf_no: String,
}

coded! {
    /// What a correction is about.
    Part {
        /// 基本信息
        Basic = "basic",
        /// 勘察
        Survey = "survey",
        /// 施工
        Construction = "construction",
        /// 验收
        Acceptance = "acceptance",
        /// 通气
        GasOn = "gas_on",
    }
}

/// A correction: never overwrites, a new version with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CorrectRecord {
    /// What it is about.
    pub part: Part,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// The corrected basic information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic: Option<UpdateBasic>,
    /// The corrected survey sheet, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<Box<Survey>>,
    /// The correction of another part, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub text: Option<String>,
}

pub(crate) fn withdraw(
    case: &Case,
    wish: &Withdraw,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!wish.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let paid = case.contracts.paid().unwrap_or(Fen::ZERO);
    require(wish.costs_settled || paid == Fen::ZERO, || {
        Refusal::field("costs_settled", "settle the costs first").with("paid", paid)
    })?;
    refund_due(case, &wish.incurred)?;
    let mut events = vec![Event::CaseWithdrawn(wish.clone())];
    events.extend(cancel_all(&case.clocks, cx.now));
    Ok(events)
}

pub(crate) fn terminate(
    case: &Case,
    end: &Terminate,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!end.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let mut events = vec![Event::CaseTerminated(end.clone())];
    events.extend(cancel_all(&case.clocks, cx.now));
    Ok(events)
}

/// Ends `case` in favour of the other; the clocks of the older of the two
/// continue on the one that remains (C30).
pub(crate) fn merge(
    case: &Case,
    view: &View<'_>,
    merge: &MergeCases,
    cx: &Context<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let Some(Record::Case(into)) = view.get(merge.into) else {
        return Err(Refusal::field("into", "no such case in your scope"));
    };
    require(into.id != case.id, || Refusal::field("into", "the same case"))?;
    require(into.state < CaseState::FeeConfirmed, || {
        Refusal::new(Code::State).with("into", into.state.as_str())
    })?;
    let same = case.basic.name == into.basic.name && case.basic.address == into.basic.address;
    require(same, || Refusal::field("into", "another applicant or address"))?;
    flow.emit(Event::CaseMerged(merge.clone()));
    flow.emit_all(cancel_all(&case.clocks, cx.now));
    flow.emit_on(into.id, Event::CaseAbsorbed(Absorbed { case: case.id, no: case.no.clone() }));
    if case.intake.submitted_at < into.intake.submitted_at {
        let open = |clock: &&Clock| {
            clock.state.is_open()
                && !into.clocks.iter().any(|c| c.rule == clock.rule && c.key == clock.key)
        };
        for clock in case.clocks.iter().filter(open) {
            flow.emit_on(into.id, Event::ClockStarted(clock.clone()));
        }
    }
    Ok(())
}

pub(crate) fn archive(case: &Case, archived: &Archive) -> Result<Vec<Event>, Refusal> {
    require(!archived.shelf_no.trim().is_empty(), || Refusal::field("shelf_no", "missing"))?;
    let waits = |mark: &&ServiceMark| {
        mark.open && matches!(mark.kind, RecordKind::LedgerItem | RecordKind::Complaint)
    };
    let open: Vec<_> = case.service.iter().filter(waits).map(|mark| mark.no.as_str()).collect();
    require(open.is_empty(), || {
        Refusal::new(Code::Gate).with("gate", "archive").with("open", open.join(","))
    })?;
    require(!contract::money_open(case) || case.contracts.refund_due_fen.is_none(), || {
        Refusal::new(Code::Gate).with("gate", "archive").with("missing", "refund")
    })?;
    if case.state == CaseState::GasOn {
        let missing: Vec<_> = material::missing(case).iter().map(|kind| kind.code).collect();
        require(missing.is_empty(), || {
            Refusal::new(Code::Gate).with("gate", "archive").with("missing", missing.join(","))
        })?;
    }
    Ok(vec![Event::CaseArchived(archived.clone())])
}

pub(crate) fn correct(
    case: &Case,
    correction: &CorrectRecord,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!correction.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    match correction.part {
        Part::Basic => {
            let update = correction.basic.as_ref();
            let update = update.ok_or_else(|| Refusal::field("basic", "missing"))?;
            basic::updated(&case.basic, update)?;
        }
        Part::Survey => {
            require(case.survey.is_some(), || Refusal::new(Code::State).with("part", "survey"))?;
            let sheet = correction.survey.as_ref();
            let sheet = sheet.ok_or_else(|| Refusal::field("survey", "missing"))?;
            survey::complete(case, sheet, cx)?;
        }
        Part::Construction | Part::Acceptance | Part::GasOn => {
            let said = correction.text.as_ref().is_some_and(|text| !text.trim().is_empty());
            require(said, || Refusal::field("text", "missing"))?;
        }
    }
    Ok(vec![Event::RecordCorrected(correction.clone())])
}
