//! Any bytes at any door (I10, F09, F14): a coded answer, no fault of the
//! server's own, nothing created.
//!
//! The messages are drawn by a seed, which is printed; `LANTIAN_SEED` draws
//! the same ones again.

#![expect(clippy::cast_possible_truncation, reason = "any number does")]

use std::collections::BTreeSet;

use lantian_protocol::{
    Problem, PullRequest, PushRequest, SignedCommand, VERSION, VERSION_HEADER, Verdict,
    encoding::{self, Encoding, Packing},
};
use lantian_server::{audit, store::Ledger as _};
use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    company::{Company, PASSWORD},
    tablet::{Tablet, fresh, fresh_key, note, project, sign_in_request},
};

/// Messages sent to each door.
const EACH: usize = 12;
/// Mutations of each valid message.
const MUTATIONS: usize = 250;
/// Envelopes that are signed and senseless.
const ENVELOPES: usize = 300;

/// A stream of numbers (SplitMix64).
struct Chance(u64);

impl Chance {
    fn new(of_what: &str) -> Self {
        let named = std::env::var("LANTIAN_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = named.unwrap_or_else(|| Uuid::now_v7().as_u128() as u64);
        println!("{of_what}: LANTIAN_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A body that is none.
fn nonsense(chance: &mut Chance) -> Vec<u8> {
    match chance.below(9) {
        0 => Vec::new(),
        1 => {
            let len = chance.below(2_000);
            chance.bytes(len)
        }
        2 => vec![0x91; 200_000],
        3 => vec![b'['; 200_000],
        4 => br#"{"a":"#.repeat(20_000),
        5 => [&[0xdf, 0xff, 0xff, 0xff, 0xff][..], &chance.bytes(40)].concat(),
        6 => br#"{"id":-1,"limit":1e400,"max_bytes":18446744073709551616}"#.to_vec(),
        7 => b"\xff\xfe\"\\ud800\"".to_vec(),
        _ => [&[0xc6, 0xff, 0xff, 0xff, 0xff][..], &chance.bytes(9)].concat(),
    }
}

/// A message with some of it changed, cut, doubled or put in.
fn mutated(message: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len());
        match chance.below(6) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            2 if !bytes.is_empty() => bytes[at] = chance.below(256) as u8,
            3 => {
                let more: [&[u8]; 4] = [&[0xcf; 9], &[0xff; 4], b"99999999999999999999", b"\""];
                let more = *chance.of(&more);
                bytes.splice(at..at, more.iter().copied());
            }
            4 => {
                let part = bytes[at..].to_vec();
                bytes.extend(part);
            }
            _ => drop(bytes.drain(at..(at + chance.below(9)).min(bytes.len()))),
        }
    }
    bytes
}

/// The code of an answer; a fault of the server's own is a bug.
async fn code_of(answer: Response, what: &str) -> Option<String> {
    let status = answer.status();
    if status.is_success() {
        return None;
    }
    let media_type = answer.headers().get(header::CONTENT_TYPE).cloned();
    let bytes = answer.bytes().await.unwrap();
    let told = String::from_utf8_lossy(&bytes);
    assert!(status.is_client_error(), "{what}: {status} {told}");
    if what.contains(" /v1/channels/") {
        // Outside systems are answered in the form that they agreed on.
        let told: Value = serde_json::from_slice(&bytes).unwrap();
        let code = told["errcode"].as_str().filter(|code| !code.is_empty());
        return Some(code.unwrap_or_else(|| panic!("{what}: {told}")).to_owned());
    }
    assert_eq!(media_type.unwrap(), "application/problem+json", "{what}: {told}");
    let problem: Problem = serde_json::from_slice(&bytes).unwrap();
    assert!(!problem.code.is_empty() && !problem.detail.is_empty(), "{what}: {told}");
    Some(problem.code)
}

impl Tablet {
    async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        media_type: &str,
        packing: &str,
        body: Vec<u8>,
    ) -> Response {
        self.http
            .request(method, format!("{}{path}", self.url))
            .header(VERSION_HEADER, VERSION)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_ENCODING, packing)
            .bearer_auth(&self.me.tokens.access)
            .body(body)
            .send()
            .await
            .unwrap()
    }
}

/// Every door that the server describes.
async fn doors(company: &Company) -> Vec<(Method, String)> {
    let url = format!("{}/v1/openapi.json", company.server.url());
    let described: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let mut doors = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase().parse().unwrap();
            doors.push((method, path.clone()));
        }
    }
    // What is kept open tells nothing of a body.
    doors.retain(|(_, path)| path != "/v1/wake");
    doors
}

/// A path with something in the place of its parameters.
fn filled(path: &str, chance: &mut Chance) -> String {
    let mut filled = String::new();
    for part in path.split('/').skip(1) {
        filled.push('/');
        if part.starts_with('{') {
            let some = [
                "00000000-0000-0000-0000-000000000000",
                "%00",
                "..%2f..%2fserver.db",
                "-1",
                "99999999999999999999999",
                "%F0%9F%94%A5",
                "'%20OR%201=1--",
            ];
            let some: &&str = chance.of(&some);
            filled.push_str(some);
        } else {
            filled.push_str(part);
        }
    }
    filled
}

/// What the store holds, as far as a message could have changed it.
fn stand(company: &Company) -> (u64, u64) {
    let store = &company.server.app().store;
    let head = store.read_now(|unit| unit.head()).unwrap();
    let report = store.read_now(audit::verify).unwrap();
    assert!(report.holds, "{:?}", report.found);
    (head, report.records)
}

#[tokio::test]
async fn i10_any_bytes_at_any_door_are_answered_by_a_code_and_create_nothing() {
    let company = Company::open().await;
    let mut chance = Chance::new("any bytes at any door");
    let people = [
        Tablet::of(&company, "manager1").await,
        Tablet::of(&company, "sys1").await,
        Tablet::of(&company, "sec1").await,
        Tablet::of(&company, "audit1").await,
    ];
    let doors = doors(&company).await;
    assert!(doors.len() >= 30, "{} doors", doors.len());
    let before = stand(&company);
    let mut codes = BTreeSet::new();
    for (method, path) in &doors {
        for _ in 0..EACH {
            let path = filled(path, &mut chance);
            let media_type = *chance.of(&[encoding::BINARY, encoding::JSON, "text/html", ""]);
            let packing = *chance.of(&["identity", "identity", "zstd", "lantian-zstd-1", "gzip"]);
            let mut body = nonsense(&mut chance);
            if let Some(known) = Packing::of(packing)
                && chance.below(2) == 0
            {
                body = known.pack(body).unwrap().0;
            }
            // Ending one's own session would end the test.
            let tablet = if path == "/v1/session/end" { continue } else { chance.of(&people) };
            let what = format!("{method} {path} {media_type} {packing} {} bytes", body.len());
            let answer = tablet.send_bytes(method.clone(), &path, media_type, packing, body).await;
            codes.extend(code_of(answer, &what).await);
        }
    }
    assert!(codes.contains("malformed") && codes.contains("not_found"), "{codes:?}");
    assert_eq!(stand(&company), before, "nothing was created");
}

#[tokio::test]
async fn i10_a_valid_message_with_changed_bytes_is_answered_by_a_code_and_creates_nothing() {
    let company = Company::open().await;
    let mut chance = Chance::new("changed messages");
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    let before = stand(&company);
    // Signed by somebody else: whatever becomes of its bytes, it has no effect.
    let stranger =
        SignedCommand { signature: vec![7; 64], ..hall.sign(lead, note("不应出现")) };
    let push = PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: vec![stranger],
        preview: false,
    };
    let pull = PullRequest { cursor: None, witness: None, max_bytes: 1 << 20 };
    let sign_in = sign_in_request("nobody", PASSWORD, &fresh_key());
    for packing in [Packing::Plain, Packing::Zstd, Packing::Shared] {
        for encoding in [Encoding::Binary, Encoding::Json] {
            let messages = [
                ("/v1/commands", encoding.write(&push).unwrap()),
                ("/v1/feed", encoding.write(&pull).unwrap()),
                ("/v1/records", encoding.write(&json!({ "ids": [lead, fresh()] })).unwrap()),
                ("/v1/session", encoding.write(&sign_in).unwrap()),
                ("/v1/files", encoding.write(&json!({ "record": lead, "size": 9 })).unwrap()),
            ];
            for (path, message) in messages {
                for _ in 0..MUTATIONS / 4 {
                    let (message, packing) = packing.pack(message.clone()).unwrap();
                    let packing = packing.name();
                    let body = mutated(&message, &mut chance);
                    let what = format!("{path} {packing} {encoding:?} {body:02x?}");
                    let answer = hall
                        .send_bytes(Method::POST, path, encoding.media_type(), packing, body)
                        .await;
                    code_of(answer, &what).await;
                }
            }
        }
    }
    assert_eq!(stand(&company), before, "nothing was created");
}

#[tokio::test]
async fn i10_a_signed_envelope_of_senseless_values_is_answered_and_creates_nothing() {
    let company = Company::open().await;
    let mut chance = Chance::new("senseless envelopes");
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    let extremes = [
        json!(-1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(u64::MAX - 1),
        json!(1e300),
        json!(null),
        json!([]),
        json!({}),
        json!(""),
        json!("0".repeat(100_000)),
        json!("\u{0}\u{202e}'; DROP TABLE events;--"),
    ];
    let before = stand(&company);
    for round in 0..ENVELOPES {
        let signed = hall.sign(lead, note("备注"));
        let mut envelope: Value = serde_json::from_str(&signed.envelope).unwrap();
        let keys: Vec<String> = envelope.as_object().unwrap().keys().cloned().collect();
        for _ in 0..=chance.below(2) {
            let key = chance.of(&keys).clone();
            envelope[&key] = chance.of(&extremes).clone();
        }
        // What remains a remark on the lead is none any more.
        if envelope["command"].is_object() {
            envelope["command"]["text"] = json!("");
        }
        let sealed = hall.seal_text(envelope.to_string());
        let request = PushRequest {
            witness: None,
            since: None,
            offset_ms: 0,
            commands: vec![sealed],
            preview: false,
        };
        let body = Encoding::Json.write(&request).unwrap();
        let what: String = format!("round {round}: {envelope}").chars().take(400).collect();
        let answer =
            hall.send_bytes(Method::POST, "/v1/commands", encoding::JSON, "identity", body).await;
        let status = answer.status();
        assert!(!status.is_server_error(), "{what}: {status}");
        if status.is_success() {
            let answer: lantian_protocol::PushResponse = crate::tablet::read(answer).await;
            let verdict = &answer.outcomes[0].verdict;
            assert!(!matches!(verdict, Verdict::Accepted { .. }), "{what}: {verdict:?}");
        }
    }
    assert_eq!(stand(&company), before, "nothing was created");
}
