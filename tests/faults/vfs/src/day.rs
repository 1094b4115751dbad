//! The workload: a day of a tablet and its company, and what each of them
//! said to be safe.
//!
//! Invariant: a promise is written down when the call that made it has
//! returned, with the number of operations that were on the tape by then.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lantian_domain::command::{AddNote, Command};
use lantian_domain::file::{FileKind, FileRef};
use lantian_domain::ids::{CommandId, FileId, RecordId};
use lantian_domain::time::Instant;
use lantian_protocol::Outcome;
use lantian_replica::{NewFile, Replica};
use serde_json::json;
use uuid::Uuid;

use crate::disk::Files;
use crate::sides::{Company, fetch, open_tablet, submit};
use crate::stage::{Stage, databases, lay_out, morning};
use crate::tape::{Entry, Watching};

/// Something that a store has said to be safe.
#[derive(Clone, Debug)]
pub enum Promise {
    /// A command, as given.
    Command(CommandId, RecordId, Box<Command>),
    /// A form, by its name.
    Draft(String),
    /// A setting, by its name.
    Setting(String),
    /// A file and its content.
    File(FileRef),
    /// An answer of the company.
    Answer(Outcome),
}

/// A promise, and how many operations were on the tape by then.
#[derive(Clone, Debug)]
pub struct Told {
    /// Operations.
    pub by: usize,
    /// What was said.
    pub promise: Promise,
}

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A remark on a lead.
    Note,
    /// A contact with a customer.
    Contact,
    /// An unfinished form.
    Draft,
    /// A small thing that survives.
    Setting,
    /// A photo.
    Photo,
    /// What waits is sent, and answered.
    Send,
    /// What waits is sent; the answer is lost on the way.
    SendUnheard,
    /// A page is fetched.
    Fetch,
    /// Somebody else works on a lead.
    Office,
    /// The tablet is closed and opened.
    TabletAgain,
    /// The company is closed and opened.
    CompanyAgain,
}

/// One round of a day.
const ROUND: [Step; 20] = {
    use Step::{
        CompanyAgain, Contact, Draft, Fetch, Note, Office, Photo, Send, SendUnheard, Setting,
        TabletAgain,
    };
    [
        Note,
        Draft,
        Contact,
        Send,
        Office,
        Fetch,
        Note,
        Photo,
        SendUnheard,
        Setting,
        TabletAgain,
        Note,
        Office,
        Send,
        Fetch,
        Contact,
        CompanyAgain,
        Note,
        Fetch,
        Send,
    ]
};

/// A day under way.
pub struct Day<'a> {
    stage: &'a Stage,
    root: PathBuf,
    watching: &'a Watching,
    tablet: Option<Replica>,
    company: Option<Company>,
    now: Instant,
    serial: u128,
    /// What was said to be safe.
    pub told: Vec<Told>,
}

/// A day that is over, on tape.
pub struct Recording {
    /// The databases when it began.
    pub before: Files,
    /// What was done to them.
    pub tape: Vec<Entry>,
    /// What was said to be safe.
    pub told: Vec<Told>,
    /// Where everything lies that is no database.
    pub root: PathBuf,
}

/// Records a day of `rounds` in the folder `root`.
pub fn record(stage: &Stage, root: &Path, rounds: usize) -> Result<Recording> {
    let before = stage.databases()?;
    lay_out(&stage.root, &before, root)?;
    let watching = Watching::over(root);
    let mut day = Day::begin(stage, root, &watching)?;
    for step in steps(rounds) {
        day.step(step).with_context(|| format!("{step:?}"))?;
    }
    let told = std::mem::take(&mut day.told);
    drop(day);
    let tape = watching.take();
    Ok(Recording { before, tape, told, root: root.to_owned() })
}

/// The steps of a day.
pub fn steps(rounds: usize) -> impl Iterator<Item = Step> {
    // The first pages bring the rules, without which nothing is judged.
    [Step::Fetch; 4].into_iter().chain((0..rounds).flat_map(|_| ROUND))
}

impl<'a> Day<'a> {
    /// Opens both sides below `root`.
    pub fn begin(stage: &'a Stage, root: &Path, watching: &'a Watching) -> Result<Self> {
        let mut day = Self {
            stage,
            root: root.to_owned(),
            watching,
            tablet: None,
            company: None,
            now: morning(),
            serial: 0,
            told: Vec::new(),
        };
        day.open()?;
        Ok(day)
    }

    /// Opens what is closed.
    pub fn open(&mut self) -> Result<()> {
        if self.company.is_none() {
            self.company = Some(Company::open(&self.root, &self.stage.device)?);
        }
        if self.tablet.is_none() {
            self.tablet = Some(open_tablet(&self.root)?);
        }
        Ok(())
    }

    /// Closes both sides.
    pub fn close(&mut self) {
        self.tablet = None;
        self.company = None;
    }

    /// Somebody does something.
    pub fn step(&mut self, step: Step) -> Result<()> {
        self.open()?;
        self.serial += 1;
        self.now = self.now.plus_ms(60_000);
        let (n, now) = (self.serial, self.now);
        let lead = self.stage.leads[(n % self.stage.leads.len() as u128) as usize];
        let (Some(tablet), Some(company)) = (&mut self.tablet, &self.company) else {
            return Ok(());
        };
        // As `lantian_client`'s desk does before each job.
        tablet.revive()?;
        match step {
            Step::Note => self.give(lead, note(n)),
            Step::Contact => self.give(lead, contact(n)?),
            Step::Draft => {
                let name = format!("form {n}");
                tablet.draft_save(&name, &name, now)?;
                self.tell(Promise::Draft(name));
                Ok(())
            }
            Step::Setting => {
                let name = format!("setting {n}");
                tablet.set_setting(&name, Some(&name))?;
                self.tell(Promise::Setting(name));
                Ok(())
            }
            Step::Photo => {
                let file = tablet.attach(photo(lead, n), &content(n), now)?;
                self.tell(Promise::File(file));
                Ok(())
            }
            Step::Send => self.send(true),
            Step::SendUnheard => self.send(false),
            Step::Fetch => fetch(tablet, company, now).map(drop),
            Step::Office => company.act(&self.stage.manager, lead, note(n), now, 1_000 + n),
            Step::TabletAgain => {
                self.tablet = None;
                self.open()
            }
            Step::CompanyAgain => {
                self.company = None;
                self.open()
            }
        }
    }

    fn give(&mut self, lead: RecordId, command: Command) -> Result<()> {
        let tablet = self.tablet.as_mut().context("the tablet is closed")?;
        let saved = submit(tablet, lead, command.clone(), self.now)?;
        self.tell(Promise::Command(saved.command, lead, Box::new(command)));
        Ok(())
    }

    fn send(&mut self, heard: bool) -> Result<()> {
        let tablet = self.tablet.as_mut().context("the tablet is closed")?;
        let company = self.company.as_ref().context("the company is closed")?;
        let answer = company.take(tablet, self.now)?;
        for outcome in &answer.outcomes {
            let by = self.watching.len();
            self.told.push(Told { by, promise: Promise::Answer(outcome.clone()) });
        }
        if heard {
            tablet.settle(&answer, self.now)?;
        }
        Ok(())
    }

    fn tell(&mut self, promise: Promise) {
        self.told.push(Told { by: self.watching.len(), promise });
    }
}

impl Recording {
    /// The databases once the day is over.
    pub fn after(&self) -> Result<Files> {
        databases(&self.root)
    }
}

/// A remark with a text of its own.
pub fn note(n: u128) -> Command {
    Command::AddNote(AddNote { text: format!("备注 {n}") })
}

fn contact(n: u128) -> Result<Command> {
    let contact = json!({
        "type": "record_contact_attempt", "channel": "phone", "result": "no_answer",
        "summary": format!("无人接听 {n}"), "counterpart_role": "建设单位",
    });
    Ok(serde_json::from_value(contact)?)
}

fn photo(record: RecordId, n: u128) -> NewFile {
    NewFile {
        id: FileId(Uuid::from_u128(0xf11e << 64 | n)),
        record,
        kind: FileKind::PhotoSite,
        name: format!("{n}.jpg"),
        mime: "image/jpeg".to_owned(),
        taken_at: None,
        geo: None,
    }
}

fn content(n: u128) -> Vec<u8> {
    n.to_le_bytes().repeat(200)
}
