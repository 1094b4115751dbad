//! W12: tablets that are connected and have nothing to do; the server runs in
//! a process of its own, and its resident memory is what counts.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::sleep;

use super::Sizes;
use crate::figures::{Goal, Metric};
use crate::product::{Company, Device, Served, login};

/// Tablets with which the server warms up before its memory is read.
const WARM: usize = 64;
/// Devices that an account may have.
const DEVICES: usize = 20;
/// How long the server may take to put away what the enrolments needed.
const REST: Duration = Duration::from_secs(2);

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let n = sizes.idle;
    let place = folder.join("company");
    let managers = (n + WARM).div_ceil(DEVICES);
    Company::only_founded(&place, managers, managers)?;
    let server = Served::start(&place)?;
    let enrolling = server.way.transport()?;
    let mut devices = Vec::with_capacity(n + WARM);
    for number in 0..n + WARM {
        devices.push(Device::enrol(&enrolling, &login(number / DEVICES), number).await?);
    }
    let mut open = Vec::with_capacity(n + WARM);
    let mut empty = 0.0;
    for (number, device) in devices.iter().enumerate() {
        if number == WARM {
            sleep(REST).await;
            empty = server.resident_kib()?;
        }
        // A connection of its own, as each tablet has.
        let way = server.way.transport()?;
        let mut wake = device.wake(&way).await?;
        // The first word is the head as it stands.
        wake.next().await.context("a tablet was not told the head")?;
        open.push((way, wake));
    }
    sleep(REST).await;
    let each = (server.resident_kib()? - empty) / n as f64;
    drop(open);
    server.stop()?;
    let goal = Some(Goal::AtMost(50.0));
    let mut memory = Metric::new("W12", n, "memory for each idle tablet", "KiB", goal);
    memory.product.push(each);
    Ok(vec![memory])
}
