//! 工作移交: work on a record that somebody did who no longer answers for it.
//! It takes no effect by itself and is never lost: whoever answers for the
//! record now takes it over as it is, corrects it first, or declines it.
//!
//! ```text
//! offered ─► taken over   given again as it was, by who answers for the record
//!         ├► corrected    given again with corrections
//!         └► declined     with a word for whom it came from
//! ```
//!
//! A command that reaches the company after its record went to somebody else
//! (`E_ASSIGNED`) becomes one by itself ([`late`]); any other command that
//! needs a person can be handed over by hand.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a proposal answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    approval::Approval,
    audience::Audience,
    card::{Card, blank, card, haystack},
    clock::Clock,
    coded::coded,
    command::{Command, CommandName as C},
    context::{Context, View},
    event::{Change, Event},
    file::FileRef,
    flow::Flow,
    ids::{CommandId, RecordId, UserId, derived},
    privacy::{Field, retention::Class},
    record::{Record, RecordKind, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::Instant,
    work::{Work, attach_or_note, kept},
};

/// The parameter of a refusal that names the proposal that the work became.
pub const PROPOSAL: &str = "proposal";
/// Bytes that the data of a command may have.
const MOST: usize = 64 << 10;

coded! {
    /// The states of a proposal.
    ProposalState {
        /// 待确认
        Offered = "offered",
        /// 已采纳
        TakenOver = "adopted",
        /// 修改后采纳
        Corrected = "adopted_corrected",
        /// 未采纳
        Declined = "declined",
    }
}

coded! {
    /// What became of it.
    Settled {
        /// 采纳
        TakenOver = "adopted",
        /// 修改后采纳
        Corrected = "adopted_corrected",
        /// 不采纳
        Declined = "declined",
    }
}

/// Hands work over to who is to decide on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferWork {
    /// The record on which it was done.
    #[schemars(extend("x-widget" = "record"))]
    pub target: RecordId,
    /// What was done.
    pub command: C,
    /// With which data.
    pub data: Map<String, Value>,
    /// The command as it was given first.
    pub source: CommandId,
    /// When it was done.
    #[schemars(extend("x-widget" = "instant"))]
    pub given_at: Instant,
    /// To whom; to who answers for the record when nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub to: Option<UserId>,
}

/// Decides on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettleProposal {
    /// How.
    pub how: Settled,
    /// The command in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<CommandId>,
    /// Why not, for whom it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub reason: Option<String>,
}

/// Work that waits for a decision, or had it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: ProposalState,
    /// What was done.
    #[serde(flatten)]
    pub work: OfferWork,
    /// By whom.
    pub by: UserId,
    /// Who decides.
    pub owner: UserId,
    /// The number of the record on which it was done.
    pub no: String,
    /// Its title.
    pub title: String,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<SettleProposal>,
    /// Its clocks: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// The attachments that the work brought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// What waits for a lead's word: nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

impl OfferWork {
    /// What a command amounts to, to be handed over.
    pub fn of(
        command: &Command,
        source: CommandId,
        target: RecordId,
        given_at: Instant,
        to: Option<UserId>,
    ) -> Self {
        let mut data = match serde_json::to_value(command) {
            Ok(Value::Object(data)) => data,
            _ => Map::new(),
        };
        data.remove("type");
        Self { target, command: command.name(), data, source, given_at, to }
    }

    /// The command itself; nothing when this version does not know it.
    pub fn given(&self) -> Option<Command> {
        let mut data = self.data.clone();
        data.insert("type".to_owned(), Value::String(self.command.as_str().to_owned()));
        serde_json::from_value(Value::Object(data)).ok()
    }
}

/// The identity of the proposal that a command becomes: however often and by
/// whichever way it is handed over, it is one.
pub fn identity(source: CommandId) -> RecordId {
    derived(RecordId(source.0), "proposal")
}

/// What a command becomes that was refused because its record had gone to
/// somebody else; nothing for any other refusal.
pub fn late(
    refusal: &Refusal,
    source: CommandId,
    record: &Record,
    command: &Command,
    stamp: &Stamp,
) -> Option<Change> {
    let owner = owner(record).filter(|owner| *owner != stamp.actor)?;
    if refusal.code != Code::Assigned {
        return None;
    }
    let work = OfferWork::of(command, source, record.id(), stamp.at, Some(owner));
    let proposal = Proposal::of(work, command, stamp.actor, owner, Some(record));
    let record = proposal.id;
    Some(Change { record, event: Event::ProposalOffered(Box::new(proposal)) })
}

/// The proposal that refused work became by itself, if it did.
pub fn handed_on(refusal: &Refusal) -> Option<RecordId> {
    refusal.params.get(PROPOSAL)?.parse().ok()
}

/// Who answers for a record that is handed over.
fn owner(record: &Record) -> Option<UserId> {
    match record {
        Record::Case(case) => case.responsible(),
        Record::Lead(lead) => lead.manager,
        _ => None,
    }
}

impl Proposal {
    fn of(
        work: OfferWork,
        command: &Command,
        by: UserId,
        owner: UserId,
        target: Option<&Record>,
    ) -> Self {
        let line = target.map(card);
        let text = |of: fn(&Card) -> &String| line.as_ref().map(of).cloned().unwrap_or_default();
        Self {
            id: identity(work.source),
            version: 0,
            state: ProposalState::Offered,
            by,
            owner,
            no: text(|line| &line.no),
            title: text(|line| &line.title),
            settled: None,
            clocks: Vec::new(),
            files: command.files().into_iter().cloned().collect(),
            approvals: Vec::new(),
            trail: Vec::new(),
            work,
        }
    }
}

/// The states from which a command on a proposal may be given.
pub(crate) fn from(command: C) -> &'static [ProposalState] {
    match command {
        C::SettleProposal => &[ProposalState::Offered],
        C::AttachFile | C::AddNote => ProposalState::ALL,
        _ => &[],
    }
}

/// Work is handed over.
pub(crate) fn begin(
    id: RecordId,
    given: &OfferWork,
    view: &View<'_>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(id == identity(given.source), || Refusal::field("source", "another proposal's"))?;
    let size = serde_json::to_vec(&given.data).map_or(usize::MAX, |data| data.len());
    require(size <= MOST, || Refusal::field("data", "at most 64 KiB"))?;
    let again = matches!(given.command, C::OfferWork | C::SettleProposal);
    let command = given.given().filter(|_| !again);
    let command = command.ok_or_else(|| Refusal::field("data", "no command that can be given"))?;
    let target = view.get(given.target);
    let works = |user: &UserId| view.person(*user).is_some_and(|person| person.active);
    let owner = match given.to {
        Some(named) => Some(named).filter(works),
        None => target.and_then(owner),
    };
    let owner = owner.ok_or_else(|| Refusal::field("to", "nobody answers for it"))?;
    require(owner != cx.actor.user, || Refusal::field("to", "somebody else"))?;
    let proposal = Proposal::of(given.clone(), &command, cx.actor.user, owner, target);
    Ok(vec![Event::ProposalOffered(Box::new(proposal))])
}

impl Work for Proposal {
    kept!();

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        if let Event::ProposalSettled(settled) = event {
            self.state = match settled.how {
                Settled::TakenOver => ProposalState::TakenOver,
                Settled::Corrected => ProposalState::Corrected,
                Settled::Declined => ProposalState::Declined,
            };
            self.settled = Some(settled.clone());
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
        match command {
            Command::SettleProposal(given) => {
                let length = given.reason.as_deref().map_or(0, |why| why.trim().chars().count());
                require(length <= 500, || Refusal::field("reason", "at most 500 characters"))?;
                require(given.how != Settled::Declined || length > 0, || {
                    Refusal::field("reason", "missing")
                })?;
                flow.emit(Event::ProposalSettled(given.clone()));
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

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))?;
        let decides = self.owner == cx.actor.user || cx.actor.is(Role::CmLead);
        require(command != C::SettleProposal || decides, || Refusal::new(Code::Assigned))
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            ProposalState::Offered => &[C::SettleProposal],
            ProposalState::TakenOver | ProposalState::Corrected | ProposalState::Declined => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let lead = Audience::Role(Role::CmLead);
        BTreeSet::from([Audience::User(self.by), Audience::User(self.owner), lead])
    }

    fn responsible(&self) -> Option<UserId> {
        Some(self.owner)
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        for (key, value) in &mut self.work.data {
            within(key, value, see);
        }
    }

    fn forget(&mut self) {
        self.work.data.clear();
    }

    fn keeps(&self) -> Option<Class> {
        (self.state != ProposalState::Offered).then_some(Class::CaseFile)
    }

    fn card(&self) -> Card {
        Card {
            no: self.no.clone(),
            title: self.title.clone(),
            state: self.state.as_str().to_owned(),
            search: haystack(&[&self.no, &self.title]),
            ..blank(self.id, RecordKind::Proposal)
        }
    }

    fn related(&self) -> Vec<RecordId> {
        vec![self.work.target]
    }
}

/// Shows `see` every text whose name says that it is personal.
fn within(name: &str, value: &mut Value, see: &mut dyn FnMut(Field, &mut String)) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, one)| within(name, one, see)),
        Value::Array(all) => all.iter_mut().for_each(|one| within(name, one, see)),
        Value::String(text) => {
            if let Some(field) = Field::parse(name) {
                see(field, text);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
