//! Outside systems over real HTTP: one that applies and asks, one that is told
//! of changes and answers well, badly, slowly, or with a page of its own.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, response::Response};
use lantian_protocol::channel::NewChannel;
use lantian_server::{
    channel::{
        self, NewClient,
        signature::{Algorithm, CLIENT, NONCE, SIGNATURE, Signed, TIMESTAMP, sign},
    },
    identity::accounts::By,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::company::Company;

/// An outside system of a channel.
pub(crate) struct Outside {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) channel: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) secret: String,
}

/// What is agreed with an outside system.
pub(crate) fn agreed(channel: &str) -> NewChannel {
    NewChannel {
        id: format!("{}1", channel.replace("_app", "")),
        channel: channel.to_owned(),
        name: format!("外部系统{channel}"),
        basis: Some("新郑市一窗受理数据共享协议".to_owned()),
        ..NewChannel::default()
    }
}

impl Outside {
    pub(crate) fn of(company: &Company, new: &NewChannel) -> Self {
        let now = company.clock.now();
        let checked = NewClient::of(new, now).unwrap();
        let store = &company.server.app().store;
        let (client, secret) = channel::create(store, checked, By::default()).unwrap();
        Self {
            http: reqwest::Client::new(),
            url: company.server.url(),
            algorithm: Algorithm::parse(&client.algorithm).unwrap(),
            id: client.id,
            channel: client.channel,
            secret,
        }
    }

    pub(crate) fn path(&self, act: &str) -> String {
        format!("/v1/channels/{}/{act}", self.channel)
    }

    /// Sends a body, signed at `at` with `nonce`.
    pub(crate) async fn send(
        &self,
        act: &str,
        body: Vec<u8>,
        at: &str,
        nonce: &str,
    ) -> (u16, Value) {
        let path = self.path(act);
        let signed = Signed { method: "POST", path: &path, timestamp: at, nonce, body: &body };
        let signature = sign(self.algorithm, self.secret.as_bytes(), &signed);
        self.post(
            &path,
            body,
            &[(CLIENT, &self.id), (TIMESTAMP, at), (NONCE, nonce), (SIGNATURE, &signature)],
        )
        .await
    }

    /// Sends a body with headers as given.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> (u16, Value) {
        let mut request = self.http.post(format!("{}{path}", self.url)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap())
    }

    /// Calls with a value, as it should be done.
    pub(crate) async fn call(&self, company: &Company, act: &str, value: &Value) -> (u16, Value) {
        let at = company.clock.now().to_string();
        let nonce = Uuid::now_v7().simple().to_string();
        self.send(act, serde_json::to_vec(value).unwrap(), &at, &nonce).await
    }

    /// Calls and demands that it is done.
    pub(crate) async fn done(&self, company: &Company, act: &str, value: &Value) -> Value {
        let (status, reply) = self.call(company, act, value).await;
        assert_eq!((status, &reply["errcode"]), (200, &json!("0")), "{reply}");
        reply
    }
}

/// A shop's application, as the specification writes one.
pub(crate) fn application(channel: &str, serial: &str) -> Value {
    json!({
        "channel": channel, "serial_id": serial, "outside_system": "新郑市一窗受理平台",
        "kind": "application", "install_type": "micro_commercial", "city_no": "410184",
        "link_man": "张三", "phone": "13800000000", "party_name": "示例餐饮店",
        "uscc": "91410184MA00000050", "address": "新郑市示例街18号", "use_kind": "catering",
        "remark": "计划2026-12-05营业", "id_no": "11010519491231002X",
        "devices": [{
            "device_name": "双头炒灶", "model": "ZCT2", "size": "1800x1200",
            "normal_gas_rate": "4.500", "pipe_diameter": "DN25", "quantity": 2,
            "heat_load": "45.000"
        }],
        "file_ids": [], "consent": {"text_version": "PI-2026-1", "at": "2026-03-02T08:50:00+08:00"},
        "somethingElse": "留存",
    })
}

/// An outside system that is told of changes.
pub(crate) struct Receiver {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<VecDeque<Spoken>>>,
}

/// What it was told.
#[derive(Clone)]
pub(crate) struct Heard {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What it answers: status, headers, body.
#[derive(Clone)]
pub(crate) struct Spoken(pub(crate) u16, pub(crate) Vec<(&'static str, String)>, pub(crate) String);

type Ears = (Arc<Mutex<Vec<Heard>>>, Arc<Mutex<VecDeque<Spoken>>>);

impl Receiver {
    /// Listens; once its answers are used up, it answers well.
    pub(crate) async fn listen(answers: Vec<Spoken>) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        let ears: Ears = (Arc::clone(&heard), Arc::clone(&answers));
        let app = Router::new().fallback(hear).with_state(ears);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, heard, answers }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn bodies(&self) -> Vec<Value> {
        self.heard().iter().map(|one| serde_json::from_slice(&one.body).unwrap()).collect()
    }

    pub(crate) fn will_say(&self, spoken: Spoken) {
        self.answers.lock().unwrap().push_back(spoken);
    }
}

async fn hear(State((heard, answers)): State<Ears>, headers: HeaderMap, body: Bytes) -> Response {
    heard.lock().unwrap().push(Heard { headers, body });
    let spoken = answers.lock().unwrap().pop_front();
    let Spoken(status, headers, text) =
        spoken.unwrap_or_else(|| Spoken(200, Vec::new(), r#"{"errcode":"0"}"#.to_owned()));
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(name, value);
    }
    answer.body(text.into()).unwrap()
}
