//! How fast the rulebook is: judging and applying one command, and the
//! indicators of a month over a million events. `cargo bench -p
//! lantian-domain` prints figures; nothing here fails by the clock. Of what is
//! done again and again the middle counts: a mean would tell of whatever else
//! the machine was doing.
#![expect(clippy::unwrap_used, reason = "a bench stops where it stands")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::wildcard_imports, reason = "a bench is built of what the tests share")]

#[path = "../tests/office/mod.rs"]
mod office;

use std::{collections::BTreeMap, time::Instant as Stopwatch};

use lantian_domain::{
    apply,
    case::CaseState,
    command::{AddNote, Command},
    event::Event,
    ids::RecordId,
    kpi::{Board, Circumstances, History, Month, is_needed},
    record::Rules,
    role::Role,
    stamp::Stamp,
    time::Instant,
};
use office::{Office, every, samples};
use uuid::Uuid;

const MONTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/kpi/month.jsonl");
const EVENTS: usize = 1_000_000;
const COMMANDS: u32 = 20_000;
/// Times that each command of each state is measured.
const ROUNDS: u32 = 200;
/// What judging and applying one command may take.
const GOAL_NS: u128 = 50_000;

fn main() {
    commands();
    each_command();
    indicators();
}

/// A whole life by commands, and one command over and over.
fn commands() {
    let watch = Stopwatch::now();
    let mut lives = 0_u32;
    let mut events = 0;
    while watch.elapsed().as_millis() < 1_000 {
        let mut office = Office::open();
        samples::case_in(&mut office, CaseState::GasOn);
        events += office.log.len();
        lives += 1;
    }
    println!("lives to gas: {} µs each", watch.elapsed().as_micros() / u128::from(lives));
    println!("  events made: {events}");
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::GasOn);
    let note = Command::AddNote(AddNote { text: "一条备注".to_owned() });
    let judged = (0..COMMANDS)
        .map(|_| timed(|| drop(office.judge(Role::CustomerManager, id, &note).unwrap())));
    println!("judge: {} ns", median(judged.collect()));
    let done =
        (0..COMMANDS / 20).map(|_| timed(|| drop(office.must(Role::CustomerManager, id, &note))));
    println!("judge and apply: {} ns", median(done.collect()));
}

fn timed(work: impl FnOnce()) -> u128 {
    let watch = Stopwatch::now();
    work();
    watch.elapsed().as_nanos()
}

fn median(mut figures: Vec<u128>) -> u128 {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

/// Judging and applying one command, by the command's name: the samples of the
/// bench in every state of a case in which somebody may give them.
fn each_command() {
    let mut spent: BTreeMap<&str, Vec<u128>> = BTreeMap::new();
    for state in CaseState::ALL {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, *state);
        for command in every::every(&mut office, id) {
            let able = |role: &&Role| office.judge(**role, id, &command).is_ok();
            let Some(role) = Role::ALL.iter().find(able) else { continue };
            let figures = spent.entry(command.name().as_str()).or_default();
            figures.extend((0..ROUNDS).map(|_| once(&office, *role, id, &command)));
        }
    }
    let mut middles: Vec<(u128, &str)> =
        spent.into_iter().map(|(name, figures)| (median(figures), name)).collect();
    middles.sort_unstable();
    println!("judge and apply, one command of each name, median of {ROUNDS} or more:");
    for (ns, name) in &middles {
        let over = if *ns > GOAL_NS { "  above the goal" } else { "" };
        println!("  {:>5}.{:01} µs  {name}{over}", ns / 1_000, ns % 1_000 / 100);
    }
    let within = middles.iter().filter(|(ns, _)| *ns <= GOAL_NS).count();
    println!("  within {} µs: {within} of {}", GOAL_NS / 1_000, middles.len());
}

/// How long one judging and applying takes; copies are made outside.
fn once(office: &Office, role: Role, id: RecordId, command: &Command) -> u128 {
    let stamp = office.stamp(role);
    let mut before = Some(office.records[&id].clone());
    let watch = Stopwatch::now();
    let changes = office.judge(role, id, command).unwrap();
    for change in &changes {
        if change.record == id {
            before = Some(apply(before.take(), id, &change.event, &stamp));
        }
    }
    let took = watch.elapsed().as_nanos();
    assert!(before.is_some());
    took
}

/// A line of the log as the store has it.
struct Row {
    record: usize,
    event: String,
    stamp: String,
}

/// The fixture month, again and again under other records, decoded as the
/// server decodes it; one thread.
fn indicators() {
    let text = std::fs::read_to_string(MONTH).unwrap();
    let mut names: Vec<String> = Vec::new();
    let mut logs: Vec<Vec<Row>> = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let whole: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = whole["record"].as_str().unwrap().to_owned();
        let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            logs.push(Vec::new());
            names.len() - 1
        });
        // As the store writes it: the type comes first.
        let event: Event = serde_json::from_value(whole["event"].clone()).unwrap();
        let event = serde_json::to_string(&event).unwrap();
        let stamp: Stamp = serde_json::from_value(whole["stamp"].clone()).unwrap();
        let stamp = serde_json::to_string(&stamp).unwrap();
        logs[at].push(Row { record: at, event, stamp });
        count += 1;
    }
    let span = Month::parse("2026-03").unwrap().span();
    let trend = span.reaching_back(12);
    let now = Instant::parse("2026-04-05T00:00:00+08:00").unwrap();
    let rules = Rules::seed();
    let cx = Circumstances { now, rules: &rules, ends: &trend.ends(span, now) };
    let mut board = Board::new(span, trend, now);
    let watch = Stopwatch::now();
    for round in 0..EVENTS.div_ceil(count) {
        for log in &logs {
            read(log, round, &cx, &mut board);
        }
    }
    let report = board.report();
    let took = watch.elapsed();
    println!("a month over {EVENTS} events, one thread: {} ms", took.as_millis());
    println!("  figures: {}", report.figures.len());
}

fn read(log: &[Row], round: usize, cx: &Circumstances<'_>, board: &mut Board) {
    let record = log.first().map_or(0, |row| row.record);
    let mut history = History::new(RecordId(Uuid::from_u128((round * 1_000 + record) as u128)));
    for row in log {
        let stamp: Stamp = serde_json::from_str(&row.stamp).unwrap();
        let kind = row.event.strip_prefix("{\"type\":\"").unwrap().split('"').next().unwrap();
        let wanted = !history.has_begun() || is_needed(kind);
        let event: Option<Event> = wanted.then(|| serde_json::from_str(&row.event).unwrap());
        history.read(event.as_ref(), &stamp);
    }
    history.measure(cx, board);
}
