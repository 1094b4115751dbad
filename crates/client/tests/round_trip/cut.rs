//! F01, F02, F03: the connection is cut after every byte of what both sides
//! say, between the real client and the real server.
//!
//! Words: a *line* is a way to the server that carries bytes and is cut after
//! a number of them in one direction; until it is mended nobody gets through.
//!
//! `LANTIAN_FAULTS=all` cuts at every byte, otherwise at a sample by a seed,
//! which is printed.

#![expect(clippy::cast_possible_truncation, reason = "any number does")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use lantian_client::{
    App, Credentials, Error,
    transport::Failure,
    view::{NewFile, SyncReport},
};
use lantian_domain::{command::CommandName, file::FileKind, ids::RecordId};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use uuid::Uuid;

use crate::{
    ALL,
    company::{Company, PASSWORD, PIN},
    lead_by_hall,
};

/// Cuts in each direction of a sample.
const SAMPLE: u64 = 60;
/// Cuts within a file of a sample.
const FILE_CUTS: u64 = 24;
/// A chunk of a file.
const CHUNK: u64 = 256 << 10;
/// What the messages around a file's bytes may come to, for each attempt.
const AROUND: u64 = 8 << 10;

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// A synchronisation over a line that is whole again. A connection that was
/// kept from before the cut may be found dead once more, as in the field.
async fn through(app: &App) -> SyncReport {
    for _ in 0..5 {
        match app.sync(ALL).await {
            Err(Error::Way(Failure::Offline)) => {}
            told => return told.unwrap(),
        }
    }
    app.sync(ALL).await.unwrap()
}

/// A line to the server that can be cut.
struct Line {
    url: String,
    state: Arc<State>,
    mended: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// Bytes carried so far.
    carried: [AtomicU64; 2],
    /// Bytes until the cut; below 0 the line is cut, `i64::MAX` is whole.
    left: [AtomicI64; 2],
}

impl State {
    /// How many of `wanted` bytes still get through.
    fn take(&self, way: Way, wanted: usize) -> usize {
        let wanted_i64 = i64::try_from(wanted).unwrap();
        let left = self.left[way as usize].load(Ordering::Relaxed);
        if left == i64::MAX {
            self.carried[way as usize].fetch_add(wanted as u64, Ordering::Relaxed);
            return wanted;
        }
        let through = wanted_i64.min(left).max(0);
        self.left[way as usize].store(left - wanted_i64, Ordering::Relaxed);
        self.carried[way as usize].fetch_add(through.unsigned_abs(), Ordering::Relaxed);
        usize::try_from(through).unwrap()
    }

    fn is_cut(&self) -> bool {
        self.left.iter().any(|left| left.load(Ordering::Relaxed) < 0)
    }
}

impl Line {
    async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = server.trim_start_matches("http://").to_owned();
        let state = Arc::new(State::default());
        state.left.iter().for_each(|left| left.store(i64::MAX, Ordering::Relaxed));
        let (mended, _) = watch::channel(0);
        let (carried, ends) = (Arc::clone(&state), mended.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if carried.is_cut() {
                    continue;
                }
                let Ok(far) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(carry(near, far, Arc::clone(&carried), ends.subscribe()));
            }
        });
        Self { url, state, mended }
    }

    /// Cuts it after so many bytes more.
    fn cut_after(&self, way: Way, bytes: u64) {
        self.state.left[way as usize].store(i64::try_from(bytes).unwrap(), Ordering::Relaxed);
    }

    /// Mends it; whatever was open before is gone.
    fn mend(&self) {
        self.state.left.iter().for_each(|left| left.store(i64::MAX, Ordering::Relaxed));
        self.mended.send_modify(|times| *times += 1);
    }

    fn carried(&self, way: Way) -> u64 {
        self.state.carried[way as usize].load(Ordering::Relaxed)
    }
}

async fn carry(
    mut near: TcpStream,
    mut far: TcpStream,
    state: Arc<State>,
    mut ends: watch::Receiver<u64>,
) {
    ends.mark_unchanged();
    let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
    loop {
        let (way, read) = tokio::select! {
            read = near.read(&mut up) => (Way::Up, read),
            read = far.read(&mut down) => (Way::Down, read),
            _ = ends.changed() => return,
        };
        let Ok(read @ 1..) = read else { return };
        let through = state.take(way, read);
        let written = match way {
            Way::Up => far.write_all(&up[..through]).await,
            Way::Down => near.write_all(&down[..through]).await,
        };
        if written.is_err() || through < read || state.is_cut() {
            return;
        }
    }
}

/// Every one of `all`, or a sample.
fn places(all: u64, sample: u64, of_what: &str) -> Vec<u64> {
    if std::env::var("LANTIAN_FAULTS").is_ok_and(|wanted| wanted == "all") {
        return (0..all).collect();
    }
    let named = std::env::var("LANTIAN_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = named.unwrap_or_else(|| Uuid::now_v7().as_u128() as u64);
    println!("{of_what}: LANTIAN_SEED={seed}");
    let step = (all / sample).max(1);
    (0..all.min(sample)).map(|n| n * step + seed.rotate_left(n as u32) % step).collect()
}

/// A tablet whose line can be cut, and a lead of its owner.
async fn scene() -> (Company, Line, App, RecordId) {
    let company = Company::open().await;
    let line = Line::to(company.url()).await;
    let hall = company.tablet("hall").await;
    let lead = lead_by_hall(&company, &hall).await;
    let manager = company.blank("manager", lantian_client::Work::OnDemand);
    manager.sign_in(&line.url, &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    through(&manager).await;
    (company, line, manager, lead)
}

async fn write(app: &App, lead: RecordId, n: u64) {
    let text = format!("第{n:06}条");
    app.submit(Some(lead), CommandName::AddNote, json!({ "text": text })).await.unwrap();
}

/// A synchronisation that may be cut; anything but that is a bug.
async fn sync_cut(app: &App, what: &str) -> bool {
    let synced = tokio::time::timeout(Duration::from_mins(2), app.sync(ALL)).await;
    match synced.unwrap_or_else(|_| panic!("{what}: it does not end")) {
        Ok(_) => true,
        Err(Error::Way(
            Failure::Offline | Failure::Timeout | Failure::Unreadable | Failure::NotOurServer,
        )) => false,
        Err(other) => panic!("{what}: {other:?}"),
    }
}

/// How often each remark is confirmed.
async fn confirmed(app: &App, lead: RecordId) -> Vec<usize> {
    let body = app.confirmed(lead).await.unwrap().to_string();
    let mut times = Vec::new();
    while body.contains(&format!("第{:06}条", times.len())) {
        times.push(body.matches(&format!("第{:06}条", times.len())).count());
    }
    times
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_f02_a_connection_cut_after_any_byte_loses_nothing_and_repeats_nothing() {
    let (company, line, manager, lead) = scene().await;
    let mut notes = 0;
    let mut cuts = 0;
    for way in [Way::Up, Way::Down] {
        let before = line.carried(way);
        write(&manager, lead, notes).await;
        notes += 1;
        through(&manager).await;
        let all = line.carried(way) - before;
        assert!(all > 500, "{way:?}: {all} bytes only");
        for place in places(all, SAMPLE, &format!("{way:?} of {all} bytes")) {
            write(&manager, lead, notes).await;
            notes += 1;
            line.cut_after(way, place);
            let done = sync_cut(&manager, &format!("{way:?} after {place} bytes")).await;
            cuts += u64::from(!done);
            line.mend();
            through(&manager).await;
            let waiting = manager.sync_status().await.unwrap().pending_commands;
            assert_eq!(waiting, 0, "{way:?} after {place} bytes: it arrives");
        }
    }
    let times = confirmed(&manager, lead).await;
    assert_eq!(times, vec![1; usize::try_from(notes).unwrap()], "each remark once");
    let office = company.tablet("lead").await;
    assert_eq!(confirmed(&office, lead).await, times, "another tablet sees the same");
    println!("{cuts} synchronisations were cut, {notes} remarks arrived once");
    assert!(cuts > notes / 2, "{cuts} of {notes} were cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_a_file_cut_anywhere_goes_on_where_it_was() {
    let (company, line, manager, lead) = scene().await;
    let mut bytes = b"%PDF-1.4\n".to_vec();
    bytes.resize(900_000, b'x');
    let size = bytes.len() as u64;
    let new = NewFile {
        id: lead,
        kind: FileKind::Notice,
        name: "告知书.pdf".to_owned(),
        mime: String::new(),
        bytes: bytes.clone(),
        taken_at: None,
        geo: None,
    };
    let file = manager.attach(new).await.unwrap();
    let before = line.carried(Way::Up);
    let mut cuts = 0;
    let borders =
        (1..=size.div_ceil(CHUNK)).flat_map(|n| [n * CHUNK - 1, n * CHUNK, n * CHUNK + 1]);
    let sample = (0..FILE_CUTS).map(|n| n * size / FILE_CUTS + 300);
    for place in borders.chain(sample) {
        // Every attempt gets a part of the way, never back behind it.
        line.cut_after(Way::Up, 2_000 + place % CHUNK);
        let done = sync_cut(&manager, &format!("a file after {place} bytes")).await;
        line.mend();
        if done {
            break;
        }
        cuts += 1;
    }
    through(&manager).await;
    assert_eq!(manager.sync_status().await.unwrap().pending_files, 0);
    let sent = line.carried(Way::Up) - before;
    println!("{cuts} cuts, {sent} bytes sent for a file of {size}");
    assert!(cuts > 3, "{cuts} cuts only");
    let bound = size + (cuts + 1) * (CHUNK + AROUND);
    assert!(sent <= bound, "{sent} bytes sent, at most a chunk again for each cut is {bound}");
    let office = company.tablet("lead").await;
    assert!(office.file(file.id).await.unwrap().bytes == bytes);
}
