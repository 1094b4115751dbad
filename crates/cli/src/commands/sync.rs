//! `lantian sync`: once, or again at each change; the network that it goes
//! over, and the files that it moves.

use std::{io::Write as _, time::Duration};

use lantian_client::{
    App, Error, Extent, NetworkWish,
    view::{FileOutcome, NetworkRule},
};

use crate::{
    answer::Answer,
    args::{Rule, Sync},
    exit,
};

/// The longest wait for the server's word between two runs.
const PATIENCE: Duration = Duration::from_mins(5);

/// One full synchronisation; with `--watch` another after each change, one
/// document on a line of its own for each, until interrupted.
pub(super) async fn sync(app: &App, sync: &Sync, json: bool) -> Result<Answer, Error> {
    let extent = Extent { push: !sync.pull_only, pull: !sync.push_only, files: !sync.no_files };
    if sync.anyway {
        app.upload_anyway().await?;
    }
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

/// Sets what is given, and shows the network, the rule, and what waits.
pub(super) async fn network(
    app: &App,
    rule: Option<Rule>,
    metered: Option<bool>,
) -> Result<Answer, Error> {
    if let Some(rule) = rule {
        let rule = match rule {
            Rule::Always => NetworkRule::Always,
            Rule::Unmetered => NetworkRule::Unmetered,
        };
        app.network(NetworkWish::Rule(rule)).await?;
    }
    if let Some(metered) = metered {
        app.network(NetworkWish::Metered(metered)).await?;
    }
    Answer::done(&app.sync_status().await?.network)
}

/// Proves every file that is here; an own file that is damaged and was not
/// sent is damage.
pub(super) async fn verify(app: &App) -> Result<Answer, Error> {
    let check = app.verify_files().await?;
    let only_here = |outcome| matches!(outcome, FileOutcome::Lost | FileOutcome::Spoilt);
    let damaged = check.faults.iter().any(|fault| only_here(fault.outcome));
    let code = if damaged { exit::DAMAGED } else { exit::DONE };
    Ok(Answer { code, ..Answer::done(&check)? })
}
