//! Attachments in the event loop: what an effect comes to, what the engine is
//! told of what waits and of what the coming visits need, and the watch over the
//! network.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use lantian_domain::{
    file::FileRef,
    ids::{FileId, RecordId},
};
use lantian_protocol::file::Receipt;
use lantian_sync::{FileEffect, FileFailure, FileInput, Haste, Input};
use tokio::sync::{broadcast, mpsc};

use super::Changed;
use crate::{
    app::readiness::wanted,
    courier::{Courier, to_file_failure},
};

/// How often the network is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// After how many looks the coming visits are looked at: each minute.
const VISITS: u32 = 12;

/// Carries out an effect; what the engine has to hear of it, in order.
pub(super) async fn answer(courier: &Courier, effect: FileEffect) -> Vec<FileInput> {
    match effect {
        FileEffect::Offer { file } | FileEffect::AskOffset { file } => {
            if let Some(held) = held(courier, file).await {
                return held;
            }
            let result = courier.offer_file(file).await.map_err(to_file_failure);
            vec![FileInput::Upped { file, result }]
        }
        FileEffect::SendChunk { file, offset, len } => {
            if let Some(held) = held(courier, file).await {
                return held;
            }
            let since = Instant::now();
            let result = courier.send_chunk(file, offset, len).await.map_err(to_file_failure);
            let moved = result.as_ref().ok().map(|_| measured(len, since));
            moved.into_iter().chain([FileInput::Upped { file, result }]).collect()
        }
        FileEffect::Fetch { file, offset, len } => {
            let since = Instant::now();
            let result = courier.fetch_wanted(file, offset).await.map_err(to_file_failure);
            let moved = result.as_ref().ok().map(|_| measured(len, since));
            moved.into_iter().chain([FileInput::Fetched { file, result }]).collect()
        }
        FileEffect::Progress { file, offset } => {
            // Only a wish to remember: the server is asked again anyway.
            let _ = courier.upload_progress(file, offset).await;
            Vec::new()
        }
        FileEffect::Done { receipt } => keep(courier, receipt).await,
        FileEffect::Trouble { file, code } => {
            let _ = courier.desk.ask(move |replica| Ok(replica.upload_trouble(file, &code)?)).await;
            Vec::new()
        }
        FileEffect::Arrived { file } => {
            courier.arrived(file);
            Vec::new()
        }
    }
}

/// Writes a receipt down; one that could not be written is asked for again.
async fn keep(courier: &Courier, receipt: Receipt) -> Vec<FileInput> {
    let file = receipt.file;
    if courier.upload_done(receipt).await.is_ok() {
        return Vec::new();
    }
    let waiting = courier.uploads().await.unwrap_or_default();
    let same = waiting.iter().filter(|upload| upload.file == file);
    same.map(|upload| courier.admission(upload)).collect()
}

/// The network is looked at when a transfer starts: what the engine hears when
/// the file has to wait after all.
async fn held(courier: &Courier, file: FileId) -> Option<Vec<FileInput>> {
    courier.is_held(file).await.ok().filter(|held| *held)?;
    let result = Err(FileFailure::Spared);
    Some(vec![FileInput::Spare { on: true }, FileInput::Upped { file, result }])
}

fn measured(bytes: u64, since: Instant) -> FileInput {
    let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    FileInput::Measured { bytes, ms }
}

/// Tells the engine of every change of the network or the rule, and repeats
/// how it stands, so that what was told out of order never lasts.
pub(super) async fn watch_network(
    courier: Courier,
    inputs: mpsc::Sender<Input>,
    changes: broadcast::Sender<Changed>,
) {
    let mut before = courier.network.metered();
    let mut looks = 0_u32;
    loop {
        let on = courier.network.look().await;
        if looks.is_multiple_of(VISITS) {
            admit_visits(&courier, &inputs).await;
        }
        looks = looks.wrapping_add(1);
        if inputs.send(Input::File(FileInput::Spare { on })).await.is_err() {
            return;
        }
        let now = courier.network.metered();
        if now != before {
            admit_visits(&courier, &inputs).await;
            // Nobody listening is no fault.
            let _ = changes.send(Changed { sync: true, ..Changed::default() });
            before = now;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Tells the engine of every upload that is not complete; twice is harmless.
pub(super) async fn admit_uploads(courier: &Courier, inputs: &mpsc::Sender<Input>) {
    for upload in courier.uploads().await.unwrap_or_default() {
        let _ = inputs.send(Input::File(courier.admission(&upload))).await;
    }
}

/// Tells the engine of the papers that the person needs on site.
pub(super) async fn admit_papers(
    courier: &Courier,
    inputs: &mpsc::Sender<Input>,
    of: BTreeSet<RecordId>,
) {
    for (record, file, offset) in courier.missing_papers(of).await.unwrap_or_default() {
        let _ = inputs.send(want(courier, (record, file), offset, Haste::Usual)).await;
    }
}

/// Tells the engine of the files that the coming visits need.
pub(super) async fn admit_visits(courier: &Courier, inputs: &mpsc::Sender<Input>) {
    let needed = wanted(courier, courier.clock.now()).await;
    for (file, offset) in needed.unwrap_or_default() {
        let _ = inputs.send(want(courier, file, offset, Haste::Visit)).await;
    }
}

/// Remembers that a file is wanted; what the engine is told of it.
pub(crate) fn want(
    courier: &Courier,
    (record, file): (RecordId, FileRef),
    offset: u64,
    haste: Haste,
) -> Input {
    let (id, size) = (file.id, file.size);
    courier.want(record, file);
    Input::File(FileInput::Download { file: id, size, offset, haste })
}
