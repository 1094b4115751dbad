//! Kill -9 at more than 500 random points of tablet, server and import; with
//! `LANTIAN_FAULTS=all` at ten times as many.
//!
//! Words: a *note* is a remark with a text of its own, so that it can be
//! counted; it is *acknowledged* once `lantian do` said that it is saved.
//!
//! Invariants checked after every restart: I1, nothing acknowledged is lost;
//! I2, nothing happens twice; I3, at rest the tablet equals what the server
//! gives to a fresh tablet of the same person, record by record.
//!
//! The seed is printed; `LANTIAN_SEED` walks the same course again.

mod killed;
mod ledger;

use std::fs;
use std::time::Duration;

use lantian_tests::chance::Chance;
use lantian_tests::{Company, Tablet, fixtures};

use killed::{End, median, run_and_kill, while_killing};
use ledger::Ledger;

/// Kills of the tablet's process.
const TABLET_KILLS: usize = 300;
/// Kills of the server.
const SERVER_KILLS: usize = 170;
/// Kills of an import.
const IMPORT_KILLS: usize = 40;
/// Kills after which everything is counted.
const COUNT_EVERY: usize = 50;
/// By how much a soak is longer.
const SOAK: usize = 10;

/// How many kills are wanted here.
fn wanted(kills: usize) -> usize {
    let all = std::env::var("LANTIAN_FAULTS").is_ok_and(|wanted| wanted == "all");
    if all { kills * SOAK } else { kills }
}

#[test]
fn a_tablet_killed_at_any_moment_loses_nothing_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::demo(folder.path());
    let tablet = Tablet::enrol(folder.path(), &company, "manager1");
    let mut chance = Chance::from_environment("kills of the tablet");
    let mut ledger = Ledger::on(&tablet, "t");

    let act = median(|| drop(ledger.note(&tablet, &mut chance)));
    let sync = median(|| drop(tablet.sync()));
    let mut kills = 0;
    while kills < wanted(TABLET_KILLS) {
        let (end, longest) = match chance.below(10) {
            0..5 => (ledger.note_and_kill(&tablet, &mut chance, act), act),
            5 => (ledger.attach_and_kill(folder.path(), &tablet, &mut chance, act), act),
            _ => (run_and_kill(&tablet, &["sync"], &mut chance, sync), sync),
        };
        if matches!(end, End::Killed) {
            kills += 1;
            // It opens again after each kill. A PIN that was not proved
            // counts as wrong until the next one that is: that is its brake.
            tablet.status();
            if kills % COUNT_EVERY == 0 {
                ledger.count(&tablet);
            }
        }
        assert!(longest < Duration::from_secs(20), "one run takes {longest:?}");
    }
    tablet.deliver();
    ledger.count(&tablet);
    ledger.converged(folder.path(), &company, &tablet);
    println!("{kills} kills of the tablet");
}

#[test]
fn a_server_killed_at_any_moment_loses_nothing_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::demo(folder.path());
    let tablet = Tablet::enrol(folder.path(), &company, "manager2");
    let mut chance = Chance::from_environment("kills of the server");
    let mut ledger = Ledger::on(&tablet, "s");

    drop(ledger.note(&tablet, &mut chance));
    let sync = median(|| drop(tablet.sync()));
    for round in 1..=wanted(SERVER_KILLS) {
        for _ in 0..=chance.below(2) {
            drop(ledger.note(&tablet, &mut chance));
        }
        if chance.below(5) == 0 {
            ledger.attach(folder.path(), &tablet, &mut chance);
        }
        let code = while_killing(&tablet, &["sync"], &mut company, &mut chance, sync);
        // Done in time, or offline; a person's work is never in question.
        assert!(matches!(code, Some(0 | 4)), "round {round}: sync ended with {code:?}");
        company.open();
        if round % COUNT_EVERY == 0 {
            ledger.count(&tablet);
        }
    }
    tablet.deliver();
    ledger.count(&tablet);
    ledger.converged(folder.path(), &company, &tablet);
    company.close();
    company.verify().done();
}

#[test]
fn an_import_killed_at_any_moment_is_completed_by_sending_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::demo_closed(folder.path());
    let file = fixtures::path("intake/gonggai-10000.csv");
    let part = folder.path().join("part.csv");
    let text = fs::read_to_string(file).unwrap();
    let rows: Vec<_> = text.lines().take(1_501).collect();
    fs::write(&part, rows.join("\n")).unwrap();

    let mut chance = Chance::from_environment("kills of an import");
    let mut kills = 0;
    while kills < wanted(IMPORT_KILLS) {
        let moment = chance.between(Duration::from_millis(20), Duration::from_millis(900));
        if killed::import_and_kill(&company, &part, moment) {
            kills += 1;
        }
    }
    let report = company.import(&part, "gonggai").done();
    let (accepted, duplicate) = (&report["accepted"], &report["duplicate"]);
    assert_eq!(accepted.as_u64().unwrap() + duplicate.as_u64().unwrap(), 1_500, "{report}");
    let again = company.import(&part, "gonggai").done();
    assert_eq!(again["duplicate"], 1_500, "each row has had its effect once");
    company.verify().done();
}
