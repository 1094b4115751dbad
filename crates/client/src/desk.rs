//! The thread that alone touches the replica.
//!
//! Words: a *job* is one short piece of work on what the thread holds.
//!
//! Invariant: one job at a time, in the order given; the queue is bounded. A
//! job that panics ends the thread, and every later job is told so: the store
//! is opened anew rather than used in an unknown state. Whoever drops the last
//! way to the thread waits until the store is closed: a process that ended
//! meanwhile would take the cryptography away under it.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

use lantian_replica::{Home, Replica};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};

const QUEUE: usize = 256;

/// What the thread holds.
#[derive(Default)]
pub(crate) struct Held {
    /// The right to work in the folder.
    pub(crate) home: Option<Home>,
    /// The open replica; without it the store is locked.
    pub(crate) replica: Option<Replica>,
}

type Job = Box<dyn FnOnce(&mut Held) + Send>;

/// The way to the thread.
#[derive(Clone)]
pub(crate) struct Desk {
    // Dropped before the thread is waited for, which ends when the last is.
    jobs: mpsc::Sender<Job>,
    _thread: Arc<Thread>,
}

/// The thread, waited for when dropped.
struct Thread(Option<JoinHandle<()>>);

impl Drop for Thread {
    fn drop(&mut self) {
        let other = |handle: &JoinHandle<()>| handle.thread().id() != thread::current().id();
        if let Some(handle) = self.0.take().filter(other) {
            // A panic was told to whoever asked for the job.
            let _ = handle.join();
        }
    }
}

impl Desk {
    /// Starts the thread; it ends when the last way to it is dropped.
    ///
    /// # Errors
    /// [`Error::Closing`] when the system gives no thread.
    pub(crate) fn start() -> Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(QUEUE);
        let work = move || {
            let mut held = Held::default();
            while let Some(job) = waiting.blocking_recv() {
                job(&mut held);
            }
        };
        let thread = thread::Builder::new()
            .name("replica".to_owned())
            .spawn(work)
            .map_err(|_| Error::Closing)?;
        Ok(Self { jobs, _thread: Arc::new(Thread(Some(thread))) })
    }

    /// Runs a job on what the thread holds.
    ///
    /// # Errors
    /// The job's own, or [`Error::Closing`].
    pub(crate) async fn hold<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Held) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job = move |held: &mut Held| {
            // Nobody waits any more: the work is done all the same.
            let _ = answer.send(job(held));
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Error::Closing)?;
        answered.await.map_err(|_| Error::Closing)?
    }

    /// Runs a job on the open replica, whose stores are usable.
    ///
    /// # Errors
    /// The job's own, or [`Error::Locked`]; the store's, when it has become
    /// unusable and cannot be opened again.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Replica) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.hold(|held| {
            let replica = held.replica.as_mut().ok_or(Error::Locked)?;
            replica.revive()?;
            job(replica)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn jobs_run_in_order_and_a_locked_store_says_so() {
        let desk = Desk::start().unwrap();
        let first = desk.hold(|held| Ok(held.replica.is_none())).await.unwrap();
        assert!(first);
        let locked = desk.ask(|_| Ok(())).await;
        assert!(matches!(locked, Err(Error::Locked)));
    }

    #[tokio::test]
    async fn whoever_drops_the_last_way_waits_for_the_work() {
        let (desk, done) = (Desk::start().unwrap(), Arc::new(()));
        let held = Arc::clone(&done);
        let job = move |_: &mut Held| {
            thread::park_timeout(std::time::Duration::from_millis(40));
            drop(held);
        };
        desk.jobs.send(Box::new(job)).await.ok().unwrap();
        let other = desk.clone();
        drop(desk);
        drop(other);
        assert_eq!(Arc::strong_count(&done), 1);
    }

    #[tokio::test]
    async fn a_panic_is_told_and_not_hidden() {
        let desk = Desk::start().unwrap();
        let broken: Result<()> = desk.hold(|_| panic!("a job of a test")).await;
        assert!(matches!(broken, Err(Error::Closing)));
        assert!(matches!(desk.hold(|_| Ok(())).await, Err(Error::Closing)));
    }
}
