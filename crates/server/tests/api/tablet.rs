//! A tablet: signs commands, keeps a mirror, checks digests.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use lantian_domain::{
    apply,
    command::Command,
    ids::{CommandId, RecordId},
    record::Record,
    time::Instant,
};
use lantian_protocol::{
    Cursor, Envelope, Item, Outcome, Page, Problem, PullRequest, PushRequest, PushResponse,
    SignedCommand, VERSION, VERSION_HEADER, Verdict, blob,
    encoding::{self, Encoding, Packing},
    identity::{ScopeDigest, SignIn, SignedIn, Tokens},
};
use reqwest::{Method, Response, header};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::company::{Company, PASSWORD};

/// A tablet of one person.
pub(crate) struct Tablet {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) me: SignedIn,
    pub(crate) incarnation: Uuid,
    pub(crate) n: u64,
    pub(crate) prev: String,
    pub(crate) now: Instant,
    pub(crate) mirror: BTreeMap<RecordId, Record>,
    pub(crate) cursor: Option<Cursor>,
}

/// A sign-in as a fresh tablet sends it.
pub(crate) fn sign_in_request(login: &str, password: &str, key: &SigningKey) -> SignIn {
    SignIn {
        code: None,
        login: login.to_owned(),
        password: password.to_owned(),
        device_name: "测试平板".to_owned(),
        public_key: key.verifying_key().to_bytes().to_vec(),
        device: None,
    }
}

/// A key of its own for each tablet.
pub(crate) fn fresh_key() -> SigningKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    SigningKey::from_bytes(&seed)
}

impl Tablet {
    /// Signs in.
    pub(crate) async fn of(company: &Company, login: &str) -> Self {
        let key = fresh_key();
        let http = reqwest::Client::new();
        let url = company.server.url();
        let request = sign_in_request(login, PASSWORD, &key);
        let answer = http.post(format!("{url}/v1/session")).json(&request).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Self {
            http,
            url,
            key,
            me: answer.json().await.unwrap(),
            incarnation: Uuid::now_v7(),
            n: 0,
            prev: String::new(),
            now: company.clock.now(),
            mirror: BTreeMap::new(),
            cursor: None,
        }
    }

    /// Sends a value as our programs do.
    pub(crate) async fn send<T: Serialize>(
        &self,
        method: Method,
        path: &str,
        value: &T,
    ) -> Response {
        let body = zstd::bulk::compress(&Encoding::Binary.write(value).unwrap(), 3).unwrap();
        self.http
            .request(method, format!("{}{path}", self.url))
            .header(VERSION_HEADER, VERSION)
            .header(header::CONTENT_TYPE, encoding::BINARY)
            .header(header::CONTENT_ENCODING, "zstd")
            .header(header::ACCEPT, encoding::BINARY)
            .header(header::ACCEPT_ENCODING, "zstd")
            .bearer_auth(&self.me.tokens.access)
            .body(body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn post<T: Serialize, O: DeserializeOwned>(&self, path: &str, value: &T) -> O {
        let answer = self.send(Method::POST, path, value).await;
        assert_eq!(answer.status(), 200, "{path}");
        read(answer).await
    }

    pub(crate) async fn refused<T: Serialize>(&self, path: &str, value: &T) -> Problem {
        problem(self.send(Method::POST, path, value).await).await
    }

    /// Signs a command on a record as the next of its chain.
    pub(crate) fn sign(&mut self, record: RecordId, command: serde_json::Value) -> SignedCommand {
        let command: Command = serde_json::from_value(command).unwrap();
        self.n += 1;
        let envelope = Envelope {
            v: 1,
            id: CommandId(Uuid::now_v7()),
            incarnation: self.incarnation,
            n: self.n,
            prev: self.prev.clone(),
            record,
            base: 0,
            after: None,
            user: self.me.person.user(),
            device: self.me.device,
            at: self.now,
            offset_ms: 0,
            policy: "XZLT-2022-16".to_owned(),
            command,
        };
        self.seal(&envelope)
    }

    /// Signs an envelope and moves the chain on.
    pub(crate) fn seal(&mut self, envelope: &Envelope) -> SignedCommand {
        self.seal_text(serde_json::to_string(envelope).unwrap())
    }

    /// Signs a text in the place of an envelope.
    pub(crate) fn seal_text(&mut self, text: String) -> SignedCommand {
        self.prev = hex::encode(Sha256::digest(text.as_bytes()));
        let signature = self.key.sign(text.as_bytes()).to_bytes().to_vec();
        SignedCommand { envelope: text, signature }
    }

    pub(crate) async fn push(&self, commands: Vec<SignedCommand>) -> Vec<Outcome> {
        self.push_as(commands, false).await
    }

    pub(crate) async fn push_as(
        &self,
        commands: Vec<SignedCommand>,
        preview: bool,
    ) -> Vec<Outcome> {
        let request = PushRequest { witness: None, since: None, offset_ms: 0, commands, preview };
        let answer: PushResponse = self.post("/v1/commands", &request).await;
        assert_eq!(answer.outcomes.len(), request.commands.len());
        answer.outcomes
    }

    /// Gives one command and demands that it is accepted.
    pub(crate) async fn give(&mut self, record: RecordId, command: serde_json::Value) -> u64 {
        let signed = self.sign(record, command);
        let outcomes = self.push(vec![signed]).await;
        let Verdict::Accepted { seq, .. } = outcomes[0].verdict else { panic!("{outcomes:?}") };
        seq
    }

    /// Reads one page and applies it, as a replica would.
    pub(crate) async fn pull(&mut self) -> Page {
        let request =
            PullRequest { cursor: self.cursor.clone(), witness: None, max_bytes: 1 << 20 };
        let page: Page = self.post("/v1/feed", &request).await;
        self.apply(&page);
        page
    }

    /// Applies a page, as a replica would.
    pub(crate) fn apply(&mut self, page: &Page) {
        if page.reset {
            self.mirror.clear();
        }
        for item in &page.items {
            match item {
                Item::Snapshot(snapshot) => {
                    let record = blob::unpack(&snapshot.body).unwrap();
                    assert_eq!(blob::pack(&record).unwrap().digest, snapshot.digest);
                    assert_eq!(snapshot.card, lantian_domain::card::card(&record));
                    self.mirror.insert(snapshot.id, record);
                }
                Item::Events(events) => {
                    let mut record = self.mirror.remove(&events.id);
                    for one in &events.events {
                        let version = record.as_ref().map_or(0, Record::version);
                        assert_eq!(one.version, version + 1);
                        record = Some(apply(record, events.id, &one.event, &one.stamp));
                    }
                    let record = record.unwrap();
                    assert_eq!(blob::pack(&record).unwrap().digest, events.digest);
                    self.mirror.insert(events.id, record);
                }
                Item::Left { id } => {
                    self.mirror.remove(id);
                }
            }
        }
        self.cursor = Some(page.cursor.clone());
    }

    /// Pulls to the end, and proves that the mirror has converged.
    pub(crate) async fn sync(&mut self) {
        while self.pull().await.more {}
        let theirs: ScopeDigest = self.post("/v1/digest", &()).await;
        let mut ours = vec![0; blob::DIGEST_LEN];
        for record in self.mirror.values() {
            let digest = blob::pack(record).unwrap().digest;
            ours.iter_mut().zip(digest).for_each(|(all, byte)| *all ^= byte);
        }
        assert_eq!((theirs.records, theirs.digest), (self.mirror.len() as u64, ours));
    }

    /// Renews the tokens.
    pub(crate) async fn refresh(&mut self) -> Result<(), Problem> {
        let answer = self.refresh_with(&self.me.tokens.refresh.clone()).await;
        if answer.status() == 200 {
            self.me.tokens = answer.json::<Tokens>().await.unwrap();
            return Ok(());
        }
        Err(problem(answer).await)
    }

    /// Sends a refresh token with this device's proof.
    pub(crate) async fn refresh_with(&self, refresh: &str) -> Response {
        let request = lantian_protocol::identity::Refresh {
            device: self.me.device,
            refresh: refresh.to_owned(),
            proof: self.key.sign(refresh.as_bytes()).to_bytes().to_vec(),
        };
        let url = format!("{}/v1/session/refresh", self.url);
        self.http.post(url).json(&request).send().await.unwrap()
    }
}

/// Reads an answer of our server.
pub(crate) async fn read<O: DeserializeOwned>(answer: Response) -> O {
    let coding = answer.headers().get(header::CONTENT_ENCODING).cloned();
    let packing =
        coding.map_or(Packing::Plain, |name| Packing::of(name.to_str().unwrap()).unwrap());
    let media_type = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let bytes = answer.bytes().await.unwrap().to_vec();
    Encoding::of(&media_type).read(&packing.unpack(&bytes).unwrap()).unwrap()
}

/// Reads a problem, and demands that it is one.
pub(crate) async fn problem(answer: Response) -> Problem {
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
    let status = answer.status().as_u16();
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!(problem.status, status);
    problem
}

/// A project that a platform pushes.
pub(crate) fn project(name: &str) -> serde_json::Value {
    serde_json::json!({
        "type": "receive_push",
        "source": "gonggai",
        "source_key": name,
        "pushed_at": "2026-03-02T08:30:00+08:00",
        "project_name": name,
        "region_code": "410184",
        "builder_name": "新郑市某置业有限公司",
        "contact_name": "赵某",
        "site_address": "新郑市中华路1号",
    })
}

/// A remark.
pub(crate) fn note(text: &str) -> serde_json::Value {
    serde_json::json!({ "type": "add_note", "text": text })
}

/// Hands a lead over.
pub(crate) fn hand_over(company: &Company, login: &str) -> serde_json::Value {
    serde_json::json!({ "type": "hand_over_lead", "manager": company.person(login).user() })
}

/// Gives a lead to another manager.
pub(crate) fn reassign(company: &Company, login: &str) -> serde_json::Value {
    serde_json::json!({
        "type": "reassign_lead",
        "manager": company.person(login).user(),
        "reason": "区域调整",
    })
}

/// A fresh record's identity.
pub(crate) fn fresh() -> RecordId {
    RecordId(Uuid::now_v7())
}
