//! Writes the stores that this release leaves to a folder of tests/upgrade:
//! `cargo run -p lantian-faults --bin keep-release -- tests/upgrade/VERSION`.

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1);
    let folder = folder.ok_or_else(|| anyhow::anyhow!("usage: keep-release FOLDER"))?;
    anyhow::ensure!(!Path::new(&folder).exists(), "{folder} is there already");
    lantian_faults::release::make(Path::new(&folder))
}
