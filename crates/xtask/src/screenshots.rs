//! `cargo xtask screenshots DIR`: pictures of every screen, from demo data.

use anyhow::Result;

use crate::demo;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Sets up the demo on a display in memory and takes the pictures.
pub(crate) fn run(workspace: &Workspace, folder: &str) -> Result<()> {
    let mut steps = Steps::new(demo::PREPARING + 2);
    let mut stage = demo::prepare(workspace, &mut steps, None, demo::Audience::Camera)?;
    steps.must("pictures of two tablets at work", || demo::shots(workspace, &stage, folder))?;
    steps.must("pictures of every role", || demo::rounds(workspace, &mut stage, folder))?;
    steps.finish()
}
