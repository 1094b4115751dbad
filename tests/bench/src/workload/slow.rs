//! W15: how soon a new tablet on a poor line shows a list that a person can
//! work with: the fifty most urgent of many records.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use lantian_client::Work;

use super::Sizes;
use crate::figures::{Goal, Metric, ms};
use crate::product::{Company, MANAGER, Tablet};
use crate::wire::{Line, Wire};

/// 1 Mbit/s, and 300 ms there and back.
const LINE: Line = Line { delay: Duration::from_millis(150), rate: Some(125_000), life: None };
/// The pause between two looks at the list.
const TURN: Duration = Duration::from_millis(5);
/// Lines of a list that a person can work with.
const LINES: usize = 50;

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let n = sizes.slow;
    let company = Company::found(&folder.join("company"), n).await?;
    let goal = Some(Goal::AtMost(2_000.0));
    let mut metric = Metric::new("W15", n, "first usable list", "ms", goal);
    for _ in 0..sizes.rounds {
        let wire = Wire::over(LINE, company.way().address())?;
        let way = company.way().through(wire.address);
        let place = folder.join("tablet");
        let tablet = Tablet::enrol(&place, MANAGER, &way, Work::OnDemand).await?;
        let began = Instant::now();
        let filling = tablet.pull();
        tokio::pin!(filling);
        loop {
            let looking = async {
                tokio::time::sleep(TURN).await;
                tablet.list(None, None).await
            };
            tokio::select! {
                pulled = &mut filling => ensure!(false, "{} came before a list", pulled?),
                lines = looking => if lines? >= LINES { break },
            }
        }
        metric.product.push(ms(began.elapsed()));
    }
    company.close().await?;
    Ok(vec![metric])
}
