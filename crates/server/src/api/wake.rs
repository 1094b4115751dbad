//! `GET /v1/wake`: tells an online tablet that something in its scope has
//! changed. It carries the head of the feed and nothing else.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{problem::Answer, session::Session};
use crate::{
    feed::scope::Viewer,
    serve::App,
    store::{Ledger as _, Wake},
};

const HEARTBEAT: Duration = Duration::from_secs(25);

/// Opens the channel. Its first event is the head as it stands, so that
/// nothing is missed between a pull and the opening.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let wakes = app.store.wakes();
    let head = app.store.read(|unit| unit.head()).await?;
    let channel = Channel { app, session, wakes, first: Some(head) };
    let events = stream::unfold(channel, |mut channel| async move {
        let head = channel.next().await?;
        Some((Ok(Event::default().data(head.to_string())), channel))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("beat")))
}

struct Channel {
    app: Arc<App>,
    session: Session,
    wakes: Receiver<Wake>,
    first: Option<u64>,
}

impl Channel {
    /// The next head to tell of; nothing once the server stops or the session
    /// has ended.
    async fn next(&mut self) -> Option<u64> {
        if let Some(head) = self.first.take() {
            return Some(head);
        }
        loop {
            let woken = tokio::select! {
                () = self.app.stopping() => return None,
                woken = self.wakes.recv() => woken,
            };
            match woken {
                Ok(wake) => {
                    let viewer = Viewer::of(&self.session.person);
                    if viewer.sees_any(wake.audiences.iter()) {
                        // Whoever was signed out or revoked hears no more.
                        self.session = self.session.renewed(&self.app).await.ok()?;
                        return Some(wake.head);
                    }
                }
                // Too many to keep count: one wake stands for them all.
                Err(RecvError::Lagged(_)) => {
                    self.session = self.session.renewed(&self.app).await.ok()?;
                    return self.app.store.read(|unit| unit.head()).await.ok();
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
