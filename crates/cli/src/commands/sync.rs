//! `lantian sync`: once, or again at each change.

use std::{io::Write as _, time::Duration};

use lantian_client::{App, Error, Extent};

use crate::{answer::Answer, args::Sync};

/// The longest wait for the server's word between two runs.
const PATIENCE: Duration = Duration::from_mins(5);

/// One full synchronisation; with `--watch` another after each change, one
/// document on a line of its own for each, until interrupted.
pub(super) async fn sync(app: &App, sync: &Sync, json: bool) -> Result<Answer, Error> {
    let extent = Extent { push: !sync.pull_only, pull: !sync.push_only, files: !sync.no_files };
    if !sync.watch {
        return Answer::done(&app.sync(extent).await?);
    }
    loop {
        let report = app.sync(extent).await?;
        let seq = report.cursor.unwrap_or(0);
        let answer = Answer::done(&report)?;
        let text = if json { answer.value.to_string() } else { format!("{:#}", answer.value) };
        // A reader that has gone wants no more.
        if writeln!(std::io::stdout(), "{text}").is_err() {
            return Ok(answer);
        }
        tokio::select! {
            woken = app.watch(seq, PATIENCE) => woken?,
            _ = tokio::signal::ctrl_c() => return Ok(Answer::silent()),
        }
    }
}
