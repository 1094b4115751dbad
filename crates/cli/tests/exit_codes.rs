//! Exit codes and the one document on stdout, as scripts rely on them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use lantian_domain::role::{OrgUnit, Role};
use lantian_server::{
    Config, Handle,
    identity::{
        accounts::{self, NewAccount},
        password,
    },
};
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSWORD: &str = "exit-codes-2026";
const PIN: &str = "246810";

struct Scene {
    folder: TempDir,
    server: Option<Handle>,
    url: String,
}

impl Scene {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::throwaway(folder.path().join("company"));
        let founded = lantian_server::found(&config, "退出码燃气").unwrap();
        let at = config.clock.now();
        let account = NewAccount {
            login: "hall".to_owned(),
            name: "窗口员".to_owned(),
            roles: [Role::HallClerk].into(),
            org: OrgUnit::GovHall,
            password: password::hash_at(PASSWORD, config.password_cost).unwrap(),
            one_time: false,
        };
        founded.store.write_now(move |unit| accounts::create_reader(unit, account, at)).unwrap();
        drop(founded);
        let server = lantian_server::spawn(config).await.unwrap();
        let url = server.url();
        Self { folder, server: Some(server), url }
    }

    /// Runs `lantian`; its exit code and its document.
    fn run(&self, words: &[&str], input: &str) -> (i32, Value) {
        let key = format!("file:{}", self.folder.path().join("key").display());
        let mut command = lantian(&self.folder.path().join("tablet"));
        command.env("LANTIAN_KEY_STORE", key).env("LANTIAN_PIN", PIN).args(words);
        converse(&mut command, input)
    }

    fn enrol(&self, password: &str) -> (i32, Value) {
        let words =
            ["enrol", "--server", &self.url, "--user", "hall", "--password-stdin", "--pin-stdin"];
        self.run(&words, &format!("{password}\n{PIN}\n"))
    }
}

fn lantian(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lantian"));
    command.env_remove("LANTIAN_PIN").env_remove("LANTIAN_HOME").env_remove("LANTIAN_CA_FILE");
    command.arg("--json").arg("--home").arg(home);
    command
}

fn converse(command: &mut Command, input: &str) -> (i32, Value) {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // A program that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().unwrap(), value)
}

fn coded(answer: &(i32, Value), exit: i32, code: &str) {
    assert_eq!((answer.0, &answer.1["code"]), (exit, &json!(code)), "{}", answer.1);
    assert!(answer.1["message"].as_str().is_some_and(|text| !text.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_end_has_its_code() {
    let mut scene = Scene::open().await;
    coded(&scene.run(&["status"], ""), 5, "not_enrolled");
    coded(&scene.enrol("wrong"), 5, "bad_credentials");
    assert_eq!(scene.enrol(PASSWORD).0, 0);
    assert_eq!(scene.run(&["sync"], "").0, 0);

    let push = json!({
        "source": "gonggai", "source_key": "k", "pushed_at": "2026-11-20T09:00:00+08:00",
        "region_code": "410184", "project_name": "示例家园",
    });
    let (code, done) = scene.run(&["do", "receive_push", "--data", &push.to_string()], "");
    assert_eq!((code, &done["pending"]), (0, &json!(true)), "{done}");
    let lead = done["record_id"].as_str().unwrap();
    let refused = scene.run(&["do", "reassign_lead", "--on", lead, "--data", "{}"], "");
    coded(&refused, 3, "E_FORMAT");
    let note = ["judge", "convert_lead", "--on", lead, "--data", "{}"];
    assert_eq!(scene.run(&note, "").0, 3);

    coded(&scene.run(&["do", "no_such_command"], ""), 2, "bad_input");
    assert_eq!(scene.run(&["no-such-word"], "").0, 2);
    let mut locked = lantian(&scene.folder.path().join("tablet"));
    coded(&converse(locked.arg("status"), ""), 5, "locked");
    coded(&converse(locked.env("LANTIAN_PIN", "000000"), ""), 5, "wrong_pin");

    scene.server.take().unwrap().stop().await.unwrap();
    coded(&scene.run(&["sync"], ""), 4, "offline");
    let (code, status) = scene.run(&["status"], "");
    assert_eq!((code, &status["online"], &status["pending"]), (0, &json!("offline"), &json!(1)));
}

/// Given on a watch, on reference data, or on whatever has clocks or a person.
const STATELESS: [&str; 11] = [
    "read_notice",
    "publish_prices",
    "check_feed",
    "confirm_policy",
    "publish_policy",
    "publish_calendar",
    "name_department",
    "note_breaches",
    "recount_clocks",
    "unmask",
    "erase_data",
];

#[test]
fn the_catalogue_needs_no_store() {
    let nowhere = Path::new("/nonexistent");
    let (code, all) = converse(lantian(nowhere).arg("commands"), "");
    let all = all["items"].as_array().unwrap().clone();
    assert_eq!((code, all.len()), (0, lantian_domain::command::CommandName::ALL.len()));
    for command in &all {
        assert!(command["schema"]["type"].is_string(), "{command}");
        assert!(!command["roles"].as_array().unwrap().is_empty(), "{}", command["command"]);
        let creates = command["creates"].is_string();
        let states = command["states"].as_array().unwrap();
        let name = command["command"].as_str().unwrap();
        let stateless = STATELESS.contains(&name);
        assert!(creates || stateless || !states.is_empty(), "{}", command["command"]);
    }
    let (code, schema) = converse(lantian(nowhere).arg("schema"), "");
    assert!(code == 0 && schema["views"]["RecordView"].is_object());
}
