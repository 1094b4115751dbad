//! 个人信息请求: somebody asks to see, copy, correct or delete what is kept of
//! them, takes consent back, or closes the account (P-04; D-22).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a request answers for its own commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    audience::Audience,
    card::{self, Card},
    case::{Channel, basic, basic::UpdateBasic},
    clock::Clock,
    coded::coded,
    command::{Command, CommandName},
    context::{Context, View},
    event::{Empty, Event, Stop},
    flow::{Flow, start, stop},
    ids::{RecordId, UserId},
    policy::RuleId,
    record::{Record, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::Instant,
    validate,
    work::{Head, Shared, Work, attach_or_note},
};

use super::{
    erase::{Because, EraseData, can_go},
    field::Field,
    retention::Class,
};

coded! {
    /// What a person asks for (个人信息保护法 44–47).
    PiKind {
        /// 查阅
        Access = "access",
        /// 复制
        Copy = "copy",
        /// 更正、补充
        Correct = "correct",
        /// 删除
        Delete = "delete",
        /// 撤回同意
        Withdraw = "withdraw",
        /// 注销账户
        Close = "close",
    }
}

coded! {
    /// Where a request stands.
    PiState {
        /// 待答复
        Received = "pi_open",
        /// 已办理
        Granted = "pi_granted",
        /// 已说明不予办理的理由
        Declined = "pi_declined",
    }
}

impl PiKind {
    /// The word that a list shows.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Access => "查阅",
            Self::Copy => "复制",
            Self::Correct => "更正、补充",
            Self::Delete => "删除",
            Self::Withdraw => "撤回同意",
            Self::Close => "注销账户",
        }
    }
}

/// A request reaches the company; D-22 starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivePiRequest {
    /// 请求事项
    pub kind: PiKind,
    /// 姓名
    pub name: String,
    /// 手机或电话
    #[schemars(extend("x-widget" = "phone"))]
    pub phone: String,
    /// 身份核验方式, as 预留手机验证码.
    pub identity: String,
    /// 渠道
    pub channel: Channel,
    /// 涉及的工单
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record:case"))]
    pub about: Option<RecordId>,
    /// 请求内容
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

/// The answer; D-22 stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerPiRequest {
    /// 办理
    pub granted: bool,
    /// 答复内容: what was done, or why not, 2 to 1,000 characters.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// 涉及的工单; the one named in the request when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record:case"))]
    pub about: Option<RecordId>,
    /// 更正: the telephone from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "phone"))]
    pub phone: Option<String>,
    /// 更正: the name from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What was answered, and whether it changed the case at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PiAnswer {
    /// Whether the request was granted.
    pub granted: bool,
    /// What was done, or why not.
    pub text: String,
    /// The case that it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<RecordId>,
    /// Whether the case was changed with the answer.
    pub carried_out: bool,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// A request, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PiRequest {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: PiState,
    /// What was asked.
    pub asked: ReceivePiRequest,
    /// When it reached the company.
    pub received_at: Instant,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<PiAnswer>,
    /// D-22.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// A new request.
///
/// # Errors
/// `E_FORMAT` for a field that is missing or malformed.
pub(crate) fn receive(
    id: RecordId,
    asked: &ReceivePiRequest,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    validate::phone(&asked.phone)?;
    for (field, text) in
        [("name", &asked.name), ("identity", &asked.identity), ("text", &asked.text)]
    {
        let length = text.trim().chars().count();
        require((1..=1_000).contains(&length), || Refusal::field(field, "1 to 1000 characters"))?;
    }
    let request = PiRequest {
        id,
        version: 0,
        state: PiState::Received,
        asked: asked.clone(),
        received_at: cx.now,
        answer: None,
        clocks: Vec::new(),
        trail: Vec::new(),
    };
    Ok(vec![Event::PiRequestReceived(Box::new(request)), start(cx, RuleId::D22, cx.now, None)])
}

/// Whether the state of the request allows the command.
fn possible(request: &PiRequest, name: CommandName) -> Result<(), Refusal> {
    require(from(name).contains(&request.state), || Refusal::new(Code::State))
}

/// The states in which a command on a request has its place.
pub(crate) fn from(command: CommandName) -> &'static [PiState] {
    match command {
        CommandName::AnswerPiRequest => &[PiState::Received],
        CommandName::AddNote => PiState::ALL,
        _ => &[],
    }
}

impl Work for PiRequest {
    fn head(&self) -> Head<'_> {
        Head {
            state: self.state.as_str(),
            clocks: &self.clocks,
            files: &[],
            approvals: &[],
            trail: &self.trail,
        }
    }

    fn shared(&mut self) -> Shared<'_> {
        Shared {
            version: &mut self.version,
            trail: &mut self.trail,
            clocks: Some(&mut self.clocks),
            files: None,
            approvals: None,
        }
    }

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        if let Event::PiRequestAnswered(answer) = event {
            self.state = if answer.granted { PiState::Granted } else { PiState::Declined };
            self.answer = Some(answer.clone());
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        let mut flow = Flow::on(self.id, Some(record), cx);
        match command {
            Command::AnswerPiRequest(given) => answer(self, view, given, &mut flow)?,
            Command::AddNote(_) => {
                flow.emit_all(attach_or_note(&[], command)?.unwrap_or_default());
            }
            _ => return Err(Refusal::new(Code::State)),
        }
        Ok(flow)
    }

    fn concerns(&self, command: CommandName) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: CommandName, _cx: &Context<'_>) -> Result<(), Refusal> {
        possible(self, command)
    }

    fn next_steps(&self) -> &'static [CommandName] {
        if self.answer.is_none() { &[CommandName::AnswerPiRequest] } else { &[] }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let roles = [Role::ServiceLead, Role::SecAdmin].map(Audience::Role);
        let mut all = BTreeSet::from(roles);
        // Whoever took it in sees it until it is answered.
        if self.answer.is_none() {
            all.extend(self.trail.first().map(|first| Audience::User(first.by)));
        }
        all
    }

    fn card(&self) -> Card {
        card::of_request(self)
    }

    /// The case is lent to the judge, whatever the one who answers may see.
    fn related(&self) -> Vec<RecordId> {
        self.asked.about.into_iter().collect()
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        see(Field::Name, &mut self.asked.name);
        see(Field::Phone, &mut self.asked.phone);
        see(Field::Text, &mut self.asked.text);
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn keeps(&self) -> Option<Class> {
        self.answer.is_some().then_some(Class::Request)
    }
}

fn answer(
    request: &PiRequest,
    view: &View<'_>,
    given: &AnswerPiRequest,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    possible(request, CommandName::AnswerPiRequest)?;
    let length = given.text.trim().chars().count();
    require((2..=1_000).contains(&length), || Refusal::field("text", "2 to 1000 characters"))?;
    let about = given.about.or(request.asked.about);
    let effect = match about.and_then(|id| view.get(id)) {
        Some(record) if given.granted => effect(request, record, given)?,
        _ => None,
    };
    let cx = flow.cx;
    flow.emit(Event::PiRequestAnswered(PiAnswer {
        granted: given.granted,
        text: given.text.clone(),
        about,
        carried_out: effect.is_some(),
        by: cx.actor.user,
        at: cx.now,
    }));
    flow.emit_all(stop(&request.clocks, RuleId::D22, cx.now, Stop::Done));
    if let (Some(id), Some(event)) = (about, effect) {
        flow.emit_on(id, event);
    }
    Ok(())
}

/// What granting the request does to the case.
fn effect(
    request: &PiRequest,
    record: &Record,
    given: &AnswerPiRequest,
) -> Result<Option<Event>, Refusal> {
    let Record::Case(case) = record else {
        return Err(Refusal::field("about", "not a case"));
    };
    Ok(match request.asked.kind {
        PiKind::Delete => {
            // While the connection is made, the contract needs the data
            // (个人信息保护法 13 (2)); decline with that reason.
            require(can_go(record), || {
                Refusal::new(Code::Gate).with("gate", "retention").with("have", "case_in_work")
            })?;
            Some(Event::PersonErased(EraseData { because: Because::Request }))
        }
        PiKind::Withdraw => Some(Event::ConsentWithdrawn(Empty {})),
        PiKind::Correct => {
            let update = UpdateBasic {
                name: given.name.clone(),
                phone: given.phone.clone(),
                ..UpdateBasic::default()
            };
            let says = given.name.is_some() || given.phone.is_some();
            require(says, || Refusal::field("phone", "what is right is needed"))?;
            basic::updated(&case.basic, &update)?;
            Some(Event::BasicUpdated(update))
        }
        PiKind::Access | PiKind::Copy | PiKind::Close => None,
    })
}
