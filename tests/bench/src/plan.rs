//! Which workloads run at which sizes, and the rounds.
//!
//! In every round each workload is measured on the product and on the bare
//! program right after it, so that a slow moment of the machine meets both.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use lantian_client::Work;

use crate::documents;
use crate::figures::{Goal, Metric, median, ms, quantile};
use crate::limit::{self, Document};
use crate::product::{Company, LEAD, MANAGER, TURN, Tablet};
use crate::rulebook::Questions;
use crate::wanted::Wanted;
use crate::wire::Wire;
use crate::workload::Sizes;

/// The state that every lead of the benchmark is in.
const STATE: &str = "handed_over";

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// The sizes for every workload.
    pub(crate) sizes: &'static [usize],
    /// The sizes for first sync and lists besides.
    pub(crate) large: &'static [usize],
    /// Passes over every workload of a size.
    pub(crate) rounds: usize,
    /// Commands of the offline push.
    pub(crate) commands: usize,
    /// Changes from tablet to tablet in each round.
    pub(crate) changes: usize,
    /// Lists in each round.
    pub(crate) lists: usize,
    /// What the office asks of the rulebook.
    pub(crate) questions: Questions,
    /// The workloads that are measured alone.
    pub(crate) alone: Sizes,
}

impl Extent {
    /// What is reported.
    pub(crate) const FULL: Self = Self {
        sizes: &[1_000, 10_000],
        large: &[50_000, 100_000],
        rounds: 5,
        commands: 1_000,
        changes: 100,
        lists: 500,
        questions: Questions { events: 1_000_000, accounts: 100_000, rounds: 3 },
        alone: Sizes::FULL,
    };
    /// Whether everything still works, and roughly how fast.
    pub(crate) const QUICK: Self = Self {
        sizes: &[1_000],
        large: &[],
        rounds: 2,
        commands: 200,
        changes: 20,
        lists: 100,
        questions: Questions { events: 20_000, accounts: 100_000, rounds: 1 },
        alone: Sizes::QUICK,
    };
}

/// Measures what is wanted of the workloads that share a company.
pub(crate) async fn measure(extent: Extent, wanted: &Wanted, folder: &Path) -> Result<Vec<Metric>> {
    let mut metrics = Vec::new();
    let everywhere = ["W1", "W2", "W3", "W5", "W6"].iter().any(|name| wanted.has(name));
    for &n in extent.sizes.iter().filter(|_| everywhere) {
        metrics.extend(Size::new(extent, wanted, folder, n).await?.all().await?);
    }
    let reading = wanted.has("W1") || wanted.has("W6");
    for &n in extent.large.iter().filter(|_| reading) {
        metrics.extend(Size::new(extent, wanted, folder, n).await?.reading().await?);
    }
    metrics.retain(|metric| !metric.product.is_empty());
    Ok(metrics)
}

/// Everything of one size.
struct Size<'a> {
    extent: Extent,
    wanted: &'a Wanted,
    folder: &'a Path,
    n: usize,
    company: Company,
    documents: Vec<Document>,
}

impl<'a> Size<'a> {
    async fn new(extent: Extent, wanted: &'a Wanted, folder: &'a Path, n: usize) -> Result<Self> {
        eprintln!("{n} records: founding the company");
        let began = Instant::now();
        let company = Company::found(&folder.join(format!("company-{n}")), n).await?;
        let documents = company.documents()?;
        let bytes: usize = documents.iter().map(|document| document.text().len()).sum();
        eprintln!(
            "{n} records of {} bytes, founded in {:.1} s",
            bytes / documents.len(),
            began.elapsed().as_secs_f64()
        );
        Ok(Self { extent, wanted, folder, n, company, documents })
    }

    /// Every workload.
    async fn all(self) -> Result<Vec<Metric>> {
        let goals = self.goals();
        let mut first = self.metric("W1", "first sync", "ms", goals.first);
        let mut change = self.metric("W2", "change shown, p50", "ms", goals.change);
        let mut change_late = self.metric("W2", "change shown, p99", "ms", goals.change_late);
        let mut bytes = self.metric("W2", "bytes of a change", "B", goals.bytes);
        let mut push = self.metric("W3", "push of the outbox", "ms", goals.push);
        let mut weight = self.metric("W3", "bytes of a command", "B", goals.weight);
        let mut local = self.metric("W5", "command durable, p50", "ms", goals.local);
        let mut local_late = self.metric("W5", "command durable, p99", "ms", None);
        let mut lists = self.list_metrics();
        let pair = if self.wanted.has("W2") { Some(self.pair().await?) } else { None };
        for round in 1..=self.extent.rounds {
            eprintln!("{} records: round {round} of {}", self.n, self.extent.rounds);
            let tablet = self.first_sync(&mut first).await?;
            self.lists(&tablet, &mut lists).await?;
            if let Some(pair) = &pair {
                self.changes(pair, round, [&mut change, &mut change_late, &mut bytes]).await?;
            }
            if self.wanted.has("W3") || self.wanted.has("W5") {
                let of_offline = [&mut local, &mut local_late, &mut push, &mut weight];
                self.offline(&tablet, of_offline).await?;
            }
        }
        drop(pair);
        self.company.close().await?;
        let mut metrics = vec![first, change, change_late, bytes, push, weight, local, local_late];
        metrics.extend(lists);
        Ok(metrics)
    }

    /// First sync and lists alone.
    async fn reading(self) -> Result<Vec<Metric>> {
        let mut first = self.metric("W1", "first sync", "ms", self.goals().first);
        let mut lists = self.list_metrics();
        for round in 1..=self.extent.rounds {
            eprintln!("{} records: round {round} of {}", self.n, self.extent.rounds);
            let tablet = self.first_sync(&mut first).await?;
            self.lists(&tablet, &mut lists).await?;
        }
        self.company.close().await?;
        let mut metrics = vec![first];
        metrics.extend(lists);
        Ok(metrics)
    }

    async fn first_sync(&self, metric: &mut Metric) -> Result<Tablet> {
        let folder = self.folder.join("tablet");
        let tablet = Tablet::enrol(&folder, MANAGER, self.company.way(), Work::OnDemand).await?;
        let began = Instant::now();
        let records = tablet.pull().await?;
        let took = ms(began.elapsed());
        ensure!(records >= self.n as u64, "{records} of {} records arrived", self.n);
        if self.wanted.has("W1") {
            metric.product.push(took);
            metric.limit.push(limit::first_sync(self.folder, &self.documents)?);
        }
        Ok(tablet)
    }

    async fn lists(&self, tablet: &Tablet, metrics: &mut [Metric; 4]) -> Result<()> {
        if !self.wanted.has("W6") {
            return Ok(());
        }
        let [list, list_late, search, search_late] = metrics;
        let (mut listed, mut found) = (Vec::new(), Vec::new());
        for turn in 0..self.extent.lists {
            let began = Instant::now();
            let lines = tablet.list(Some(STATE), None).await?;
            listed.push(ms(began.elapsed()));
            ensure!(lines == 50, "{lines} lines in the list");
            let began = Instant::now();
            let lines = tablet.list(None, Some(documents::searched(turn))).await?;
            found.push(ms(began.elapsed()));
            ensure!(lines == 50, "{lines} lines found");
        }
        let bare = limit::most_urgent(self.folder, &self.documents, STATE, self.extent.lists)?;
        list.product.push(median(&listed));
        list.limit.push(median(&bare));
        list_late.product.push(quantile(&listed, 0.99));
        list_late.limit.push(quantile(&bare, 0.99));
        search.product.push(median(&found));
        search_late.product.push(quantile(&found, 0.99));
        Ok(())
    }

    /// Two tablets that hold everything and stay connected, behind a relay
    /// that counts.
    async fn pair(&self) -> Result<Pair> {
        let wire = Wire::to(self.company.way().address())?;
        let way = self.company.way().through(wire.address);
        let enrol = async |name: &str, login: &str| {
            let folder = self.folder.join(name);
            let tablet = Tablet::enrol(&folder, login, &way, Work::Background).await?;
            tablet.filled().await?;
            anyhow::Ok(tablet)
        };
        let (a, b) = (enrol("tablet-a", MANAGER).await?, enrol("tablet-b", LEAD).await?);
        Ok(Pair { wire, a, b })
    }

    async fn changes(&self, pair: &Pair, round: usize, metrics: [&mut Metric; 3]) -> Result<()> {
        let [change, late, bytes] = metrics;
        const WARM: usize = 5;
        let mut shown = pair.b.changes();
        let mut times = Vec::with_capacity(self.extent.changes);
        let mut before = 0;
        for turn in 0..self.extent.changes + WARM {
            if turn == WARM {
                pair.a.settled(TURN).await?;
                before = pair.wire.bytes();
            }
            let lead = self.lead(round * 31 + turn * 7);
            let began = Instant::now();
            pair.a.contact(lead).await?;
            shown.of(lead).await?;
            if turn >= WARM {
                times.push(ms(began.elapsed()));
            }
            pair.a.settled(TURN).await?;
        }
        let passed = pair.wire.bytes() - before;
        let (bare, bare_bytes) = limit::change(self.folder, &self.documents, self.extent.changes)?;
        change.product.push(median(&times));
        change.limit.push(median(&bare));
        late.product.push(quantile(&times, 0.99));
        late.limit.push(quantile(&bare, 0.99));
        bytes.product.push(passed as f64 / self.extent.changes as f64);
        bytes.limit.push(bare_bytes as f64);
        Ok(())
    }

    async fn offline(&self, tablet: &Tablet, metrics: [&mut Metric; 4]) -> Result<()> {
        let [local, late, push, weight] = metrics;
        let mut times = Vec::with_capacity(self.extent.commands);
        for turn in 0..self.extent.commands {
            let lead = self.lead(turn);
            let began = Instant::now();
            tablet.contact(lead).await?;
            times.push(ms(began.elapsed()));
        }
        let began = Instant::now();
        let sent = tablet.push(self.extent.commands).await?;
        push.product.push(ms(began.elapsed()));
        weight.product.push(sent as f64 / self.extent.commands as f64);
        push.limit.push(limit::push(self.folder, &self.documents, self.extent.commands)?);
        let bare = limit::local_edit(self.folder, &self.documents, self.extent.commands)?;
        local.product.push(median(&times));
        local.limit.push(median(&bare));
        late.product.push(quantile(&times, 0.99));
        late.limit.push(quantile(&bare, 0.99));
        Ok(())
    }

    fn lead(&self, turn: usize) -> lantian_domain::ids::RecordId {
        self.company.leads()[turn % self.n]
    }

    fn list_metrics(&self) -> [Metric; 4] {
        let late = self.goals().list;
        [
            self.metric("W6", "50 most urgent, p50", "ms", None),
            self.metric("W6", "50 most urgent, p99", "ms", late),
            self.metric("W6", "search, p50", "ms", None),
            self.metric("W6", "search, p99", "ms", late),
        ]
    }

    /// The goals that are set for this size.
    fn goals(&self) -> Goals {
        Goals {
            first: Some(Goal::Ratio(1.5)),
            change: Some(Goal::AtMost(5.0)),
            change_late: Some(Goal::AtMost(25.0)),
            bytes: Some(Goal::AtMost(1_024.0)),
            push: Some(Goal::Ratio(1.8)),
            weight: Some(Goal::AtMost(250.0)),
            local: Some(Goal::Ratio(1.5)),
            list: Some(Goal::AtMost(if self.n <= 10_000 { 1.0 } else { 10.0 })),
        }
    }

    fn metric(
        &self,
        workload: &'static str,
        name: &'static str,
        unit: &'static str,
        goal: Option<Goal>,
    ) -> Metric {
        Metric::new(workload, self.n, name, unit, goal)
    }
}

/// What the product should reach.
struct Goals {
    first: Option<Goal>,
    change: Option<Goal>,
    change_late: Option<Goal>,
    bytes: Option<Goal>,
    push: Option<Goal>,
    weight: Option<Goal>,
    local: Option<Goal>,
    list: Option<Goal>,
}

/// Two connected tablets behind a relay.
struct Pair {
    wire: Wire,
    a: Tablet,
    b: Tablet,
}
