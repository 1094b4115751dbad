//! W4: fresh tablets that come at once. W16: tablets that return at once with
//! what was done offline, each by its own engine with its own patience.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lantian_client::{Wish, Work};
use tokio::task::JoinSet;

use super::Sizes;
use crate::figures::{Goal, Metric, ms};
use crate::limit;
use crate::product::{Company, Tablet, login};

/// Managers between whom the leads and the returning tablets are shared out.
const MANAGERS: usize = 100;
/// Leads of each of them.
const LEADS: usize = 10;
/// The pause between two looks whether a returning tablet is done.
const PAUSE: Duration = Duration::from_millis(500);

/// W4.
pub(super) async fn fresh(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let (tablets, records) = sizes.fresh;
    let n = tablets * records;
    let company = Company::of_managers(&folder.join("company"), n, tablets).await?;
    let documents = company.documents()?[..records].to_vec();
    let goal = Some(Goal::Ratio(1.5));
    let mut metric = Metric::new("W4", tablets, "all have their records", "ms", goal);
    for _ in 0..sizes.rounds {
        let mut enrolled = Vec::with_capacity(tablets);
        for number in 0..tablets {
            let place = folder.join(format!("tablet-{number}"));
            let way = company.way();
            enrolled.push(Tablet::enrol(&place, &login(number), way, Work::OnDemand).await?);
        }
        let began = Instant::now();
        let mut pulls: JoinSet<Result<u64>> = JoinSet::new();
        for tablet in enrolled {
            pulls.spawn(async move { tablet.pull().await });
        }
        while let Some(pulled) = pulls.join_next().await {
            let pulled = pulled??;
            ensure!(pulled >= records as u64, "{pulled} of {records} records arrived");
        }
        metric.product.push(ms(began.elapsed()));
        let began = Instant::now();
        std::thread::scope(|scope| {
            let each: Vec<_> = (0..tablets)
                .map(|number| {
                    let (place, documents) = (folder.join(format!("bare-{number}")), &documents);
                    scope.spawn(move || limit::first_sync(&place, documents))
                })
                .collect();
            each.into_iter().try_for_each(|one| {
                one.join().ok().context("a bare tablet ended early")?.map(|_| ())
            })
        })?;
        metric.limit.push(ms(began.elapsed()));
    }
    company.close().await?;
    Ok(vec![metric])
}

/// W16: each tablet has commands on its manager's leads; all are let go at the
/// same moment.
pub(super) async fn returning(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let (tablets, commands) = sizes.returning;
    let managers = MANAGERS.min(tablets);
    let n = managers * LEADS;
    let company = Company::of_managers(&folder.join("company"), n, managers).await?;
    let mut waiting = Vec::with_capacity(tablets);
    let mut expected = vec![0_u64; n];
    for number in 0..tablets {
        let place = folder.join(format!("tablet-{number}"));
        let manager = number % managers;
        let way = company.way();
        let tablet = Tablet::enrol(&place, &login(manager), way, Work::Background).await?;
        tablet.filled().await?;
        tablet.wish(Wish::Pause).await?;
        for turn in 0..commands {
            let lead = manager + managers * ((number / managers + turn) % LEADS);
            tablet.contact(company.leads()[lead]).await?;
            expected[lead] += 1;
        }
        waiting.push(tablet);
    }
    let before = versions(&company)?;
    let goal = Some(Goal::AtMost(60_000.0));
    let mut metric = Metric::new("W16", tablets, "all outboxes empty", "ms", goal);
    let began = Instant::now();
    let mut settling: JoinSet<Result<Tablet>> = JoinSet::new();
    for tablet in waiting {
        settling.spawn(async move {
            tablet.wish(Wish::Run).await?;
            tablet.settled(PAUSE).await?;
            Ok(tablet)
        });
    }
    let mut returned = Vec::with_capacity(tablets);
    while let Some(tablet) = settling.join_next().await {
        returned.push(tablet??);
    }
    metric.product.push(ms(began.elapsed()));
    let mut astray = Metric::new("W16", tablets, "lost or doubled", "", Some(Goal::AtMost(0.0)));
    let after = versions(&company)?;
    let wrong: u64 = (0..n).map(|at| (after[at] - before[at]).abs_diff(expected[at])).sum();
    astray.product.push(wrong as f64);
    for tablet in &returned {
        tablet.unrefused().await?;
    }
    drop(returned);
    company.close().await?;
    Ok(vec![metric, astray])
}

fn versions(company: &Company) -> Result<Vec<u64>> {
    company.leads().iter().map(|lead| company.version(*lead)).collect()
}
