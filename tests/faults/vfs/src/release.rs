//! Stores as a release leaves them: a tablet with work that was not sent, and
//! its company; kept in tests/upgrade and opened by every later release.
//!
//! Invariant: a kept store is never written to; it is opened in a copy.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, RecordId};
use lantian_replica::{FileSecrets, Home, Replica};
use lantian_server::store::DeviceRow;
use serde::{Deserialize, Serialize};

use crate::day::note;
use crate::sides::{Company, fetch, submit};
use crate::stage::{COMPANY, TABLET, found_company, morning};

const PIN: &str = "135790";
const SECRETS: &str = "secrets.json";
const EXPECTED: &str = "expected.json";
/// Commands that were sent, and commands that wait.
const COMMANDS: (u128, u128) = (4, 6);

/// What a release's stores hold.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expected {
    /// Every command on the tablet, in order.
    pub commands: Vec<(CommandId, RecordId, Command)>,
    /// How many of them the company has taken.
    pub taken: usize,
    /// Unfinished forms by name.
    pub drafts: Vec<String>,
}

/// Stores of a release, in a copy.
pub struct Kept {
    /// What they hold.
    pub expected: Expected,
    /// Where the copy is.
    pub root: PathBuf,
}

/// Writes the stores of this release to `to`, packed.
pub fn make(to: &Path) -> Result<()> {
    let folder = crate::stage::folder()?;
    let root = folder.path();
    let founded = found_company(root)?;
    let home = Home::take(&root.join(TABLET), "release")?;
    let secrets = FileSecrets::new(root.join(SECRETS));
    let mut replica = home.create(&secrets, PIN, &founded.enrolment())?;
    let device = founded.enrol(&replica)?;
    let leads = founded.leads.clone();
    drop(founded);
    let company = Company::open(root, &device)?;
    let now = morning();
    while fetch(&mut replica, &company, now)? {}

    let mut expected = Expected { commands: Vec::new(), taken: 0, drafts: Vec::new() };
    for n in 0..COMMANDS.0 + COMMANDS.1 {
        if n == COMMANDS.0 {
            let answer = company.take(&replica, now)?;
            replica.settle(&answer, now)?;
            expected.taken = answer.outcomes.len();
        }
        let (lead, command) = (leads[n as usize % leads.len()], note(n));
        let saved = submit(&mut replica, lead, command.clone(), now)?;
        expected.commands.push((saved.command, lead, command));
    }
    let draft = "form of a release".to_owned();
    replica.draft_save(&draft, &draft, now)?;
    expected.drafts.push(draft);
    drop((replica, company, home));
    fs::write(root.join(EXPECTED), serde_json::to_vec_pretty(&expected)?)?;
    pack(root, to)
}

/// The stores of every release, by the folders of `from`.
pub fn all(from: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

impl Kept {
    /// Unpacks the stores of a release to `root`.
    pub fn unpack(from: &Path, root: &Path) -> Result<Self> {
        unpack(from, root)?;
        let expected = serde_json::from_slice(&fs::read(root.join(EXPECTED))?)?;
        Ok(Self { expected, root: root.to_owned() })
    }

    /// Opens the tablet as its owner does.
    pub fn unlock(&self) -> lantian_replica::Result<Replica> {
        let home = Home::take(&self.root.join(TABLET), "upgrade")?;
        let secrets = FileSecrets::new(self.root.join(SECRETS));
        home.unlock(&secrets, PIN, morning().plus_ms(60_000))
    }

    /// Opens the company, to which the tablet is known.
    pub fn company(&self, tablet: &Replica) -> Result<Company> {
        let device = DeviceRow {
            id: tablet.device().device,
            user: tablet.device().person.user(),
            name: tablet.device().device_name.clone(),
            public_key: tablet.public_key(),
            active: true,
            enrolled: morning(),
            last_sync: None,
            offset_ms: None,
        };
        Ok(Company::open(&self.root, &device)?)
    }

    /// Everything is on the tablet, once, and waits if it was not taken.
    pub fn ensure_whole(&self, tablet: &Replica) -> Result<()> {
        let health = tablet.check()?;
        ensure!(health.is_sound(), "{health:?}");
        let entries = tablet.outbox(true)?;
        let found: Vec<_> =
            entries.into_iter().map(|one| (one.id, one.record, one.command)).collect();
        ensure!(found == self.expected.commands, "the commands differ: {found:?}");
        let waiting = self.expected.commands.len() - self.expected.taken;
        ensure!(tablet.sendable_count()? == waiting, "{waiting} commands should wait");
        for draft in &self.expected.drafts {
            let kept = tablet.draft_load(draft)?;
            ensure!(kept.is_some_and(|kept| kept.data == *draft), "{draft} is lost");
        }
        Ok(())
    }
}

/// Files of the stores by their way from the root, packed one by one.
fn pack(root: &Path, to: &Path) -> Result<()> {
    for name in [COMPANY, TABLET, ""] {
        for file in files(&root.join(name))? {
            let way = file.strip_prefix(root)?;
            let target = to.join(format!("{}.zst", way.display()));
            fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
            fs::write(target, zstd::bulk::compress(&fs::read(&file)?, 19)?)?;
        }
    }
    Ok(())
}

fn unpack(from: &Path, root: &Path) -> Result<()> {
    fs::create_dir_all(root)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        match name.strip_suffix(".zst") {
            None => unpack(&path, &root.join(name))?,
            Some(name) => {
                let bytes = zstd::stream::decode_all(fs::File::open(&path)?)?;
                fs::write(root.join(name), bytes)?;
            }
        }
    }
    Ok(())
}

/// What is not kept: locks, logs, which are empty, room kept back, and the
/// company's recovery key.
const LEFT_OUT: [&str; 5] = [".lock", "-wal", "-shm", "reserve.bin", "recovery.key"];

/// What belongs to a store below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        if path.is_dir() && folder.file_name().is_some_and(|folder| folder == TABLET) {
            found.extend(files(&path)?);
        } else if path.is_file() && !LEFT_OUT.iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
    Ok(found)
}
