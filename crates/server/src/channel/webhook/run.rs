//! The round of deliveries: whenever something was committed, and whenever an
//! attempt's time has come.

use std::{sync::Arc, time::Duration};

use lantian_domain::time::Instant;
use reqwest::Client as Http;

use super::{
    super::{
        clients::{self, Client},
        provision::{self, Told},
    },
    queue::{self, Attempt, Due},
    send,
};
use crate::{error::Result, seal::SealKey, serve::App};

/// Attempts at the same time.
const AT_ONCE: usize = 8;
/// The longest sleep between rounds.
const LONGEST: Duration = Duration::from_secs(30);

/// Tells outside systems what they are to be told, until the server stops.
pub async fn run(app: Arc<App>) {
    let mut commits = app.store.wakes();
    loop {
        if let Err(error) = deliver_due(&app).await {
            tracing::error!(%error, "outside systems could not be told");
        }
        tokio::select! {
            () = app.stopping() => return,
            // One who lags behind looks at the store like everybody else.
            _ = commits.recv() => {}
            () = tokio::time::sleep(until_next(&app).await) => {}
        }
    }
}

async fn until_next(app: &App) -> Duration {
    let now = app.clock.now();
    let next = app.store.read(queue::next).await.ok().flatten();
    let ms = next.map_or(i64::MAX, |next| next.since(now).max(1_000));
    Duration::from_millis(u64::try_from(ms).unwrap_or(1_000)).min(LONGEST)
}

/// Makes every attempt whose time has come; how many were made.
///
/// # Errors
/// The store's.
pub async fn deliver_due(app: &Arc<App>) -> Result<usize> {
    // Two rounds at once would tell the same thing twice.
    let _turn = app.telling.lock().await;
    let http = send::http()?;
    let mut made = 0;
    loop {
        let now = app.clock.now();
        let due = app.store.read(move |unit| queue::due(unit, now, AT_ONCE)).await?;
        if due.is_empty() || app.is_stopping() {
            return Ok(made);
        }
        made += due.len();
        let attempts = due.into_iter().map(|due| attempt(app, &http, due, now));
        for done in futures_util::future::join_all(attempts).await {
            done?;
        }
    }
}

async fn attempt(app: &Arc<App>, http: &Http, due: Due, now: Instant) -> Result<()> {
    let id = due.client.clone();
    let found = app.store.read(move |unit| clients::find(unit, &id)).await?;
    let Some(client) = found.filter(|client| client.active) else {
        let gone = Attempt::Failed("client_inactive".to_owned(), None);
        return app.store.write(move |unit| queue::settle(unit, &due, &gone, now)).await;
    };
    let outcome = match secret(app, &client) {
        Ok(secret) => send::send(http, &client, &secret, &due, now).await,
        Err(_) => Attempt::Failed("secret_unreadable".to_owned(), None),
    };
    app.store
        .write(move |unit| {
            let body = serde_json::from_str(&due.body)?;
            let result = match &outcome {
                Attempt::Arrived => "ok",
                Attempt::Failed(why, _) => why,
            };
            let told = Told { call: "webhook", result, record: Some(due.record), body: &body };
            provision::log(unit, &client, &told, now)?;
            queue::settle(unit, &due, &outcome, now)
        })
        .await
}

fn secret(app: &App, client: &Client) -> Result<Vec<u8>> {
    client.open_secret(&SealKey::of(&app.data)?)
}
