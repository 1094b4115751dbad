//! The event loop: one task, one queue of inputs, one engine.
//!
//! ```text
//!  front end ─┐                       ┌─ way to the server (courier, spawned)
//!             ├─► Input ─► Engine ─► Effect
//!  answers ───┘                       └─ store (desk)
//! ```
//!
//! Invariant: every effect that asks for an answer gets exactly one; the loop
//! itself never waits for the network or the disk.

mod calm;
pub(crate) mod file;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lantian_domain::{ids::RecordId, time::Instant};
use lantian_protocol::Page;
use lantian_sync::{Effect, Engine, FileEffect, Input, Report, Tape};
use tokio::{
    sync::{Notify, broadcast, mpsc, watch},
    task::{AbortHandle, JoinSet},
    time,
};

use crate::{
    courier::{Courier, Pushed, to_failure},
    journal::{Journal, words},
    present::outward,
    view::LogLevel,
};

const QUEUE: usize = 1_024;

/// What changed, for whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// These records.
    pub records: BTreeSet<RecordId>,
    /// The state of synchronisation.
    pub sync: bool,
    /// The replica was locked.
    pub locked: bool,
}

/// What the loop tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) report: Report,
    /// Files on their way, their bytes done, their bytes in all.
    pub(crate) transfers: (usize, u64, u64),
    /// Files that arrived since the start.
    pub(crate) moved: u64,
}

/// The running loop.
pub(crate) struct Driver {
    inputs: mpsc::Sender<Input>,
    progress: watch::Receiver<Progress>,
    tape: Arc<Mutex<Tape>>,
    task: AbortHandle,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Driver {
    /// Starts the loop over an open replica.
    pub(crate) fn start(
        courier: Courier,
        journal: Arc<Journal>,
        changes: broadcast::Sender<Changed>,
        seed: u64,
        paused: bool,
    ) -> Self {
        let (inputs, waiting) = mpsc::channel(QUEUE);
        let (told, progress) = watch::channel(Progress::default());
        let steady = Steady::from(courier.clock.device_now());
        let engine = Engine::new(seed);
        let tape = Arc::new(Mutex::new(Tape::of(&engine)));
        let event_loop = Loop {
            engine,
            tape: Arc::clone(&tape),
            seed,
            courier,
            inputs: inputs.clone(),
            waiting,
            tasks: JoinSet::new(),
            wake: None,
            timer: None,
            steady,
            told,
            journal,
            changes,
            news: Arc::default(),
            success: None,
            moved: 0,
        };
        let task = tokio::spawn(event_loop.run(paused)).abort_handle();
        Self { inputs, progress, tape, task }
    }

    /// Gives the engine an input.
    pub(crate) async fn tell(&self, input: Input) {
        // A loop that has ended has nothing to be told.
        let _ = self.inputs.send(input).await;
    }

    /// Ends with true once the server says that the device is out of use, with
    /// false when the loop ends before.
    pub(crate) fn revoked(&self) -> impl Future<Output = bool> + Send + use<> {
        let mut progress = self.progress.clone();
        async move {
            let told = |now: &Progress| now.report.halt == Some(lantian_sync::Halt::Revoked);
            progress.wait_for(told).await.is_ok()
        }
    }

    /// What the engine heard lately, and what it decided.
    pub(crate) fn tape(&self) -> Tape {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the loop told last.
    pub(crate) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }
}

/// Time that never jumps: the device's clock at the start, and what has
/// passed since.
struct Steady {
    wall: Instant,
    since: std::time::Instant,
}

impl Steady {
    fn from(wall: Instant) -> Self {
        Self { wall, since: std::time::Instant::now() }
    }

    fn now(&self) -> Instant {
        self.wall.plus_ms(i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

struct Loop {
    engine: Engine,
    tape: Arc<Mutex<Tape>>,
    seed: u64,
    courier: Courier,
    inputs: mpsc::Sender<Input>,
    waiting: mpsc::Receiver<Input>,
    tasks: JoinSet<()>,
    wake: Option<AbortHandle>,
    timer: Option<time::Instant>,
    steady: Steady,
    told: watch::Sender<Progress>,
    journal: Arc<Journal>,
    changes: broadcast::Sender<Changed>,
    /// Told when something of the store changed.
    news: Arc<Notify>,
    success: Option<Instant>,
    moved: u64,
}

impl Loop {
    async fn run(mut self, paused: bool) {
        if paused {
            self.take(Input::Pause);
        }
        self.begin();
        self.watch_network();
        self.look_after();
        loop {
            let timer = self.timer;
            let due = async {
                match timer {
                    Some(at) => time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                input = self.waiting.recv() => match input {
                    Some(input) => self.take(input),
                    None => return,
                },
                () = due => {
                    self.timer = None;
                    self.take(Input::Tick);
                }
                Some(_) = self.tasks.join_next() => {}
            }
        }
    }

    /// Tells the engine what the store holds.
    fn begin(&mut self) {
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        self.tasks.spawn(async move {
            let held = courier
                .desk
                .ask(|replica| Ok((replica.sendable_count()?, replica.repairs()?.len())))
                .await;
            let Ok((sendable, repairs)) = held else { return };
            let _ = inputs.send(Input::Started { sendable, repairs }).await;
            let _ = inputs.send(Input::NetworkUp).await;
            admit_account(&courier, &inputs).await;
            file::admit_uploads(&courier, &inputs).await;
        });
    }

    fn take(&mut self, input: Input) {
        // A stream that opens again proves the way: whatever waited out a
        // failure may try at once.
        let proved =
            matches!(input, Input::WakeOpened) && self.engine.report().last_failure.is_some();
        let mut effects = self.hear(input);
        if proved {
            effects.extend(self.hear(Input::SyncNow));
        }
        for effect in effects {
            self.carry_out(effect);
        }
        self.tell();
    }

    fn hear(&mut self, input: Input) -> Vec<Effect> {
        let now = self.steady.now();
        let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        tape.hear(&mut self.engine, input, now)
    }

    fn tell(&mut self) {
        let transfers = self.engine.transfers();
        if transfers.is_empty() {
            self.moved = 0;
        }
        let (done, total) = transfers.progress();
        let progress = Progress {
            report: self.engine.report().clone(),
            transfers: (transfers.len(), done, total),
            moved: self.moved,
        };
        self.told.send_replace(progress);
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::SetTimer { at } => {
                let wait = u64::try_from(at.since(self.steady.now())).unwrap_or(0);
                self.timer = Some(time::Instant::now() + Duration::from_millis(wait));
            }
            Effect::Report(report) => self.publish(&report),
            Effect::OpenWake => self.open_wake(),
            Effect::CloseWake => {
                if let Some(wake) = self.wake.take() {
                    wake.abort();
                }
            }
            Effect::File(effect) => self.move_file(effect),
            Effect::Pull { .. }
            | Effect::ApplyPage(_)
            | Effect::Push { .. }
            | Effect::Repair { .. }
            | Effect::Account { .. }
            | Effect::Refresh { .. }
            | Effect::Reoffer { .. } => self.exchange(effect),
        }
    }

    fn publish(&mut self, report: &Report) {
        let now = self.courier.clock.now();
        if report.last_success_at != self.success {
            self.success = report.last_success_at;
            self.journal.note(now, LogLevel::Info, "synced", words("synced").to_owned());
            let courier = self.courier.clone();
            self.tasks.spawn(async move {
                // The next success writes it again.
                let _ = courier.note_success(now).await;
            });
        }
        let halt = report.halt.as_ref().map(lantian_sync::Halt::code);
        if let Some(code) = halt.or(report.last_failure.as_deref()).map(outward) {
            self.journal.note(now, LogLevel::Warn, code, words(code).to_owned());
        }
        // Nobody listening is no fault: a command line has no window.
        let _ = self.changes.send(Changed { sync: true, ..Changed::default() });
    }

    fn exchange(&mut self, effect: Effect) {
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        let (changes, journal) = (self.changes.clone(), self.journal.clone());
        let news = Arc::clone(&self.news);
        self.tasks.spawn(async move {
            let Some(answer) = answer(&courier, effect, &journal).await else { return };
            let pushed = matches!(answer.input, Input::Pushed { .. } | Input::Accounted { .. });
            let applied = matches!(answer.input, Input::Applied { .. });
            let complete = matches!(&answer.input, Input::Applied { result: Ok(one) } if !one.more);
            if let Some(page) = answer.rider {
                let _ = inputs.send(Input::Rider(page)).await;
            }
            let _ = inputs.send(answer.input).await;
            let changed = announce(&courier, &changes).await;
            let has_changed = !changed.is_empty();
            file::admit_papers(&courier, &inputs, changed).await;
            if applied || pushed {
                admit_account(&courier, &inputs).await;
                file::admit_uploads(&courier, &inputs).await;
            }
            if complete || has_changed {
                news.notify_one();
            }
        });
    }

    fn open_wake(&mut self) {
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        let spread = Duration::from_millis(500 + self.seed % 2_500);
        self.wake = Some(self.tasks.spawn(async move {
            if let Ok(mut wake) = courier.wake().await {
                let _ = inputs.send(Input::WakeOpened).await;
                while let Ok(told) = wake.next().await {
                    if let Some(page) = told.page {
                        let _ = inputs.send(Input::Rider(page)).await;
                    }
                    let _ = inputs.send(Input::Wake { seq: told.head }).await;
                }
                // Whether the server is still there is asked soon, but not by
                // every tablet at the same moment.
                time::sleep(spread).await;
                let _ = inputs.send(Input::WakeClosed).await;
                let _ = inputs.send(Input::SyncNow).await;
            } else {
                let _ = inputs.send(Input::WakeClosed).await;
            }
        }));
    }

    fn move_file(&mut self, effect: FileEffect) {
        if matches!(effect, FileEffect::Done { .. } | FileEffect::Arrived { .. }) {
            self.moved += 1;
        }
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        let (changes, news) = (self.changes.clone(), Arc::clone(&self.news));
        self.tasks.spawn(async move {
            for input in file::answer(&courier, effect).await {
                let _ = inputs.send(Input::File(input)).await;
            }
            if !announce(&courier, &changes).await.is_empty() {
                news.notify_one();
            }
        });
    }

    /// Watches the network as long as the loop runs.
    fn watch_network(&mut self) {
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        let changes = self.changes.clone();
        self.tasks.spawn(file::watch_network(courier, inputs, changes));
    }

    /// Looks after what changed, as long as the loop runs.
    fn look_after(&mut self) {
        let (courier, inputs) = (self.courier.clone(), self.inputs.clone());
        let (changes, news) = (self.changes.clone(), Arc::clone(&self.news));
        self.tasks.spawn(calm::look_after(courier, inputs, changes, news));
    }
}

/// What the engine has to hear of an effect.
struct Answer {
    input: Input,
    /// A page that came along: it is said first.
    rider: Option<Box<Page>>,
}

/// Carries out an effect and says what the engine has to hear.
async fn answer(courier: &Courier, effect: Effect, journal: &Journal) -> Option<Answer> {
    let now = courier.clock.now();
    let mut rider = None;
    let input = match effect {
        Effect::Pull { ticket, max_bytes } => {
            let result = courier.pull(max_bytes).await;
            let result = result.map(|(page, _)| Box::new(page)).map_err(to_failure);
            Input::Pulled { ticket, result }
        }
        Effect::ApplyPage(page) => {
            let records = page.items.len();
            let result = courier.apply(*page).await.map_err(code_of);
            if result.is_ok() && records > 0 {
                journal.note(now, LogLevel::Info, "pulled", format!("收到 {records} 条记录"));
            }
            Input::Applied { result }
        }
        Effect::Push { ticket, limit } => {
            let result = courier.push(limit).await.map_err(to_failure);
            if let Ok(sent) = &result {
                journal.note(now, LogLevel::Info, "pushed", counts(sent.pushed));
            }
            let settled = result.map(|sent| {
                rider = sent.page;
                sent.settled
            });
            Input::Pushed { ticket, result: settled }
        }
        Effect::Repair { ticket } => {
            Input::Repaired { ticket, result: courier.repair().await.map_err(to_failure) }
        }
        Effect::Account { ticket } => {
            Input::Accounted { ticket, result: courier.account().await.map_err(to_failure) }
        }
        Effect::Refresh { ticket } => {
            let result = courier.login.refresh(&courier.transport).await;
            Input::TokenRefreshed { ticket, result: result.map_err(Into::into) }
        }
        Effect::Reoffer { epoch } => {
            // Without it nothing is lost: the page of the new epoch does the
            // same before it is applied.
            if let Ok(count) = courier.reoffer(epoch).await {
                let text = format!("{}：{count}", words("epoch_changed"));
                journal.note(now, LogLevel::Warn, "epoch_changed", text);
            }
            return None;
        }
        Effect::OpenWake
        | Effect::CloseWake
        | Effect::File(_)
        | Effect::SetTimer { .. }
        | Effect::Report(_) => return None,
    };
    Some(Answer { input, rider })
}

/// Tells the engine how much this tablet has to account for.
async fn admit_account(courier: &Courier, inputs: &mpsc::Sender<Input>) {
    let open = courier.desk.ask(|replica| Ok(replica.unaccounted()?)).await;
    if let Ok(count @ 1..) = open {
        let _ = inputs.send(Input::Unaccounted { count }).await;
    }
}

/// Says which records look different since the last time.
pub(crate) async fn announce(
    courier: &Courier,
    changes: &broadcast::Sender<Changed>,
) -> BTreeSet<RecordId> {
    let records = courier.desk.ask(|replica| Ok(replica.take_changes())).await;
    let records = records.unwrap_or_default();
    if !records.is_empty() {
        // Nobody listening is no fault.
        let _ = changes.send(Changed { records: records.clone(), sync: true, locked: false });
    }
    records
}

fn counts(pushed: Pushed) -> String {
    let Pushed { sent, accepted, refused, .. } = pushed;
    format!("上传 {sent} 条指令：接受 {accepted}，退回 {refused}")
}

fn code_of(error: crate::error::Error) -> String {
    crate::error::ApiError::from(error).code
}
