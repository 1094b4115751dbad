//! Stores of every release in tests/upgrade are opened by this one, with
//! their pending commands in place; also when the power is cut at any
//! operation of the opening.

use std::path::Path;

use anyhow::Context as _;
use lantian_faults::chance::Chance;
use lantian_faults::disk::{Disk, Files, Leaves, put};
use lantian_faults::release::{Kept, all};
use lantian_faults::sides::rest;
use lantian_faults::stage::{folder, morning};
use lantian_faults::tape::Watching;

fn releases() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../upgrade");
    let found = all(&folder).unwrap();
    assert!(!found.is_empty(), "tests/upgrade keeps the stores of the releases");
    found
}

#[test]
fn the_stores_of_every_release_open_push_and_come_to_rest() {
    for release in releases() {
        let folder = folder().unwrap();
        let kept = Kept::unpack(&release, folder.path()).unwrap();
        let mut tablet = kept.unlock().with_context(|| format!("{}", release.display())).unwrap();
        kept.ensure_whole(&tablet).unwrap();
        let company = kept.company(&tablet).unwrap();
        company.verify().unwrap();
        rest(&mut tablet, &company, morning().plus_ms(120_000)).unwrap();
        assert_eq!(tablet.sendable_count().unwrap(), 0);
        let effects = company.effects().unwrap();
        for (id, ..) in &kept.expected.commands {
            assert_eq!(effects.get(id), Some(&1), "{id} of {}", release.display());
        }
        let (here, there) = (tablet.scope_digest().unwrap(), company.digest().unwrap());
        assert_eq!((here.records, here.digest), (there.records, there.digest));
        company.verify().unwrap();
    }
}

#[test]
fn f33_a_cut_at_any_operation_of_the_first_opening_loses_nothing() {
    let mut chance = Chance::from_environment("openings of kept stores");
    for release in releases() {
        let folder = folder().unwrap();
        let whole = Kept::unpack(&release, &folder.path().join("whole")).unwrap();
        let before = databases(&whole.root);
        let watching = Watching::over(&whole.root);
        let tablet = whole.unlock().unwrap();
        drop(whole.company(&tablet).unwrap());
        drop(tablet);
        let tape = watching.take();
        drop(watching);
        for at in 0..=tape.len() {
            let leaves = Leaves::ALL[at % Leaves::ALL.len()];
            let mut disk = Disk::with(before.clone());
            tape[..at].iter().for_each(|entry| disk.play(entry));
            let left = disk.cut(tape.get(at), |_| true, leaves, &mut chance);
            let root = folder.path().join(format!("cut-{at}"));
            let kept = Kept::unpack(&release, &root).unwrap();
            put(&root, &left).unwrap();
            let tablet = kept.unlock().with_context(|| format!("operation {at}")).unwrap();
            kept.ensure_whole(&tablet).unwrap();
            kept.company(&tablet).unwrap().verify().unwrap();
            drop(tablet);
            std::fs::remove_dir_all(root).unwrap();
        }
        println!("{}: {} operations of the first opening", release.display(), tape.len());
    }
}

/// The databases of a kept release, named from its root.
fn databases(root: &Path) -> Files {
    let names = ["company/server.db", "tablet/store/outbox.db", "tablet/store/replica.db"];
    names.iter().map(|name| ((*name).into(), std::fs::read(root.join(name)).unwrap())).collect()
}
