//! W13: a first synchronisation after very many changes to one record.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use lantian_client::Work;

use super::Sizes;
use crate::figures::{Goal, Metric, ms};
use crate::product::{Company, MANAGER, Tablet};

/// Changes to the record in one go.
const SOME: usize = 2_500;

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let changes = sizes.latest;
    let mut company = Company::found(&folder.join("company"), 1).await?;
    let way = &company.way().clone();
    let place = folder.join("tablet");
    let tablet = Tablet::enrol(&place, MANAGER, way, Work::OnDemand).await?;
    let others = tablet.pull().await? - 1;
    let lead = company.leads()[0];
    for from in (0..changes).step_by(SOME) {
        company.remark(&vec![lead; SOME.min(changes - from)])?;
    }
    let goal = Some(Goal::AtMost(2.0));
    let mut records = Metric::new("W13", changes, "times it is transferred", "", goal);
    let mut time = Metric::new("W13", changes, "first sync", "ms", None);
    for _ in 0..sizes.rounds {
        let tablet = Tablet::enrol(&place, MANAGER, way, Work::OnDemand).await?;
        let began = Instant::now();
        let pulled = tablet.pull().await?;
        time.product.push(ms(began.elapsed()));
        records.product.push((pulled - others) as f64);
    }
    company.close().await?;
    Ok(vec![records, time])
}
