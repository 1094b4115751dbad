//! Builds the shell's resources: icons, the compiled configuration, and the
//! list of what a window may call.
//!
//! The workspace root is the desktop package, so the capability files lie in
//! `src-tauri/capabilities/` and not where the builder looks by itself; the
//! pattern below names them. Invariant: without a readable capability file
//! the build stops, it never falls back to a wider permission.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist/index.html");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("the desktop shell cannot be built: {error:#}");
        std::process::exit(1);
    }
}
