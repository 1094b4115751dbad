//! Runs of a program that end by signal 9 at a random moment.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lantian_tests::chance::Chance;
use lantian_tests::outcome::Outcome;
use lantian_tests::{Company, Tablet, programs};

/// How a run ended.
pub enum End {
    /// By our hand, before it answered.
    Killed,
    /// By itself, in time.
    Answered(Outcome),
}

/// The middle of three runs.
pub fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..3)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[1]
}

/// Runs `lantian` and kills it at a random moment of what a run takes.
pub fn run_and_kill(tablet: &Tablet, words: &[&str], chance: &mut Chance, takes: Duration) -> End {
    let (child, said) = tablet.start(words);
    kill_after(child, said, moment(chance, takes))
}

/// Runs `lantian` and kills the server at a random moment meanwhile; gives the
/// tablet's exit code.
pub fn while_killing(
    tablet: &Tablet,
    words: &[&str],
    company: &mut Company,
    chance: &mut Chance,
    takes: Duration,
) -> Option<i32> {
    let (child, said) = tablet.start(words);
    wait(moment(chance, takes));
    company.kill();
    let output = child.wait_with_output().expect("its output can be read");
    let outcome = Outcome::read(said, &output);
    assert!(!outcome.stderr.contains("panicked"), "{}: {}", outcome.words, outcome.stderr);
    outcome.code
}

/// Starts an import and kills it after `moment`; whether it was killed.
pub fn import_and_kill(company: &Company, file: &Path, moment: Duration) -> bool {
    let mut command = Command::new(programs::server());
    command.arg("import").arg(file).args(["--source", "gonggai", "--data"]).arg(company.data());
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the import starts");
    matches!(kill_after(child, "import".to_owned(), moment), End::Killed)
}

/// Most of a run is the unlocking of the store; most moments are drawn from
/// what comes after it.
fn moment(chance: &mut Chance, takes: Duration) -> Duration {
    let early = chance.below(4) == 0;
    let from = if early { Duration::ZERO } else { takes.mul_f64(0.35) };
    chance.between(from, takes.mul_f64(1.02))
}

fn kill_after(mut child: Child, words: String, moment: Duration) -> End {
    wait(moment);
    // It may have ended by itself already.
    let _ = child.kill();
    let output = child.wait_with_output().expect("its output can be read");
    let outcome = Outcome::read(words, &output);
    assert!(!outcome.stderr.contains("panicked"), "{}: {}", outcome.words, outcome.stderr);
    if outcome.code.is_none() { End::Killed } else { End::Answered(outcome) }
}

fn wait(moment: Duration) {
    let until = Instant::now() + moment;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        thread::park_timeout(left);
    }
}
