//! The diagnostic bundle: what support needs to see how synchronisation goes,
//! in one file, without anything that a person wrote or is called.
//!
//! `cargo xtask sim --replay FILE` lets the same engine hear the same again.
//! Invariant: versions, codes, counts, kinds, sizes and opaque identities alone.

use lantian_domain::time::Instant;
use lantian_replica::Shape;
use lantian_sync::Tape;
use serde::Serialize;
use serde_json::json;

use super::{App, downloads};
use crate::{
    drive::Driver,
    error::{Error, Result},
    view::{LogLevel, SavedView},
};

/// The form of the file.
const FORM: u32 = 1;

#[derive(Serialize)]
struct Bundle {
    form: u32,
    made_at: Instant,
    versions: serde_json::Value,
    clock_offset_ms: i64,
    counts: serde_json::Value,
    outbox: Vec<Shape>,
    log: Vec<Line>,
    /// Nothing where synchronisation does not run by itself.
    tape: Option<Tape>,
}

/// A line of the log without its words.
#[derive(Serialize)]
struct Line {
    at: Instant,
    warn: bool,
    code: String,
}

impl App {
    /// Saves a diagnostic bundle among the person's downloads.
    ///
    /// # Errors
    /// When the store cannot be asked; [`Error::BadInput`] when there is no
    /// place to save it.
    pub async fn sync_bundle(&self) -> Result<SavedView> {
        self.0.rest.touch();
        let open = self.open()?;
        let now = self.0.clock.now();
        let (outbox, counts) = self
            .0
            .desk
            .ask(move |replica| {
                let (tally, cursor) = (replica.tally()?, replica.cursor()?);
                let storage = replica.storage()?;
                let counts = json!({
                    "records": tally.records,
                    "pending": tally.pending,
                    "pending_records": tally.pending_records,
                    "refused": tally.refused,
                    "parked": tally.parked,
                    "quarantined": tally.quarantined,
                    "conflicts": tally.conflicts,
                    "files_pending": tally.files_pending,
                    "bytes_pending": tally.bytes_pending,
                    "repairs": replica.repairs()?.len(),
                    "unaccounted": replica.unaccounted()?,
                    "free_bytes": storage.free_bytes,
                    "store_bytes": replica.store_bytes()?,
                    "epoch": cursor.as_ref().map(|cursor| cursor.epoch),
                    "seq": cursor.as_ref().map(|cursor| cursor.seq),
                    "in_snapshot": cursor.as_ref().is_some_and(|one| one.snapshot.is_some()),
                });
                Ok((replica.shape(now)?, counts))
            })
            .await?;
        let entries = self.0.journal.entries();
        let log = entries.into_iter().map(|entry| Line {
            at: entry.at,
            warn: entry.level == LogLevel::Warn,
            code: entry.code,
        });
        let bundle = Bundle {
            form: FORM,
            made_at: now,
            versions: json!({
                "program": env!("CARGO_PKG_VERSION"),
                "protocol": lantian_protocol::VERSION,
                "system": std::env::consts::OS,
                "machine": std::env::consts::ARCH,
            }),
            clock_offset_ms: self.0.clock.offset_ms(),
            counts,
            outbox,
            log: log.collect(),
            tape: open.driver.as_ref().map(Driver::tape),
        };
        let bytes = serde_json::to_vec_pretty(&bundle).map_err(|_| Error::Closing)?;
        let path = downloads::save_as(&self.downloads(), &stem(now), "json", &bytes)?;
        Ok(SavedView { path: path.display().to_string() })
    }
}

fn stem(now: Instant) -> String {
    format!("lantian-diagnose-{}", now.date())
}
