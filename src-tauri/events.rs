//! What the application tells goes on to the window, in batches.

use std::time::Duration;

use lantian_client::Changed;
use serde::Serialize;
use tauri::{AppHandle, Emitter as _};
use tokio::sync::broadcast::{Receiver, error::RecvError, error::TryRecvError};

/// A window that draws more often helps nobody.
const PAUSE: Duration = Duration::from_millis(80);

#[derive(Clone, Serialize)]
struct Locked {}

/// Passes changes on until the application ends.
pub(crate) fn forward(shell: AppHandle, mut changes: Receiver<Changed>) {
    tauri::async_runtime::spawn(async move {
        while let Some(batch) = next(&mut changes).await {
            if batch.locked {
                tell(&shell, "locked", &Locked {});
            }
            if batch.sync || !batch.records.is_empty() {
                tell(&shell, "changed", &batch);
            }
        }
    });
}

/// Everything that was told within one pause.
async fn next(changes: &mut Receiver<Changed>) -> Option<Changed> {
    let mut batch = match changes.recv().await {
        Ok(change) => change,
        Err(RecvError::Lagged(_)) => Changed { sync: true, ..Changed::default() },
        Err(RecvError::Closed) => return None,
    };
    tokio::time::sleep(PAUSE).await;
    loop {
        match changes.try_recv() {
            Ok(change) => {
                batch.records.extend(change.records);
                batch.sync |= change.sync;
                batch.locked |= change.locked;
            }
            Err(TryRecvError::Lagged(_)) => batch.sync = true,
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(batch),
        }
    }
}

fn tell(shell: &AppHandle, event: &str, payload: &(impl Serialize + Clone)) {
    if let Err(error) = shell.emit(event, payload.clone()) {
        tracing::warn!("{event} did not reach the window: {error}");
    }
}
