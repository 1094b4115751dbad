//! What follows once work has come to rest: the files that the coming visits
//! need, and the receipts for leaving.
//!
//! Invariant: neither stands in anybody's way. A change is sent, answered and
//! shown first; one look follows many changes.

use std::{sync::Arc, time::Duration};

use lantian_sync::Input;
use tokio::{
    sync::{Notify, broadcast, mpsc},
    time,
};

use super::{Changed, announce, file};
use crate::courier::Courier;

/// How long nothing has to change.
const CALM: Duration = Duration::from_secs(1);
/// How long a look is put off at the most while things keep changing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks after every change, as long as the loop runs.
pub(super) async fn look_after(
    courier: Courier,
    inputs: mpsc::Sender<Input>,
    changes: broadcast::Sender<Changed>,
    news: Arc<Notify>,
) {
    loop {
        news.notified().await;
        let latest = time::Instant::now() + PATIENCE;
        let mut calm = false;
        while !calm && time::Instant::now() < latest {
            calm = time::timeout(CALM, news.notified()).await.is_err();
        }
        file::admit_visits(&courier, &inputs).await;
        // What could not be asked is asked after the next change.
        let _ = courier.ask_departures().await;
        announce(&courier, &changes).await;
    }
}
