//! Founding, serving, accounts, rules, verification, exit codes.

use serde_json::json;

use crate::run::{Served, run, run_as};

#[test]
fn a_company_is_founded_once_and_served_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let nothing = run(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.errors.contains("lantian-server init"), "{}", nothing.errors);
    let founded = run(&data, &["init"]);
    assert_eq!(founded.code, 0, "{}", founded.errors);
    assert_eq!(founded.json["administrators"].as_array().unwrap().len(), 3);
    assert!(founded.json["recovery_recipient"].as_str().unwrap().starts_with("age1"));
    assert_eq!(run(&data, &["init"]).code, 3);
    let served = Served::start(&data);
    let second = run(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, 5, "{}", second.errors);
    assert_eq!(reqwest::blocking::get(format!("{}/readyz", served.url)).unwrap().status(), 200);
    assert_eq!(served.stop(), 0);
    let served = Served::start(&data);
    served.kill();
    assert_eq!(run(&data, &["verify"]).code, 0);
}

#[test]
fn accounts_are_kept_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["init"]).code, 0);
    let served = Served::start(&data);
    let add = ["user", "add", "manager1", "--name", "王芳", "--role", "customer_manager", "--org"];
    let made = run(&data, &[&add[..], &["market_dept"]].concat());
    assert_eq!(made.code, 0, "{}", made.errors);
    assert_eq!(made.json["user"]["login"], "manager1");
    let password = made.json["one_time_password"].as_str().unwrap();
    let sign_in = |password: &str| {
        let body = json!({
            "login": "manager1",
            "password": password,
            "device_name": "x",
            "public_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        });
        let url = format!("{}/v1/session", served.url);
        let answer = reqwest::blocking::Client::new().post(url).json(&body).send().unwrap();
        answer.json::<serde_json::Value>().unwrap()["code"].clone()
    };
    assert_eq!(sign_in(password), "password_expired");
    assert_eq!(sign_in("something else"), "bad_credentials");
    let again = run(&data, &[&add[..], &["market_dept"]].concat());
    assert_eq!((again.code, &again.json["code"]), (3, &json!("login_taken")));
    let wrong = run(&data, &[&add[..], &["moon_dept"]].concat());
    assert_eq!(wrong.code, 2, "{}", wrong.errors);
    let role = run(&data, &["user", "roles", "manager1", "--role", "astronaut"]);
    assert_eq!(role.code, 2);
    assert!(role.errors.contains("customer_manager"), "{}", role.errors);
    assert_eq!(run(&data, &["user", "disable", "nobody"]).code, 3);
    assert_eq!(run(&data, &["user", "disable", "manager1"]).json["user"]["active"], false);
    assert_eq!(sign_in(password), "bad_credentials");
    assert_eq!(served.stop(), 0);
    assert_eq!(run(&data, &["audit", "verify"]).json["holds"], true);
}

#[test]
fn rules_are_shown_and_replaced_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["init"]).code, 0);
    for part in ["policy", "calendar", "price"] {
        let shown = run(&data, &[part, "show"]);
        assert_eq!(shown.code, 0, "{}", shown.errors);
        let file = folder.path().join(part);
        std::fs::write(&file, serde_json::to_vec(&shown.json).unwrap()).unwrap();
        let set = run(&data, &[part, "set", file.to_str().unwrap()]);
        assert_eq!((set.code, &set.json), (0, &shown.json), "{}", set.errors);
        std::fs::write(&file, "{\"x\":").unwrap();
        assert_eq!(run(&data, &[part, "set", file.to_str().unwrap()]).code, 2);
    }
    assert_eq!(run(&data, &["verify"]).json["holds"], true);
}

#[test]
fn a_damaged_store_stops_with_its_own_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["init"]).code, 0);
    let file = data.join(lantian_server::store::FILE);
    let intruder = rusqlite::Connection::open(&file).unwrap();
    intruder
        .execute_batch("DROP TRIGGER audit_stays; UPDATE audit SET at = 1 WHERE n = 2;")
        .unwrap();
    drop(intruder);
    let checked = run(&data, &["audit", "verify"]);
    assert_eq!(checked.code, 6);
    assert_eq!(checked.json["found"][0], json!({ "code": "audit_hash", "audit": 2 }));
    std::fs::write(&file, "this is no database at all, but long enough to be read as one").unwrap();
    assert_eq!(run(&data, &["user", "list"]).code, 6);
}

#[test]
fn wrong_usage_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["dance"]).code, 2);
    assert_eq!(run(folder.path(), &["import", "x.json", "--source", "moon"]).code, 2);
    std::fs::write(folder.path().join("server.toml"), "lisen = 1\n").unwrap();
    let wrong = run(folder.path(), &["user", "list"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.errors.contains("lisen"), "{}", wrong.errors);
}

#[test]
fn an_import_answers_row_by_row_and_names_who_may() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["init"]).code, 0);
    let file = folder.path().join("push.json");
    std::fs::write(&file, "[]").unwrap();
    let import = ["import", file.to_str().unwrap(), "--source", "gonggai"];
    let nobody = run(&data, &import);
    assert_eq!((nobody.code, &nobody.json["code"]), (3, &json!("E_ROLE")));
    let add =
        ["user", "add", "gov", "--name", "接口", "--role", "integration", "--org", "external"];
    assert_eq!(run(&data, &add).code, 0);
    std::fs::write(&file, "<html>").unwrap();
    assert_eq!(run(&data, &import).code, 3);
    assert_eq!(run(&data, &["import", "/nonexistent", "--source", "gonggai"]).code, 1);
}

#[test]
fn an_import_is_brought_to_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(run(&data, &["init", "--demo"]).code, 0);
    let accounts = run(&data, &["user", "list"]).json;
    let gov = accounts.as_array().unwrap().iter().find(|user| user["roles"][0] == "integration");
    let gov = gov.unwrap()["login"].as_str().unwrap();
    let password = lantian_server::demo::PASSWORD;
    let file = folder.path().join("push.csv");
    std::fs::write(&file, "<html>").unwrap();
    let served = Served::start(&data);
    let import = |password: &str| {
        let file = file.to_str().unwrap();
        let args = ["import", file, "--source", "gonggai", "--by", gov, "--server", &served.url];
        run_as(&data, &args, password)
    };
    let wrong = import("not the password");
    assert_eq!((wrong.code, &wrong.json["code"]), (5, &json!("bad_credentials")));
    let foreign = import(password);
    assert_eq!(foreign.code, 3, "{}", foreign.errors);
    let fixture =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/intake/gonggai-100.xlsx");
    std::fs::copy(fixture, &file).unwrap();
    for _ in 0..2 {
        let taken = import(password);
        assert_eq!(taken.code, 0, "{}", taken.errors);
        assert_eq!(taken.json["total"], 100);
    }
    // However often it comes, the interface is one device.
    let devices = run(&data, &["device", "list"]).json;
    assert_eq!(devices.as_array().unwrap().len(), 1);
    served.kill();
    let args = ["import", file.to_str().unwrap(), "--source", "gonggai", "--by", gov, "--server"];
    let away = run_as(&data, &[&args[..], &["http://127.0.0.1:1"]].concat(), password);
    assert_eq!(away.code, 4, "{}", away.errors);
}
