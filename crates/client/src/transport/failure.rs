//! What can be wrong with the way to the server, each by its own name.

use lantian_protocol::Problem;

/// The way failed; whatever was to be sent is still here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Nobody answers: no network, no such host, connection cut.
    #[error("the server cannot be reached")]
    Offline,
    /// The server fell silent.
    #[error("the server did not answer in time")]
    Timeout,
    /// Something answers that is not our server: a sign-in page of the
    /// network, a proxy, a redirect.
    #[error("the answer does not come from the company server")]
    NotOurServer,
    /// The certificate is not believed, expired, or for another name.
    #[error("the server's certificate is not accepted")]
    Tls,
    /// The tokens have ended: a person has to sign in.
    #[error("sign-in is needed")]
    SignInNeeded,
    /// The device is no longer welcome.
    #[error("the device was revoked")]
    Revoked,
    /// The server asks to come back later.
    #[error("the server is busy")]
    Busy {
        /// In how many milliseconds, if it said so.
        retry_after_ms: Option<u64>,
    },
    /// The server had a fault of its own.
    #[error("the server failed with status {status}")]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// The server understood and said no.
    #[error("the server answered {}", .0.code)]
    Denied(Problem),
    /// The server serves this protocol version no longer.
    #[error("this version is served no longer")]
    Outdated {
        /// The oldest version served.
        oldest: u32,
        /// The newest version served.
        newest: u32,
    },
    /// The answer could not be read: damaged or too large.
    #[error("the answer could not be read")]
    Unreadable,
}

impl Failure {
    /// The stable code, as the status page and the log show it.
    pub fn code(&self) -> &str {
        match self {
            Self::Offline => "offline",
            Self::Timeout => "timeout",
            Self::NotOurServer => "not_our_server",
            Self::Tls => "tls",
            Self::SignInNeeded => "sign_in_needed",
            Self::Revoked => "revoked",
            Self::Busy { .. } => "busy",
            Self::Server { .. } => "server_error",
            Self::Denied(problem) => &problem.code,
            Self::Outdated { .. } => "outdated",
            Self::Unreadable => "unreadable_answer",
        }
    }

    /// Whether the way may be better by itself in a while.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Offline
            | Self::Timeout
            | Self::NotOurServer
            | Self::Tls
            | Self::Busy { .. }
            | Self::Server { .. }
            | Self::Unreadable => true,
            Self::SignInNeeded | Self::Revoked | Self::Denied(_) | Self::Outdated { .. } => false,
        }
    }

    /// Names what the HTTP client reports; its own text may carry addresses
    /// and is dropped.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if certificate_in(error) {
            Self::Tls
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_decode() {
            Self::Unreadable
        } else {
            Self::Offline
        }
    }
}

impl From<Failure> for lantian_sync::Failure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Offline => Self::Offline,
            Failure::Timeout => Self::Timeout,
            Failure::NotOurServer => Self::NotOurServer,
            Failure::Tls => Self::Certificate("not accepted".to_owned()),
            Failure::SignInNeeded => Self::SignInNeeded,
            Failure::Revoked => Self::Revoked,
            Failure::Busy { retry_after_ms } => Self::Busy { retry_after_ms },
            Failure::Server { status } => {
                Self::Server { status, code: "server_error".to_owned(), retry_after_ms: None }
            }
            Failure::Denied(problem) => denied(problem),
            Failure::Outdated { oldest, newest } => Self::ProtocolVersion { oldest, newest },
            Failure::Unreadable => Self::Damaged,
        }
    }
}

fn denied(problem: Problem) -> lantian_sync::Failure {
    let epoch = problem.params.get("epoch").and_then(|epoch| epoch.parse().ok());
    match (problem.code.as_str(), epoch) {
        ("epoch_changed", Some(epoch)) => lantian_sync::Failure::EpochChanged { epoch },
        ("cursor_ahead", _) => lantian_sync::Failure::CursorAhead,
        _ => lantian_sync::Failure::Rejected { status: problem.status, code: problem.code },
    }
}

/// Whether a TLS fault is among the causes. The client wraps it in I/O errors,
/// which hide it from the ordinary chain of sources.
fn certificate_in(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if one.is::<rustls::Error>() {
            return true;
        }
        if let Some(inner) = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
        {
            if inner.is::<rustls::Error>() {
                return true;
            }
            cause = Some(inner);
            continue;
        }
        cause = one.source();
    }
    false
}
