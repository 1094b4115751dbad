//! W9: how long a person waits for the tablet's store while a first
//! synchronisation fills it: the longest of all reads and small writes that
//! are asked for without a pause meanwhile.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use lantian_client::Work;

use super::Sizes;
use crate::figures::{Goal, Metric, median, ms, quantile};
use crate::product::{Company, MANAGER, Tablet};

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let n = sizes.lock;
    let company = Company::found(&folder.join("company"), n).await?;
    let goal = Some(Goal::AtMost(50.0));
    let mut longest = Metric::new("W9", n, "longest wait for the store", "ms", goal);
    let mut usual = Metric::new("W9", n, "a small write meanwhile, p50", "ms", None);
    for _ in 0..sizes.rounds {
        let place = folder.join("tablet");
        let way = company.way();
        let tablet = Tablet::enrol(&place, MANAGER, way, Work::OnDemand).await?;
        let filling = tablet.pull();
        tokio::pin!(filling);
        let (mut waits, mut turn) = (Vec::new(), 0);
        let pulled = loop {
            let asking = async {
                let began = Instant::now();
                turn += 1;
                tablet.draft(turn).await?;
                anyhow::Ok(ms(began.elapsed()))
            };
            tokio::select! {
                biased;
                pulled = &mut filling => break pulled?,
                wait = asking => waits.push(wait?),
            }
        };
        ensure!(pulled >= n as u64, "{pulled} of {n} records arrived");
        ensure!(!waits.is_empty(), "nothing was asked for meanwhile");
        longest.product.push(quantile(&waits, 1.0));
        usual.product.push(median(&waits));
    }
    company.close().await?;
    Ok(vec![longest, usual])
}
