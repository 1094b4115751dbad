//! `cargo xtask package`: installable packages of the desktop and the server.
//!
//! The desktop's .deb is made by the bundler of the UI's own packages; the
//! server's by dpkg-deb, with a systemd unit and a user of its own.
//! Invariant: installing the server starts nothing: the administrator runs
//! `lantian-server init` first.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::workspace::{Workspace, cargo_in, shown};

const UNIT: &str = include_str!("package/lantian-server.service");
const POSTINST: &str = include_str!("package/postinst");
const PRERM: &str = include_str!("package/prerm");

/// Makes both packages in target/packages.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let needs = [Need::System, Need::UiPackages, Need::UiBuilt];
    let mut steps = Steps::new(needs.len() + 2);
    setup::run(workspace, &mut steps, &needs)?;
    let out = workspace.target.join("packages");
    fs::create_dir_all(&out).context("making the folder for packages")?;
    let server = steps.must("the server's package", || server(workspace, &out))?;
    let desktop = steps.must("the desktop's package", || desktop(workspace, &out))?;
    println!("\n{}\n{}", shown(workspace, &server), shown(workspace, &desktop));
    steps.finish()
}

fn desktop(workspace: &Workspace, out: &Path) -> Result<PathBuf> {
    let mut bundler = setup::node::npm(workspace, &workspace.root)?;
    bundler.args(["exec", "--prefix", "ui", "--", "tauri", "build", "--bundles", "deb", "--ci"]);
    bundler.env("CARGO_TARGET_DIR", &workspace.target);
    process::run(&mut bundler)?;
    let folder = workspace.target.join("release/bundle/deb");
    let made = newest_deb(&folder)?;
    let place = out.join(made.file_name().context("the package has no name")?);
    fs::copy(&made, &place).context("copying the package")?;
    Ok(place)
}

fn newest_deb(folder: &Path) -> Result<PathBuf> {
    let mut debs = Vec::new();
    for entry in fs::read_dir(folder).context("reading the bundler's folder")? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "deb") {
            debs.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    debs.into_iter().max().map(|(_, path)| path).context("the bundler made no package")
}

fn server(workspace: &Workspace, out: &Path) -> Result<PathBuf> {
    let mut build = cargo_in(workspace);
    build.args(["build", "--release", "--package", "lantian-server", "--bin", "lantian-server"]);
    process::run(&mut build)?;
    let tree = workspace.notes()?.join("server-package");
    if tree.exists() {
        fs::remove_dir_all(&tree).context("clearing the last package")?;
    }
    let binary = workspace.target.join("release/lantian-server");
    lay_out(&tree, &binary)?;
    let architecture =
        process::capture(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
    let version = env!("CARGO_PKG_VERSION");
    write(&tree.join("DEBIAN/control"), &control(version, &architecture), 0o644)?;
    let place = out.join(format!("lantian-server_{version}_{architecture}.deb"));
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--build", "--root-owner-group"]).arg(&tree).arg(&place);
    process::run(&mut pack)?;
    ensure!(place.is_file(), "dpkg-deb made no package");
    Ok(place)
}

fn lay_out(tree: &Path, binary: &Path) -> Result<()> {
    let program = tree.join("usr/bin/lantian-server");
    write(&tree.join("usr/lib/systemd/system/lantian-server.service"), UNIT, 0o644)?;
    write(&tree.join("DEBIAN/postinst"), POSTINST, 0o755)?;
    write(&tree.join("DEBIAN/prerm"), PRERM, 0o755)?;
    make_parent(&program)?;
    fs::copy(binary, &program).context("copying the server")?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).context("its permissions")
}

fn control(version: &str, architecture: &str) -> String {
    format!(
        "Package: lantian-server\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: 新郑蓝天燃气 <noreply@lantian.example>\n\
         Section: misc\n\
         Priority: optional\n\
         Depends: libc6, adduser\n\
         Recommends: ca-certificates\n\
         Description: company server of 蓝天报装\n \
         Judges and records the field work of gas connections.\n"
    )
}

fn write(path: &Path, content: &str, mode: u32) -> Result<()> {
    make_parent(path)?;
    fs::write(path, content).with_context(|| format!("writing {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).context("its permissions")
}

fn make_parent(path: &Path) -> Result<()> {
    let parent = path.parent().context("a path without a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_file_has_no_indented_field() {
        let text = control("1.2.3", "amd64");
        let fields: Vec<&str> = text.lines().filter(|line| !line.starts_with(' ')).collect();
        assert!(fields.iter().all(|line| line.contains(": ")), "{text}");
        assert!(text.contains("\n Judges and records"), "{text}");
    }

    #[test]
    fn the_unit_waits_for_an_administrator_to_create_the_store() {
        assert!(UNIT.contains("ConditionPathExists=/var/lib/lantian-server/"));
        assert!(!POSTINST.contains("systemctl start"));
    }
}
