//! W11: durable commands per second at the server. Many devices push at once,
//! signed beforehand, one command to a request; the writer puts what waits
//! into one commit. The devices' share of the two programs' work runs on the
//! same processors.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use super::Sizes;
use crate::figures::{Goal, Metric, ms, quantile};
use crate::product::{Company, Device, login};

/// Commands to a request.
const BATCHES: [(usize, &str, &str); 2] = [
    (1, "commands per second, one to a request", "answer to one, p99"),
    (20, "commands per second, 20 to a request", "answer to 20, p99"),
];

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let (devices, each) = sizes.commands;
    let mut metrics = Vec::new();
    for (batch, rate, late) in BATCHES {
        let least = Some(Goal::AtLeast(5_000.0));
        let mut rate = Metric::new("W11", devices, rate, "/s", least);
        let mut late = Metric::new("W11", devices, late, "ms", Some(Goal::AtMost(50.0)));
        for round in 0..sizes.rounds {
            let place = folder.join(format!("company-{batch}-{round}"));
            let company = Company::of_managers(&place, devices * 10, devices).await?;
            let (took, answers) = run(&company, (devices, each, batch)).await?;
            rate.product.push((devices * each) as f64 / took * 1e3);
            late.product.push(quantile(&answers, 0.99));
            company.close().await?;
        }
        metrics.extend([rate, late]);
    }
    Ok(metrics)
}

/// Milliseconds for all, and for each answer.
async fn run(
    company: &Company,
    (devices, each, batch): (usize, usize, usize),
) -> Result<(f64, Vec<f64>)> {
    let mut ready = Vec::with_capacity(devices);
    for number in 0..devices {
        // A connection of its own, as each tablet has.
        let way = company.way().transport()?;
        let mut device = Device::enrol(&way, &login(number), number).await?;
        let own = |turn: usize| company.leads()[number + devices * (turn % 10)];
        let commands =
            (0..each).map(|turn| device.attempt(own(turn))).collect::<Result<Vec<_>>>()?;
        ready.push((way, device, commands));
    }
    let began = Instant::now();
    let mut pushing: JoinSet<Result<Vec<f64>>> = JoinSet::new();
    for (way, device, commands) in ready {
        pushing.spawn(async move {
            let mut answers = Vec::new();
            for some in commands.chunks(batch) {
                let began = Instant::now();
                let accepted = device.push(&way, some.to_vec()).await?;
                answers.push(ms(began.elapsed()));
                ensure!(accepted == some.len(), "{accepted} of {} accepted", some.len());
            }
            Ok(answers)
        });
    }
    let mut answers = Vec::new();
    while let Some(pushed) = pushing.join_next().await {
        answers.extend(pushed??);
    }
    Ok((ms(began.elapsed()), answers))
}
