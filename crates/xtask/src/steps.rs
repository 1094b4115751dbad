//! Steps of a long command: "n of m", elapsed time, and a summary.
//!
//! Invariant: a step that failed, or could not run because an earlier one
//! failed, makes the whole command fail.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps of one command, in the order in which they run.
pub(crate) struct Steps {
    total: usize,
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
    /// A command of `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, started: Instant::now(), done: Vec::new() }
    }

    /// Runs a step and goes on whatever comes of it; returns whether it passed.
    pub(crate) fn attempt(&mut self, name: &str, act: impl FnOnce() -> Result<()>) -> bool {
        self.announce(name);
        let began = Instant::now();
        let result = act();
        if let Err(error) = &result {
            eprintln!("    FAILED: {error:#}");
        }
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.done.push(Done { name: name.to_owned(), outcome, took: began.elapsed() });
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
        self.announce(name);
        eprintln!("    not run: a step that it needs has failed");
        let outcome = Outcome::NotRun;
        self.done.push(Done { name: name.to_owned(), outcome, took: Duration::ZERO });
        false
    }

    /// Runs a step without which the command cannot go on.
    pub(crate) fn must<T>(&mut self, name: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        self.announce(name);
        let began = Instant::now();
        let value = act()?;
        let outcome = Outcome::Passed;
        self.done.push(Done { name: name.to_owned(), outcome, took: began.elapsed() });
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
        if failed > 0 {
            bail!("{failed} of {} steps did not pass", self.done.len());
        }
        Ok(())
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
        assert_eq!(steps.finish().unwrap_err().to_string(), "1 of 2 steps did not pass");
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
