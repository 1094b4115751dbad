//! Reports over a real store: the fixture month, written as the pipeline
//! writes it.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

use calamine::{Data, Reader as _, Xlsx};
use lantian_domain::{
    apply,
    event::Event,
    ids::RecordId,
    kpi::{Dimension, Figure, Month, Report, Span, Value},
    record::Record,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::blob;
use lantian_server::{
    demo::fill,
    pipeline::Link,
    report::{CaseQuestion, cases, kpi, month, sheet, workbook},
    store::{EventRow, FILE, Ledger as _, NewOrg, RecordRow, Store},
    suite::Suite,
};
use serde::Deserialize;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/kpi");
const AS_OF: &str = "2026-04-05T00:00:00+08:00";

#[derive(Deserialize)]
struct Row {
    record: RecordId,
    event: Event,
    stamp: Stamp,
}

#[derive(Deserialize)]
struct Expected {
    value: Value,
    groups: BTreeMap<String, BTreeMap<String, Value>>,
}

fn now() -> Instant {
    Instant::parse(AS_OF).unwrap()
}

/// A store that holds the fixture month.
fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let org = NewOrg { name: "测试公司", recipient: "age1none", at: now() };
    let store = Store::create(folder.path(), &org).unwrap();
    let text = std::fs::read_to_string(format!("{FIXTURES}/month.jsonl")).unwrap();
    let mut logs: BTreeMap<RecordId, Vec<Row>> = BTreeMap::new();
    for line in text.lines() {
        let row: Row = serde_json::from_str(line).unwrap();
        logs.entry(row.record).or_default().push(row);
    }
    store
        .write_now(move |unit| {
            for (id, rows) in logs {
                let (mut record, mut head): (Option<Record>, Vec<u8>) = (None, Vec::new());
                for (version, row) in (1..).zip(&rows) {
                    let event = serde_json::to_string(&row.event)?;
                    let stamp = serde_json::to_string(&row.stamp)?;
                    let link =
                        Link { prev: &head, record: id, version, event: &event, stamp: &stamp };
                    let hash = link.hash(Suite::Standard);
                    head.clone_from(&hash);
                    unit.append_event(
                        id,
                        &EventRow { version, seq: 1, event, stamp, hash, erased: None },
                    )?;
                    record = Some(apply(record, id, &row.event, &row.stamp));
                }
                let record = record.unwrap();
                let packed = blob::pack(&record)?;
                unit.put_record(&RecordRow {
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
                })?;
            }
            Ok(())
        })
        .unwrap();
    (folder, store)
}

fn value(report: &Report, code: &str) -> Value {
    report.line(Figure::parse(code).unwrap()).value.clone()
}

#[test]
fn r_05_figures_from_the_log_are_those_of_the_independent_script() {
    let (_folder, store) = store();
    let march = Month::parse("2026-03").unwrap().span();
    let made = kpi(&store, march, now()).unwrap();
    let text = std::fs::read_to_string(format!("{FIXTURES}/expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&text).unwrap();
    assert!(expected.len() > 30);
    for (code, wanted) in &expected {
        assert_eq!(value(&made.report, code), wanted.value, "{code}");
        let line = made.report.line(Figure::parse(code).unwrap());
        let towns = line.groups.iter().filter(|group| group.by == Dimension::Town).count();
        assert_eq!(towns, wanted.groups.get("town").map_or(0, BTreeMap::len), "{code} by town");
    }
    let again = kpi(&store, march, now()).unwrap();
    assert_eq!(again.report, made.report, "computed twice, the same");
}

#[test]
fn r_03_the_monthly_report_has_no_personal_data() {
    let (_folder, store) = store();
    let made = month(&store, Month::parse("2026-03").unwrap(), now()).unwrap();
    assert_eq!(made.figures.len(), 5);
    let text = serde_json::to_string(&made).unwrap();
    for personal in ["示例用户", "13800138000", "样板街"] {
        assert!(!text.contains(personal), "{text}");
    }
}

#[test]
fn a_figure_leads_down_to_its_records() {
    let (_folder, store) = store();
    let span = Month::parse("2026-03").unwrap().span();
    let asked = CaseQuestion { figure: Figure::GasOn, span, group: None };
    let found = cases(&store, &asked, now()).unwrap();
    assert_eq!(found.cases.len(), found.count);
    assert!(
        found.count > 40
            && found.cases.iter().all(|case| case.no.is_some() && case.state.is_some())
    );
    let text = serde_json::to_string(&found).unwrap();
    assert!(!text.contains("示例用户") && !text.contains("13800138000"), "nobody is named");
}

#[test]
fn the_board_of_the_demonstration_shows_every_indicator() {
    let folder = tempfile::tempdir().unwrap();
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let at = Instant::parse("2026-11-24T12:10:00+08:00").unwrap();
    let org = NewOrg { name: "演示公司", recipient: &recipient, at };
    let store = Store::create(folder.path(), &org).unwrap();
    fill(&store, at).unwrap();
    let span = Span { from: "2026-09-01".parse().unwrap(), to: "2026-11-30".parse().unwrap() };
    let board = kpi(&store, span, at.plus_ms(60_000)).unwrap().report;
    let shown: BTreeSet<&str> = Figure::ALL
        .iter()
        .filter(|figure| board.line(**figure).value.main().is_some())
        .map(|figure| figure.kpi())
        .collect();
    assert_eq!(shown.len(), 36, "{shown:?}");
}

#[test]
fn a_workbook_has_every_figure_and_no_formula() {
    let (_folder, store) = store();
    let span = Month::parse("2026-03").unwrap().span();
    let bytes = workbook(&kpi(&store, span, now()).unwrap()).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("指标").unwrap();
    assert_eq!(sheet.height(), Figure::ALL.len() + 1);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(.., formula)| formula.is_empty()), "{name}");
    }
}

#[test]
fn an_evil_cell_stays_text() {
    let table = sheet::Table {
        name: "一".to_owned(),
        headers: vec!["=HYPERLINK(1)".to_owned()],
        rows: vec![vec![sheet::Cell::text("=1+1")], vec![sheet::Cell::Number(-7)]],
    };
    let bytes = sheet::workbook(&[table]).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let cells = book.worksheet_range("一").unwrap();
    assert_eq!(cells.get_value((1, 0)), Some(&Data::String("'=1+1".to_owned())));
    assert_eq!(cells.get_value((0, 0)), Some(&Data::String("'=HYPERLINK(1)".to_owned())));
    assert_eq!(cells.get_value((2, 0)), Some(&Data::Float(-7.0)));
}

#[test]
fn a_log_without_its_beginning_is_damage() {
    let (_folder, store) = store();
    let file = store.folder().join(FILE);
    let connection = rusqlite::Connection::open(file).unwrap();
    connection
        .execute_batch("DROP TRIGGER events_remain; DELETE FROM events WHERE version = 1;")
        .unwrap();
    let span = Month::parse("2026-03").unwrap().span();
    assert!(matches!(kpi(&store, span, now()), Err(lantian_server::Error::Damaged { .. })));
}
