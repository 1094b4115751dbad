//! 考核: a substantiated complaint or a missed standard becomes a record for
//! the person in charge at the time of the fact, with its penalty, its effect
//! on the department's award, and its appeal (R-54, R-55).
//!
//! ```text
//! draft ─ proposed ─ approved ─ appealed ─ upheld
//!    └───────┴─ dropped              └──── restored
//! ```

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an assessment answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use chrono::Datelike as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    audience::Audience,
    card::{self, Card},
    clock::Clock,
    coded::coded,
    command::{Command, CommandName},
    context::{Context, View},
    escalation::lead_role,
    event::Event,
    file::FileRef,
    flow::Flow,
    ids::{RecordId, UserId, derived},
    record::{Record, RecordKind, TrailEntry},
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    stamp::Stamp,
    time::Instant,
    work::{Work, attach_or_note, kept},
};

coded! {
    /// Where an assessment stands.
    AssessmentState {
        /// 草拟
        Draft = "draft",
        /// 已提出处理意见
        Proposed = "proposed",
        /// 已批准
        Approved = "approved",
        /// 不予考核
        Dropped = "dropped",
        /// 申诉中
        Appealed = "appealed",
        /// 维持
        Upheld = "upheld",
        /// 撤销并恢复
        Restored = "restored",
    }
}

coded! {
    /// What the person has to bear.
    Penalty {
        /// 批评教育
        Reproof = "reproof",
        /// 通报批评
        Notice = "public_notice",
        /// 扣减绩效
        Deduction = "deduction",
        /// 调离岗位
        Transfer = "transfer",
        /// 解除劳动合同
        Dismissal = "dismissal",
    }
}

coded! {
    /// Why somebody is assessed.
    Cause {
        /// 投诉属实
        Complaint = "complaint",
        /// 服务不达标
        Standard = "missed_standard",
    }
}

/// Drafts an assessment: what happened, whose affair it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftAssessment {
    /// Why.
    pub cause: Cause,
    /// The record that it rests on.
    #[schemars(extend("x-widget" = "record"))]
    pub source: RecordId,
    /// Its number.
    pub source_no: String,
    /// The department concerned.
    pub org: OrgUnit,
    /// The person in charge at the time of the fact, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub person: Option<UserId>,
    /// When it happened.
    pub fact_at: Instant,
    /// The clause that was offended.
    pub clause: String,
    /// What happened.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

/// The supervision office proposes what the person has to bear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposePenalty {
    /// What.
    pub penalty: Penalty,
    /// Why this much.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// The assessor's word on the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideAssessment {
    /// Whether it stands.
    pub approve: bool,
    /// Why; needed for a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// The person or the department's lead appeals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppealAssessment {
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// The word on the appeal, by somebody else than who approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideAppeal {
    /// Whether the appeal is accepted: the award is restored.
    pub accept: bool,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub note: String,
}

/// A department's award of a year is lost or restored (R-55).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Award {
    /// The department.
    pub org: OrgUnit,
    /// The calendar year.
    pub year: i32,
}

/// An assessment, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// Its identity; of one that follows from a complaint [`Assessment::id_of`].
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: AssessmentState,
    /// What happened, whose affair it was.
    pub draft: DraftAssessment,
    /// When it was drafted.
    pub drafted_at: Instant,
    /// What is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposePenalty>,
    /// Who proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<UserId>,
    /// The assessor's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecideAssessment>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<UserId>,
    /// The appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealAssessment>,
    /// The word on the appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_decision: Option<DecideAppeal>,
    /// An assessment has no deadline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// Its second words are commands of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

impl Assessment {
    /// The identity of the assessment that follows from a complaint.
    pub fn id_of(complaint: RecordId) -> RecordId {
        derived(complaint, "assessment")
    }

    /// A fresh draft.
    pub fn new(id: RecordId, draft: DraftAssessment, at: Instant) -> Self {
        Self {
            id,
            version: 0,
            state: AssessmentState::Draft,
            draft,
            drafted_at: at,
            proposal: None,
            proposed_by: None,
            decision: None,
            decided_by: None,
            appeal: None,
            appeal_decision: None,
            clocks: Vec::new(),
            files: Vec::new(),
            approvals: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// The award that it takes, if it stands: of the department concerned, for
    /// the calendar year of the fact.
    pub fn award(&self) -> Award {
        Award { org: self.draft.org, year: self.draft.fact_at.date().year() }
    }

    /// Whether the department's award is lost by it now.
    pub fn takes_award(&self) -> bool {
        use AssessmentState as S;
        self.draft.cause == Cause::Complaint
            && matches!(self.state, S::Approved | S::Appealed | S::Upheld)
    }
}

/// 年度评先资格: whether a department may be honoured for a calendar year.
pub fn award_eligibility<'a>(
    assessments: impl IntoIterator<Item = &'a Assessment>,
    org: OrgUnit,
    year: i32,
) -> bool {
    let award = Award { org, year };
    !assessments.into_iter().any(|one| one.takes_award() && one.award() == award)
}

/// The event on another record by which a substantiated complaint drafts an
/// assessment; an unsubstantiated one asks for none.
pub(crate) fn drafted(id: RecordId, draft: DraftAssessment, at: Instant) -> Event {
    Event::AssessmentDrafted(Box::new(Assessment::new(id, draft, at)))
}

/// An assessment of a missed standard is drafted by hand.
pub(crate) fn draft(
    id: RecordId,
    draft: &DraftAssessment,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    written(&draft.text, "text")?;
    written(&draft.clause, "clause")?;
    require(draft.fact_at <= cx.now, || Refusal::field("fact_at", "in the future"))?;
    Ok(vec![drafted(id, draft.clone(), cx.now)])
}

/// The states from which `command` may be given.
pub(crate) fn from(command: CommandName) -> &'static [AssessmentState] {
    use AssessmentState as S;
    use CommandName as C;
    match command {
        C::ProposePenalty => &[S::Draft, S::Proposed],
        C::DecideAssessment => &[S::Proposed],
        C::AppealAssessment => &[S::Approved],
        C::DecideAppeal => &[S::Appealed],
        C::AttachFile | C::AddNote => S::ALL,
        _ => &[],
    }
}

fn written(text: &str, field: &str) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    require((1..=500).contains(&length), || Refusal::field(field, "1 to 500 characters"))
}

impl Assessment {
    fn decide(&self, decided: &DecideAssessment, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        require(self.proposed_by != Some(cx.actor.user), || {
            Refusal::new(Code::Sod).with("rule", "proposer≠assessor")
        })?;
        if !decided.approve {
            written(decided.note.as_deref().unwrap_or_default(), "note")?;
        }
        let mut events = vec![Event::AssessmentDecided(decided.clone())];
        if decided.approve && self.draft.cause == Cause::Complaint {
            events.push(Event::AwardForfeited(self.award()));
        }
        Ok(events)
    }

    fn decide_appeal(
        &self,
        decided: &DecideAppeal,
        cx: &Context<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        written(&decided.note, "note")?;
        require(self.decided_by != Some(cx.actor.user), || {
            Refusal::new(Code::Sod).with("rule", "assessor≠appeal")
        })?;
        let mut events = vec![Event::AppealDecided(decided.clone())];
        if decided.accept && self.takes_award() {
            events.push(Event::AwardRestored(self.award()));
        }
        Ok(events)
    }

    /// The person concerned or the department's lead.
    fn is_concerned(&self, cx: &Context<'_>) -> bool {
        self.draft.person == Some(cx.actor.user) || cx.actor.is(lead_role(self.draft.org))
    }
}

impl Work for Assessment {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        use AssessmentState as S;
        match event {
            Event::PenaltyProposed(proposal) => {
                self.proposal = Some(proposal.clone());
                self.proposed_by = Some(stamp.actor);
                self.state = S::Proposed;
            }
            Event::AssessmentDecided(decided) => {
                self.state = if decided.approve { S::Approved } else { S::Dropped };
                self.decision = Some(decided.clone());
                self.decided_by = Some(stamp.actor);
            }
            Event::AssessmentAppealed(appeal) => {
                self.appeal = Some(appeal.clone());
                self.state = S::Appealed;
            }
            Event::AppealDecided(decided) => {
                self.state = if decided.accept { S::Restored } else { S::Upheld };
                self.appeal_decision = Some(decided.clone());
            }
            _ => {}
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        _view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        self.possible(command.name(), cx)?;
        let mut flow = Flow::on(self.id, Some(record), cx);
        let events = match command {
            Command::ProposePenalty(c) => {
                written(&c.reason, "reason")?;
                vec![Event::PenaltyProposed(c.clone())]
            }
            Command::DecideAssessment(c) => self.decide(c, cx)?,
            Command::AppealAssessment(c) => {
                written(&c.reason, "reason")?;
                vec![Event::AssessmentAppealed(c.clone())]
            }
            Command::DecideAppeal(c) => self.decide_appeal(c, cx)?,
            other => {
                attach_or_note(&self.files, other)?.ok_or_else(|| Refusal::new(Code::State))?
            }
        };
        flow.emit_all(events);
        Ok(flow)
    }

    fn concerns(&self, command: CommandName) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))?;
        let own = command != CommandName::AppealAssessment || self.is_concerned(cx);
        require(own, || Refusal::new(Code::Assigned))
    }

    fn next_steps(&self) -> &'static [CommandName] {
        use AssessmentState as S;
        use CommandName as C;
        match self.state {
            S::Draft => &[C::ProposePenalty],
            S::Proposed => &[C::DecideAssessment],
            S::Appealed => &[C::DecideAppeal],
            S::Approved | S::Dropped | S::Upheld | S::Restored => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let mut all =
            BTreeSet::from([Role::Inspector, Role::Assessor, Role::Leader].map(Audience::Role));
        if !matches!(self.state, AssessmentState::Draft) {
            all.insert(Audience::Role(lead_role(self.draft.org)));
            all.extend(self.draft.person.map(Audience::User));
        }
        all
    }

    fn card(&self) -> Card {
        let year = self.award().year.to_string();
        let flags = if self.takes_award() { vec!["award_lost".to_owned()] } else { Vec::new() };
        Card {
            no: self.draft.source_no.clone(),
            title: self.draft.text.clone(),
            subtitle: format!("{} {year}", self.draft.org.as_str()),
            state: self.state.as_str().to_owned(),
            manager: self.draft.person,
            flags,
            search: card::haystack(&[&self.draft.text, &self.draft.source_no, &year]),
            ..card::blank(self.id, RecordKind::Assessment)
        }
    }
}
