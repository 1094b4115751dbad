//! Playing the deeds in order of time, each through the pipeline.

use std::sync::Arc;

use lantian_domain::{
    case::Case,
    command::{AttachFile, Command, CommandName},
    file::{FileKind, FileRef},
    ids::{CommandId, DeviceId, FileId, RecordId},
    record::Record,
    time::Instant,
};
use uuid::Uuid;

use super::{
    agreement, building, closing, gas, opening,
    paper::Paper,
    people::Staff,
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
                let turn =
                    Turn { desk: &mut desk, staff: &staff, story, at: cue.at, count: &mut count };
                turn.play(cue.deed)?;
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
    fn play(mut self, deed: Deed) -> Result<()> {
        let turn = &mut self;
        match deed {
            Deed::Push | Deed::HandOver | Deed::Call | Deed::Visit | Deed::GiveUp => {
                opening::lead(turn, deed)
            }
            Deed::Reach | Deed::NoDemand | Deed::Reassign | Deed::Convert => {
                opening::contact(turn, deed)
            }
            Deed::Submit | Deed::Refuse | Deed::AgreeRefusal | Deed::Accept | Deed::Tolerate => {
                opening::case(turn, deed)
            }
            Deed::CollectDesign | Deed::CollectContract | Deed::CollectRest => {
                opening::collect(turn, deed)
            }
            Deed::AskTech | Deed::Pressure | Deed::Blocked | Deed::Survey => {
                technique::site(turn, deed)
            }
            Deed::Draw | Deed::LetOutDrawing | Deed::Estimate | Deed::LetOutBudget => {
                technique::papers(turn, deed)
            }
            Deed::Talk | Deed::Dispute | Deed::Settle => agreement::fee(turn, deed),
            Deed::Contract | Deed::Hand | Deed::Pay | Deed::PayRest => {
                agreement::contract(turn, deed)
            }
            Deed::DraftPermit | Deed::FilePermit | Deed::GrantPermit => {
                building::permit(turn, deed)
            }
            Deed::Arrange | Deed::Site | Deed::Begin => building::begin(turn, deed),
            Deed::Dig | Deed::Lay | Deed::Fill | Deed::Indoor | Deed::Declare | Deed::Confirm => {
                building::work(turn, deed)
            }
            Deed::Apply | Deed::Inspect | Deed::Pass | Deed::Fail => gas::acceptance(turn, deed),
            Deed::ClosedDoor | Deed::Ignite => gas::door(turn, deed),
            Deed::Archive
            | Deed::Withdraw
            | Deed::AskPause
            | Deed::AgreePause
            | Deed::AskEnd
            | Deed::AgreeEnd => closing::end(turn, deed),
        }
    }

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

    /// A decimal of the rules.
    pub(super) fn decimal<T: std::str::FromStr>(&self, text: &str) -> Result<T> {
        text.parse().map_err(|_| Error::damaged(format!("the demo's number {text}")))
    }
}
