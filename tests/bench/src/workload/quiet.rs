//! W7: a tablet that is up to date asks whether there is anything new.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use lantian_client::Work;
use tokio::time::sleep;

use super::Sizes;
use crate::figures::{Goal, Metric, median, ms};
use crate::product::{Company, MANAGER, Tablet};
use crate::wire::Wire;

/// Questions of one round.
const TIMES: usize = 50;
/// Questions without news in a row before it begins, and the pause after each.
const QUIET: usize = 10;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let mut metrics = Vec::new();
    for &n in sizes.quiet {
        let company = Company::found(&folder.join(format!("company-{n}")), n).await?;
        let wire = Wire::to(company.way().address())?;
        let way = company.way().through(wire.address);
        let place = folder.join("tablet");
        let tablet = Tablet::enrol(&place, MANAGER, &way, Work::OnDemand).await?;
        // The server's first rounds have something to say of late leads; and
        // what the connection itself needs is not of this question.
        let mut quiet = 0;
        while quiet < QUIET {
            quiet = if tablet.sync().await?.pulled_records == 0 { quiet + 1 } else { 0 };
            sleep(PAUSE).await;
        }
        let mut time = Metric::new("W7", n, "nothing new, p50", "ms", None);
        let mut bytes = Metric::new("W7", n, "bytes", "B", Some(Goal::AtMost(300.0)));
        let goal = Some(Goal::AtMost(1.0));
        let mut turns = Metric::new("W7", n, "round trips", "", goal);
        for _ in 0..sizes.rounds {
            let (before, asked) = (wire.bytes(), wire.turns());
            let mut times = Vec::with_capacity(TIMES);
            for _ in 0..TIMES {
                let began = Instant::now();
                let report = tablet.sync().await?;
                times.push(ms(began.elapsed()));
                ensure!(report.pulled_records == 0, "something was new");
            }
            time.product.push(median(&times));
            bytes.product.push((wire.bytes() - before) as f64 / TIMES as f64);
            turns.product.push((wire.turns() - asked) as f64 / TIMES as f64);
        }
        drop(tablet);
        company.close().await?;
        metrics.extend([time, bytes, turns]);
    }
    Ok(metrics)
}
