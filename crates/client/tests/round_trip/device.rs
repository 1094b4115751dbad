//! P-17: a device that the company took out of use, and one that never asks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use lantian_client::{
    App, Credentials, Error, StoreError, Work,
    clock::{Clock, SystemClock},
    transport::Failure,
    view::SessionState,
};
use lantian_domain::{command::CommandName, time::Instant};

use crate::{
    ALL,
    company::{Company, PASSWORD, PIN},
    contact, lead, sync,
};

const HOUR_MS: i64 = 3_600_000;

/// A clock that can be put forward.
#[derive(Default)]
struct Forward {
    system: SystemClock,
    by_ms: AtomicI64,
}

impl Clock for Forward {
    fn device_now(&self) -> Instant {
        self.system.device_now().plus_ms(self.by_ms.load(Ordering::Relaxed))
    }

    fn offset_ms(&self) -> i64 {
        self.system.offset_ms()
    }

    fn set_offset_ms(&self, offset_ms: i64) {
        self.system.set_offset_ms(offset_ms);
    }
}

async fn cannot_open(app: &App) {
    assert!(app.session().await.unwrap().state == SessionState::RecoveryNeeded);
    let shut = app.unlock(PIN).await.err();
    assert!(matches!(shut, Some(Error::Store(StoreError::KeyringEntryMissing { .. }))), "{shut:?}");
    assert!(matches!(app.today().await, Err(Error::Locked)));
}

#[tokio::test(flavor = "multi_thread")]
async fn p_17_a_wiped_device_cannot_open_the_database() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    company.revoke("manager");
    let told = manager.sync(ALL).await.err();
    assert!(matches!(told, Some(Error::Way(Failure::Revoked))), "{told:?}");
    cannot_open(&manager).await;
    let again = manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await;
    assert!(again.is_err(), "the password opens it no more than the PIN");
    // What was not sent is the company's: its recovery key alone opens it.
    let view = manager.recover(&company.recovery_key(), "975310").await.unwrap();
    assert!(view.state == SessionState::Open);
    assert_eq!(manager.outbox(lantian_client::Kept::Waiting).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn p_17_a_window_that_is_open_is_wiped_by_itself() {
    let company = Company::open().await;
    let app = company.blank("manager", Work::Background);
    let mut changes = app.changes();
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    company.revoke("manager");
    // It may have heard by itself, and be shut already.
    let _asked = app.sync_now().await;
    let locked = async { while !changes.recv().await.unwrap().locked {} };
    tokio::time::timeout(Duration::from_secs(30), locked).await.unwrap();
    cannot_open(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p_17_three_days_without_the_server_and_the_device_has_to_ask_it() {
    let mut company = Company::open().await;
    let clock = Arc::new(Forward::default());
    let options = company.options("manager", Work::OnDemand);
    let app = App::with_clock(options, clock.clone()).unwrap();
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    sync(&app).await;
    app.lock().await.unwrap();
    company.close().await;

    clock.by_ms.store(72 * HOUR_MS - 60_000, Ordering::Relaxed);
    assert!(app.unlock(PIN).await.unwrap().state == SessionState::Open, "still within three days");
    app.lock().await.unwrap();
    clock.by_ms.store(72 * HOUR_MS + 60_000, Ordering::Relaxed);
    let over = app.unlock(PIN).await.err();
    assert!(matches!(over, Some(Error::LeaseOver { .. })), "{over:?}");
    assert!(matches!(app.today().await, Err(Error::Locked)));
    company.reopen().await;
    assert!(app.unlock(PIN).await.unwrap().state == SessionState::Open, "asked, and let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn f51_a_clock_that_jumps_loses_nothing_and_repeats_nothing() {
    const YEARS_MS: i64 = 10 * 365 * 24 * HOUR_MS;
    let company = Company::open().await;
    let (hall, first) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &first, "1").await;
    drop(first);
    let clock = Arc::new(Forward::default());
    let options = company.options("manager", Work::OnDemand);
    let manager = App::with_clock(options, clock.clone()).unwrap();
    manager.unlock(PIN).await.unwrap();
    let jumps = [0, 2 * HOUR_MS, -2 * HOUR_MS, -YEARS_MS, HOUR_MS, YEARS_MS, 0];
    let mut saved = Vec::new();
    for (n, by_ms) in jumps.into_iter().enumerate() {
        clock.by_ms.store(by_ms, Ordering::Relaxed);
        let text = format!("跳钟{n}");
        let note = serde_json::json!({ "text": text });
        if manager.submit(Some(lead), CommandName::AddNote, note).await.is_ok() {
            saved.push(text);
        }
        if n % 2 == 1 {
            // A lease that is over by this clock is asked for again.
            let _ = manager.sync(ALL).await;
        }
    }
    clock.by_ms.store(0, Ordering::Relaxed);
    manager.unlock(PIN).await.unwrap();
    sync(&manager).await;
    assert!(saved.len() >= 4, "{saved:?}");
    assert!(manager.outbox(lantian_client::Kept::Waiting).await.unwrap().is_empty());
    let body = manager.confirmed(lead).await.unwrap().to_string();
    for text in &saved {
        assert_eq!(body.matches(text.as_str()).count(), 1, "{text} in {body}");
    }
}
