//! Outside systems of the channels, speaking their format over real HTTP: one
//! that posts signed applications, one that is told of changes and answers as
//! its script says.
//!
//! The signature is made here from the description of the interface alone
//! (docs/CHANNELS.md), with nothing of the product.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// An outside system that applies and asks.
pub struct Sender {
    /// Client id.
    pub id: String,
    /// Code of its channel.
    pub channel: String,
    /// Its secret, as it was shown once.
    pub secret: String,
}

impl Sender {
    /// Posts `body` to one of its channel's doors at `address`, signed now.
    pub fn post(&self, address: &str, door: &str, body: &Value) -> (u16, Value) {
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        self.post_as(address, door, &body.to_string(), &nonce)
    }

    /// The same with a nonce of one's choice.
    pub fn post_as(&self, address: &str, door: &str, body: &str, nonce: &str) -> (u16, Value) {
        let path = format!("/v1/channels/{}/{door}", self.channel);
        let at = now_ms().to_string();
        let text = format!("POST\n{path}\n{at}\n{nonce}\n{}", hex(&Sha256::digest(body)));
        let signature = hex(&hmac(self.secret.as_bytes(), text.as_bytes()));
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nx-client-id: {}\r\n\
             x-timestamp: {at}\r\nx-nonce: {nonce}\r\nx-signature: {signature}\r\n\r\n{body}",
            body.len(),
            self.id,
        );
        let mut stream = TcpStream::connect(address).expect("the company listens");
        stream.write_all(request.as_bytes()).expect("the company reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the company answers in UTF-8");
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status.expect("a status line"), serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

/// What a receiver answers.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    /// It has understood.
    Well,
    /// It is busy, and names the seconds to wait.
    Busy(u64),
    /// A gateway's page.
    Page,
    /// The right answer, after a while.
    Late(Duration),
}

/// An outside system that is told of changes.
pub struct Receiver {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Value>>>,
    over: Arc<AtomicBool>,
}

impl Receiver {
    /// Listens; once the script is used up, it answers well.
    pub fn listen(script: Vec<Says>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (ears, end) = (Arc::clone(&heard), Arc::clone(&over));
        let mut script = VecDeque::from(script);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                let says = script.pop_front().unwrap_or(Says::Well);
                if let Some(body) = answer(stream, says) {
                    ears.lock().expect("nobody panicked here").push(body);
                }
            }
        });
        Self { address, heard, over }
    }

    /// Where it is told.
    pub fn url(&self) -> String {
        format!("http://{}/told", self.address)
    }

    /// What it was told, in order.
    pub fn heard(&self) -> Vec<Value> {
        self.heard.lock().expect("nobody panicked here").clone()
    }

    /// Waits until it was told `count` things.
    pub fn wait_for(&self, count: usize) -> Vec<Value> {
        for _ in 0..300 {
            let heard = self.heard();
            if heard.len() >= count {
                return heard;
            }
            thread::park_timeout(Duration::from_millis(100));
        }
        panic!("told {} things instead of {count}", self.heard().len());
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // One last call lets the listener notice.
        let _ = TcpStream::connect(self.address);
    }
}

/// Reads one request and answers it; its body.
fn answer(mut stream: TcpStream, says: Says) -> Option<Value> {
    let mut read = Vec::new();
    let mut block = [0_u8; 4096];
    let body = loop {
        let count = stream.read(&mut block).ok().filter(|count| *count > 0)?;
        read.extend(&block[..count]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0_usize) {
            break body.to_owned();
        }
    };
    let (status, header, text) = match says {
        Says::Well => ("200 OK", String::new(), "{\"errcode\":\"0\"}"),
        Says::Busy(wait) => ("503 Busy", format!("retry-after: {wait}\r\n"), ""),
        Says::Page => ("200 OK", String::new(), "<html>请登录</html>"),
        Says::Late(wait) => {
            thread::park_timeout(wait);
            ("200 OK", String::new(), "{\"errcode\":\"0\"}")
        }
    };
    let length = text.len();
    let whole = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{header}\r\n{text}"
    );
    // The caller may have gone; that is its own affair.
    let _ = stream.write_all(whole.as_bytes());
    serde_json::from_str(&body).ok()
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    i64::try_from(since.as_millis()).expect("it is long before the end of time")
}

/// The instant of now, as outside systems write it.
pub fn now() -> String {
    let now = chrono::DateTime::from_timestamp_millis(now_ms());
    now.expect("an instant of this age").to_rfc3339()
}

/// HMAC over SHA-256, as RFC 2104 writes it.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |byte: u8| block.map(|one| one ^ byte);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}
