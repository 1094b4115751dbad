//! A disk as a drive and its file system may leave it: what was synced, and
//! what was not yet.
//!
//! Invariant: what was synced is in every state that a cut leaves; of what
//! was not, any part may be, also half a write.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::chance::Chance;
use crate::tape::{Entry, Op};

/// The least that a drive writes as one.
const SECTOR: usize = 512;

/// How much of what was not synced a cut leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// All of it: the program was killed, the machine was not.
    Everything,
    /// Nothing of it.
    Synced,
    /// All of it, the last write to a part only.
    Torn,
    /// Any sectors of it, whatever their order was.
    Reordered,
}

impl Leaves {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Everything, Self::Synced, Self::Torn, Self::Reordered];
}

/// The content of files by name.
pub type Files = BTreeMap<Arc<str>, Vec<u8>>;

#[derive(Clone, Debug, Default)]
struct File {
    /// On the disk; nothing when it does not exist there.
    base: Option<Vec<u8>>,
    /// What came after a sync that failed, and whether it is on the disk.
    after: Vec<(Op, bool)>,
    /// Not synced yet.
    pending: Vec<Op>,
}

/// The disk at one place of a tape.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    files: BTreeMap<Arc<str>, File>,
}

impl Disk {
    /// A disk on which `files` are durable.
    pub fn with(files: Files) -> Self {
        let file = |(name, content)| (name, File { base: Some(content), ..File::default() });
        Self { files: files.into_iter().map(file).collect() }
    }

    /// Carries on by one operation.
    pub fn play(&mut self, entry: &Entry) {
        let file = self.files.entry(Arc::clone(&entry.file)).or_default();
        file.pending.push(entry.op.clone());
        match entry.op {
            Op::Sync | Op::Delete { durable: true } => file.sync(true),
            Op::SyncFailed => file.sync(false),
            _ => {}
        }
    }

    /// What a cut before `next` leaves of the files that `of` selects; the
    /// others are as the running programs see them.
    pub fn cut(
        &self,
        next: Option<&Entry>,
        of: impl Fn(&str) -> bool,
        leaves: Leaves,
        chance: &mut Chance,
    ) -> Files {
        let mut left = Files::new();
        for (name, file) in &self.files {
            let next = next.filter(|entry| entry.file == *name).map(|entry| &entry.op);
            let content = match leaves {
                _ if !of(name) => file.whole(),
                Leaves::Everything => file.whole(),
                Leaves::Synced => file.durable(),
                Leaves::Torn => file.torn(next, chance),
                Leaves::Reordered => file.reordered(next, chance),
            };
            left.extend(content.map(|content| (Arc::clone(name), content)));
        }
        left
    }
}

impl File {
    /// What is on the disk in any case.
    fn durable(&self) -> Option<Vec<u8>> {
        let mut content = self.base.clone();
        let kept = self.after.iter().filter(|(_, kept)| *kept);
        kept.for_each(|(op, _)| carry_out(&mut content, op));
        content
    }

    fn sync(&mut self, kept: bool) {
        if kept && self.after.is_empty() {
            self.base = self.whole();
            self.pending.clear();
        } else {
            self.after.extend(self.pending.drain(..).map(|op| (op, kept)));
        }
    }

    /// What running programs see.
    fn whole(&self) -> Option<Vec<u8>> {
        let mut content = self.base.clone();
        self.after.iter().for_each(|(op, _)| carry_out(&mut content, op));
        self.pending.iter().for_each(|op| carry_out(&mut content, op));
        content
    }

    /// The write that was under way arrives in part.
    fn torn(&self, next: Option<&Op>, chance: &mut Chance) -> Option<Vec<u8>> {
        let mut content = self.whole();
        if let Some(Op::Write { at, bytes }) = next {
            let part = match chance.below(3) {
                0 => chance.below(bytes.len()),
                _ => chance.below(bytes.len().div_ceil(SECTOR)) * SECTOR,
            };
            write(&mut content, *at, &bytes[..part.min(bytes.len())]);
        }
        content
    }

    /// Sectors arrive or do not; making and removing keep their order.
    fn reordered(&self, next: Option<&Op>, chance: &mut Chance) -> Option<Vec<u8>> {
        let mut content = self.durable();
        let mut names = true;
        for op in self.pending.iter().chain(next) {
            match op {
                Op::Create | Op::Delete { .. } => {
                    names &= chance.below(4) > 0;
                    if names {
                        carry_out(&mut content, op);
                    }
                }
                Op::Write { at, bytes } if names => {
                    for (n, sector) in bytes.chunks(SECTOR).enumerate() {
                        if chance.below(2) == 0 {
                            write(&mut content, at + n * SECTOR, sector);
                        }
                    }
                }
                Op::Truncate { .. } if names && chance.below(2) == 0 => {
                    carry_out(&mut content, op);
                }
                Op::Write { .. } | Op::Truncate { .. } | Op::Sync | Op::SyncFailed => {}
            }
        }
        content
    }
}

fn carry_out(content: &mut Option<Vec<u8>>, op: &Op) {
    match op {
        Op::Create => *content = Some(Vec::new()),
        Op::Write { at, bytes } => write(content, *at, bytes),
        Op::Truncate { len } => content.get_or_insert_default().resize(*len, 0),
        Op::Sync | Op::SyncFailed => {}
        Op::Delete { .. } => *content = None,
    }
}

fn write(content: &mut Option<Vec<u8>>, at: usize, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let content = content.get_or_insert_default();
    content.resize(content.len().max(at + bytes.len()), 0);
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

/// Writes files below a folder that exists.
pub fn put(root: &Path, files: &Files) -> Result<()> {
    for (name, content) in files {
        std::fs::write(root.join(&**name), content).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(op: Op) -> Entry {
        Entry { file: "a".into(), op }
    }

    fn written(at: usize, byte: u8, len: usize) -> Entry {
        entry(Op::Write { at, bytes: vec![byte; len].into() })
    }

    #[test]
    fn a_cut_keeps_what_was_synced_and_any_part_of_the_rest() {
        let mut disk = Disk::default();
        let tape = [entry(Op::Create), written(0, 1, 1024), entry(Op::Sync), written(0, 2, 1024)];
        tape.iter().for_each(|entry| disk.play(entry));
        let next = written(1024, 3, 1024);
        let mut chance = Chance::of(1);
        let mut seen = std::collections::BTreeSet::new();
        for round in 0..64 {
            for leaves in Leaves::ALL {
                let left = disk.cut(Some(&next), |_| true, leaves, &mut chance);
                let content = &left["a"];
                assert!(content.len() >= 1024, "{leaves:?} in round {round}");
                assert!(content[..1024].iter().all(|byte| *byte == 1 || *byte == 2));
                match leaves {
                    Leaves::Everything => assert_eq!(content, &vec![2; 1024]),
                    Leaves::Synced => assert_eq!(content, &vec![1; 1024]),
                    Leaves::Torn => assert!(content.len() < 2048),
                    Leaves::Reordered => drop(seen.insert(content.clone())),
                }
            }
        }
        assert!(seen.len() > 8, "sectors survive in many ways: {}", seen.len());
    }

    #[test]
    fn what_a_failed_sync_forgot_is_seen_by_programs_and_lost_by_a_cut() {
        let mut disk = Disk::with([("a".into(), vec![0; 4])].into());
        let tape = [written(0, 1, 2), entry(Op::SyncFailed), written(2, 2, 2), entry(Op::Sync)];
        tape.iter().for_each(|entry| disk.play(entry));
        let mut chance = Chance::of(1);
        let mut left = |leaves| disk.cut(None, |_| true, leaves, &mut chance)["a"].clone();
        assert_eq!(left(Leaves::Everything), [1, 1, 2, 2]);
        assert_eq!(left(Leaves::Synced), [0, 0, 2, 2]);
    }

    #[test]
    fn a_removal_is_undone_until_the_folder_was_synced() {
        let mut disk = Disk::with([("a".into(), vec![7])].into());
        disk.play(&entry(Op::Delete { durable: false }));
        let mut chance = Chance::of(1);
        let mut left = |disk: &Disk, leaves| disk.cut(None, |_| true, leaves, &mut chance);
        assert!(left(&disk, Leaves::Everything).is_empty());
        assert_eq!(left(&disk, Leaves::Synced).len(), 1);
        disk.play(&entry(Op::Delete { durable: true }));
        assert!(left(&disk, Leaves::Synced).is_empty());
    }
}
