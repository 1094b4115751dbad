//! A listener that gives prepared answers and remembers what it was asked.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use lantian_protocol::{Problem, encoding::Encoding};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde::Serialize;

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/localhost.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/localhost.key");

/// A prepared answer.
#[derive(Clone)]
pub(super) struct Answer {
    bytes: Vec<u8>,
    speaks: bool,
}

impl Answer {
    pub(super) fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::of(status, headers, body.as_bytes())
    }

    pub(super) fn text(status: u16, media_type: &str, body: &str) -> Self {
        Self::with(status, &[("content-type", media_type)], body)
    }

    pub(super) fn value<T: Serialize>(status: u16, value: &T) -> Self {
        let media_type = Encoding::Binary.media_type();
        Self::of(status, &[("content-type", media_type)], &Encoding::Binary.write(value).unwrap())
    }

    pub(super) fn problem(status: u16, code: &str) -> Self {
        let problem =
            Problem { status, code: code.to_owned(), detail: String::new(), params: [].into() };
        let body = serde_json::to_vec(&problem).unwrap();
        Self::of(status, &[("content-type", "application/problem+json")], &body)
    }

    /// Takes the request and never answers.
    pub(super) fn silence() -> Self {
        Self { bytes: Vec::new(), speaks: false }
    }

    /// Only the first `at` bytes, then the connection ends.
    pub(super) fn cut(&self, at: usize) -> Self {
        Self { bytes: self.bytes[..at].to_vec(), speaks: true }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    fn of(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut bytes = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            bytes.extend([name, ": ", value, "\r\n"]);
        }
        bytes.push_str("connection: close\r\n\r\n");
        Self { bytes: [bytes.as_bytes(), body].concat(), speaks: true }
    }
}

/// Answers one connection after the other.
pub(super) struct Listener {
    scheme: &'static str,
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    trusted: Option<PathBuf>,
}

impl Listener {
    pub(super) fn plain(answers: Vec<Answer>) -> Self {
        Self::start("http", answers, None, |stream, answer, requests| {
            converse(stream, &answer, requests);
        })
    }

    /// With a certificate that nobody vouches for.
    pub(super) fn tls(answers: Vec<Answer>, trusted: Option<PathBuf>) -> Self {
        let config = Arc::new(tls_config());
        Self::start("https", answers, trusted, move |stream, answer, requests| {
            let session = rustls::ServerConnection::new(config.clone()).unwrap();
            converse(rustls::StreamOwned::new(session, stream), &answer, requests);
        })
    }

    /// With a certificate that the client is told to believe.
    pub(super) fn tls_trusted(answers: Vec<Answer>) -> Self {
        Self::tls(answers, Some(CERTIFICATE.into()))
    }

    fn start(
        scheme: &'static str,
        answers: Vec<Answer>,
        trusted: Option<PathBuf>,
        speak: impl Fn(TcpStream, Answer, &Mutex<Vec<String>>) + Send + 'static,
    ) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let asked = requests.clone();
        thread::spawn(move || {
            for answer in answers {
                let Ok((stream, _)) = socket.accept() else { return };
                speak(stream, answer, &asked);
            }
        });
        Self { scheme, port, requests, trusted }
    }

    pub(super) fn address(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.port)
            .replace("http://localhost", "http://127.0.0.1")
    }

    pub(super) fn trusted(&self) -> Option<&Path> {
        self.trusted.as_deref()
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn tls_config() -> rustls::ServerConfig {
    let certificate = CertificateDer::from_pem_file(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_file(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

fn converse(mut stream: impl Read + Write, answer: &Answer, requests: &Mutex<Vec<String>>) {
    let Some(request) = read_request(&mut stream) else { return };
    requests.lock().unwrap().push(request);
    if !answer.speaks {
        // Holds the connection until the client gives it up.
        let _ = stream.read(&mut [0]);
        return;
    }
    let _ = stream.write_all(&answer.bytes);
    let _ = stream.flush();
}

fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut part = [0; 4_096];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                })
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Some(head);
            }
        }
        match stream.read(&mut part) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&part[..count]),
            _ => return None,
        }
    }
}
