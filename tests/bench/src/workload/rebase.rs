//! W10: very many changes come in under commands that wait to be sent.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use lantian_client::Work;

use super::Sizes;
use crate::figures::{Goal, Metric, ms};
use crate::product::{Company, MANAGER, Tablet};

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let (pending, incoming) = sizes.rebase;
    let mut company = Company::found(&folder.join("company"), incoming).await?;
    let leads = company.leads().to_vec();
    let goal = Some(Goal::AtMost(300.0));
    let mut rebase = Metric::new("W10", incoming, "rebase of what is pending", "ms", goal);
    let mut whole = Metric::new("W10", incoming, "changes taken in, all in all", "ms", None);
    let mut without = Metric::new("W10", incoming, "the same with nothing pending", "ms", None);
    for round in 0..sizes.rounds {
        let (busy, idle) = (folder.join("busy"), folder.join("idle"));
        let way = company.way();
        let busy = Tablet::enrol(&busy, MANAGER, way, Work::OnDemand).await?;
        let idle = Tablet::enrol(&idle, MANAGER, way, Work::OnDemand).await?;
        busy.pull().await?;
        idle.pull().await?;
        for lead in &leads[..pending] {
            busy.contact(*lead).await?;
        }
        company.remark(&leads)?;
        // The same changes on a tablet where nothing is pending, before or after
        // it in turn: what is left of the other's time is the rebase, and may
        // be less than nothing where it is less than chance.
        let (bare, all) = if round % 2 == 0 {
            let bare = timed(&idle, incoming).await?;
            (bare, timed(&busy, incoming).await?)
        } else {
            let all = timed(&busy, incoming).await?;
            (timed(&idle, incoming).await?, all)
        };
        rebase.product.push(all - bare);
        whole.product.push(all);
        without.product.push(bare);
    }
    company.close().await?;
    Ok(vec![rebase, whole, without])
}

async fn timed(tablet: &Tablet, expected: usize) -> Result<f64> {
    let began = Instant::now();
    let pulled = tablet.pull().await?;
    let took = ms(began.elapsed());
    ensure!(pulled == expected as u64, "{pulled} of {expected} changes arrived");
    Ok(took)
}
