//! `GET /v1/wake`: tells an online tablet that something in its scope has
//! changed: the head of the feed and, to who says where the mirror stands, what
//! is new, where it is little.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use lantian_protocol::{
    Page,
    wake::{PLACE_HEADER, WakeUp, place_of},
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use super::{problem::Answer, session::Session};
use crate::{
    feed::{rider, scope::Viewer},
    serve::App,
    store::{Ledger as _, Wake},
};

const HEARTBEAT: Duration = Duration::from_secs(25);
/// How long the answer to a tablet's own push may take before it is woken for
/// what the push did.
const OWN_ANSWER: Duration = Duration::from_millis(300);

/// Opens the channel. Its first event is the head as it stands, so that
/// nothing is missed between a pull and the opening.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let wakes = app.store.wakes();
    let told = headers.get(PLACE_HEADER).and_then(|value| value.to_str().ok()).and_then(place_of);
    let head = app.store.read(|unit| unit.head()).await?;
    app.places.open(session.device, told);
    let channel = Channel { app, session, wakes, first: Some(head), own: None };
    let events = stream::unfold(channel, |mut channel| async move {
        let told = channel.next().await?;
        Some((Ok(Event::default().data(told.write())), channel))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("beat")))
}

struct Channel {
    app: Arc<App>,
    session: Session,
    wakes: Receiver<Wake>,
    first: Option<u64>,
    /// A head that the tablet itself brought about, and when it is told of it
    /// should its own answer not have got there.
    own: Option<(u64, Instant)>,
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.app.places.close(self.session.device);
    }
}

impl Channel {
    /// What to tell next; nothing once the server stops or the session has
    /// ended.
    async fn next(&mut self) -> Option<WakeUp> {
        if let Some(head) = self.first.take() {
            return Some(WakeUp { head, page: None });
        }
        loop {
            let own = self.own;
            let unanswered = async {
                match own {
                    Some((_, at)) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let woken = tokio::select! {
                () = self.app.stopping() => return None,
                woken = self.wakes.recv() => woken,
                () = unanswered => {
                    self.own = None;
                    match own {
                        Some((head, _)) if !self.stands_at(head) => return self.tell(head).await,
                        _ => continue,
                    }
                }
            };
            match woken {
                Ok(wake) => {
                    let viewer = Viewer::of(&self.session.person);
                    if !viewer.sees_any(wake.audiences.iter()) {
                        continue;
                    }
                    if wake.sole == Some(self.session.device) {
                        self.own = Some((wake.head, Instant::now() + OWN_ANSWER));
                        continue;
                    }
                    if !self.stands_at(wake.head) {
                        return self.tell(wake.head).await;
                    }
                }
                // Too many to keep count: one wake stands for them all.
                Err(RecvError::Lagged(_)) => {
                    let head = self.app.store.read(|unit| unit.head()).await.ok()?;
                    return self.tell(head).await;
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn stands_at(&self, head: u64) -> bool {
        self.app.places.of(self.session.device).is_some_and(|place| place.seq >= head)
    }

    /// Whoever was signed out or revoked hears no more.
    async fn tell(&mut self, head: u64) -> Option<WakeUp> {
        self.session = self.session.renewed(&self.app).await.ok()?;
        let page = self.news().await;
        let head = page.as_ref().map_or(head, |page| head.max(page.cursor.seq));
        Some(WakeUp { head, page: page.map(Box::new) })
    }

    /// What is new for the tablet, where it is little. What cannot be read now
    /// is pulled.
    async fn news(&self) -> Option<Page> {
        let stands = self.app.places.of(self.session.device)?;
        let (reader, now) = (self.session.reader(), self.app.clock.now());
        let read = self.app.store.read(move |unit| rider(unit, &reader, &stands, now)).await;
        let page = read.ok().flatten()?;
        self.app.places.serve(self.session.device, &page.cursor);
        Some(page)
    }
}
