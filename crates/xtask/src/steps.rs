//! Steps of a long command: "n of m", elapsed time, and a summary.
//!
//! Invariant: a step that failed, or did not run because an earlier one
//! failed, makes the whole command fail.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What a failed step does to those after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// They do not run.
    Stop,
    /// They run, unless they need what failed.
    GoOn,
}

/// The steps of one command, in the order in which they run.
pub(crate) struct Steps {
    total: usize,
    after_failure: AfterFailure,
    started: Instant,
    done: Vec<Done>,
}

struct Done {
    name: String,
    outcome: Outcome,
    took: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    NotRun,
}

impl Steps {
    /// A command of `total` steps, all of which are tried.
    pub(crate) fn new(total: usize) -> Self {
        Self::with(total, AfterFailure::GoOn)
    }

    /// A command of `total` steps with a choice for the first failure.
    pub(crate) fn with(total: usize, after_failure: AfterFailure) -> Self {
        Self { total, after_failure, started: Instant::now(), done: Vec::new() }
    }

    /// Runs a step, unless an earlier failure stops it; returns whether it
    /// passed.
    pub(crate) fn attempt(&mut self, name: &str, act: impl FnOnce() -> Result<()>) -> bool {
        if self.after_failure == AfterFailure::Stop && self.first_failure().is_some() {
            self.note(name, Outcome::NotRun, Duration::ZERO);
            return false;
        }
        self.announce(name);
        let began = Instant::now();
        let result = act();
        if let Err(error) = &result {
            eprintln!("    FAILED: {error:#}");
        }
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.note(name, outcome, began.elapsed());
        result.is_ok()
    }

    /// Like [`Steps::attempt`], but only when what it stands on has passed.
    pub(crate) fn attempt_if(
        &mut self,
        ready: bool,
        name: &str,
        act: impl FnOnce() -> Result<()>,
    ) -> bool {
        if ready {
            return self.attempt(name, act);
        }
        self.note(name, Outcome::NotRun, Duration::ZERO);
        false
    }

    /// Runs a step without which the command cannot go on.
    pub(crate) fn must<T>(&mut self, name: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        self.announce(name);
        let began = Instant::now();
        let value = act()?;
        self.note(name, Outcome::Passed, began.elapsed());
        Ok(value)
    }

    /// Prints the summary; an error when anything failed or did not run.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for done in &self.done {
            let word = match done.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "FAILED",
                Outcome::NotRun => "not run",
            };
            println!("{word:>8}  {:>8}  {}", clock(done.took), done.name);
        }
        let passed = self.done.iter().filter(|done| done.outcome == Outcome::Passed).count();
        let failed = self.done.len() - passed;
        println!("\nsteps: {passed} passed, {failed} failed");
        println!("total time {}", clock(self.started.elapsed()));
        if let Some(first) = self.first_failure() {
            bail!("{failed} of {} steps did not pass; the first: {}", self.done.len(), first.name);
        }
        Ok(())
    }

    fn first_failure(&self) -> Option<&Done> {
        self.done.iter().find(|done| done.outcome != Outcome::Passed)
    }

    fn note(&mut self, name: &str, outcome: Outcome, took: Duration) {
        self.done.push(Done { name: name.to_owned(), outcome, took });
    }

    fn announce(&self, name: &str) {
        let number = self.done.len() + 1;
        let total = self.total.max(number);
        println!(
            "\n[{number}/{total}] {name}  ({} since the start)",
            clock(self.started.elapsed())
        );
    }
}

fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{}:{:02} min", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_command_and_the_others_still_run() {
        let mut steps = Steps::new(3);
        assert!(!steps.attempt("first", || bail!("broken")));
        let mut ran = false;
        steps.attempt("second", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(
            steps.finish().unwrap_err().to_string(),
            "1 of 2 steps did not pass; the first: first"
        );
    }

    #[test]
    fn a_command_that_stops_runs_nothing_after_the_first_failure() {
        let mut steps = Steps::with(3, AfterFailure::Stop);
        assert!(steps.attempt("first", || Ok(())));
        assert!(!steps.attempt("second", || bail!("broken")));
        assert!(!steps.attempt("third", || unreachable!("must not run")));
        assert_eq!(
            steps.finish().unwrap_err().to_string(),
            "2 of 3 steps did not pass; the first: second"
        );
    }

    #[test]
    fn a_step_without_its_ground_does_not_run_and_is_no_success() {
        let mut steps = Steps::new(1);
        steps.attempt_if(false, "never", || unreachable!("must not run"));
        assert!(steps.finish().is_err());
    }

    #[test]
    fn all_passed_is_a_success() {
        let mut steps = Steps::new(1);
        steps.must("only", || Ok(())).unwrap();
        steps.finish().unwrap();
    }

    #[test]
    fn long_times_are_shown_in_minutes() {
        assert_eq!(clock(Duration::from_millis(1_540)), "1.5 s");
        assert_eq!(clock(Duration::from_secs(125)), "2:05 min");
    }
}
