//! W6: the 50 most urgent documents of one state.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use rusqlite::Row;

use super::store::filled;
use super::{Document, fresh};
use crate::figures::ms;

const LIST: &str = "SELECT id, state, due_ms, text FROM documents \
     WHERE state = ?1 ORDER BY due_ms LIMIT 50";

/// Milliseconds of each of `count` lists of `state`, after some to warm up.
pub(crate) fn most_urgent(
    folder: &Path,
    documents: &[Document],
    state: &str,
    count: usize,
) -> Result<Vec<f64>> {
    const WARM: usize = 20;
    let place = fresh(folder, "list")?;
    let store = filled(&place.join("store.db"), documents)?;
    let mut times = Vec::with_capacity(count);
    for turn in 0..count + WARM {
        let began = Instant::now();
        let mut list = store.prepare_cached(LIST)?;
        let rows = list.query_map([state], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        let took = ms(began.elapsed());
        ensure!(rows.len() == 50, "{} documents in the list", rows.len());
        if turn >= WARM {
            times.push(took);
        }
    }
    Ok(times)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(String, String, i64, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}
