//! F34: the device is full: a file system of its own, as small as a full one,
//! in a mount namespace that ends with its commands.

use std::fs;
use std::path::Path;
use std::process::Command;

use lantian_tests::outcome::Outcome;
use lantian_tests::{folder, programs};
use serde_json::Value;

use super::Scene;

/// Acts on the full device; the first are saved in the room kept back.
const ACTS: usize = 6;
const SCRIPT: &str = r#"
set -eu
mount -t tmpfs -o size=24m full "$LANTIAN_HOME"
cp -a "$ASIDE/." "$LANTIAN_HOME"
act() {
    code=0
    "$LANTIAN" --json do add_note --on "$LEAD" --data "{\"text\":\"满盘-$1\"}" \
        > "$ASIDE/$1.json" 2> "$ASIDE/$1.err" || code=$?
    echo "$code" > "$ASIDE/$1.code"
}
for n in $(seq 1 "$ACTS"); do
    head -c 64M /dev/zero >> "$LANTIAN_HOME/fill" 2> /dev/null || true
    act "$n"
done
"$LANTIAN" --json status > "$ASIDE/status.json" || true
rm "$LANTIAN_HOME/fill"
act room
cp -a "$LANTIAN_HOME/." "$BACK"
"#;

#[test]
fn f34_on_a_full_device_what_is_saved_is_kept_and_what_is_not_is_said() {
    let scene = Scene::with_pending_act();
    let (aside, back) = (scene.folder.path().join("aside"), scene.folder.path().join("back"));
    folder::copy(scene.tablet.home(), &aside);
    fs::create_dir(&back).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", SCRIPT]);
    scene.tablet.open_in(&mut command);
    command.env("LANTIAN", programs::lantian()).env("LEAD", &scene.lead);
    command.env("ASIDE", &aside).env("BACK", &back).env("ACTS", ACTS.to_string());
    let done = Outcome::of(&mut command, "");
    assert_eq!(done.code, Some(0), "{}", done.stderr);

    let mut saved = Vec::new();
    let mut refused = 0;
    for name in (1..=ACTS).map(|n| n.to_string()).chain(["room".to_owned()]) {
        let (code, told) = answer(&aside, &name);
        if code == 0 {
            saved.push(format!("满盘-{name}"));
        } else {
            assert_eq!(told["code"], "device_full", "{name}: {told}");
            refused += 1;
        }
    }
    assert!(saved.contains(&"满盘-1".to_owned()), "the room kept back saves the first one");
    assert!(saved.contains(&"满盘-room".to_owned()), "with room again it goes on");
    assert!(refused > 0, "a full device is said: {saved:?}");

    fs::remove_dir_all(scene.tablet.home()).unwrap();
    folder::copy(&back, scene.tablet.home());
    let status = scene.tablet.status();
    assert_eq!(status["pending"], saved.len() + 1, "{status}");
    scene.arrives();
    let body = scene.tablet.confirmed(&scene.lead).to_string();
    for text in &saved {
        assert_eq!(body.matches(&format!("\"{text}\"")).count(), 1, "{text} in {body}");
    }
    assert_eq!(body.matches("满盘-").count(), saved.len(), "nothing that was refused is there");
}

fn answer(aside: &Path, name: &str) -> (i32, Value) {
    let read = |end: &str| fs::read_to_string(aside.join(format!("{name}.{end}"))).unwrap();
    let code = read("code").trim().parse().unwrap();
    (code, serde_json::from_str(&read("json")).unwrap_or_else(|_| Value::String(read("err"))))
}
