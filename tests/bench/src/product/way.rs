//! How tablets reach the company: over TLS, as in the field, with HTTP/2.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use lantian_client::transport::Transport;
use lantian_server::config::TlsFiles;

/// The way to a server.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    address: SocketAddr,
    /// The authority whose certificates alone are believed.
    pub(crate) authority: PathBuf,
}

impl Way {
    /// The way to a server of the company in `folder`.
    pub(crate) fn to(folder: &Path, address: SocketAddr) -> Self {
        Self { address, authority: files(folder).certificate }
    }

    /// The same through a relay.
    pub(crate) fn through(&self, relay: SocketAddr) -> Self {
        Self { address: relay, ..self.clone() }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The way of devices without a store.
    pub(crate) fn transport(&self) -> Result<Transport> {
        Ok(Transport::to(&self.url(), Some(&self.authority))?)
    }
}

/// Where the company in `folder` has its certificate and its key.
pub(super) fn files(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("tls.pem"), key: folder.join("tls.key") }
}

/// Makes them.
pub(super) fn certify(folder: &Path) -> Result<()> {
    let made = rcgen::generate_simple_self_signed(["localhost".into(), "127.0.0.1".into()])?;
    let files = files(folder);
    std::fs::write(&files.certificate, made.cert.pem())?;
    std::fs::write(&files.key, made.signing_key.serialize_pem())?;
    Ok(())
}
