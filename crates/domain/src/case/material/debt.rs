//! The debt of a paper: who brings it, until when; granted once, extended
//! once, never grown behind the applicant's back (F-2…F-5, F-9, R-35, R-38).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    MaterialState, OwedBy, blank, is_there, item, known_files, material, missing,
    notice::{self, Message, OneTimeNotice},
};
use crate::{
    applicant,
    case::Case,
    clock::Clock,
    coded::coded,
    context::{Context, View},
    event::Event,
    flow::clock,
    ids::FileId,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::Date,
};

/// The longest time to bring a paper, in working days (F-5).
const MOST_DAYS: u32 = 20;

/// A material that is to come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwedItem {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// Who brings it.
    pub owed_by: OwedBy,
    /// Working days to bring it, 1 to 20; the catalogue's own when nothing is
    /// said (F-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The last day; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub due_on: Option<Date>,
    /// Why it is missing and how to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

coded! {
    /// What may make a debt grow after the one-time notice (F-4).
    Because {
        /// 用户类别变更
        SegmentChanged = "segment_changed",
        /// 设计变更
        DesignChanged = "design_changed",
    }
}

/// Materials that turned out to be missing after acceptance. What the
/// applicant is to bring needs a change of segment or design; what the company
/// collects itself does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddOwed {
    /// What is missing besides what was told.
    pub owed: Vec<OwedItem>,
    /// What changed; needed when the applicant is to bring something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// Why, in words.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// Whom the user can ask.
    pub contact: String,
    /// The user's signature on the new notice, where the user is present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:notice"))]
    pub notice: Option<FileId>,
}

/// Materials that are owed from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwedAdded {
    /// Each with its last day.
    pub owed: Vec<OwedItem>,
    /// Why, in words.
    pub reason: String,
}

/// Grants more time for a paper, once (F-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtendMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// Working days more, at most as many as were first given.
    pub days: u32,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// More time was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaterialExtended {
    /// Its code in the catalogue.
    pub code: String,
    /// Why.
    pub reason: String,
    /// The new last day.
    pub due_on: Date,
    /// Its clock, whole.
    pub clock: Clock,
}

/// The company collects from now on what the applicant had promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TakenOver {
    /// Codes in the catalogue.
    pub codes: Vec<String>,
    /// Why: `four_zero` or `overdue`.
    pub because: String,
}

/// The debts of a tolerant acceptance, checked against F-2, F-3, F-5, F-9 and
/// F-10: the items with their last day, and the clock of each.
pub(crate) fn owe(
    case: &Case,
    view: &View<'_>,
    owed: &[OwedItem],
    cx: &Context<'_>,
) -> Result<(Vec<OwedItem>, Vec<Clock>), Refusal> {
    let forgotten: Vec<_> = missing(case)
        .into_iter()
        .filter(|kind| owed.iter().all(|item| item.code != kind.code))
        .map(|kind| kind.code)
        .collect();
    require(forgotten.is_empty(), || {
        Refusal::new(Code::NotTolerable).with("missing", forgotten.join(","))
    })?;
    dated(case, view, owed, cx)
}

/// The debts with their last day and clock, each checked by itself.
fn dated(
    case: &Case,
    view: &View<'_>,
    owed: &[OwedItem],
    cx: &Context<'_>,
) -> Result<(Vec<OwedItem>, Vec<Clock>), Refusal> {
    require(!owed.is_empty(), || Refusal::field("owed", "nothing is owed; accept in full"))?;
    let blocked = applicant::tolerance_blocked(view, &case.basic, cx.now);
    let mut items = Vec::with_capacity(owed.len());
    let mut clocks = Vec::with_capacity(owed.len());
    for debt in owed {
        check_debt(case, debt, &items)?;
        if let (OwedBy::Customer, Some(until)) = (debt.owed_by, blocked) {
            return Err(Refusal::new(Code::NotTolerable)
                .with("code", &debt.code)
                .with("why", "blocked")
                .with("until", until));
        }
        let usual = material(&debt.code).and_then(|kind| kind.due_wd);
        let base = cx.rules.policy.rule(RuleId::D09).term.count;
        let days = debt.days.or(usual).unwrap_or(base);
        let person = Some(case.manager);
        let clock = clock(cx, RuleId::D09, Some(debt.code.clone()), cx.now, person)
            .with_count(days, &cx.rules.calendar);
        let due_on = Some(last_day(&clock));
        items.push(OwedItem { days: Some(days), due_on, ..debt.clone() });
        clocks.push(clock);
    }
    Ok((items, clocks))
}

/// The last day of a clock that ends with a day.
pub(crate) fn last_day(clock: &Clock) -> Date {
    clock.due_at.plus_ms(-1).date()
}

fn check_debt(case: &Case, debt: &OwedItem, before: &[OwedItem]) -> Result<(), Refusal> {
    let not_tolerable = || Refusal::new(Code::NotTolerable).with("code", &debt.code);
    let kind = material(&debt.code).ok_or_else(|| Refusal::field("owed", "no such material"))?;
    require(before.iter().all(|item| item.code != debt.code), || {
        Refusal::new(Code::Duplicate).with("code", &debt.code)
    })?;
    require(kind.applies(case) && !is_there(case, kind.code), || {
        not_tolerable().with("why", "not missing")
    })?;
    if debt.owed_by == OwedBy::Customer {
        require(!kind.is_critical(), || not_tolerable().with("why", "critical"))?;
        require(!case.four_zero(), || Refusal::new(Code::FourZero).with("code", &debt.code))?;
    }
    let in_range = debt.days.is_none_or(|days| (1..=MOST_DAYS).contains(&days));
    require(in_range, || Refusal::field("days", "1 to 20 working days"))
}

/// More debts after acceptance, with the notice that goes with them (F-4).
pub(crate) fn add(
    case: &Case,
    view: &View<'_>,
    added: &AddOwed,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(case.intake.accepted_at.is_some(), || Refusal::new(Code::State))?;
    require(!added.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    require(!added.contact.trim().is_empty(), || Refusal::field("contact", "missing"))?;
    let signed: Vec<_> = added.notice.into_iter().collect();
    known_files(case, &signed, "notice")?;
    let open = |debt: &&OwedItem| item(case, &debt.code).is_some_and(|item| item.owed_by.is_some());
    if let Some(twice) = added.owed.iter().find(open) {
        return Err(Refusal::new(Code::Duplicate).with("code", &twice.code));
    }
    let (owed, clocks) = dated(case, view, &added.owed, cx)?;
    let mut events = Vec::new();
    if let Some(asked) = owed.iter().find(|debt| debt.owed_by == OwedBy::Customer) {
        changed(case, added.because).map_err(|no| no.with("code", &asked.code))?;
        let mut told = notice::written(case, &owed, &added.contact, added.notice, cx);
        told.because = added.because;
        told.reason = Some(added.reason.clone());
        events.push(Event::OneTimeNoticeGiven(Box::new(told)));
        events.push(notice::tell(case, Message::SecondNotice, None, cx));
    }
    events.insert(0, Event::OwedAdded(OwedAdded { owed, reason: added.reason.clone() }));
    events.extend(clocks.into_iter().map(Event::ClockStarted));
    Ok(events)
}

/// Whether what is given as the reason of a new notice has really happened
/// since the last one.
fn changed(case: &Case, because: Option<Because>) -> Result<(), Refusal> {
    let last: Option<&OneTimeNotice> = case.tolerance.notices.last();
    let segment = last.map_or(case.segment, |told| told.segment);
    let drawn = last.map_or(0, |told| told.design_version).max(1);
    let true_now = match because {
        None => false,
        Some(Because::SegmentChanged) => case.segment != segment,
        Some(Because::DesignChanged) => case.design().is_some_and(|d| d.version > drawn),
    };
    require(true_now, || {
        let given = because.map_or("none", Because::as_str);
        Refusal::new(Code::NotTolerable).with("why", "one notice").with("because", given)
    })
}

pub(crate) fn extend(
    case: &Case,
    asked: &ExtendMaterial,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!asked.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let mut clock = open_clock(case, &asked.code)
        .ok_or_else(|| Refusal::field("code", "this material is not owed"))?
        .clone();
    clock
        .extend(cx.now, asked.days, &cx.rules.calendar)
        .map_err(|fault| Refusal::field("days", fault).with("want", clock.term.count))?;
    let due_on = last_day(&clock);
    let owed = item(case, &asked.code);
    let told = owed.is_some_and(|item| item.owed_by == Some(OwedBy::Customer));
    let (code, reason) = (asked.code.clone(), asked.reason.clone());
    let longer = MaterialExtended { code, reason, due_on, clock };
    let mut events = vec![Event::MaterialExtended(Box::new(longer))];
    events.extend(told.then(|| {
        Event::ApplicantTold(notice::Told {
            message: Message::Extended,
            code: Some(asked.code.clone()),
            due_on: Some(due_on),
            channel: case.channel,
            at: cx.now,
        })
    }));
    Ok(events)
}

/// The running clock of a debt.
pub(crate) fn open_clock<'a>(case: &'a Case, code: &str) -> Option<&'a Clock> {
    case.clocks.iter().find(|clock| {
        clock.rule == RuleId::D09 && clock.key.as_deref() == Some(code) && clock.state.is_open()
    })
}

/// What follows when the applicant of a case may owe nothing (any more): the
/// company collects it (R-35, F-9).
pub(crate) fn taken_over(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    if !case.four_zero() {
        return Vec::new();
    }
    take_over(case, "four_zero", cx, |_| true)
}

/// The company collects what the applicant owes, as far as `which` says.
pub(crate) fn take_over(
    case: &Case,
    because: &str,
    cx: &Context<'_>,
    which: impl Fn(&super::MaterialItem) -> bool,
) -> Vec<Event> {
    let codes: Vec<_> = case
        .materials
        .iter()
        .filter(|item| item.owed_by == Some(OwedBy::Customer) && item.is_open() && which(item))
        .map(|item| item.code.clone())
        .collect();
    if codes.is_empty() {
        return Vec::new();
    }
    let because = because.to_owned();
    vec![
        Event::MaterialsTakenOver(TakenOver { codes, because }),
        notice::tell(case, Message::TakenOver, None, cx),
    ]
}

/// Applies new debts.
pub(crate) fn put_owed(case: &mut Case, owed: &[OwedItem]) {
    for debt in owed {
        case.materials.retain(|item| item.code != debt.code);
        let mut owed = blank(&debt.code);
        owed.state = match debt.owed_by {
            OwedBy::Customer => MaterialState::Owed,
            OwedBy::Manager => MaterialState::Collecting,
        };
        owed.owed_by = Some(debt.owed_by);
        owed.due_on = debt.due_on;
        owed.why.clone_from(&debt.why);
        case.materials.push(owed);
    }
}
