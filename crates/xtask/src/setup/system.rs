//! Packages of Debian and Ubuntu.
//!
//! Invariant: nothing is installed on another system; there, the list is
//! printed and the command goes on, so that it fails where the thing is used.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{capture, run, which};

const PACKAGES: [&str; 14] = [
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libssl-dev",
    "pkg-config",
    "build-essential",
    "perl",
    "webkit2gtk-driver",
    "xvfb",
    "dbus-x11",
    "gnome-keyring",
    "fonts-noto-cjk",
    "chromium",
    // Its `import` takes the pictures of a display in memory.
    "imagemagick",
];

/// Installs what is missing.
pub(crate) fn ensure() -> Result<()> {
    if which("dpkg-query").is_none() || which("apt-get").is_none() {
        println!("    this is not Debian or Ubuntu; the equivalents of these must be there:");
        println!("    {}", PACKAGES.join(" "));
        return Ok(());
    }
    install(&missing()?)
}

/// Installs `packages` with apt-get, as root or through sudo.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        println!("    all there");
        return Ok(());
    }
    println!("    will be installed: {}", packages.join(" "));
    let mut update = apt_get()?;
    run(update.args(["update", "--quiet"])).context("refreshing the package lists")?;
    let mut install = apt_get()?;
    install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages);
    run(&mut install)
}

fn missing() -> Result<Vec<&'static str>> {
    let known = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(PACKAGES)
        .output()
        .context("asking dpkg what is installed")?;
    // dpkg-query ends with an error when it has never heard of a package;
    // such a package is simply not in its list.
    Ok(not_installed(&PACKAGES, &String::from_utf8_lossy(&known.stdout)))
}

fn not_installed<'a>(wanted: &[&'a str], listing: &str) -> Vec<&'a str> {
    let installed =
        |name: &str| listing.lines().any(|line| line.split_once(' ') == Some((name, "installed")));
    wanted.iter().copied().filter(|name| !installed(name)).collect()
}

fn apt_get() -> Result<Command> {
    let root = capture(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = if root {
        Command::new("apt-get")
    } else if which("sudo").is_some() {
        let mut command = Command::new("sudo");
        command.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        command
    } else {
        let list = PACKAGES.join(" ");
        bail!(
            "system packages are missing, and neither root nor sudo is at hand; as root run: apt-get install {list}"
        );
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_state_installed_counts_as_there() {
        let listing = "xvfb installed\nperl config-files\nchromium not-installed\n";
        assert_eq!(
            not_installed(&["xvfb", "perl", "chromium", "unknown"], listing),
            ["perl", "chromium", "unknown"]
        );
    }
}
