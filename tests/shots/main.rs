//! Pictures of the real window, as a person with work on the tablet sees it.
//!
//! Use: `shots work|doors --out DIR`, with `LANTIAN_HOME`, `LANTIAN_KEY_STORE` and
//! `LANTIAN_PIN` naming a tablet that is enrolled; `cargo xtask demo` and
//! `cargo xtask screenshots` do so. `work` is the way of somebody at work, `doors`
//! every door that a role has. The tablet is not changed but for drafts.
//!
//! Invariant: it ends with 0 only when every picture was written and shows
//! something.

mod doors;
mod picture;
mod tour;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: shots work|doors --out DIR, with LANTIAN_HOME, LANTIAN_KEY_STORE and LANTIAN_PIN \
                     of an enrolled tablet";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [what @ ("work" | "doors"), "--out", out] =
        arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Some(tablet) = Opened::from_environment() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    std::fs::create_dir_all(out).expect("the folder for pictures can be made");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the runtime starts").block_on(async {
        match what {
            "doors" => doors::take(&tablet, Path::new(out)).await,
            _ => tour::take(&tablet, Path::new(out)).await,
        }
    });
    ExitCode::SUCCESS
}

/// The tablet that the pictures are of.
struct Opened {
    home: PathBuf,
    key_store: String,
    pin: String,
}

impl Opened {
    fn from_environment() -> Option<Self> {
        let text = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let home = std::path::absolute(text("LANTIAN_HOME")?).ok()?;
        Some(Self { home, key_store: text("LANTIAN_KEY_STORE")?, pin: text("LANTIAN_PIN")? })
    }
}
