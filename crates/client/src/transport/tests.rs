//! The way to the server against listeners that misbehave: a network's
//! sign-in page, a cut, silence, a wrong certificate, a lapsed token.

mod listener;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use lantian_domain::{
    ids::{DeviceId, FileId},
    time::Instant,
};
use lantian_protocol::{PullRequest, PushRequest, identity::Tokens};

use super::{Failure, Later, Login, Proof, TokenStore, Transport};
use crate::clock::SystemClock;
use listener::{Answer, Listener};

struct Key;

impl Proof for Key {
    fn sign(&self, text: Vec<u8>) -> Later<'_, Result<Vec<u8>, Failure>> {
        Box::pin(std::future::ready(Ok(text.into_iter().rev().collect())))
    }
}

#[derive(Default)]
struct Kept(Mutex<Vec<String>>);

impl TokenStore for Kept {
    fn keep(&self, tokens: Tokens) -> Later<'_, Result<(), Failure>> {
        self.0.lock().unwrap().push(tokens.refresh);
        Box::pin(std::future::ready(Ok(())))
    }
}

fn tokens(access: &str, refresh: &str) -> Tokens {
    Tokens {
        access: access.to_owned(),
        access_until: Instant(i64::MAX / 2),
        refresh: refresh.to_owned(),
        lease_until: Instant(i64::MAX / 2),
    }
}

fn login() -> (Login, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let device = DeviceId(uuid::Uuid::from_u128(7));
    let clock = Arc::new(SystemClock::default());
    let login = Login::new(device, Some(tokens("a1", "r1")), Arc::new(Key), kept.clone(), clock);
    (login, kept)
}

fn transport(listener: &Listener) -> Transport {
    let mut transport = Transport::to(&listener.address(), None).unwrap();
    // A test does not wait as long as a person on a mountain.
    transport.http = super::client(None, Duration::from_millis(300)).unwrap();
    if let Some(path) = listener.trusted() {
        let authority = super::read_authority(path).unwrap();
        transport.http = super::client(Some(&authority), Duration::from_secs(5)).unwrap();
    }
    transport
}

async fn push_to(answers: Vec<Answer>) -> (Failure, Vec<String>) {
    let listener = Listener::plain(answers);
    let request = PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: Vec::new(),
        preview: false,
    };
    let (login, _) = login();
    let failure = transport(&listener).push(&login, &request).await.unwrap_err();
    (failure, listener.requests())
}

#[tokio::test]
async fn a_sign_in_page_of_the_network_is_not_our_server() {
    let page = || Answer::text(200, "text/html", "<html>请先登录无线网</html>");
    assert_eq!(push_to(vec![page()]).await.0, Failure::NotOurServer);
    let redirect = Answer::with(302, &[("location", "http://portal.example/")], "");
    assert_eq!(push_to(vec![redirect]).await.0, Failure::NotOurServer);
    let login_page = Answer::text(401, "text/html", "<html></html>");
    assert_eq!(push_to(vec![login_page]).await.0, Failure::NotOurServer);
    let blocked = Answer::text(403, "text/html", "<html>blocked</html>");
    assert_eq!(push_to(vec![blocked]).await.0, Failure::NotOurServer);
}

#[tokio::test]
async fn an_answer_cut_anywhere_is_never_taken() {
    let whole = Answer::value(200, &page());
    for at in 0..whole.len() {
        let listener = Listener::plain(vec![whole.cut(at)]);
        let (login, _) = login();
        let request = PullRequest { cursor: None, witness: None, max_bytes: 1 };
        let failure = transport(&listener).pull(&login, &request).await.unwrap_err();
        assert!(failure.is_passing(), "cut after {at} bytes: {failure:?}");
    }
    let listener = Listener::plain(vec![whole]);
    let request = PullRequest { cursor: None, witness: None, max_bytes: 1 };
    let pulled = transport(&listener).pull(&login().0, &request).await.unwrap();
    assert_eq!(pulled.value, page());
}

#[tokio::test]
async fn nothing_new_is_believed_of_our_server_alone() {
    let cursor = page().cursor;
    let request = PullRequest { cursor: Some(cursor.clone()), witness: None, max_bytes: 1 };
    let told = [("preference-applied", "return=minimal"), ("lantian-time", "1700000000000")];
    let listener = Listener::plain(vec![Answer::with(204, &told, "")]);
    let pulled = transport(&listener).pull(&login().0, &request).await.unwrap().value;
    assert_eq!((pulled.from, pulled.cursor), (Some(cursor.clone()), cursor));
    assert_eq!((pulled.items.len(), pulled.more), (0, false));
    assert_eq!(pulled.server_time, Instant(1_700_000_000_000));
    assert!(listener.requests()[0].contains("prefer: return=minimal"));
    for headers in [&told[..0], &told[..1], &told[1..]] {
        let portal = Listener::plain(vec![Answer::with(204, headers, "")]);
        let failure = transport(&portal).pull(&login().0, &request).await.unwrap_err();
        assert_eq!(failure, Failure::NotOurServer);
    }
}

fn page() -> lantian_protocol::Page {
    lantian_protocol::Page {
        from: None,
        items: Vec::new(),
        cursor: lantian_protocol::Cursor {
            epoch: 1,
            scope: 1,
            seq: 9,
            snapshot: None,
            witness: None,
        },
        more: false,
        reset: true,
        total: Some(0),
        server_time: Instant(0),
    }
}

#[tokio::test]
async fn silence_ends_in_a_timeout_and_nobody_there_is_offline() {
    assert_eq!(push_to(vec![Answer::silence()]).await.0, Failure::Timeout);
    let listener = Listener::plain(Vec::new());
    let transport = transport(&listener);
    drop(listener);
    let request = PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: Vec::new(),
        preview: false,
    };
    let failure = transport.push(&login().0, &request).await.unwrap_err();
    assert_eq!(failure, Failure::Offline);
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_back() {
    let busy = Answer::with(429, &[("retry-after", "30")], "");
    assert_eq!(push_to(vec![busy]).await.0, Failure::Busy { retry_after_ms: Some(30_000) });
    let busy = Answer::with(503, &[], "");
    assert_eq!(push_to(vec![busy]).await.0, Failure::Busy { retry_after_ms: None });
    let broken = Answer::text(502, "text/html", "bad gateway");
    assert_eq!(push_to(vec![broken]).await.0, Failure::Server { status: 502 });
}

#[tokio::test]
async fn a_lapsed_token_is_renewed_once_and_kept_before_it_is_used() {
    let listener = Listener::plain(vec![
        Answer::problem(401, "unauthenticated"),
        Answer::value(200, &tokens("a2", "r2")),
        Answer::value(200, &page()),
    ]);
    let (login, kept) = login();
    let request = PullRequest { cursor: None, witness: None, max_bytes: 1 };
    transport(&listener).pull(&login, &request).await.unwrap();
    assert_eq!(*kept.0.lock().unwrap(), ["r2"]);
    let requests = listener.requests();
    assert!(requests[0].contains("Bearer a1") && requests[2].contains("Bearer a2"));
    assert!(requests[1].starts_with("POST /v1/session/refresh"), "{}", requests[1]);
    assert!(requests.iter().all(|request| request.contains("lantian-protocol: 1")));
}

#[tokio::test]
async fn a_refused_renewal_asks_for_a_person_and_a_cut_one_does_not() {
    let lapsed = || Answer::problem(401, "unauthenticated");
    let (failure, _) = push_to(vec![lapsed(), lapsed()]).await;
    assert_eq!(failure, Failure::SignInNeeded);
    let (failure, _) = push_to(vec![lapsed(), Answer::problem(403, "device_revoked")]).await;
    assert_eq!(failure, Failure::Revoked);
    let (failure, _) = push_to(vec![lapsed(), lapsed().cut(20)]).await;
    assert_eq!(failure, Failure::Offline);
}

#[tokio::test]
async fn a_wrong_certificate_is_named_and_the_companys_own_is_taken() {
    let request = PullRequest { cursor: None, witness: None, max_bytes: 1 };
    let stranger = Listener::tls(vec![Answer::value(200, &page())], None);
    let failure = transport(&stranger).pull(&login().0, &request).await.unwrap_err();
    assert_eq!(failure, Failure::Tls);
    assert!(stranger.requests().is_empty(), "no byte of a request may reach a stranger");
    let ours = Listener::tls_trusted(vec![Answer::value(200, &page())]);
    assert_eq!(transport(&ours).pull(&login().0, &request).await.unwrap().value, page());
}

#[tokio::test]
async fn a_problem_is_passed_on_with_its_code() {
    let denied = push_to(vec![Answer::problem(409, "cursor_ahead")]).await.0;
    assert_eq!(denied.code(), "cursor_ahead");
    assert!(matches!(denied, Failure::Denied(_)));
    let outdated = push_to(vec![Answer::problem(426, "protocol_unsupported")]).await.0;
    assert!(matches!(outdated, Failure::Outdated { .. }));
}

#[tokio::test]
async fn a_chunk_of_another_content_is_not_believed() {
    let headers = [("etag", "\"other\""), ("content-type", "application/octet-stream")];
    let listener = Listener::plain(vec![Answer::with(206, &headers, "x")]);
    let file = FileId(uuid::Uuid::from_u128(3));
    let failure = transport(&listener).fetch_chunk(&login().0, file, "aa", 0).await.err();
    assert_eq!(failure, Some(Failure::Unreadable));
}

#[test]
fn only_this_machine_is_spoken_to_in_plain() {
    for fine in ["https://gas.example", "http://127.0.0.1:8080", "http://localhost:1/base/"] {
        assert!(Transport::to(fine, None).is_ok(), "{fine}");
    }
    for wrong in ["http://gas.example", "ftp://x", "gas.example", "", "http://127.0.0.1.x.y"] {
        assert!(Transport::to(wrong, None).is_err(), "{wrong}");
    }
}
