//! The running server: its state, its sockets, its end.
//!
//! Invariant: stopping lets requests that have begun end; what was answered is
//! durable.

use std::{
    net::{IpAddr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::{accept::NoDelayAcceptor, tls_rustls::RustlsConfig};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    api,
    channel::{Rates, webhook},
    clock::Clock,
    config::{Config, TlsFiles},
    error::{Error, Result},
    files,
    identity::{
        attempts::Attempts, factor::Asked, password::Passwords, sign_in, tokens::Lifetimes,
    },
    places::Places,
    privacy::retention,
    rounds, signing,
    store::Store,
};

/// How long requests may take to end once the server is stopping.
const DRAIN: Duration = Duration::from_secs(20);
/// How long a connection may be without a request.
const SILENCE: Duration = Duration::from_secs(75);
/// How often unfinished uploads are looked through.
const CARE: Duration = Duration::from_hours(1);
/// How often rounds are made; a breach is told within this time.
const ROUNDS: Duration = Duration::from_mins(1);

/// How often every page of the store is read.
const PROOF: Duration = Duration::from_hours(24);
/// How long after a proof the next one is made at the earliest.
const DOUBTED: Duration = Duration::from_mins(10);

/// What every endpoint works with.
pub struct App {
    /// The company's store.
    pub store: Store,
    /// Where instants come from.
    pub clock: Clock,
    /// The data folder.
    pub data: PathBuf,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// How long tokens and leases last.
    pub lifetimes: Lifetimes,
    /// Who shows a second factor when signing in.
    pub second_factor: Asked,
    attempts: Attempts,
    /// How often outside systems come.
    pub rates: Rates,
    /// Held while outside systems are told of changes.
    pub(crate) telling: tokio::sync::Mutex<()>,
    /// Where listening tablets stand.
    pub(crate) places: Places,
    stop: watch::Sender<bool>,
}

impl App {
    /// The state of a server over an open store.
    ///
    /// # Errors
    /// When the settings of password hashing are outside what it takes.
    pub fn new(config: &Config, store: Store) -> Result<Self> {
        Ok(Self {
            store,
            clock: config.clock.clone(),
            data: config.data.clone(),
            passwords: Passwords::new(config.password_cost)?,
            second_factor: config.second_factor,
            lifetimes: config.lifetimes,
            attempts: Attempts::default(),
            rates: Rates::default(),
            telling: tokio::sync::Mutex::default(),
            places: Places::default(),
            stop: watch::Sender::new(false),
        })
    }

    pub(crate) fn sign_in_desk(&self, address: IpAddr) -> sign_in::Desk<'_> {
        sign_in::Desk {
            store: &self.store,
            passwords: &self.passwords,
            attempts: &self.attempts,
            second_factor: self.second_factor,
            lifetimes: self.lifetimes,
            address: Some(address),
            now: self.clock.now(),
        }
    }

    /// Whether the server is stopping.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Ends once the server is stopping.
    pub async fn stopping(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }
}

/// A running server. Dropping it without [`Handle::stop`] lets it run on.
pub struct Handle {
    app: Arc<App>,
    address: SocketAddr,
    tls: bool,
    server: axum_server::Handle<SocketAddr>,
    running: JoinHandle<std::io::Result<()>>,
    /// Holds the data folder against a second server.
    lock: std::fs::File,
}

impl Handle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where tablets reach it from this machine.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Its state.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Lets requests end and stops.
    ///
    /// # Errors
    /// When the server had already failed.
    pub async fn stop(self) -> Result<()> {
        self.app.stop.send_replace(true);
        self.server.graceful_shutdown(Some(DRAIN));
        let ended = self.running.await.map_err(|_| Error::Stopped)?;
        drop(self.lock);
        ended.map_err(Error::io("the server could not go on"))
    }

    /// Ends when the server does by itself, which is a failure.
    pub(crate) async fn failed(&mut self) -> Error {
        match (&mut self.running).await {
            Ok(Err(source)) => Error::io("the server could not go on")(source),
            _ => Error::Stopped,
        }
    }
}

/// Opens the store and serves it.
///
/// # Errors
/// [`Error::NoStore`], [`Error::StoreHeld`], [`Error::Config`] for a
/// certificate or address that does not work.
pub async fn spawn(config: Config) -> Result<Handle> {
    if !config.data.join(crate::store::FILE).is_file() {
        return Err(Error::NoStore(config.data));
    }
    let lock = Store::hold(&config.data)?;
    let store = config.open_store()?;
    let tls = config.tls.as_ref().map(acceptor).transpose()?;
    let (listener, address) = listen(config.listen)?;
    let app = Arc::new(App::new(&config, store)?);
    let service = api::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::Handle::new();
    let failed = Error::io(format!("{address} could not be served"));
    let mut socket = axum_server::from_tcp(listener).map_err(failed)?.handle(server.clone());
    be_patient(socket.http_builder());
    let encrypted = tls.is_some();
    let running = match tls {
        Some(tls) => {
            let tls =
                axum_server::tls_rustls::RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor::new());
            tokio::spawn(socket.acceptor(tls).serve(service))
        }
        None => tokio::spawn(socket.acceptor(NoDelayAcceptor::new()).serve(service)),
    };
    tokio::spawn(prove(Arc::clone(&app)));
    tokio::spawn(care(Arc::clone(&app)));
    tokio::spawn(webhook::run(Arc::clone(&app)));
    tokio::spawn(go_round(Arc::clone(&app)));
    Ok(Handle { app, address, tls: encrypted, server, running, lock })
}

/// Makes the rounds, now and every minute until the end.
async fn go_round(app: Arc<App>) {
    let mut minutes = tokio::time::interval(ROUNDS);
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = minutes.tick() => {}
        }
        let (store, now) = (app.store.clone(), app.clock.now());
        match tokio::task::spawn_blocking(move || rounds::make(&store, now, None)).await {
            Err(_) => {}
            Ok(Err(error)) => tracing::error!(%error, "a round could not be made"),
            Ok(Ok(all)) => {
                for made in all.into_iter().filter(|made| made.done > 0) {
                    tracing::info!(round = made.round, done = made.done, "a round was made");
                }
            }
        }
    }
}

/// Reads every page of the store, now, every day and when somebody has met what
/// may be damage. Damage stops writing, and `/readyz` says so, until a backup is
/// restored (lessons C.18).
async fn prove(app: Arc<App>) {
    loop {
        let store = app.store.clone();
        match tokio::task::spawn_blocking(move || store.prove()).await {
            Ok(Err(error @ Error::Damaged { .. })) => {
                tracing::error!(%error, "ALARM: nothing is written any more");
                return;
            }
            Ok(Err(error)) => tracing::error!(%error, "the store could not be read whole"),
            Ok(Ok(())) | Err(_) => {}
        }
        tokio::select! {
            () = app.stopping() => return,
            () = tokio::time::sleep(DOUBTED) => {}
        }
        tokio::select! {
            () = app.stopping() => return,
            () = app.store.doubted() => {}
            () = tokio::time::sleep(PROOF.saturating_sub(DOUBTED)) => {}
        }
    }
}

/// Drops what has been left unfinished, now and every hour until the end.
async fn care(app: Arc<App>) {
    let mut hours = tokio::time::interval(CARE);
    let mut tidied = None;
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = hours.tick() => {}
        }
        let now = app.clock.now();
        // Once a day is enough for what is kept for years.
        if tidied != Some(now.date()) {
            tidied = Some(now.date());
            let store = app.store.clone();
            match tokio::task::spawn_blocking(move || retention::run(&store, now)).await {
                Ok(Ok(done)) => tracing::info!(done.erased, done.contents, "retention"),
                Ok(Err(error)) => tracing::error!(%error, "retention could not be carried out"),
                Err(_) => {}
            }
            let store = app.store.clone();
            match tokio::task::spawn_blocking(move || signing::sweep(&store, now)).await {
                Ok(Ok(0)) | Err(_) => {}
                Ok(Ok(done)) => tracing::info!(done, "signatures were completed"),
                Ok(Err(error)) => tracing::error!(%error, "signatures could not be completed"),
            }
            let store = app.store.clone();
            match tokio::task::spawn_blocking(move || files::adopt(&store, now)).await {
                Ok(Ok(0)) | Err(_) => {}
                Ok(Ok(adopted)) => tracing::info!(adopted, "contents were found again"),
                Ok(Err(error)) => tracing::error!(%error, "contents could not be looked for"),
            }
        }
        let store = app.store.clone();
        match tokio::task::spawn_blocking(move || files::sweep(&store, now)).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(swept)) => tracing::info!(swept, "unfinished uploads were dropped"),
            Ok(Err(error)) => tracing::error!(%error, "unfinished uploads could not be dropped"),
        }
    }
}

/// A connection on which nobody speaks is closed; memory is for those who do.
fn be_patient(http: &mut Builder<TokioExecutor>) {
    http.http1().timer(TokioTimer::new()).header_read_timeout(SILENCE);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(SILENCE)
        .keep_alive_timeout(SILENCE)
        .max_concurrent_streams(64);
}

fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = || Error::io(format!("{wanted} cannot be listened on; is it in use?"));
    let listener = TcpListener::bind(wanted).map_err(failed())?;
    listener.set_nonblocking(true).map_err(failed())?;
    let address = listener.local_addr().map_err(failed())?;
    Ok((listener, address))
}

fn acceptor(files: &TlsFiles) -> Result<RustlsConfig> {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
    let wrong =
        |what: &str, path: &std::path::Path| Error::config(format!("{}: {what}", path.display()));
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|_| wrong("no certificate in PEM can be read here", &files.certificate))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|_| wrong("no private key in PEM can be read here", &files.key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|_| wrong("the key does not belong to the certificate", &files.key))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
