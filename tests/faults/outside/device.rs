//! Faults of the device: a second process, a folder that cannot be written, a
//! key that is not where it was.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use lantian_tests::folder::files;
use lantian_tests::impostor::Impostor;
use lantian_tests::outcome::{LOCKED, Outcome};
use lantian_tests::{PIN, programs};

use super::{Scene, coded};

#[test]
fn a_second_process_is_told_who_holds_the_replica() {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    // A synchronisation with a silent server holds the replica.
    let impostor = Impostor::silent(scene.company.address());
    let (mut holder, _) = scene.tablet.start(&["sync"]);
    let until = Instant::now() + Duration::from_secs(30);
    while impostor.calls() == 0 {
        assert!(Instant::now() < until, "the first process never called");
        thread::park_timeout(Duration::from_millis(10));
    }
    for words in [
        &["status"][..],
        &["sync"],
        &["do", "add_note", "--on", &scene.lead, "--data", "{\"text\":\"x\"}"],
    ] {
        let answer = scene.tablet.run(words).ended(LOCKED);
        coded(&answer, "held_elsewhere");
        let told = answer.to_string();
        assert!(told.contains(&holder.id().to_string()), "the holder is not named: {told}");
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
    drop(impostor);
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

#[test]
fn a_missing_key_leads_to_recovery_and_never_to_a_new_key() {
    let scene = Scene::with_pending_act();
    let key = fs::read(scene.tablet.key_file()).unwrap();
    let before = contents(scene.tablet.home());
    fs::remove_file(scene.tablet.key_file()).unwrap();
    for words in [&["status"][..], &["sync"], &["list", "leads"]] {
        let answer = scene.tablet.run(words).ended(LOCKED);
        coded(&answer, "recovery_needed");
    }
    let again = scene.tablet.sign_in(scene.company.url());
    assert_ne!(
        again.code,
        Some(0),
        "a second enrolment must not replace the stores: {}",
        again.stdout
    );
    assert_eq!(contents(scene.tablet.home()), before, "nothing was written over the stores");
    fs::write(scene.tablet.key_file(), key).unwrap();
    scene.still_pending();
    scene.arrives();
}

#[test]
fn a_wrong_pin_opens_nothing() {
    let scene = Scene::with_pending_act();
    let mut command = Command::new(programs::lantian());
    command.arg("--json").arg("status");
    scene.tablet.open_in(&mut command);
    command.env("LANTIAN_PIN", PIN.replace('2', "9"));
    coded(&Outcome::of(&mut command, "").ended(LOCKED), "wrong_pin");
    scene.still_pending();
    scene.arrives();
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_left_alone() {
    let scene = Scene::with_pending_act();
    let before = contents(scene.tablet.home());
    guard(scene.folder.path(), Rights::Read);
    let answer =
        as_nobody(&scene, &["do", "add_note", "--on", &scene.lead, "--data", "{\"text\":\"x\"}"]);
    assert!(!matches!(answer.code, Some(0 | 3 | 4)), "{:?} {}", answer.code, answer.stdout);
    coded(&answer.value, "read_only");
    assert_eq!(contents(scene.tablet.home()), before);
    guard(scene.folder.path(), Rights::Write);
    scene.still_pending();
    scene.arrives();
}

#[derive(Clone, Copy)]
enum Rights {
    Read,
    Write,
}

fn guard(folder: &Path, rights: Rights) {
    let (file, dir) = match rights {
        Rights::Read => (0o444, 0o555),
        Rights::Write => (0o600, 0o700),
    };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            guard(&path, rights);
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(file)).unwrap();
        }
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(dir)).unwrap();
}

/// Runs `lantian` without the rights of root, to whom no folder is closed.
fn as_nobody(scene: &Scene, words: &[&str]) -> Outcome {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let program =
        scene.folder.path().parent().unwrap().join(format!("lantian-{}", std::process::id()));
    let mut command = if root {
        // The build folder may be closed to others; a copy is not.
        fs::copy(programs::lantian(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(programs::lantian())
    };
    command.arg("--json").args(words);
    scene.tablet.open_in(&mut command);
    let outcome = Outcome::of(&mut command, "");
    if root {
        fs::remove_file(program).unwrap();
    }
    outcome
}

/// Every file of the stores with its content, but for the holder's name.
fn contents(home: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |file: &Path| file.strip_prefix(home).unwrap().to_string_lossy().into_owned();
    let kept = |file: &Path| !file.ends_with("holder.lock") && !name(file).ends_with("-shm");
    files(home)
        .iter()
        .filter(|file| kept(file))
        .map(|file| (name(file), fs::read(file).unwrap()))
        .collect()
}
