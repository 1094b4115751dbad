//! Backup while the server works, restore with a new epoch.

use crate::run::{Served, run};

#[test]
fn p_15_a_backup_comes_back_whole_with_a_new_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    assert_eq!(run(&data, &["init", "--demo"]).code, 0);
    let before = run(&data, &["verify"]).json;
    let out = folder.path().join("backup.lantian");
    let out = out.to_str().unwrap();
    let served = Served::start(&data);
    let saved = run(&data, &["backup", out]);
    assert_eq!(saved.code, 0, "{}", saved.errors);
    assert!(saved.json["contents"].as_u64().unwrap() > 0);
    assert_eq!(run(&data, &["backup", out]).code, 2);
    assert_eq!(run(&data, &["restore", out]).code, 5);
    assert_eq!(served.stop(), 0);
    let restored = run(&other, &["restore", out]);
    assert_eq!(restored.code, 0, "{}", restored.errors);
    assert!(restored.json["epoch"].as_u64() > saved.json["epoch"].as_u64());
    assert_eq!(restored.json["contents"], saved.json["contents"]);
    let lacking = restored.json["files"]["lacking"].as_u64().unwrap();
    let after = run(&other, &["verify"]);
    assert_eq!(after.code, 0, "{}", after.errors);
    assert_eq!(after.json["events"], before["events"]);
    assert_eq!(after.json["contents"], before["contents"]);
    assert_eq!(after.json["files"]["lacking"].as_u64(), Some(lacking));
    let recalled = run(&other, &["recall"]);
    assert_eq!(recalled.code, 0, "{}", recalled.errors);
    assert!(recalled.json["epoch"].as_u64() > restored.json["epoch"].as_u64());
    assert_eq!(run(&other, &["verify"]).code, 0);
    // What is there is never overwritten unasked, and moved aside when asked.
    assert_eq!(run(&other, &["restore", out]).code, 3);
    assert_eq!(run(&other, &["restore", out, "--replace"]).code, 0);
    let aside = std::fs::read_dir(&other)
        .unwrap()
        .filter_map(Result::ok)
        .find(|entry| entry.file_name().to_string_lossy().starts_with("before-restore-"));
    assert!(aside.unwrap().path().join("server.db").is_file());
    assert_eq!(run(&other, &["verify"]).code, 0);
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("x");
    std::fs::write(&file, vec![7; 100_000]).unwrap();
    assert_eq!(run(&data, &["restore", file.to_str().unwrap()]).code, 6);
    let elsewhere = folder.path().join("elsewhere");
    assert_eq!(run(&elsewhere, &["init"]).code, 0);
    let store = elsewhere.join(lantian_server::store::FILE);
    assert_eq!(run(&data, &["restore", store.to_str().unwrap()]).code, 6);
    assert!(!data.join(lantian_server::store::FILE).exists());
    assert_eq!(run(&elsewhere, &["verify"]).code, 0);
}
