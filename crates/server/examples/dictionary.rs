//! Makes the dictionary that our programs share (`protocol::encoding`), from
//! the messages that the demonstration company's work would be.
//!
//! A dictionary that was published is never made anew: a better one gets the
//! next number, and servers go on reading the one before.

use std::path::PathBuf;

use anyhow::Result;
use lantian_protocol::{
    Cursor, Item, Outcome, Page, PullRequest, PushRequest, PushResponse, SignedCommand,
    StoredEvent, Verdict,
    encoding::Encoding,
    feed::{Events, Witness},
};
use lantian_server::{Config, demo, found};
use rusqlite::Connection;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Bytes of the dictionary at the most.
const SIZE: usize = 32 << 10;

fn main() -> Result<()> {
    let target = std::env::args().nth(1).map_or_else(published, PathBuf::from);
    let folder = tempfile::tempdir()?;
    let config = Config::throwaway(folder.path().to_owned());
    let founded = found(&config, "示范燃气")?;
    demo::fill(&founded.store, config.clock.now())?;
    drop(founded);
    let samples = samples(&folder.path().join(lantian_server::store::FILE))?;
    let dictionary = zstd::dict::from_samples(&samples, SIZE)?;
    std::fs::write(&target, &dictionary)?;
    println!("{} bytes from {} messages", dictionary.len(), samples.len());
    Ok(())
}

fn published() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../protocol/src/dictionary-1.bin")
}

/// For each event of the store the messages that bring it about and tell it.
fn samples(store: &std::path::Path) -> Result<Vec<Vec<u8>>> {
    let db = Connection::open(store)?;
    let mut read = db.prepare("SELECT version, seq, event, stamp FROM events ORDER BY seq")?;
    let rows = read.query_map([], |row| {
        let number = |column| row.get(column).map(i64::cast_unsigned);
        Ok((number(0)?, number(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut samples = Vec::new();
    for row in rows {
        let (version, seq, event, stamp): (u64, u64, String, String) = row?;
        let stored = StoredEvent {
            version,
            stamp: serde_json::from_str(&stamp)?,
            event: serde_json::from_str(&event)?,
        };
        for message in told(&stored, seq, &event)? {
            samples.push(message);
        }
    }
    Ok(samples)
}

fn told(stored: &StoredEvent, seq: u64, event: &str) -> Result<[Vec<u8>; 4]> {
    let binary = Encoding::Binary;
    let at = stored.stamp.at;
    let cursor = |seq: u64| Cursor {
        epoch: 1,
        scope: seq % 7,
        seq,
        snapshot: None,
        witness: Some(witness(seq)),
    };
    let page = Page {
        from: Some(cursor(seq - 1)),
        items: vec![Item::Events(Events {
            id: serde_json::from_value(json!(Uuid::now_v7()))?,
            digest: noise(seq)[..16].to_vec(),
            events: vec![stored.clone()],
        })],
        cursor: cursor(seq),
        more: false,
        reset: false,
        total: None,
        server_time: at,
    };
    let accepted = Verdict::Accepted { seq, at, grade: stored.stamp.grade };
    let response = PushResponse {
        page: Some(Box::new(page.clone())),
        outcomes: vec![Outcome { id: stored.stamp.command, verdict: accepted }],
        server_time: at,
        witness: None,
    };
    let request = PushRequest {
        witness: None,
        since: Some(cursor(seq - 1)),
        offset_ms: (seq % 500).cast_signed(),
        commands: vec![SignedCommand {
            envelope: envelope(stored, seq, event),
            signature: [noise(seq), noise(seq + 1)].concat(),
        }],
        preview: false,
    };
    let pull =
        PullRequest { cursor: Some(cursor(seq)), witness: Some(witness(seq)), max_bytes: 96 << 10 };
    Ok([
        binary.write(&page)?,
        binary.write(&response)?,
        binary.write(&request)?,
        binary.write(&pull)?,
    ])
}

/// An envelope whose command says what the event says.
fn envelope(stored: &StoredEvent, n: u64, event: &str) -> String {
    let (stamp, id) = (&stored.stamp, Uuid::now_v7);
    format!(
        r#"{{"v":1,"id":"{}","incarnation":"{}","n":{n},"prev":"{}","record":"{}","base":{},"user":"{}","device":"{}","at":{},"offset_ms":{},"policy":"2026-01","command":{event}}}"#,
        stamp.command,
        id(),
        hex::encode(noise(n)),
        id(),
        n % 40,
        stamp.actor,
        id(),
        stamp.at.0,
        n % 300,
    )
}

fn witness(seq: u64) -> Witness {
    Witness { epoch: 1, row: seq * 3, hash: noise(seq)[..Witness::LEN].to_vec() }
}

fn noise(seed: u64) -> Vec<u8> {
    Sha256::digest(seed.to_le_bytes()).to_vec()
}
