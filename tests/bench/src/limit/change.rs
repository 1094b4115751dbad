//! W2: one change on a tablet, until it is durable on another.
//!
//! A commits and sends; the server commits and passes on; B commits.

use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result};

use super::store::{PUT, filled, put};
use super::stream::{LEVEL, connect, receive, send};
use super::{Document, fresh};
use crate::figures::ms;

/// Milliseconds of each of `count` changes, after some to warm up, and the
/// bytes of one on the wire, both ways together.
pub(crate) fn change(
    folder: &Path,
    documents: &[Document],
    count: usize,
) -> Result<(Vec<f64>, u64)> {
    const WARM: usize = 20;
    let place = fresh(folder, "change")?;
    let (on_a, on_server, on_b) = (
        filled(&place.join("a.db"), documents)?,
        filled(&place.join("server.db"), documents)?,
        filled(&place.join("b.db"), documents)?,
    );
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut from_a = connect(listener.local_addr()?)?;
    let (mut at_server, _) = listener.accept()?;
    let mut to_b = connect(listener.local_addr()?)?;
    let (mut towards_b, _) = listener.accept()?;
    towards_b.set_nodelay(true)?;

    let server = thread::spawn(move || -> Result<()> {
        while let Some(frame) = receive(&mut at_server)? {
            commit(&on_server, &frame)?;
            send(&mut towards_b, &frame)?;
        }
        Ok(())
    });
    let (arrived, arrivals) = mpsc::channel();
    let tablet = thread::spawn(move || -> Result<()> {
        while let Some(frame) = receive(&mut to_b)? {
            commit(&on_b, &frame)?;
            arrived.send(Instant::now())?;
        }
        Ok(())
    });

    let (mut times, mut bytes) = (Vec::with_capacity(count), 0);
    for turn in 0..count + WARM {
        let text = documents[turn * 37 % documents.len()].edited(&format!("change {turn}"));
        let began = Instant::now();
        put(&mut on_a.prepare_cached(PUT)?, &text)?;
        let frame = zstd::encode_all(text.as_bytes(), LEVEL)?;
        send(&mut from_a, &frame)?;
        let at = arrivals.recv().context("the other tablet ended early")?;
        if turn >= WARM {
            times.push(ms(at - began));
            bytes += 2 * (frame.len() as u64 + 4);
        }
    }
    drop(from_a);
    server.join().ok().context("the bare server ended early")??;
    tablet.join().ok().context("the other tablet ended early")??;
    Ok((times, bytes / count as u64))
}

fn commit(store: &rusqlite::Connection, frame: &[u8]) -> Result<()> {
    let text = String::from_utf8(zstd::decode_all(frame)?)?;
    put(&mut store.prepare_cached(PUT)?, &text)
}
