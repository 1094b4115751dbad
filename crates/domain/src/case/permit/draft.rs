//! Preparing a filing: what is asked for, where, when, with which papers; or
//! finding that it is not needed (g.2, g.3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    clock::{self, PermitClock},
    detail::{GreenDetail, RoadDetail, TreeDetail},
    filing::PermitFiling,
    kind::{PermitKind, PermitPaper},
    state::PermitState as S,
};
use crate::{
    case::{Case, budget::Payer, material::known_files},
    coded::coded,
    context::Context,
    event::{Event, Stop},
    ids::{FileId, FilingId, PowerId, UserId},
    money::Fen,
    refusal::{Code, Refusal, require},
    time::{DAY_MS, Date, Instant},
    validate::coordinates::GeoPoint,
};

coded! {
    /// In whose name a permit is asked for.
    PermitApplicant {
        /// 公司
        Company = "company",
        /// 用户
        User = "user",
    }
}

/// A fee that goes to the authorities and is passed through (占用费, 修复费, 补偿费).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitFee {
    /// 名称
    pub name: String,
    /// 金额, fen.
    #[schemars(extend("x-widget" = "money"))]
    pub amount_fen: Fen,
    /// 承担方; never the user, whose boundary ends before the public part.
    pub payer: Payer,
    /// 票据号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_no: Option<String>,
}

/// A paper that goes along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitDocument {
    /// Which paper.
    pub paper: PermitPaper,
    /// Its picture.
    #[schemars(extend("x-widget" = "file:permit"))]
    pub file: FileId,
}

/// An exception from the dig ban that was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BanException {
    /// 批准机关
    pub approved_by: String,
    /// 批准文号
    pub number: String,
}

/// Prepares a filing, anew or further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftPermit {
    /// The filing; a new number begins a new one.
    #[schemars(extend("x-widget" = "new_record"))]
    pub filing: FilingId,
    /// 许可类别
    pub kind: PermitKind,
    /// 申请人
    #[serde(default = "company")]
    pub applicant: PermitApplicant,
    /// 授权委托书; needed where the user applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "power"))]
    pub poa: Option<PowerId>,
    /// 审批部门; that of the rules where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// 告知承诺
    #[serde(default)]
    pub commitment_mode: bool,
    /// 施工须待其批准
    #[serde(default = "yes")]
    pub blocking: bool,
    /// 地点
    #[serde(default)]
    pub location: String,
    /// 位置
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: Option<GeoPoint>,
    /// 范围示意图
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:permit"))]
    pub sketch: Option<FileId>,
    /// 事由
    #[serde(default)]
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// 计划开始
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub planned_from: Option<Date>,
    /// 计划结束
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub planned_to: Option<Date>,
    /// 禁掘期例外批准
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban_exception: Option<BanException>,
    /// 道路
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road: Option<RoadDetail>,
    /// 树木
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trees: Vec<TreeDetail>,
    /// 绿地
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub green: Option<GreenDetail>,
    /// 恢复责任人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restorer: Option<String>,
    /// 恢复期限
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub restoration_due: Option<Date>,
    /// 代缴政府费用
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<PermitFee>,
    /// 申报材料
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<PermitDocument>,
    /// 重新申请: the refused filing that this one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "filing:refused"))]
    pub replaces: Option<FilingId>,
    /// 变更: the permit that this one changes or prolongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "filing:granted,in_use"))]
    pub changes: Option<FilingId>,
}

fn company() -> PermitApplicant {
    PermitApplicant::Company
}

fn yes() -> bool {
    true
}

/// A filing was prepared further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitDrafted {
    /// What is asked for.
    pub plan: DraftPermit,
    /// Who works on it.
    pub agent: UserId,
    /// When.
    pub at: Instant,
}

/// Finds that a permit is not needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DismissPermit {
    /// Which.
    #[schemars(extend("x-widget" = "filing:proposed,drafting"))]
    pub filing: FilingId,
    /// Why not.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// The filing named by a command.
pub(super) fn known(case: &Case, id: FilingId) -> Result<&PermitFiling, Refusal> {
    case.filing(id).ok_or_else(|| Refusal::field("filing", "no such filing"))
}

/// The refusal of something that the filing's state does not allow.
pub(super) fn wrong_state(filing: &PermitFiling, want: &[S]) -> Refusal {
    let want: Vec<_> = want.iter().map(|state| state.as_str()).collect();
    Refusal::new(Code::State)
        .with("field", "state")
        .with("have", filing.state.as_str())
        .with("want", want.join(","))
}

pub(crate) fn draft(
    case: &Case,
    plan: &DraftPermit,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match case.filing(plan.filing) {
        Some(filing) => editable(filing, plan)?,
        None => begins(case, plan, cx)?,
    }
    described(case, plan)?;
    timed(plan, cx)?;
    paid(plan)?;
    let at = cx.now;
    let plan = plan.clone();
    Ok(vec![Event::PermitDrafted(Box::new(PermitDrafted { plan, agent: cx.actor.user, at }))])
}

/// From these states a filing is worked on; 补正 keeps its state.
pub(super) const EDITABLE: &[S] =
    &[S::Proposed, S::Drafting, S::Correction, S::RejectedIntake, S::Expired];

fn editable(filing: &PermitFiling, plan: &DraftPermit) -> Result<(), Refusal> {
    require(EDITABLE.contains(&filing.state), || {
        wrong_state(filing, EDITABLE).with("why", "ask for a change by a new filing")
    })?;
    let same = filing.kind == plan.kind
        && filing.plan.replaces == plan.replaces
        && filing.plan.changes == plan.changes;
    require(same, || Refusal::field("kind", "another permit is another filing"))
}

fn begins(case: &Case, plan: &DraftPermit, cx: &Context<'_>) -> Result<(), Refusal> {
    let follows = |id: FilingId, field: &str, states: &[S]| {
        let before = case
            .filing(id)
            .filter(|before| before.kind == plan.kind)
            .ok_or_else(|| Refusal::field(field, "no such filing of this kind"))?;
        require(states.contains(&before.state), || wrong_state(before, states))?;
        require(!case.is_replaced(id), || Refusal::new(Code::Duplicate).with("field", field))
    };
    if let Some(id) = plan.replaces {
        follows(id, "replaces", &[S::Refused, S::RejectedIntake, S::Withdrawn, S::Expired])?;
    }
    let Some(id) = plan.changes else { return Ok(()) };
    follows(id, "changes", &[S::Granted, S::InUse])?;
    let waits = case
        .permits
        .iter()
        .any(|one| one.plan.changes == Some(id) && one.state.is_open() && one.state != S::Granted);
    require(!waits, || Refusal::new(Code::Duplicate).with("field", "changes"))?;
    // 条例 36: a change or extension is asked for before the permit ends.
    let day = cx.now.date();
    let ends = known(case, id)?.grant.as_ref().map(|grant| grant.to);
    require(ends.is_some_and(|last| day <= last), || {
        let last = ends.map(|day| day.to_string()).unwrap_or_default();
        Refusal::new(Code::PermitWindow)
            .with("field", "changes")
            .with("why", "ask before the permit ends")
            .with("to", last)
    })
}

/// Places, words and papers.
fn described(case: &Case, plan: &DraftPermit) -> Result<(), Refusal> {
    let kind = plan.kind;
    for (field, text, most) in [("location", &plan.location, 200), ("reason", &plan.reason, 500)] {
        require(text.chars().count() <= most, || {
            Refusal::field(field, format!("at most {most} characters"))
        })?;
    }
    require(plan.road.is_none() || kind.is_road() || kind == PermitKind::TrafficOrg, || {
        Refusal::field("road", "not for this kind")
    })?;
    require(plan.trees.is_empty() || kind.is_tree(), || {
        Refusal::field("trees", "not for this kind")
    })?;
    require(plan.green.is_none() || kind == PermitKind::GreenOccupy, || {
        Refusal::field("green", "not for this kind")
    })?;
    require(plan.trees.iter().all(|trees| trees.count > 0), || {
        Refusal::field("trees", "count at least 1")
    })?;
    let files: Vec<_> = plan.documents.iter().map(|paper| paper.file).chain(plan.sketch).collect();
    known_files(case, &files, "documents")?;
    let power = plan.poa.is_none_or(|id| case.proxy.power(id).is_some());
    require(power, || Refusal::field("poa", "no such power of attorney"))
}

/// The planned days: in order, not too long, outside the dig ban.
pub(super) fn timed(plan: &DraftPermit, cx: &Context<'_>) -> Result<(), Refusal> {
    let rules = &cx.rules.permits;
    let terms = rules.terms(plan.kind);
    require(!plan.commitment_mode || terms.commitment.is_some(), || {
        Refusal::field("commitment_mode", "not offered for this permit")
    })?;
    let exception = plan.ban_exception.as_ref();
    let named =
        exception.is_none_or(|e| !e.approved_by.trim().is_empty() && !e.number.trim().is_empty());
    require(named, || Refusal::field("ban_exception", "name who approved it and the number"))?;
    let (Some(from), Some(to)) = (plan.planned_from, plan.planned_to) else { return Ok(()) };
    require(from <= to, || Refusal::field("planned_to", "before its start"))?;
    let days = Instant::start_of(to).since(Instant::start_of(from)) / DAY_MS + 1;
    require(terms.longest_days.is_none_or(|most| days <= i64::from(most)), || {
        Refusal::new(Code::PermitWindow)
            .with("field", "planned_to")
            .with("have", days)
            .with("want", terms.longest_days.unwrap_or_default())
    })?;
    if !terms.digs || exception.is_some() {
        return Ok(());
    }
    match rules.ban.first_within(from, to, &cx.rules.calendar) {
        Some(window) => Err(Refusal::new(Code::PermitWindow)
            .with("field", "planned_from")
            .with("reason", window.cause.as_str())
            .with("from", window.from)
            .with("to", window.to)),
        None => Ok(()),
    }
}

/// Fees to the authorities; the user pays none of them (h.4).
fn paid(plan: &DraftPermit) -> Result<(), Refusal> {
    for fee in &plan.fees {
        require(!fee.name.trim().is_empty(), || Refusal::field("fees", "name"))?;
        require(fee.amount_fen > Fen::ZERO && fee.amount_fen <= Fen::MAX, || {
            Refusal::field("amount_fen", "more than 0.00")
        })?;
        require(fee.payer != Payer::Customer, || {
            Refusal::new(Code::ZeroCost).with("field", "fees").with("item", &fee.name)
        })?;
    }
    Ok(())
}

pub(crate) fn dismiss(
    case: &Case,
    dismissed: &DismissPermit,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    const FROM: &[S] = &[S::Proposed, S::Drafting];
    let filing = known(case, dismissed.filing)?;
    require(FROM.contains(&filing.state), || wrong_state(filing, FROM))?;
    require(!dismissed.reason.trim().is_empty(), || {
        Refusal::field("reason", "say why the permit is not needed")
    })?;
    let mut events = vec![Event::PermitDismissed(dismissed.clone())];
    events.extend(clock::stop(case, PermitClock::P1, filing, cx.now, Stop::Cancelled));
    Ok(events)
}
