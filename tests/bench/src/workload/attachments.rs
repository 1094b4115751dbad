//! W14: attachments to the server, beside bytes written to a file over plain
//! TCP; and over a line that cuts every connection after two seconds.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lantian_client::{Wish, Work};

use super::Sizes;
use crate::figures::{Goal, Metric, ms};
use crate::product::{Company, MANAGER, Tablet, Way};
use crate::wire::{Line, Wire};

/// Bytes of one photo.
const PHOTO: usize = 4 << 20;
/// How wide the line is that cuts: a good mobile network.
const RATE: u64 = 6 << 20;
const LIFE: Duration = Duration::from_secs(2);

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let (photos, total) = (sizes.attachments / PHOTO, sizes.attachments);
    let company = Company::found(&folder.join("company"), photos).await?;
    let goal = Some(Goal::Ratio(1.25));
    let mut speed = Metric::new("W14", photos, "photos of 4 MiB delivered", "ms", goal);
    for round in 0..sizes.rounds {
        let tablet = laden(&company, company.way(), folder, round).await?;
        let began = Instant::now();
        tablet.wish(Wish::Run).await?;
        tablet.delivered().await?;
        speed.product.push(ms(began.elapsed()));
        speed.limit.push(bare(&folder.join("bare"), total)?);
    }
    let goal = Some(Goal::AtMost(3.0));
    let mut again = Metric::new("W14", photos, "bytes sent again, a cut every 2 s", "%", goal);
    let line = Line { rate: Some(RATE), life: Some(LIFE), delay: Duration::from_millis(10) };
    let wire = Wire::over(line, company.way().address())?;
    let way = company.way().through(wire.address);
    let tablet = laden(&company, &way, folder, sizes.rounds).await?;
    let before = wire.up();
    tablet.wish(Wish::Run).await?;
    tablet.delivered().await?;
    let sent = (wire.up() - before) as f64;
    again.product.push((sent / total as f64 - 1.0) * 100.0);
    drop(tablet);
    company.close().await?;
    Ok(vec![speed, again])
}

/// A tablet that stands still, with a photo on each lead.
async fn laden(company: &Company, way: &Way, folder: &Path, round: usize) -> Result<Tablet> {
    let tablet = Tablet::enrol(&folder.join("tablet"), MANAGER, way, Work::Background).await?;
    tablet.filled().await?;
    tablet.wish(Wish::Pause).await?;
    let photos = company.leads().len();
    for (number, lead) in company.leads().iter().enumerate() {
        tablet.attach(*lead, photo((round * photos + number) as u64)).await?;
    }
    Ok(tablet)
}

/// Bytes that nothing compresses, different for each number.
fn photo(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(PHOTO);
    while bytes.len() < PHOTO {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}

/// Milliseconds of the same bytes over plain TCP into files, each durable.
fn bare(folder: &Path, total: usize) -> Result<f64> {
    std::fs::create_dir_all(folder)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let place = folder.to_owned();
    let server = std::thread::spawn(move || -> Result<()> {
        let (mut connection, _) = listener.accept()?;
        let mut photo = vec![0; PHOTO];
        for number in 0..total / PHOTO {
            connection.read_exact(&mut photo)?;
            let mut file = std::fs::File::create(place.join(number.to_string()))?;
            file.write_all(&photo)?;
            file.sync_all()?;
            connection.write_all(&[1])?;
        }
        Ok(())
    });
    let photo = photo(1);
    let began = Instant::now();
    let mut connection = TcpStream::connect(address)?;
    connection.set_nodelay(true)?;
    for _ in 0..total / PHOTO {
        connection.write_all(&photo)?;
        connection.read_exact(&mut [0; 1])?;
    }
    let took = ms(began.elapsed());
    server.join().ok().context("the bare server ended early")??;
    Ok(took)
}
