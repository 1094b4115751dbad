//! W3: changes made offline, pushed to the server in one go.

use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;

use super::store::{PUT, filled, put, put_all};
use super::stream::{LEVEL, connect, receive, send};
use super::{Document, fresh};
use crate::figures::ms;

/// Milliseconds from reading the outbox to its being empty, for `count`
/// changes that are already durable in it.
pub(crate) fn push(folder: &Path, documents: &[Document], count: usize) -> Result<f64> {
    let place = fresh(folder, "push")?;
    let tablet = filled(&place.join("tablet.db"), documents)?;
    let mut company = filled(&place.join("server.db"), documents)?;
    for turn in 0..count {
        keep(&tablet, &documents[turn * 7 % documents.len()].edited(&format!("offline {turn}")))?;
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || -> Result<()> {
        let (mut connection, _) = listener.accept()?;
        connection.set_nodelay(true)?;
        let frame = receive(&mut connection)?.context("nothing was pushed")?;
        let texts = String::from_utf8(zstd::decode_all(&frame[..])?)?;
        put_all(&mut company, texts.lines())?;
        send(&mut connection, b"done")
    });

    let began = Instant::now();
    let mut packed = zstd::Encoder::new(Vec::new(), LEVEL)?;
    let mut sent = 0;
    {
        use std::io::Write;
        let mut outbox = tablet.prepare("SELECT text FROM outbox ORDER BY n")?;
        let mut rows = outbox.query([])?;
        while let Some(row) = rows.next()? {
            packed.write_all(row.get_ref(0)?.as_str()?.as_bytes())?;
            packed.write_all(b"\n")?;
            sent += 1;
        }
    }
    ensure!(sent == count, "{sent} of {count} were in the outbox");
    let mut connection = connect(address)?;
    send(&mut connection, &packed.finish()?)?;
    receive(&mut connection)?.context("the bare server did not answer")?;
    tablet.execute("DELETE FROM outbox", [])?;
    let took = ms(began.elapsed());
    server.join().ok().context("the bare server ended early")??;
    Ok(took)
}

/// One offline change: the document and the outbox in one durable commit.
fn keep(tablet: &Connection, text: &str) -> Result<()> {
    let commit = tablet.unchecked_transaction()?;
    put(&mut commit.prepare_cached(PUT)?, text)?;
    commit.prepare_cached("INSERT INTO outbox (text) VALUES (?1)")?.execute([text])?;
    commit.commit()?;
    Ok(())
}
