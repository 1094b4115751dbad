//! The one writer: a thread that groups waiting jobs into one commit.
//!
//! ```text
//! jobs ──► BEGIN ─ savepoint(job 1) ─ savepoint(job 2) … ─ COMMIT ──► answers
//! ```
//!
//! Invariant: no job is answered before the commit that holds its work is
//! durable; a job that fails undoes itself and nobody else.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::JoinHandle,
};

use lantian_domain::ids::DeviceId;
use rusqlite::Connection;
use tokio::sync::{broadcast, oneshot};

use super::{ledger::Ledger as _, unit::Unit};
use crate::error::{Error, Result};

/// Jobs waiting at the most; beyond it the caller is told to come again.
const QUEUE: usize = 512;
/// Jobs put into one commit at the most.
const GROUP: usize = 64;

/// Tells that a commit changed something, and for whom.
#[derive(Clone, Debug)]
pub struct Wake {
    /// The commit sequence after it.
    pub head: u64,
    /// The audience keys concerned.
    pub audiences: std::sync::Arc<BTreeSet<String>>,
    /// The one device that did all of it, if there is one: it learns of it by
    /// the answer to its push.
    pub sole: Option<DeviceId>,
}

/// A job's work; the closure returned delivers the answer.
type Job = Box<dyn FnOnce(&Unit<'_>) -> (bool, Answer) + Send>;
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// The handle to the writer thread.
pub(crate) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    wakes: broadcast::Sender<Wake>,
}

impl Writer {
    pub(crate) fn start(connection: Connection, org: i64) -> Result<Self> {
        let (jobs, waiting) = sync_channel(QUEUE);
        let (wakes, _) = broadcast::channel(1024);
        let sender = wakes.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, org, &waiting, &sender))
            .map_err(Error::io("the writer thread could not start"))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), wakes })
    }

    pub(crate) fn wakes(&self) -> broadcast::Receiver<Wake> {
        self.wakes.subscribe()
    }

    /// Hands in a job; the answer arrives once it is durable.
    pub(crate) fn submit<T, F>(&self, work: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        // The caller may have gone; the work stays done.
        self.hand_in(work, move |answer| drop(sender.send(answer)))?;
        Ok(receiver)
    }

    /// Hands in a job and waits on this thread until it is durable.
    pub(crate) fn carry_out<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (sender, receiver) = sync_channel(1);
        self.hand_in(work, move |answer| drop(sender.send(answer)))?;
        receiver.recv().map_err(|_| Error::Stopped)?
    }

    fn hand_in<T, F>(&self, work: F, tell: impl FnOnce(Result<T>) + Send + 'static) -> Result<()>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let job: Job = Box::new(move |unit| {
            let done = catch_unwind(AssertUnwindSafe(|| work(unit)))
                .unwrap_or_else(|_| Err(Error::damaged("a rule of the store was violated")));
            let keep = done.is_ok();
            let answer: Answer = Box::new(move |commit| {
                tell(done.and_then(|value| commit.map(|()| value)));
            });
            (keep, answer)
        });
        let jobs = self.jobs.as_ref().ok_or(Error::Stopped)?;
        jobs.try_send(job).map_err(|_| Error::Stopped)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic inside the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, org: i64, jobs: &Receiver<Job>, wakes: &broadcast::Sender<Wake>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match jobs.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        commit_group(connection, org, group, wakes);
    }
    if let Err(error) = connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
    {
        tracing::warn!(%error, "the store could not be tidied on closing");
    }
}

fn commit_group(
    connection: &Connection,
    org: i64,
    group: Vec<Job>,
    wakes: &broadcast::Sender<Wake>,
) {
    let mut answers = Vec::with_capacity(group.len());
    let unit = Unit::new(connection, org);
    let result = carry_out(&unit, group, &mut answers);
    let failed = result.is_err();
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a failed commit could not be rolled back");
    }
    let head = unit.head().unwrap_or_default();
    let touched = unit.into_touched();
    if let Err(error) = &result {
        tracing::error!(%error, "a commit failed");
    }
    let full = matches!(result, Err(Error::DiskFull));
    for answer in answers {
        answer(match (failed, full) {
            (false, _) => Ok(()),
            (true, true) => Err(Error::DiskFull),
            (true, false) => Err(Error::Stopped),
        });
    }
    if !failed && !touched.audiences.is_empty() {
        let sole = touched.sole();
        // Nobody listening is no failure.
        let _ = wakes.send(Wake { head, audiences: touched.audiences.into(), sole });
    }
}

fn carry_out(unit: &Unit<'_>, group: Vec<Job>, answers: &mut Vec<Answer>) -> Result<()> {
    let connection = unit.connection();
    // Jobs that are dropped unanswered tell their callers to come again.
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for job in group {
        connection.execute_batch("SAVEPOINT job")?;
        let (keep, answer) = job(unit);
        unit.work_of(None);
        answers.push(answer);
        if !keep {
            connection.execute_batch("ROLLBACK TO job")?;
            unit.forget();
        }
        connection.execute_batch("RELEASE job")?;
    }
    Ok(connection.execute_batch("COMMIT")?)
}
