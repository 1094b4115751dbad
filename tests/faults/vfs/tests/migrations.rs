//! Migrations of the company's store, cut at any operation: whatever schema
//! an earlier release left, the next opening ends at the newest one, whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use lantian_faults::chance::Chance;
use lantian_faults::disk::{Disk, Files, Leaves, put};
use lantian_faults::stage::{COMPANY, folder};
use lantian_faults::tape::Watching;
use lantian_server::store::{FILE, Store};
use rusqlite::Connection;

/// Marks the file as a store of the company (`LTSV`).
const APPLICATION_ID: i64 = 0x4c54_5356;

/// The SQL of the migrations, in order.
fn migrations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../crates/server/migrations");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "sql")).collect();
    found.sort();
    found
}

/// A store with the first `known` migrations, as a release before left it.
fn earlier(file: &Path, known: usize) -> Result<()> {
    let db = Connection::open(file)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    for migration in &migrations()[..known] {
        db.execute_batch(&fs::read_to_string(migration)?)?;
    }
    db.execute(
        "INSERT INTO orgs (org, id, name, epoch, head, recipient, created)
         VALUES (1, x'00', '升级燃气', 1, 0, 'age1none', 0)",
        [],
    )?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(db.pragma_update(None, "user_version", i64::try_from(known)?)?)
}

fn ensure_newest(file: &Path) -> Result<()> {
    let db = Connection::open(file)?;
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    ensure!(version == i64::try_from(migrations().len())?, "schema {version}");
    let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(whole == "ok", "{whole}");
    let name: String = db.query_row("SELECT name FROM orgs", [], |row| row.get(0))?;
    ensure!(name == "升级燃气", "the company is {name}");
    Ok(())
}

#[test]
fn a_migration_cut_at_any_operation_is_carried_on_by_the_next_opening() {
    let mut chance = Chance::from_environment("migrations");
    let folder = folder().unwrap();
    let (mut cuts, count) = (0, migrations().len());
    assert!(count > 1);
    for known in 1..count {
        let root = folder.path().join(format!("from-{known}"));
        fs::create_dir_all(root.join(COMPANY)).unwrap();
        let file = root.join(COMPANY).join(FILE);
        earlier(&file, known).unwrap();
        let name = format!("{COMPANY}/{FILE}");
        let before = Files::from([(name.as_str().into(), fs::read(&file).unwrap())]);
        let watching = Watching::over(&root);
        drop(Store::open(&root.join(COMPANY)).unwrap());
        let tape = watching.take();
        drop(watching);
        ensure_newest(&file).unwrap();
        for at in 0..=tape.len() {
            for leaves in Leaves::ALL {
                let mut disk = Disk::with(before.clone());
                tape[..at].iter().for_each(|entry| disk.play(entry));
                let left = disk.cut(tape.get(at), |_| true, leaves, &mut chance);
                let place = folder.path().join("cut");
                fs::create_dir_all(place.join(COMPANY)).unwrap();
                put(&place, &left).unwrap();
                drop(Store::open(&place.join(COMPANY)).with_context(|| format!("{at}")).unwrap());
                ensure_newest(&place.join(COMPANY).join(FILE))
                    .with_context(|| format!("from {known}, operation {at}, {leaves:?}"))
                    .unwrap();
                fs::remove_dir_all(&place).unwrap();
                cuts += 1;
            }
        }
    }
    println!("{cuts} cuts of migrations");
    assert!(cuts > 500, "{cuts} cuts");
}
