//! W1: every document from a server into an empty encrypted store.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::store::{PUT, create, put};
use super::stream::{BUFFER, connect, serve_once};
use super::{Document, fresh};
use crate::figures::ms;

/// Milliseconds from connecting to the durable commit.
pub(crate) fn first_sync(folder: &Path, documents: &[Document]) -> Result<f64> {
    let place = fresh(folder, "first-sync")?;
    let (address, server) = serve_once(documents)?;
    let began = Instant::now();
    let mut lines = BufReader::with_capacity(BUFFER, zstd::Decoder::new(connect(address)?)?);
    let mut store = create(&place.join("store.db"))?;
    let mut received = 0;
    let commit = store.transaction()?;
    {
        let mut statement = commit.prepare_cached(PUT)?;
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            put(&mut statement, line.trim_end())?;
            received += 1;
            line.clear();
        }
    }
    commit.commit()?;
    let took = ms(began.elapsed());
    ensure!(received == documents.len(), "{received} of {} arrived", documents.len());
    server.join().ok().context("the bare server ended early")??;
    Ok(took)
}
