//! `lantian-server serve`: serves until SIGTERM or SIGINT, then lets requests
//! end and stops.

use std::io::Write as _;

use super::{Place, args::Serve};
use crate::{
    config::Settings,
    error::{Error, Result},
    serve::spawn,
};

/// Serves.
pub(super) fn run(place: Place, what: Serve) -> Result<()> {
    let flags = Settings {
        listen: what.listen,
        tls_cert: what.tls_cert,
        tls_key: what.tls_key,
        ..Settings::default()
    };
    let config = Place { settings: flags.or(place.settings) }.config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::io("the runtime could not start"))?;
    runtime.block_on(async {
        let mut server = spawn(config).await?;
        ready(&server.url())?;
        let signal = tokio::select! {
            signal = stop_signal() => signal?,
            failed = server.failed() => return Err(failed),
        };
        tracing::info!(signal, "stopping; requests that have begun may end");
        server.stop().await?;
        tracing::info!("stopped");
        Ok(())
    })
}

fn ready(url: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on {url}")
        .and_then(|()| out.flush())
        .map_err(Error::io("the address could not be printed"))
}

#[cfg(unix)]
async fn stop_signal() -> Result<&'static str> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = || Error::io("signals cannot be received");
    let mut terminate = signal(SignalKind::terminate()).map_err(failed())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}

#[cfg(not(unix))]
async fn stop_signal() -> Result<&'static str> {
    tokio::signal::ctrl_c().await.map_err(Error::io("signals cannot be received"))?;
    Ok("interrupt")
}
