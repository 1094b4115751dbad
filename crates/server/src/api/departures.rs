//! `POST /v1/records/{id}/departure`: may the device leave? The company's signed
//! word that it holds the record and every file that it refers to, or which
//! files it lacks.
//!
//! Invariant: a receipt is signed only for what its reader sees, and only while
//! every file has a verified upload whose content lies in the data folder. The
//! key is known to the store before it signs, and each receipt is audited.

use std::sync::Arc;

use axum::extract::{Path, State};
use lantian_domain::{
    file::FileRef,
    ids::{DeviceId, RecordId},
    time::Instant,
};
use lantian_protocol::departure::{DepartureAnswer, DepartureReceipt, files_hash};

use super::{
    body::Reads,
    problem::{Answer, not_found},
    session::Session,
};
use crate::{
    error::{Error, Result},
    feed::{RawItem, Reader, record_item},
    files::is_held,
    pipeline::visible,
    serve::App,
    signing::keys,
    store::{AuditEntry, Journal as _, Ledger as _, Store},
    suite::SigningKey,
};

/// The audit's word for a receipt.
const ACT: &str = "departure_receipt";

/// Says whether everything is here.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
) -> Answer {
    let id: RecordId = id.parse().map_err(|_| not_found("record"))?;
    let (store, at) = (app.store.clone(), app.clock.now());
    let (reader, device) = (session.reader(), session.device);
    let work = move || answer(&store, &reader, device, id, at);
    let answered = tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::damaged("work on a receipt stopped unexpectedly"))?;
    reads.answer(&answered?)
}

fn answer(
    store: &Store,
    reader: &Reader,
    device: DeviceId,
    id: RecordId,
    at: Instant,
) -> Result<DepartureAnswer> {
    let folder = store.folder().to_owned();
    let seen = reader.clone();
    let (unsigned, missing) = store.read_now(move |unit| {
        let record = visible(unit, &seen.person, id)?.ok_or_else(|| not_found("record"))?;
        let served = record_item(unit, &seen, id)?.ok_or_else(|| not_found("record"))?;
        let RawItem::Snapshot(row) = served else { return Err(not_found("record")) };
        let mut missing = Vec::new();
        for file in record.files() {
            if !is_held(unit, &folder, file)? {
                missing.push(file.id);
            }
        }
        let files: Vec<FileRef> = record.files().to_vec();
        let epoch = unit.org_row()?.epoch;
        Ok((Unsigned { version: row.version, digest: row.digest, files, epoch }, missing))
    })?;
    let files = unsigned.files.len() as u64;
    if !missing.is_empty() {
        return Ok(DepartureAnswer { files, missing, receipt: None });
    }
    let key = SigningKey::of(store.folder(), store.suite())?;
    let receipt = unsigned.signed(&key, id, device, at)?;
    let (version, by) = (receipt.version, reader.person.user());
    store.write_now(move |unit| {
        keys::register(unit, &key, at)?;
        let detail = serde_json::json!({ "version": version, "files": files });
        let entry = AuditEntry {
            act: ACT.to_owned(),
            actor: Some(by),
            device: Some(device),
            subject: Some(id.0),
            result: "ok".to_owned(),
            detail: Some(detail),
            ..AuditEntry::default()
        };
        unit.audit(at, entry)
    })?;
    Ok(DepartureAnswer { files, missing: Vec::new(), receipt: Some(receipt) })
}

/// A record as its reader is served it.
struct Unsigned {
    version: u64,
    digest: Vec<u8>,
    files: Vec<FileRef>,
    epoch: u64,
}

impl Unsigned {
    fn signed(
        self,
        key: &SigningKey,
        record: RecordId,
        device: DeviceId,
        at: Instant,
    ) -> Result<DepartureReceipt> {
        let suite = key.suite();
        let mut receipt = DepartureReceipt {
            record,
            version: self.version,
            digest: hex::encode(&self.digest),
            files: self.files.len() as u64,
            files_hash: files_hash(suite, &self.files),
            device,
            epoch: self.epoch,
            at,
            suite,
            public: hex::encode(key.public()),
            signature: String::new(),
        };
        receipt.signature = hex::encode(&key.sign(receipt.statement().as_bytes())?);
        Ok(receipt)
    }
}
