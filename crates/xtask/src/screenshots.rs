//! `cargo xtask screenshots DIR`: pictures of every screen, from demo data.

use anyhow::Result;

use crate::demo;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Sets up the demo on a display in memory and takes the pictures.
pub(crate) fn run(workspace: &Workspace, folder: &str) -> Result<()> {
    let mut steps = Steps::new(demo::PREPARING + 1);
    let stage = demo::prepare(workspace, &mut steps, None, demo::Audience::Camera)?;
    steps.must("pictures", || demo::shots(workspace, &stage, folder))?;
    steps.finish()
}
