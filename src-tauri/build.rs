//! Builds the shell's resources: icons, the compiled configuration, and the
//! list of what a window may call.
//!
//! The workspace root is the desktop package, so the capability files lie in
//! `src-tauri/capabilities/` and not where the builder looks by itself; the
//! pattern below names them. Invariant: without a readable capability file
//! the build stops, it never falls back to a wider permission.

use std::{fs, path::Path};

mod calls;

const PAGES: &str = "ui/dist";
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>蓝天报装</title>\
    <p>The pages are not built yet: run <code>cargo xtask setup</code>, then build again.</p>\n";

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist/index.html");
    if let Err(error) = provide_pages(Path::new(PAGES)) {
        stop(&format!("{PAGES} cannot be written: {error}"));
    }
    let manifest = tauri_build::AppManifest::new().commands(calls::CALLS);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern("./src-tauri/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        stop(&format!("{error:#}"));
    }
}

/// A fresh clone has no built pages, and the shell embeds them: a page that
/// says so lets checks and tests of the shell run without them.
fn provide_pages(folder: &Path) -> std::io::Result<()> {
    let index = folder.join("index.html");
    if index.exists() {
        return Ok(());
    }
    println!("cargo:warning=ui/dist is not built; the window will show a placeholder");
    fs::create_dir_all(folder)?;
    fs::write(index, PLACEHOLDER)
}

fn stop(why: &str) -> ! {
    eprintln!("the desktop shell cannot be built: {why}");
    std::process::exit(1);
}
