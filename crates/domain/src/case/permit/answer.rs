//! What the authority answers, recorded as it came (g.3): by the codes of the
//! exchange standard, in the order of their instants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    clock::{self, PermitClock as P},
    draft::{known, wrong_state},
    filing::PermitFiling,
    kind::{PermitKind, Procedure},
    state::{AnswerCode as A, PermitState as S},
};
use crate::{
    case::{Case, material::known_files},
    context::Context,
    event::{Event, Stop},
    ids::{FileId, FilingId},
    period::{Term, Unit, add_days},
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

/// Records an answer of the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPermitAnswer {
    /// To which filing.
    #[schemars(extend("x-widget" = "filing:with_authority"))]
    pub filing: FilingId,
    /// 办理状态
    pub code: A,
    /// 答复时间; now where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub answered_at: Option<Instant>,
    /// 许可起始日; of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub permitted_from: Option<Date>,
    /// 许可截止日; of a grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub permitted_to: Option<Date>,
    /// 许可编号; of a certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// 容缺事项; of a tolerant grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<String>,
    /// 说明; needed for a correction, a refusal and an extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
    /// 文书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:permit"))]
    pub file: Option<FileId>,
}

/// An answer of the authority, with what a report asks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitAnswered {
    /// To which filing.
    pub filing: FilingId,
    /// Of which kind.
    pub kind: PermitKind,
    /// 办理状态
    pub code: A,
    /// The state that follows.
    pub state: S,
    /// When it was answered.
    pub at: Instant,
    /// When it was filed (K-15).
    pub filed_at: Instant,
    /// First and last day permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permitted: Option<(Date, Date)>,
    /// 许可编号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// The last day that the authority promises to decide by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_on: Option<Date>,
    /// 容缺事项
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<String>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// 文书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

pub(crate) fn answer(
    case: &Case,
    asked: &RecordPermitAnswer,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filing = known(case, asked.filing)?;
    let at = asked.answered_at.unwrap_or(cx.now);
    let filed_at = filing.filed.as_ref().map_or(filing.since, |filed| filed.at);
    let last = filing.answers.last().map_or(filed_at, |before| before.at);
    require(at <= cx.now, || Refusal::field("answered_at", "in the future"))?;
    require(at >= last, || Refusal::field("answered_at", "before the answer before it"))?;
    let mut state = filing.state.answered(asked.code).ok_or_else(|| {
        wrong_state(filing, filing.state.next()).with("code", asked.code.as_str())
    })?;
    let recorded = filing.procedure == Some(Procedure::Record) && asked.code == A::Accepted;
    if recorded {
        state = S::Granted;
    }
    complete(case, filing, asked)?;
    let permitted = permitted(case, filing, asked, state, cx)?;
    let promised = cx.rules.permits.terms(filing.kind).promised_days;
    let promised_on = promised.filter(|_| asked.code == A::Accepted && !recorded).map(|days| {
        let due = Term::new(days, Unit::WorkingDay).due(at, &cx.rules.calendar);
        due.due_at.plus_ms(-1).date()
    });
    let answered = PermitAnswered {
        filing: filing.id,
        kind: filing.kind,
        code: asked.code,
        state,
        at,
        filed_at,
        permitted,
        external_no: asked.external_no.clone(),
        promised_on,
        debts: asked.debts.clone(),
        note: asked.note.clone(),
        file: asked.file,
    };
    let mut events = vec![Event::PermitAnswered(Box::new(answered.clone()))];
    events.extend(clocks(case, filing, &answered, cx)?);
    Ok(events)
}

/// What an answer has to bring along.
fn complete(case: &Case, filing: &PermitFiling, asked: &RecordPermitAnswer) -> Result<(), Refusal> {
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let needs_note = matches!(
        asked.code,
        A::Correct | A::Declined | A::NotAccepted | A::Refused | A::Extended | A::Revoked
    );
    require(!needs_note || said(&asked.note), || {
        Refusal::field("note", "write down what the authority says")
    })?;
    let owes = asked.debts.iter().any(|debt| !debt.trim().is_empty());
    require(asked.code != A::GrantedWithDebts || owes, || Refusal::field("debts", "what is owed"))?;
    require(asked.code != A::Certificate || said(&asked.external_no), || {
        Refusal::field("external_no", "missing")
    })?;
    require(asked.code != A::Certificate || filing.certificate.is_none(), || {
        Refusal::new(Code::Duplicate).with("field", "code")
    })?;
    let file: Vec<_> = asked.file.into_iter().collect();
    known_files(case, &file, "file")
}

/// The permitted days of a grant; a record takes effect as planned.
fn permitted(
    case: &Case,
    filing: &PermitFiling,
    asked: &RecordPermitAnswer,
    state: S,
    cx: &Context<'_>,
) -> Result<Option<(Date, Date)>, Refusal> {
    if state != S::Granted || filing.state == S::Granted {
        return Ok(None);
    }
    let recorded = !asked.code.grants();
    let from = asked.permitted_from.or(filing.plan.planned_from.filter(|_| recorded));
    let to = asked.permitted_to.or(filing.plan.planned_to.filter(|_| recorded));
    let (from, to) = from
        .zip(to)
        .filter(|(from, to)| from <= to)
        .ok_or_else(|| Refusal::field("permitted_to", "first and last day, in this order"))?;
    let longest = cx.rules.permits.terms(filing.kind).longest_days;
    let last = longest.map(|days| last_of_use(first_day(case, filing).unwrap_or(from), days));
    require(last.is_none_or(|last| to <= last), || {
        let want = last.map(|day| day.to_string()).unwrap_or_default();
        Refusal::new(Code::PermitWindow)
            .with("field", "permitted_to")
            .with("have", to)
            .with("want", want)
    })?;
    Ok(Some((from, to)))
}

/// The last day of a use of so many days that begins on `from`.
fn last_of_use(from: Date, days: u32) -> Date {
    add_days(from, days.saturating_sub(1))
}

/// The first day of the permit that this filing prolongs, however often.
fn first_day(case: &Case, filing: &PermitFiling) -> Option<Date> {
    let before = case.filing(filing.plan.changes?)?;
    // A change follows an older filing, so the chain ends.
    first_day(case, before).or(before.grant.as_ref().map(|grant| grant.from))
}

/// The clocks that the answer starts, stops, pauses and prolongs.
fn clocks(
    case: &Case,
    filing: &PermitFiling,
    answered: &PermitAnswered,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (at, terms) = (answered.at, cx.rules.permits.terms(filing.kind));
    let stop = |part: P, how: Stop| clock::stop(case, part, filing, at, how);
    let mut events = Vec::new();
    match answered.code {
        A::Accepted | A::Reviewing => {
            events.extend(stop(P::P2, Stop::Done));
            if filing.accepted_at.is_none() && answered.state != S::Granted {
                let days = terms.decision_days;
                events.push(clock::start(P::P3, filing, case, at, days, cx));
            }
        }
        A::Correct => events.extend(stop(P::P2, Stop::Done)),
        A::Corrected if filing.accepted_at.is_none() => {
            events.push(clock::start(P::P2, filing, case, at, terms.correction_days, cx));
        }
        A::SpecialBegins => events.extend(clock::pause(case, filing, at)),
        A::SpecialEnds => events.extend(clock::resume(case, filing, at, cx)),
        A::Extended => events.push(extended(case, filing, at, cx)?),
        A::Declined | A::NotAccepted => {
            events.extend(stop(P::P2, Stop::Done));
            events.extend(stop(P::P3, Stop::Cancelled));
        }
        A::Retracted | A::TakenBack | A::Revoked => events = clock::cancel(case, filing, at),
        A::Certificate => events.extend(stop(P::P4, Stop::Done)),
        A::Refused | A::Granted | A::GrantedWithDebts => events.extend(stop(P::P3, Stop::Done)),
        A::Corrected => {}
    }
    if let Some(days) = answered.permitted {
        events.extend(granted(case, filing, answered, days, cx));
    }
    Ok(events)
}

/// Once, by notice, and no longer than the law allows (行政许可法 42).
fn extended(
    case: &Case,
    filing: &PermitFiling,
    at: Instant,
    cx: &Context<'_>,
) -> Result<Event, Refusal> {
    let no = |why: &str| Refusal::field("code", why);
    let clock = case.permit_clock(filing.id, P::P3).ok_or_else(|| no("no clock runs"))?;
    let mut longer = clock.clone();
    let days = cx.rules.permits.terms(filing.kind).extension_days;
    longer
        .extend(at, days, &cx.rules.calendar)
        .map_err(|fault| Refusal::new(Code::Duplicate).with("field", "code").with("why", fault))?;
    Ok(Event::ClockResumed(longer))
}

/// P-4, P-5 and P-7 of a grant; what it changes is replaced.
fn granted(
    case: &Case,
    filing: &PermitFiling,
    answered: &PermitAnswered,
    (from, to): (Date, Date),
    cx: &Context<'_>,
) -> Vec<Event> {
    let (at, terms) = (answered.at, cx.rules.permits.terms(filing.kind));
    let mut events = Vec::new();
    if answered.external_no.is_none() && filing.procedure != Some(Procedure::Record) {
        events.push(clock::start(P::P4, filing, case, at, terms.certificate_days, cx));
    }
    events.push(clock::until(P::P5, filing, case, (at, to), cx));
    if let Some(days) = terms.longest_days {
        let last = last_of_use(first_day(case, filing).unwrap_or(from), days);
        events.push(clock::until(P::P7, filing, case, (at, last), cx));
    }
    if let Some(before) = filing.plan.changes.and_then(|id| case.filing(id)) {
        for part in [P::P4, P::P5, P::P6, P::P7] {
            events.extend(clock::stop(case, part, before, at, Stop::Done));
        }
        if before.state == S::InUse {
            let by = filing.plan.restoration_due.unwrap_or(to);
            events.push(clock::until(P::P6, filing, case, (at, by), cx));
        }
    }
    events
}
