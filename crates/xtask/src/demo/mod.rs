//! `cargo xtask demo`: a company and two tablets, from nothing.
//!
//! Words: the *company* is a running server with demo data; a *tablet* is a
//! home folder that was enrolled by `lantian` and is opened by a window; the
//! *play* is the offline work that the tablets hold when the windows open;
//! the *stage* is all of it. Invariants: a demo touches no other folder than
//! its own, and everything that it started ends with it.

mod company;
mod play;
mod tablet;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::binaries::{build_programs, point_at};
use crate::process::{self, Beside};
use crate::session::Display;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::workspace::{Workspace, shown};
use company::Company;
use tablet::Tablet;

/// Steps of [`prepare`], at most.
pub(crate) const PREPARING: usize = 8;

/// The people whose tablets are shown: a customer manager and the office.
const PEOPLE: [&str; 2] = ["manager1", "cm_lead1"];
/// Whose screens are pictured besides: one person of each kind of work.
const ROLES: [&str; 17] = [
    "hall1",
    "hotline1",
    "surveyor1",
    "estimator1",
    "tech_lead1",
    "eng_dispatcher1",
    "contractor_lead1",
    "acceptance_inspector1",
    "permit_agent1",
    "visit_agent1",
    "service_lead1",
    "inspector1",
    "assessor1",
    "leader1",
    "sys_admin1",
    "sec_admin1",
    "audit_admin1",
];
/// Marks a folder as one of ours, which may be emptied.
const MARK: &str = ".lantian-demo";

/// Who looks at the windows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A person at this machine's display.
    Person,
    /// A program that takes pictures on a display in memory.
    Camera,
}

/// A company, its tablets, and the work that they hold.
pub(crate) struct Stage {
    folder: PathBuf,
    tablets: Vec<Tablet>,
    /// Ends when the stage is dropped.
    company: Company,
}

/// Prepares the stage and shows it: windows, or pictures without a display.
pub(crate) fn run(workspace: &Workspace, data: Option<&str>) -> Result<()> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let audience = if has_display { Audience::Person } else { Audience::Camera };
    let mut steps = Steps::new(PREPARING + 1);
    let mut stage = prepare(workspace, &mut steps, data, audience)?;
    match audience {
        Audience::Person => steps.must("two windows", || windows(workspace, &mut stage))?,
        Audience::Camera => {
            let out = stage.folder.join("screenshots");
            let out = out.to_string_lossy().into_owned();
            steps.must("pictures (there is no display)", || shots(workspace, &stage, &out))?;
        }
    }
    steps.finish()
}

/// Builds everything, starts the company, enrols the tablets, plays the work.
pub(crate) fn prepare(
    workspace: &Workspace,
    steps: &mut Steps,
    data: Option<&str>,
    audience: Audience,
) -> Result<Stage> {
    let mut needs = vec![Need::System, Need::UiPackages, Need::UiBuilt];
    if audience == Audience::Camera {
        needs.push(Need::TauriDriver);
    }
    setup::run(workspace, steps, &needs)?;
    steps.must("build lantian, lantian-server and the window", || build_programs(workspace))?;
    let folder = steps.must("a fresh data folder", || fresh_folder(workspace, data))?;
    let mut company = steps.must("the company's server with demo data", || {
        Company::found(workspace, &folder.join("server"))
    })?;
    let tablets = steps.must("two tablets, and work done offline", || {
        let enrol = |name: &&str| Tablet::enrol(workspace, &folder, name, company.url());
        let tablets = PEOPLE.iter().map(enrol).collect::<Result<Vec<_>>>()?;
        play::offline_work(&mut company, &tablets)?;
        Ok(tablets)
    })?;
    Ok(Stage { folder, tablets, company })
}

/// Takes pictures of every tablet's screens into `folder`: offline, so that
/// they show what waits to be sent.
pub(crate) fn shots(workspace: &Workspace, stage: &Stage, folder: &str) -> Result<()> {
    let folder = std::path::absolute(folder).context("the folder for pictures")?;
    let display = Display::start()?;
    for tablet in &stage.tablets {
        let out = folder.join(tablet.name());
        fs::create_dir_all(&out).context("making the folder for pictures")?;
        camera(workspace, &display, tablet, "work", &out)?;
    }
    println!("    pictures are in {}", shown(workspace, &folder));
    Ok(())
}

/// Takes pictures of every door of every role into `folder`, with the company
/// within reach.
pub(crate) fn rounds(workspace: &Workspace, stage: &mut Stage, folder: &str) -> Result<()> {
    let folder = std::path::absolute(folder).context("the folder for pictures")?;
    stage.company.open()?;
    let display = Display::start()?;
    for name in ROLES {
        let tablet = Tablet::enrol(workspace, &stage.folder, name, stage.company.url())?;
        let out = folder.join(name);
        fs::create_dir_all(&out).context("making the folder for pictures")?;
        camera(workspace, &display, &tablet, "doors", &out)?;
    }
    println!("    pictures are in {}", shown(workspace, &folder));
    Ok(())
}

fn camera(
    workspace: &Workspace,
    display: &Display,
    tablet: &Tablet,
    what: &str,
    out: &Path,
) -> Result<()> {
    let mut command = display.command(workspace.binary("shots"));
    command.current_dir(&workspace.root).args([what, "--out"]).arg(out);
    point_at(workspace, &mut command);
    tablet.open_in(&mut command);
    process::run(&mut command)
}

/// Opens the company again, and one window per tablet; waits until all are
/// closed.
fn windows(workspace: &Workspace, stage: &mut Stage) -> Result<()> {
    stage.company.open()?;
    let mut open = Vec::new();
    for tablet in &stage.tablets {
        open.push(Beside::start(workspace.binary("lantian-desktop"), |command: &mut Command| {
            tablet.open_in(command);
        })?);
    }
    println!("    server:  {}", stage.company.url());
    println!(
        "    people:  {} (password {}, PIN {})",
        PEOPLE.join(", "),
        tablet::PASSWORD,
        tablet::PIN
    );
    println!("    data:    {}", shown(workspace, &stage.folder));
    println!("    The server stops when both windows are closed, or at Ctrl-C.");
    for window in &mut open {
        window.wait()?;
    }
    Ok(())
}

/// Empties the last demo's folder, or makes one; another folder that holds
/// something is refused.
fn fresh_folder(workspace: &Workspace, data: Option<&str>) -> Result<PathBuf> {
    let folder = match data {
        Some(data) => std::path::absolute(data).context("the data folder")?,
        None => workspace.target.join("demo"),
    };
    clear(&folder)?;
    fs::create_dir_all(&folder).context("making the data folder")?;
    fs::write(folder.join(MARK), "").context("marking the data folder")?;
    println!("    {}", shown(workspace, &folder));
    Ok(folder)
}

fn clear(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_empty = fs::read_dir(folder).context("reading the data folder")?.next().is_none();
    ensure!(
        is_empty || folder.join(MARK).is_file(),
        "{} holds something that is not a demo; name an empty or new folder",
        folder.display()
    );
    fs::remove_dir_all(folder).context("clearing the last demo")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-demo-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_folder_that_is_no_demo_is_never_emptied() {
        let folder = folder("foreign");
        fs::write(folder.join("letter.txt"), "precious").unwrap();
        let error = clear(&folder).unwrap_err();
        assert!(error.to_string().contains("is not a demo"), "{error}");
        assert!(folder.join("letter.txt").is_file());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_last_demo_is_emptied() {
        let folder = folder("own");
        fs::write(folder.join(MARK), "").unwrap();
        fs::write(folder.join("outbox.db"), "").unwrap();
        clear(&folder).unwrap();
        assert!(!folder.exists());
    }
}
