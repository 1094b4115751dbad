//! Settings of a server: flags, then `LANTIAN_*` of the environment, then a
//! TOML file, then what is usual.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    clock::Clock,
    error::{Error, Result},
    identity::{factor::Asked, password::Cost, tokens::Lifetimes},
    store::Store,
    suite::Suite,
};

/// The settings' file within the data folder.
pub const FILE: &str = "server.toml";
const MINUTE_MS: i64 = 60_000;

/// What a server works with.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Certificate chain and key, PEM; without them the server speaks HTTP.
    pub tls: Option<TlsFiles>,
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// Who shows a second factor when signing in (P-13).
    pub second_factor: Asked,
    /// How long tokens and leases last.
    pub lifetimes: Lifetimes,
    /// By which family of algorithms it hashes, signs and seals (P-11).
    pub suite: Suite,
    /// Where instants come from.
    pub clock: Clock,
}

/// Certificate chain and key, PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl Config {
    /// The usual settings for a data folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            tls: None,
            password_cost: Cost::default(),
            second_factor: Asked::default(),
            lifetimes: Lifetimes::default(),
            suite: Suite::Standard,
            clock: Clock::System,
        }
    }

    /// For tests and benchmarks: a free port of this machine, passwords that
    /// cost nothing and are enough.
    pub fn throwaway(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            password_cost: Cost::LEAST,
            second_factor: Asked::Nobody,
            ..Self::new(data)
        }
    }

    /// The store of the data folder, by these settings.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_store(&self) -> Result<Store> {
        Ok(Store::open(&self.data)?.by(self.suite))
    }

    /// Takes over what `file` says.
    ///
    /// # Errors
    /// [`Error::Config`] naming the setting that is wrong.
    pub fn with(mut self, file: &Settings) -> Result<Self> {
        if let Some(listen) = &file.listen {
            self.listen = address(listen)?;
        }
        if let Some(name) = &file.suite {
            self.suite = suite(name)?;
        }
        if let Some(name) = &file.second_factor {
            self.second_factor = second_factor(name)?;
        }
        self.tls = tls(file.tls_cert.clone(), file.tls_key.clone())?.or(self.tls);
        let lasting = |value: Option<u32>, unit_ms: i64, usual: i64| {
            value.map_or(usual, |value| i64::from(value.max(1)) * unit_ms)
        };
        let usual = self.lifetimes;
        self.lifetimes = Lifetimes {
            access_ms: lasting(file.access_minutes, MINUTE_MS, usual.access_ms),
            refresh_ms: lasting(file.refresh_days, 24 * 60 * MINUTE_MS, usual.refresh_ms),
            lease_ms: lasting(file.lease_hours, 60 * MINUTE_MS, usual.lease_ms),
        };
        self.password_cost = Cost {
            memory_kib: file.password_memory_kib.unwrap_or(self.password_cost.memory_kib),
            passes: file.password_passes.unwrap_or(self.password_cost.passes),
        };
        Ok(self)
    }
}

/// What a settings file, the environment or flags may say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The data folder.
    pub data: Option<PathBuf>,
    /// `ADDRESS:PORT`.
    pub listen: Option<String>,
    /// Certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// `standard` or `guomi` (国密: SM2, SM3, SM4).
    pub suite: Option<String>,
    /// Who shows a second factor: `administrators`, `everybody` or `nobody`.
    pub second_factor: Option<String>,
    /// The public key, hex, that updates are signed by.
    pub update_key: Option<String>,
    /// Minutes that an access token lasts.
    pub access_minutes: Option<u32>,
    /// Days that a refresh token lasts.
    pub refresh_days: Option<u32>,
    /// Hours that a tablet may be unlocked without contact.
    pub lease_hours: Option<u32>,
    /// Memory of password hashing, KiB.
    pub password_memory_kib: Option<u32>,
    /// Passes of password hashing.
    pub password_passes: Option<u32>,
}

impl Settings {
    /// Reads a TOML file; relative paths in it are relative to the file.
    ///
    /// # Errors
    /// [`Error::Config`] with the line that is wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::config(format!("{}: {error}", path.display())))?;
        let mut read: Self = toml::from_str(&text)
            .map_err(|error| Error::config(format!("{}: {error}", path.display())))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        for path in [&mut read.data, &mut read.tls_cert, &mut read.tls_key].into_iter().flatten() {
            *path = folder.join(&*path);
        }
        Ok(read)
    }

    /// Reads what the environment says besides: `LANTIAN_LEASE_HOURS` and its like.
    /// Paths and addresses of the environment are taken like flags.
    ///
    /// # Errors
    /// [`Error::Config`] naming the variable that is no number.
    pub fn environment(read: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let number = |name: &str| match read(name) {
            None => Ok(None),
            Some(text) => text.trim().parse::<u32>().map(Some).map_err(|_| {
                Error::config(format!("{name} is no whole number; correct or unset it"))
            }),
        };
        Ok(Self {
            second_factor: read("LANTIAN_SECOND_FACTOR"),
            access_minutes: number("LANTIAN_ACCESS_MINUTES")?,
            refresh_days: number("LANTIAN_REFRESH_DAYS")?,
            lease_hours: number("LANTIAN_LEASE_HOURS")?,
            password_memory_kib: number("LANTIAN_PASSWORD_MEMORY_KIB")?,
            password_passes: number("LANTIAN_PASSWORD_PASSES")?,
            ..Self::default()
        })
    }

    /// Reads the file of a data folder, if it has one.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn of(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        if path.is_file() { Self::read(&path) } else { Ok(Self::default()) }
    }

    /// These settings, and where they say nothing, the others.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            listen: self.listen.or(other.listen),
            tls_cert: self.tls_cert.or(other.tls_cert),
            tls_key: self.tls_key.or(other.tls_key),
            suite: self.suite.or(other.suite),
            second_factor: self.second_factor.or(other.second_factor),
            update_key: self.update_key.or(other.update_key),
            access_minutes: self.access_minutes.or(other.access_minutes),
            refresh_days: self.refresh_days.or(other.refresh_days),
            lease_hours: self.lease_hours.or(other.lease_hours),
            password_memory_kib: self.password_memory_kib.or(other.password_memory_kib),
            password_passes: self.password_passes.or(other.password_passes),
        }
    }
}

fn address(text: &str) -> Result<SocketAddr> {
    use std::net::ToSocketAddrs as _;
    let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| {
        Error::config(format!("{text} is no address to listen on; write it as 0.0.0.0:8443"))
    })
}

/// The suite of this name.
///
/// # Errors
/// [`Error::Config`] with the names that there are.
pub(crate) fn suite(name: &str) -> Result<Suite> {
    Suite::parse(name)
        .ok_or_else(|| Error::config(format!("suite = {name}: it is standard or guomi")))
}

fn second_factor(name: &str) -> Result<Asked> {
    let advice = format!("second_factor = {name}: it is administrators, everybody or nobody");
    Asked::parse(name).ok_or_else(|| Error::config(advice))
}

fn tls(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        _ => Err(Error::config("TLS needs both a certificate and its key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_first_counts() {
        let flags = Settings { listen: Some("127.0.0.1:1".to_owned()), ..Settings::default() };
        let file = Settings {
            listen: Some("127.0.0.1:2".to_owned()),
            lease_hours: Some(24),
            ..Settings::default()
        };
        let config = Config::new("d").with(&flags.or(file)).unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.lifetimes.lease_ms, 24 * 60 * MINUTE_MS);
        assert_eq!(config.lifetimes.access_ms, Lifetimes::default().access_ms);
    }

    #[test]
    fn p_11_the_suite_is_chosen_by_a_setting() {
        let folder = tempfile::tempdir().unwrap();
        let of = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Config::new("d").with(&Settings::of(folder.path()).unwrap())
        };
        assert_eq!(of("").unwrap().suite, Suite::Standard);
        assert_eq!(of("suite = \"guomi\"").unwrap().suite, Suite::Guomi);
        let error = of("suite = \"sm\"").unwrap_err().to_string();
        assert!(error.contains("standard or guomi"), "{error}");
    }

    #[test]
    fn the_environment_is_read_and_its_mistakes_are_named() {
        let of = |value: &'static str| {
            Settings::environment(move |name| {
                (name == "LANTIAN_LEASE_HOURS").then(|| value.to_owned())
            })
        };
        assert_eq!(of("24").unwrap().lease_hours, Some(24));
        let error = of("a day").unwrap_err().to_string();
        assert!(error.contains("LANTIAN_LEASE_HOURS"), "{error}");
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, "lisen = \"x\"\n").unwrap();
        let error = Settings::of(folder.path()).unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
        let half = Settings { tls_cert: Some("c.pem".into()), ..Settings::default() };
        assert!(Config::new("d").with(&half).is_err());
        let nowhere = Settings { listen: Some("nowhere".to_owned()), ..Settings::default() };
        assert!(Config::new("d").with(&nowhere).is_err());
    }

    #[test]
    fn p_12_p_17_sessions_are_short_and_a_tablet_is_let_alone_for_three_days() {
        let usual = Config::new("d").lifetimes;
        assert!(usual.access_ms <= 30 * MINUTE_MS);
        assert_eq!(usual.lease_ms, 72 * 60 * MINUTE_MS);
    }

    #[test]
    fn p_19_no_setting_sends_data_away() {
        // Data leave through what asks for them, and through the operator's own
        // hands: there is no place in the settings for an address to send to.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for sent in ["backup_url", "telemetry", "upstream", "mirror", "report_to"] {
            std::fs::write(&path, format!("{sent} = \"https://abroad.example\"\n")).unwrap();
            assert!(Settings::of(folder.path()).is_err(), "{sent}");
        }
        assert!(Config::new("d").listen.ip().is_loopback(), "nobody is served unasked");
    }

    #[test]
    fn paths_of_a_file_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "tls_cert = \"c.pem\"\n").unwrap();
        let read = Settings::of(folder.path()).unwrap();
        assert_eq!(read.tls_cert, Some(folder.path().join("c.pem")));
    }
}
