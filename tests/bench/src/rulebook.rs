//! What the office asks of the rulebook at its largest: a month's indicators
//! over a million events, a draw from a hundred thousand accounts, a push of
//! ten thousand rows. There is no bare program that does this work: the goals
//! are times.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant as Stopwatch;

use anyhow::{Context, Result, anyhow, ensure};
use lantian_domain::apply;
use lantian_domain::event::Event;
use lantian_domain::ids::{DeviceId, RecordId, UserId};
use lantian_domain::kpi::Month;
use lantian_domain::record::Record;
use lantian_domain::role::{OrgUnit, Role};
use lantian_domain::stamp::Stamp;
use lantian_domain::time::Instant;
use lantian_domain::visit::SegmentGroup;
use lantian_domain::visit::sample::{self, Candidate};
use lantian_protocol::blob;
use lantian_server::clock::Clock;
use lantian_server::identity::accounts::{self, NewAccount};
use lantian_server::identity::password::{self, Cost};
use lantian_server::intake::{ImportOrder, run_import, source_named};
use lantian_server::pipeline::Link;
use lantian_server::report::kpi;
use lantian_server::store::{EventRow, Ledger as _, RecordRow, Store, Unit};
use lantian_server::suite::Suite;
use lantian_server::{Config, found};
use serde::Deserialize;
use uuid::Uuid;

use crate::figures::{Goal, Metric, ms};

/// The month of log of which the large log is many copies.
const MONTH: &str = "tests/fixtures/kpi/month.jsonl";
const AS_OF: &str = "2026-04-05T00:00:00+08:00";
/// The push of ten thousand rows.
const PUSH: &str = "tests/fixtures/intake/gonggai-10000.csv";
/// Records of one commit.
const BATCH: usize = 500;

/// How large the questions are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Questions {
    /// Events of the log.
    pub(crate) events: usize,
    /// Accounts of the population.
    pub(crate) accounts: usize,
    /// Passes over each.
    pub(crate) rounds: usize,
}

/// Measures them all.
pub(crate) fn measure(asked: Questions, folder: &Path) -> Result<Vec<Metric>> {
    Ok(vec![
        indicators(asked, &folder.join("log"))?,
        draw(asked)?,
        import(asked, &folder.join("import"))?,
    ])
}

fn metric(name: &'static str, n: usize, most_ms: f64) -> Metric {
    Metric::new("R", n, name, "ms", Some(Goal::AtMost(most_ms)))
}

/// R: the 36 indicators of a month, from the log in the store.
fn indicators(asked: Questions, folder: &Path) -> Result<Metric> {
    eprintln!("rulebook: a log of {} events", asked.events);
    let store = company(folder, instant(AS_OF)?)?;
    let logs = Log::read()?;
    let each: usize = logs.iter().map(|log| log.rows.len()).sum();
    let mut events = 0;
    for copy in 0..asked.events.div_ceil(each) {
        for some in logs.chunks(BATCH) {
            let written: Vec<_> = some.iter().map(|log| log.copy(copy)).collect::<Result<_>>()?;
            store.write_now(move |unit| written.iter().try_for_each(|log| log.write(unit)))?;
        }
        events += each;
    }
    let span = Month::parse("2026-03").context("a month")?.span();
    let mut metric = metric("a month's indicators", events, 5_000.0);
    for _ in 0..asked.rounds {
        let began = Stopwatch::now();
        let made = kpi(&store, span, instant(AS_OF)?)?;
        metric.product.push(ms(began.elapsed()));
        let figures = made.report.figures.len();
        ensure!(figures >= 36, "{figures} figures for 36 indicators");
    }
    Ok(metric)
}

/// R: the stratified draw of a month's visits.
fn draw(asked: Questions) -> Result<Metric> {
    let accounts: Vec<Candidate> = (0..asked.accounts as u128)
        .map(|n| Candidate {
            id: RecordId(Uuid::from_u128(n * 0x9e37_79b9_7f4a_7c15)),
            manager: UserId(Uuid::from_u128(n % 20)),
            contractor: format!("安装单位{}", n % 7),
        })
        .collect();
    let count = u32::try_from(asked.accounts)?;
    let quota = sample::quota(SegmentGroup::Household, count);
    let mut metric = metric("a month's sample", asked.accounts, 1_000.0);
    for round in 0..asked.rounds {
        let seed = [u8::try_from(round)?; 32];
        let began = Stopwatch::now();
        let drawn = sample::draw(&accounts, quota, &seed);
        metric.product.push(ms(began.elapsed()));
        ensure!(drawn.drawn.len() >= quota as usize, "{} of {quota} drawn", drawn.drawn.len());
    }
    Ok(metric)
}

/// R: a push of ten thousand rows, each judged, durable and answered.
fn import(asked: Questions, folder: &Path) -> Result<Metric> {
    let bytes = fs::read(PUSH).with_context(|| format!("reading {PUSH}"))?;
    let mut metric = metric("import of a push", 10_000, 5_000.0);
    for round in 0..asked.rounds {
        let at = instant("2026-11-23T11:00:00+08:00")?;
        let store = company(&folder.join(round.to_string()), at)?;
        let order = ImportOrder {
            source: source_named("gonggai").context("the platform has a name")?,
            bytes: bytes.clone(),
            person: store.write_now(move |unit| platform(unit, at))?,
            device: DeviceId(Uuid::nil()),
            hand_over: None,
            received: at,
        };
        let began = Stopwatch::now();
        let report = run_import(&store, &order)?.map_err(|fault| anyhow!("{}", fault.code))?;
        metric.product.push(ms(began.elapsed()));
        ensure!(report.accepted == 10_000, "{} rows of 10,000 were taken", report.accepted);
    }
    Ok(metric)
}

fn instant(text: &str) -> Result<Instant> {
    Instant::parse(text).with_context(|| format!("{text} is no instant"))
}

fn company(folder: &Path, at: Instant) -> Result<Store> {
    let mut config = Config::throwaway(folder.to_owned());
    config.clock = Clock::fixed(at);
    Ok(found(&config, "新郑蓝天燃气")?.store)
}

fn platform(
    unit: &Unit<'_>,
    at: Instant,
) -> lantian_server::Result<lantian_domain::record::Person> {
    let account = NewAccount {
        login: "gonggai1".to_owned(),
        name: "平台".to_owned(),
        roles: [Role::Integration].into(),
        org: OrgUnit::External,
        password: password::hash_at("long enough 1", Cost::LEAST)?,
        one_time: false,
    };
    accounts::create_reader(unit, account, at)
}

#[derive(Clone, Deserialize)]
struct Row {
    record: RecordId,
    event: Event,
    stamp: Stamp,
}

/// The log of one record.
#[derive(Clone)]
struct Log {
    id: RecordId,
    rows: Vec<Row>,
}

impl Log {
    /// Those of the month.
    fn read() -> Result<Vec<Self>> {
        let text = fs::read_to_string(MONTH).with_context(|| format!("reading {MONTH}"))?;
        let mut logs: BTreeMap<RecordId, Vec<Row>> = BTreeMap::new();
        for line in text.lines() {
            let row: Row = serde_json::from_str(line)?;
            logs.entry(row.record).or_default().push(row);
        }
        Ok(logs.into_iter().map(|(id, rows)| Self { id, rows }).collect())
    }

    /// The same, of another record.
    fn copy(&self, number: usize) -> Result<Written> {
        let id = RecordId(Uuid::from_u128(self.id.0.as_u128() ^ (number as u128) << 64));
        let (mut record, mut head): (Option<Record>, Vec<u8>) = (None, Vec::new());
        let mut events = Vec::with_capacity(self.rows.len());
        for (version, row) in (1..).zip(&self.rows) {
            let event = serde_json::to_string(&row.event)?;
            let stamp = serde_json::to_string(&row.stamp)?;
            let link = Link { prev: &head, record: id, version, event: &event, stamp: &stamp };
            let hash = link.hash(Suite::Standard);
            head.clone_from(&hash);
            record = Some(apply(record, id, &row.event, &row.stamp));
            events.push(EventRow { version, seq: 1, event, stamp, hash, erased: None });
        }
        let record = record.context("a log has an event")?;
        let packed = blob::pack(&record)?;
        let row = RecordRow {
            id,
            kind: record.kind(),
            version: record.version(),
            seq: 1,
            due_ms: i64::MAX,
            digest: packed.digest,
            card: Vec::new(),
            body: packed.body,
            head,
            audiences: Vec::new(),
        };
        Ok(Written { id, events, row })
    }
}

/// A record and its log, as the pipeline leaves them.
struct Written {
    id: RecordId,
    events: Vec<EventRow>,
    row: RecordRow,
}

impl Written {
    fn write(&self, unit: &Unit<'_>) -> lantian_server::Result<()> {
        self.events.iter().try_for_each(|event| unit.append_event(self.id, event))?;
        unit.put_record(&self.row)
    }
}
