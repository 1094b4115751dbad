//! 好差评: what a user says of a service on the government's page; a bad one is
//! followed up within a working day (domain e.16, D-20).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rating answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    audience::Audience,
    card::{Card, blank, flags, haystack, urgent},
    clock::Clock,
    coded::coded,
    command::{Command, CommandName as C},
    context::{Context, View},
    event::{Event, Stop},
    file::FileRef,
    flow::{Flow, clock, stop},
    ids::{RecordId, UserId, derived},
    ledger::{Draft, ItemKind, ItemSource, Severity},
    policy::RuleId,
    privacy::{Field, field::some, retention::Class},
    record::{Record, RecordKind, TrailEntry},
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    service,
    stamp::Stamp,
    time::Instant,
    work::{Work, attach_or_note, kept},
};

/// The most stars of a bad rating (差评).
pub const BAD_STARS: u8 = 2;

coded! {
    /// Where the user rated.
    RatingChannel {
        /// 窗口评价器
        Window = "window",
        /// 网页
        Pc = "pc",
        /// 手机应用
        App = "app",
        /// 短信
        Sms = "sms",
        /// 电话
        Phone = "phone",
    }
}

coded! {
    /// The states of a rating.
    RatingState {
        /// 已记录
        Recorded = "recorded",
        /// 待核实
        ToContact = "to_contact",
        /// 已核实
        Contacted = "contacted",
    }
}

/// A rating as the platform sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiveRating {
    /// 办件编号
    pub proj_no: String,
    /// 事项编码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// 事项名称
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// 办理部门编码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dept_code: Option<String>,
    /// 行政区划
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_code: Option<String>,
    /// The applicant, masked as 张*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<String>,
    /// 办理状态
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle_state: Option<String>,
    /// Where the user rated.
    pub channel: RatingChannel,
    /// 5 非常满意 … 1 非常不满意
    pub stars: u8,
    /// 评价标签
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// 评价内容
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub text: Option<String>,
    /// When the user rated.
    #[schemars(extend("x-widget" = "instant"))]
    pub rated_at: Instant,
    /// The case, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record"))]
    pub case: Option<RecordId>,
}

/// The user of a bad rating was asked (D-20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactRating {
    /// Whether what was criticised is so.
    pub confirmed: bool,
    /// What the user said.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

/// A rating with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rating {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: RatingState,
    /// What the user said.
    #[serde(flatten)]
    pub received: ReceiveRating,
    /// When it reached the company.
    pub received_at: Instant,
    /// The ledger item of a bad one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<RecordId>,
    /// What the user said when asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactRating>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted_by: Option<UserId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted_at: Option<Instant>,
    /// Its clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// What waits for a lead's word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

impl Rating {
    /// Whether it is a bad one.
    pub fn is_bad(&self) -> bool {
        self.received.stars <= BAD_STARS
    }
}

/// The states from which a command on a rating may be given.
pub(crate) fn from(command: C) -> &'static [RatingState] {
    match command {
        C::ContactRating => &[RatingState::ToContact],
        C::AttachFile | C::AddNote => RatingState::ALL,
        _ => &[],
    }
}

/// A rating comes in; a bad one starts D-20 and goes into the ledger.
pub(crate) fn begin(
    id: RecordId,
    given: &ReceiveRating,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    require(!given.proj_no.trim().is_empty(), || Refusal::field("proj_no", "missing"))?;
    require((1..=5).contains(&given.stars), || Refusal::field("stars", "1 to 5"))?;
    require(given.rated_at <= cx.now, || Refusal::field("rated_at", "in the future"))?;
    if let Some(case) = given.case {
        require(matches!(view.get(case), Some(Record::Case(_))), || {
            Refusal::new(Code::Unknown).with("field", "case")
        })?;
    }
    let bad = given.stars <= BAD_STARS;
    let item = bad.then(|| derived(id, "ledger"));
    flow.emit(Event::RatingReceived(Box::new(Rating {
        id,
        version: 0,
        state: if bad { RatingState::ToContact } else { RatingState::Recorded },
        received: given.clone(),
        received_at: cx.now,
        item,
        contact: None,
        contacted_by: None,
        contacted_at: None,
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    })));
    let Some(item) = item else { return Ok(()) };
    flow.emit(Event::ClockStarted(clock(cx, RuleId::D20, None, given.rated_at, None)));
    let (org, person) = match given.case.and_then(|case| view.get(case)) {
        Some(Record::Case(case)) => (OrgUnit::MarketDept, case.manager),
        _ => (OrgUnit::ServiceDept, cx.actor.user),
    };
    Draft {
        source: ItemSource::Rating,
        visit: Some(id),
        case: given.case,
        customer: given.applicant.clone().unwrap_or_else(|| given.proj_no.clone()),
        kind: ItemKind::Attitude,
        severity: Severity::Normal,
        text: words(given),
        org,
        person,
        safety_order: false,
    }
    .register(item, 0, view, flow);
    show_on_case(id, given, RatingState::ToContact, view, flow);
    Ok(())
}

fn words(given: &ReceiveRating) -> String {
    let mut text = format!("{}星差评", given.stars);
    if !given.tags.is_empty() {
        text.push('：');
        text.push_str(&given.tags.join("、"));
    }
    if let Some(said) = given.text.as_deref().filter(|said| !said.trim().is_empty()) {
        text.push('：');
        text.extend(said.trim().chars().take(400));
    }
    text
}

fn show_on_case(
    id: RecordId,
    received: &ReceiveRating,
    state: RatingState,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) {
    let Some(case) = received.case else { return };
    service::mark(flow, view, case, |mark| {
        mark.of(id, RecordKind::Rating, &received.proj_no, state.as_str())
            .waiting(state == RatingState::ToContact)
    });
}

impl Work for Rating {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        if let Event::RatingContacted(contact) = event {
            self.state = RatingState::Contacted;
            self.contact = Some(contact.clone());
            self.contacted_by = Some(stamp.actor);
            self.contacted_at = Some(stamp.at);
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        self.possible(command.name(), cx)?;
        let mut flow = Flow::on(self.id, Some(record), cx);
        match command {
            Command::ContactRating(given) => {
                let length = given.text.trim().chars().count();
                require((1..=500).contains(&length), || {
                    Refusal::field("text", "1 to 500 characters")
                })?;
                flow.emit(Event::RatingContacted(given.clone()));
                flow.emit_all(stop(&self.clocks, RuleId::D20, cx.now, Stop::Done));
                show_on_case(self.id, &self.received, RatingState::Contacted, view, &mut flow);
            }
            _ => flow.emit_all(
                attach_or_note(&self.files, command)?.ok_or_else(|| Refusal::new(Code::State))?,
            ),
        }
        Ok(flow)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, _cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            RatingState::ToContact => &[C::ContactRating],
            RatingState::Recorded | RatingState::Contacted => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        [Role::ServiceLead, Role::CmLead, Role::VisitAgent, Role::Inspector]
            .into_iter()
            .map(Audience::Role)
            .collect()
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        some(Field::Applicant, &mut self.received.applicant, see);
        some(Field::Text, &mut self.received.text, see);
    }

    fn keeps(&self) -> Option<Class> {
        (self.state != RatingState::ToContact).then_some(Class::Visit)
    }

    fn card(&self) -> Card {
        let urgent = urgent(&self.clocks);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let stars = "★".repeat(usize::from(self.received.stars));
        Card {
            no: self.received.proj_no.clone(),
            title: format!("{stars} {}", text(&self.received.text)).trim().to_owned(),
            subtitle: text(&self.received.service_name),
            state: self.state.as_str().to_owned(),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            flags: flags(&[("bad_rating", self.is_bad())]),
            search: haystack(&[
                &self.received.proj_no,
                &text(&self.received.text),
                &text(&self.received.applicant),
                &self.received.tags.join(" "),
            ]),
            ..blank(self.id, RecordKind::Rating)
        }
    }

    fn related(&self) -> Vec<RecordId> {
        self.received.case.into_iter().collect()
    }
}
