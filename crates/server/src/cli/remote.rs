//! `lantian-server import --server URL`: brings a push to a running server,
//! signed in as the interface's account.
//!
//! Invariant: the interface is one device, however often it comes: its key is
//! made of what it signs in with.

use ed25519_dalek::SigningKey;
use lantian_protocol::{
    Problem,
    identity::{SignIn, SignedIn},
};
use reqwest::blocking::{Client, Response};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{args::Import, exit::print, import::read};
use crate::error::{Error, Result};

const PASSWORD: &str = "LANTIAN_PASSWORD";
/// The code of an authenticator, for accounts that need one.
const CODE: &str = "LANTIAN_CODE";

/// Brings the file and prints the result of each row.
pub(super) fn run(server: &str, what: &Import) -> Result<()> {
    let bytes = read(what)?;
    let server = Server { url: server.trim_end_matches('/').to_owned(), http: client(what)? };
    let login = what.by.clone().unwrap_or_default();
    let password = std::env::var(PASSWORD).map_err(|_| {
        Error::config(format!("the password of {login} is read from the variable {PASSWORD}"))
    })?;
    let access = server.sign_in(login, password, std::env::var(CODE).ok())?;
    let mut request = server
        .http
        .post(format!("{}/v1/intake/{}", server.url, what.source.code()))
        .bearer_auth(&access)
        .body(bytes);
    if let Some(to) = &what.hand_over {
        request = request.query(&[("hand_over", to)]);
    }
    let report: Value = server.value(request.send())?;
    let end = server.http.post(format!("{}/v1/session/end", server.url)).bearer_auth(&access);
    if let Err(error) = end.send() {
        tracing::warn!(%error, "the session could not be ended; it ends by itself");
    }
    print(&report)
}

fn client(what: &Import) -> Result<Client> {
    let mut builder = Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(None);
    if let Some(file) = &what.ca {
        let wrong = |why: String| Error::config(format!("{}: {why}", file.display()));
        let pem = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
        let authority =
            reqwest::Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        builder = builder.tls_built_in_root_certs(false).add_root_certificate(authority);
    }
    builder.build().map_err(|_| Error::config("TLS cannot be used on this machine"))
}

struct Server {
    url: String,
    http: Client,
}

impl Server {
    fn sign_in(&self, login: String, password: String, code: Option<String>) -> Result<String> {
        let seed: [u8; 32] = Sha256::new()
            .chain_update(b"lantian import\0")
            .chain_update(&login)
            .chain_update([0])
            .chain_update(&password)
            .finalize()
            .into();
        let public_key = SigningKey::from_bytes(&seed).verifying_key().to_bytes().to_vec();
        let device_name = "lantian-server import".to_owned();
        let request = SignIn { login, password, code, device_name, public_key, device: None };
        let answer = self.http.post(format!("{}/v1/session", self.url)).json(&request).send();
        Ok(self.value::<SignedIn>(answer)?.tokens.access)
    }

    /// The value of an answer, or the problem that the server names.
    fn value<T: serde::de::DeserializeOwned>(
        &self,
        answer: reqwest::Result<Response>,
    ) -> Result<T> {
        let away = |why: String| Error::Unreachable { server: self.url.clone(), why };
        let answer = answer.map_err(|error| away(error.without_url().to_string()))?;
        let well = answer.status().is_success();
        let bytes = answer.bytes().map_err(|error| away(error.without_url().to_string()))?;
        let foreign = || away("what answers there is not our server".to_owned());
        if well {
            return serde_json::from_slice(&bytes).map_err(|_| foreign());
        }
        let problem: Problem = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
        Err(Error::Refused(Box::new(problem)))
    }
}
