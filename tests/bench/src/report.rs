//! The report: rows as JSON, and docs/PERFORMANCE.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::figures::Row;

/// What people wrote about the figures begins here, and is kept.
const REMARKS: &str = "## What the figures say";
const HEAD: &str = "\
# Performance

Written by `cargo xtask bench`; only the remarks at the end are by hand.
`cargo xtask bench --only W7,W8` measures some of it, `--quick` all of it in small; neither writes this file.

Every figure is measured in a release build on one machine, the product and a bare program in turn, round by round.
The *limit* is the bare program's median in the same rounds: the same bytes, one table and one outbox in SQLCipher (write-ahead log, every commit flushed), zstd over loopback TCP; no rules, signatures, accounts, HTTP or TLS (`tests/bench/src/limit`).
The ratio is what counts; the times themselves differ from machine to machine.
The product runs whole: `lantian_server::spawn` on its store, and the tablets' own client over HTTPS on the loopback device; stores are encrypted and signatures verified.
The bytes of a workload are those of TCP: TLS, headers, bodies and wake-ups.

| workload | what is measured |
| --- | --- |
| R | what the office asks of the rulebook in the store: the indicators of a month, the draw of its visits, a push of 10,000 rows |
| W1 | a new tablet's first synchronisation, from asking to the last record readable in its mirror |
| W2 | one command on tablet A until tablet B shows it, durable at both ends; every byte of both tablets is counted |
| W3 | 1,000 commands given offline, from going online until the server has answered all and the outbox is empty |
| W4 | 50 fresh tablets that ask for 1,000 records each at the same moment |
| W5 | one command judged and durable on the tablet |
| W6 | the 50 most urgent records of one state, and a search for Chinese text in all of them |
| W7 | a tablet that is up to date asks whether there is anything new |
| W8 | one change, and one departure, taken in by a tablet that holds very many records (the store alone) |
| W9 | the longest that a small durable write waits for the tablet's store during a first synchronisation |
| W10 | 10,000 changed records come in under 1,000 commands that wait on them |
| W11 | commands per second at the server, from 64 devices at once, signed beforehand; the devices run on the same processors |
| W12 | resident memory of the server for each tablet that is connected and has nothing to do |
| W13 | a first synchronisation after 50,000 changes to one record |
| W14 | photos delivered, beside the same bytes over plain TCP into files; and bytes sent again over a line of 6 MiB/s that cuts every connection after 2 s |
| W15 | the first list of 50 on a new tablet behind 1 Mbit/s and 300 ms, 10,000 records to come |
| W16 | 1,000 tablets with 20 commands each let go at once, each with its own engine, until all outboxes are empty |

";

/// Writes the report and the rows as JSON, each where it is wanted.
pub(crate) fn write(
    rows: &[Row],
    machine: &str,
    docs: Option<&Path>,
    json: Option<&Path>,
) -> Result<()> {
    if let Some(json) = json {
        let text = serde_json::to_string_pretty(rows)?;
        fs::write(json, text + "\n").with_context(|| format!("writing {}", json.display()))?;
    }
    if let Some(docs) = docs {
        let remarks = remarks(&fs::read_to_string(docs).unwrap_or_default());
        let text = format!("{HEAD}{}\n{machine}\n{remarks}", table(rows));
        fs::write(docs, text).with_context(|| format!("writing {}", docs.display()))?;
    }
    Ok(())
}

/// The remarks of an earlier report, with an empty line before them.
fn remarks(report: &str) -> String {
    report.find(REMARKS).map(|at| format!("\n{}", &report[at..])).unwrap_or_default()
}

/// The rows as a Markdown table.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| workload | records | metric | median | min … max | limit | ratio | goal | reached |\n\
         | --- | ---: | --- | ---: | ---: | ---: | ---: | --- | --- |\n",
    );
    for row in rows {
        let limit = row.limit.map_or_else(|| "–".to_owned(), |limit| figure(limit, row.unit));
        let ratio =
            row.ratio_to_limit.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let reached = match row.reached {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} … {} | {limit} | {ratio} | {} | {reached} |",
            row.workload,
            row.n,
            row.metric,
            figure(row.median, row.unit),
            plain(row.min),
            plain(row.max),
            row.goal.as_deref().unwrap_or("–"),
        );
    }
    text
}

fn figure(value: f64, unit: &str) -> String {
    format!("{} {unit}", plain(value))
}

fn plain(value: f64) -> String {
    match value {
        0.0..10.0 => format!("{value:.3}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_by_hand_are_kept() {
        let report = format!("# Benchmark\n\n| old |\n\n{REMARKS}\n\nMuch.\n");
        assert_eq!(remarks(&report), format!("\n{REMARKS}\n\nMuch.\n"));
        assert_eq!(remarks("# Benchmark\n"), "");
    }

    #[test]
    fn a_goal_that_is_missed_is_said_plainly() {
        let row = Row {
            workload: "W1",
            n: 1_000,
            metric: "time",
            unit: "ms",
            median: 123.4,
            min: 99.96,
            max: 150.0,
            runs: 5,
            limit: Some(50.0),
            ratio_to_limit: Some(2.468),
            goal: Some("≤ 2 × limit".to_owned()),
            reached: Some(false),
        };
        let text = table(&[row]);
        let line = text.lines().last().unwrap();
        assert_eq!(
            line,
            "| W1 | 1000 | time | 123 ms | 100.0 … 150 | 50.0 ms | 2.47 | ≤ 2 × limit | **no** |"
        );
    }
}
