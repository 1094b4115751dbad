//! Where the product's programs are: named by the environment, else beside
//! the test program itself.

use std::env;
use std::path::PathBuf;

/// `lantian`, the tablet without a window.
pub fn lantian() -> PathBuf {
    find("LANTIAN_BIN", "lantian", "cargo build -p lantian-cli")
}

/// `lantian-server`, the company's side.
pub fn server() -> PathBuf {
    find("LANTIAN_SERVER_BIN", "lantian-server", "cargo build -p lantian-server")
}

/// `lantian-desktop`, the window.
pub fn desktop() -> PathBuf {
    let build = "cargo build -p lantian-desktop --features tauri/custom-protocol";
    find("LANTIAN_DESKTOP_BIN", "lantian-desktop", build)
}

/// `tauri-driver`, which steers the window.
pub fn tauri_driver() -> PathBuf {
    if let Some(named) = named("TAURI_DRIVER_BIN") {
        return named;
    }
    let built = build_folder().parent().map(|target| target.join("tools/bin/tauri-driver"));
    built.filter(|file| file.is_file()).or_else(|| in_path("tauri-driver")).unwrap_or_else(|| {
        panic!("tauri-driver is missing: `cargo xtask test` installs it, or name it by TAURI_DRIVER_BIN")
    })
}

/// The program `name` in `PATH`.
pub fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn find(variable: &str, name: &str, build: &str) -> PathBuf {
    let file = named(variable).unwrap_or_else(|| build_folder().join(name));
    assert!(
        file.is_file(),
        "{} is missing: run `{build}` first, or name the program by {variable}",
        file.display()
    );
    file
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// `target/debug`: the folder of this program, without its `deps`.
fn build_folder() -> PathBuf {
    let this = env::current_exe().expect("the system names the running program");
    let folder = this.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder.parent().expect("`deps` lies in the build folder").to_owned()
    } else {
        folder.to_owned()
    }
}
