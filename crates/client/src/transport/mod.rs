//! The way to the company server: HTTPS, our encodings, typed failures.
//!
//! Words: a *failure* is a state of the way, never a verdict on the work; a
//! *login* is the device's identity with its tokens and its key.
//!
//! Invariant: whatever answers that is not our server changes nothing here. A
//! lapsed token is renewed once per request and is no refusal.

mod admin;
mod answer;
mod archive;
mod audit;
mod channel;
mod failure;
mod feed;
mod file;
mod login;
mod report;
mod request;
pub mod route;
mod wake;

#[cfg(test)]
mod tests;

use std::{path::Path, time::Duration};

pub use failure::Failure;
pub use file::Chunk;
pub use login::{Later, Login, Proof, TokenStore};
pub use wake::Wake;

use crate::error::{Error, Result};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent within an answer.
const SILENCE: Duration = Duration::from_mins(1);
/// The server's heartbeat on the wake channel is well below this.
const WAKE_SILENCE: Duration = Duration::from_secs(90);

/// The way to one server.
#[derive(Clone)]
pub struct Transport {
    http: reqwest::Client,
    waking: reqwest::Client,
    server: reqwest::Url,
    dialect: request::Dialect,
}

impl Transport {
    /// Prepares the way to `server`; nothing is sent yet.
    ///
    /// With `authority` only certificates of that authority (PEM) are
    /// believed, else those of the public authorities.
    ///
    /// # Errors
    /// [`Error::BadInput`] when the address is not HTTPS (plain HTTP is for
    /// this machine alone) or the authority cannot be read.
    pub fn to(server: &str, authority: Option<&Path>) -> Result<Self> {
        let server = address(server)?;
        let authority = authority.map(read_authority).transpose()?;
        let http = client(authority.as_ref(), SILENCE)?;
        let waking = client(authority.as_ref(), WAKE_SILENCE)?;
        Ok(Self { http, waking, server, dialect: request::Dialect::default() })
    }

    /// The server's address.
    pub fn server(&self) -> &str {
        self.server.as_str().trim_end_matches('/')
    }
}

fn client(authority: Option<&reqwest::Certificate>, silence: Duration) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .user_agent(concat!("lantian/", env!("CARGO_PKG_VERSION")));
    if let Some(authority) = authority {
        builder = builder.tls_built_in_root_certs(false).add_root_certificate(authority.clone());
    }
    builder.build().map_err(|_| Error::bad_input("server", "TLS 无法启用"))
}

fn address(text: &str) -> Result<reqwest::Url> {
    let mut url = reqwest::Url::parse(text.trim())
        .map_err(|_| Error::bad_input("server", "须为 https:// 开头的完整地址"))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return Err(Error::bad_input("server", "只接受 https:// 地址；http:// 仅限本机"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn read_authority(path: &Path) -> Result<reqwest::Certificate> {
    let pem = std::fs::read(path).map_err(|_| Error::bad_input("ca_file", "证书文件无法读取"))?;
    reqwest::Certificate::from_pem(&pem)
        .map_err(|_| Error::bad_input("ca_file", "不是 PEM 格式的证书"))
}
