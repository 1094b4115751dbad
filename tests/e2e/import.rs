//! Intake of real pushed files through the real program: each file of
//! tests/fixtures/intake has the outcome that stands beside it, row by row.
//!
//! Invariant checked: a bad row never blocks the others, and a file that
//! cannot be read changes nothing.

use std::fs;
use std::path::Path;

use lantian_tests::outcome::REFUSED;
use lantian_tests::{Company, Outcome, Tablet, fixtures};
use serde_json::Value;
use tempfile::TempDir;

fn company() -> (TempDir, Company) {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::demo_closed(folder.path());
    (folder, company)
}

fn import(company: &Company, name: &str, source: &str) -> Outcome {
    company.import(&fixtures::path(&format!("intake/{name}")), source)
}

/// Imports a fixture and holds the report against the expectation beside it.
#[track_caller]
fn check(company: &Company, name: &str) -> Value {
    let expected = fixtures::expected(&format!("intake/{name}"));
    let source = expected["source"].as_str().unwrap();
    let report = import(company, name, source).done();
    let summary = &expected["summary"];
    for key in
        ["accepted", "duplicate", "rejected", "quarantined", "out_of_area", "accepted_with_warning"]
    {
        assert_eq!(report[key], summary[key], "{name}: {key}");
    }
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), summary["rows"].as_u64().unwrap() as usize, "{name}");
    for (row, wanted) in rows.iter().zip(expected["rows"].as_array().unwrap_or(&Vec::new())) {
        check_row(name, row, wanted);
    }
    report
}

#[track_caller]
fn check_row(file: &str, row: &Value, wanted: &Value) {
    for (key, value) in wanted.as_object().unwrap() {
        if key == "warnings" {
            let codes: Vec<_> =
                row["warnings"].as_array().unwrap().iter().map(|w| &w["code"]).collect();
            let wanted: Vec<_> = value.as_array().unwrap().iter().collect();
            assert_eq!(codes, wanted, "{file}: {row}");
        } else {
            assert_eq!(row[key], *value, "{file}: {key} of {row}");
        }
    }
    let refused = matches!(row["status"].as_str(), Some("rejected" | "quarantined"));
    if refused {
        assert!(!row["code"].is_null() && !row["field"].is_null(), "{file}: {row}");
        assert!(
            row["message"].as_str().is_some_and(|text| text.chars().count() > 4),
            "{file}: {row}"
        );
    } else {
        assert!(row["id"].is_string(), "{file}: {row}");
    }
}

#[test]
fn the_workbook_of_100_rows_has_its_exact_outcome() {
    let (_folder, company) = company();
    let report = check(&company, "gonggai-100.xlsx");
    // Domain (n)13: 94 as usual, 4 of them with a warning; 1 kept as invalid
    // because it lies out of area; 3 duplicates; 2 refused.
    assert_eq!(report["accepted"].as_u64().unwrap() - report["out_of_area"].as_u64().unwrap(), 94);
    assert_eq!(report["out_of_area"], 1);
    assert_eq!(report["duplicate"], 3);
    assert_eq!(report["rejected"], 2);
    assert_eq!(report["accepted_with_warning"], 4);
}

#[test]
fn the_workbook_imported_again_gives_duplicates_alone() {
    let (_folder, company) = company();
    check(&company, "gonggai-100.xlsx");
    let again = import(&company, "gonggai-100.xlsx", "gonggai").done();
    assert_eq!(again["accepted"], 0, "{again}");
    assert_eq!(again["duplicate"], 98);
    assert_eq!(again["rejected"], 2);
}

#[test]
fn chinese_csv_files_are_read_in_either_encoding() {
    let (_folder, company) = company();
    let report = check(&company, "gonggai-gb18030.csv");
    let raw = fixtures::bytes("intake/gonggai-gb18030.csv");
    assert!(std::str::from_utf8(&raw).is_err(), "the fixture must not be UTF-8");
    let row = report["rows"].as_array().unwrap().iter().find(|row| row["status"] == "accepted");
    let id = row.unwrap()["id"].as_str().unwrap().to_owned();
    let mut company = company;
    company.open();
    let folder = tempfile::tempdir().unwrap();
    let hall = Tablet::enrol(folder.path(), &company, "hall1");
    let lead = hall.body(&id);
    let name = lead["push"]["project_name"].as_str().unwrap();
    assert!(name.contains("示例") && !name.contains('\u{fffd}'), "{name}");
    company.close();

    let (_other, second) = self::company();
    check(&second, "duogui.csv");
}

#[test]
fn a_project_is_updated_retracted_and_joined_by_the_other_platform() {
    let (_folder, company) = company();
    check(&company, "gonggai-batch.json");
    check(&company, "gonggai-update.json");
    check(&company, "gonggai-retract.json");

    let (_other, company) = self::company();
    check(&company, "gonggai-batch.json");
    check(&company, "duogui-batch.json");
}

#[test]
fn ten_thousand_rows_go_in_and_reach_the_office() {
    let (folder, mut company) = company();
    let before = leads(folder.path(), &mut company, "before");
    check(&company, "gonggai-10000.csv");
    let after = leads(folder.path(), &mut company, "after");
    assert_eq!(after - before, 10_000);
}

/// How many leads a fresh tablet of the market department's head receives.
fn leads(folder: &Path, company: &mut Company, name: &str) -> u64 {
    company.open();
    let place = folder.join(name);
    fs::create_dir(&place).unwrap();
    let office = Tablet::enrol(&place, company, "cm_lead1");
    let page = office.run(&["list", "leads", "--limit", "1"]).done();
    company.close();
    page["total"].as_u64().unwrap_or_else(|| panic!("a list says how many there are: {page}"))
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_changes_nothing() {
    let (folder, mut company) = company();
    let before = leads(folder.path(), &mut company, "before");
    for name in ["broken.json", "broken.xlsx"] {
        let expected = fixtures::expected(&format!("intake/{name}"));
        let answer = import(&company, name, "gonggai").ended(REFUSED);
        assert_eq!(answer["code"], expected["file_code"], "{name}: {answer}");
        assert!(answer["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    }
    for (name, content, code) in hostile() {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        let answer = company.import(&file, "gonggai").ended(REFUSED);
        assert_eq!(answer["code"], code, "{name}: {answer}");
    }
    let foreign = import(&company, "duogui-batch.json", "gonggai").ended(REFUSED);
    assert_eq!(foreign["code"], "E_INTAKE_SOURCE", "{foreign}");
    assert_eq!(leads(folder.path(), &mut company, "after"), before);
}

#[test]
fn rows_that_are_no_rows_are_set_aside_one_by_one() {
    let (folder, company) = company();
    let file = folder.path().join("list.json");
    fs::write(&file, "[1, \"x\", null]").unwrap();
    let report = company.import(&file, "gonggai").done();
    assert_eq!((&report["accepted"], &report["quarantined"]), (&0.into(), &3.into()), "{report}");
    for row in report["rows"].as_array().unwrap() {
        assert_eq!(row["code"], "E_FORMAT", "{row}");
    }
}

fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let picture = fixtures::bytes("files/kitchen.jpg");
    let headless = "甲,乙,丙\n1,2,3\n".as_bytes().to_vec();
    let many = {
        let head = "项目代码,项目名称,推送时间\n";
        let row = "2611-410184-04-01-000001,示例,2026-11-23T09:12:05+08:00\n";
        format!("{head}{}", row.repeat(10_001)).into_bytes()
    };
    vec![
        ("empty.csv", Vec::new(), "E_INTAKE_EMPTY"),
        ("picture.xlsx", picture, "E_INTAKE_FORMAT"),
        ("headless.csv", headless, "E_INTAKE_HEADER"),
        ("many.csv", many, "E_INTAKE_TOO_MANY_ROWS"),
        ("huge.csv", vec![b'a'; 20 * 1024 * 1024 + 1], "E_INTAKE_TOO_LARGE"),
    ]
}
