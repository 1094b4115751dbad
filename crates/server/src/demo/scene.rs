//! Playing the deeds in order of time, each through the pipeline.

use std::sync::Arc;

use lantian_domain::{
    approval::Decide,
    case::{
        Case,
        construction::Stage,
        permit::{AnswerCode as A, PermitState as P, PermitStep},
        pressure::Verdict,
    },
    command::{AttachFile, Command, CommandName},
    file::{FileKind, FileRef},
    ids::{CommandId, DeviceId, FileId, RecordId},
    record::Record,
    time::Instant,
};
use uuid::Uuid;

use super::{
    agreement, building, closing, estimate, gas,
    opening::{self, Wave},
    paper::Paper,
    people::Staff,
    permits,
    script::Cue,
    story::{Deed, Story},
    technique,
};
use crate::{
    error::{Error, Result},
    files,
    pipeline::{Act, Desk, find},
    store::Store,
};

/// Deeds in one commit.
const PORTION: usize = 60;

/// How much was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Commands accepted.
    pub(super) commands: u64,
    /// Attachments.
    pub(super) files: u64,
}

/// Plays every deed.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the rulebook refuses a deed.
pub(super) fn play(
    store: &Store,
    staff: &Arc<Staff>,
    stories: &Arc<Vec<Story>>,
    cues: &[Cue],
) -> Result<Count> {
    let mut count = Count::default();
    for portion in cues.chunks(PORTION) {
        let (cues, staff, stories) = (portion.to_vec(), Arc::clone(staff), Arc::clone(stories));
        let played = store.write_now(move |unit| {
            let mut desk = Desk::open(unit)?;
            let mut count = Count::default();
            for cue in cues {
                let story = &stories[cue.story];
                let mut turn =
                    Turn { desk: &mut desk, staff: &staff, story, at: cue.at, count: &mut count };
                play_one(&mut turn, cue.deed)?;
            }
            desk.save()?;
            Ok(count)
        })?;
        count.commands += played.commands;
        count.files += played.files;
    }
    Ok(count)
}

/// One deed in playing.
pub(super) struct Turn<'t, 'u, 'c> {
    desk: &'t mut Desk<'u, 'c>,
    /// Who works here.
    pub(super) staff: &'t Staff,
    /// The story.
    pub(super) story: &'t Story,
    /// When.
    pub(super) at: Instant,
    count: &'t mut Count,
}

impl Turn<'_, '_, '_> {
    /// Gives a command on the story's case.
    pub(super) fn on_case(&mut self, login: &str, command: Command) -> Result<()> {
        self.give(login, self.story.case, command)
    }

    /// Gives a command on the story's lead.
    pub(super) fn on_lead(&mut self, login: &str, command: Command) -> Result<()> {
        self.give(login, self.story.lead, command)
    }

    fn give(&mut self, login: &str, record: RecordId, command: Command) -> Result<()> {
        let name = command.name();
        let act = Act {
            id: CommandId(Uuid::now_v7()),
            person: self.staff.person(login)?.clone(),
            device: DeviceId(Uuid::nil()),
            record,
            at: self.at,
            received: self.at,
            command,
        };
        match self.desk.perform(&act)? {
            Ok(_) => {
                self.count.commands += 1;
                Ok(())
            }
            Err(refusal) => Err(self.refused(name, login, &refusal)),
        }
    }

    fn refused(
        &self,
        name: CommandName,
        login: &str,
        refusal: &lantian_domain::refusal::Refusal,
    ) -> Error {
        Error::damaged(format!(
            "the demo's story {} is refused: {} by {login}: {} {:?} in {:?}",
            self.story.serial,
            name.as_str(),
            refusal.code.as_str(),
            refusal.params,
            refusal.state,
        ))
    }

    /// Adds an attachment to the story's case.
    pub(super) fn attach(&mut self, login: &str, kind: FileKind, paper: Paper) -> Result<FileId> {
        let file: FileRef = paper.attachment(kind, self.at);
        let id = file.id;
        let user = self.staff.user(login)?;
        files::note(self.desk.unit(), &file, self.story.case, user, self.at)?;
        self.on_case(login, Command::AttachFile(AttachFile { file }))?;
        self.count.files += 1;
        Ok(id)
    }

    /// Says yes to the proposal that waits on the story's case.
    pub(super) fn decide(&mut self, login: &str) -> Result<()> {
        let case = self.case()?;
        let waiting = case.approvals.iter().find(|approval| approval.decided.is_none());
        let no = waiting.map_or(0, |approval| approval.no);
        self.on_case(login, Command::Decide(Decide { no, approve: true, note: None }))
    }

    /// The story's case as it stands.
    pub(super) fn case(&self) -> Result<Case> {
        let record = match self.desk.record(self.story.case) {
            Some(record) => Some(record.clone()),
            None => find(self.desk.unit(), self.story.case)?,
        };
        match record {
            Some(Record::Case(case)) => Ok(*case),
            _ => Err(Error::damaged(format!("the demo's story {} has no case", self.story.serial))),
        }
    }
}

/// A decimal of the rules.
pub(super) fn decimal<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::damaged(format!("the demo's number {text}")))
}

/// Plays one deed.
fn play_one(turn: &mut Turn<'_, '_, '_>, deed: Deed) -> Result<()> {
    match deed {
        Deed::Push => opening::push(turn),
        Deed::HandOver => opening::hand_over(turn),
        Deed::Call => opening::call(turn),
        Deed::Visit => opening::visit(turn),
        Deed::GiveUp => opening::give_up(turn),
        Deed::Reach => opening::reach(turn),
        Deed::NoDemand => opening::no_demand(turn),
        Deed::Reassign => opening::reassign(turn),
        Deed::Convert => opening::convert(turn),
        Deed::Submit => opening::submit(turn),
        Deed::Refuse => opening::refuse(turn),
        Deed::Accept => opening::accept(turn),
        Deed::Tolerate => opening::tolerate(turn),
        Deed::CollectDesign => opening::collect(turn, Wave::Design),
        Deed::CollectContract => opening::collect(turn, Wave::Contract),
        Deed::CollectRest => opening::collect(turn, Wave::Rest),
        Deed::AskTech => technique::ask(turn),
        Deed::Pressure => technique::pressure(turn, Verdict::Satisfied),
        Deed::Blocked => technique::pressure(turn, Verdict::NotSatisfied),
        Deed::Survey => technique::survey(turn),
        Deed::Draw => technique::draw(turn),
        Deed::Estimate => estimate::propose(turn),
        Deed::LetOutDrawing | Deed::LetOutBudget => turn.decide("tech_lead1"),
        Deed::Talk => agreement::talk(turn),
        Deed::Dispute => agreement::dispute(turn),
        Deed::Settle => agreement::settle(turn),
        Deed::Contract => agreement::contract(turn),
        Deed::Hand => agreement::hand(turn),
        Deed::Pay => agreement::pay_first(turn),
        Deed::PayRest => agreement::pay_rest(turn),
        Deed::DraftPermit => permits::draft(turn),
        Deed::FilePermit => permits::file(turn),
        Deed::GroupPermits => permits::group(turn),
        Deed::AskCorrection => permits::answers(turn, &[A::Accepted, A::Correct]),
        Deed::ReviewPermit => permits::answers(turn, &[A::Accepted, A::Reviewing]),
        Deed::SpecialPermit => {
            permits::answers(turn, &[A::Accepted, A::Reviewing, A::SpecialBegins])
        }
        Deed::RefusePermit => permits::answers(turn, &[A::Accepted, A::Reviewing, A::Refused]),
        Deed::GrantPermit => permits::answers(turn, &[A::Accepted, A::Reviewing, A::Granted]),
        Deed::RestoreRoad => permits::step(turn, P::InUse, PermitStep::Restored),
        Deed::CloseRoad => permits::step(turn, P::Restored, PermitStep::Inspected),
        Deed::Empower => permits::empower(turn),
        Deed::Arrange => building::arrange(turn),
        Deed::Site => building::site(turn),
        Deed::Begin => building::begin(turn),
        Deed::Dig => building::stage(turn, Stage::Excavation, "86.5"),
        Deed::Lay => building::stage(turn, Stage::PipeLaying, "86.5"),
        Deed::Fill => building::stage(turn, Stage::Backfill, "86.5"),
        Deed::Indoor => building::stage(turn, Stage::Indoor, "12"),
        Deed::Declare => building::declare(turn),
        Deed::Confirm => turn.decide("eng_dispatcher1"),
        Deed::Apply => gas::apply(turn),
        Deed::Inspect => gas::inspect(turn),
        Deed::Pass => gas::pass(turn),
        Deed::Fail => gas::fail(turn),
        Deed::ClosedDoor => gas::closed_door(turn),
        Deed::Ignite => gas::ignite(turn),
        Deed::Archive => closing::archive(turn),
        Deed::Withdraw => closing::withdraw(turn),
        Deed::AskPause => closing::ask_pause(turn),
        Deed::AskEnd => closing::ask_end(turn),
        Deed::AgreeRefusal | Deed::AgreePause | Deed::AgreeEnd => turn.decide("cm_lead1"),
    }
}
