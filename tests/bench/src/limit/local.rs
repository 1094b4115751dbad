//! W5: one change durable in the tablet's own store.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::store::{PUT, filled, put};
use super::{Document, fresh};
use crate::figures::ms;

/// Milliseconds of each of `count` changes, after some to warm up.
pub(crate) fn local_edit(folder: &Path, documents: &[Document], count: usize) -> Result<Vec<f64>> {
    const WARM: usize = 50;
    let place = fresh(folder, "local")?;
    let store = filled(&place.join("store.db"), documents)?;
    let mut times = Vec::with_capacity(count);
    for turn in 0..count + WARM {
        let text = documents[turn * 37 % documents.len()].edited(&format!("local {turn}"));
        let began = Instant::now();
        put(&mut store.prepare_cached(PUT)?, &text)?;
        if turn >= WARM {
            times.push(ms(began.elapsed()));
        }
    }
    Ok(times)
}
