//! The desktop shell: a window over the application, and nothing more.
//!
//! Words: a *call* is one IPC command under the name of the bridge's contract;
//! it parses, asks the client, and maps the answer.
//!
//! Invariant: no rule, no file and no network is known here; a call that is
//! not in the capability file does not exist for the window.

mod arguments;
#[cfg(test)]
mod calls;
mod events;
mod ipc;

use std::process::ExitCode;

use lantian_client::{App, Error, KeyStore, Options, Work, home};
use tauri::{Manager as _, RunEvent, WebviewUrl, WebviewWindowBuilder};

use arguments::Arguments;

const PROGRAM: &str = "lantian-desktop";

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    log_to_stderr();
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => return ExitCode::SUCCESS,
        Err(usage) => {
            tracing::error!("{usage}");
            return ExitCode::from(2);
        }
    };
    let app = match application(&arguments) {
        Ok(app) => app,
        Err(error) => {
            tracing::error!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match open_window(app) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

fn application(arguments: &Arguments) -> Result<App, Error> {
    let mut options = Options::new(home(arguments.home.as_deref())?, PROGRAM, Work::Background);
    options.key_store = KeyStore::named(None)?;
    options.authority = std::env::var_os("LANTIAN_CA_FILE").map(Into::into);
    App::new(options)
}

fn open_window(app: App) -> tauri::Result<()> {
    let closing = app.clone();
    let shell = tauri::Builder::default()
        .setup(move |shell| {
            events::forward(shell.handle().clone(), app.changes());
            shell.manage(app);
            WebviewWindowBuilder::new(shell, "main", WebviewUrl::default())
                .title("蓝天报装")
                .inner_size(1280.0, 800.0)
                .min_inner_size(360.0, 560.0)
                .build()?;
            Ok(())
        })
        .invoke_handler(ipc::handler())
        .build(tauri::generate_context!())?;
    shell.run(move |_, event| {
        if let RunEvent::Exit = event {
            // The store is closed before the process ends under it.
            if let Err(error) = tauri::async_runtime::block_on(closing.lock()) {
                tracing::warn!("the store could not be closed: {error}");
            }
        }
    });
    Ok(())
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LANTIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
