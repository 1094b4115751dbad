//! Wrong input: an unknown command, malformed data, a role that may not, a
//! state that does not allow it, a wrong password.

use lantian_tests::outcome::{LOCKED, USAGE};

use lantian_tests::{Company, PASSWORD, Tablet};
use serde_json::json;

use super::{Scene, coded};

#[test]
fn an_unknown_command_and_malformed_data_are_wrong_usage() {
    let scene = Scene::with_pending_act();
    let unknown = scene.tablet.attempt("make_tea", Some(&scene.lead), &json!({}));
    assert!(unknown.ended(USAGE)["message"].as_str().is_some_and(|text| !text.is_empty()));
    let on = ["--on", scene.lead.as_str()];
    for data in ["{", "[]", "{}", r#"{"channel":"pigeon","result":"reached"}"#] {
        let words = ["do", "record_contact_attempt", on[0], on[1], "--data", data];
        let answer = scene.tablet.run(&words);
        assert!(matches!(answer.code, Some(2 | 3)), "{data}: {:?} {}", answer.code, answer.stdout);
        assert!(answer.value["message"].as_str().is_some_and(|text| !text.is_empty()), "{data}");
    }
    let missing = scene.tablet.run(&["show", "00000000-0000-7000-8000-000000000000"]);
    assert!(!matches!(missing.code, Some(0)), "{}", missing.stdout);
    coded(&missing.value, "not_found");
    scene.still_pending();
    scene.arrives();
}

#[test]
fn a_wrong_role_and_a_wrong_state_are_refused_with_what_can_be_done() {
    let scene = Scene::new();
    let surveyor = scene.tablet.person("surveyor1");
    let refused =
        scene.tablet.attempt("hand_over_lead", Some(&scene.lead), &json!({ "manager": surveyor }));
    refused.refused("E_ROLE");
    let early = scene.tablet.attempt(
        "mark_unreachable",
        Some(&scene.lead),
        &json!({ "evidence": "两次无人接听" }),
    );
    let early = early.refused("E_EVIDENCE");
    assert_eq!(early["params"]["attempts"], "0", "{early}");

    let office = Tablet::enrol(scene.folder.path(), &scene.company, "cm_lead1");
    let handed = json!({ "manager": scene.tablet.person("manager2") });
    let late = office.attempt("hand_over_lead", Some(&scene.lead), &handed).refused("E_ASSIGNED");
    assert_eq!(late["state"], "handed_over", "{late}");
    let possible: Vec<_> =
        late["now_possible"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
    assert!(possible.contains(&"reassign_lead"), "{late}");
    assert_eq!(scene.tablet.status()["pending"], 0, "a refused command is not stored");
}

#[test]
fn a_wrong_password_enrols_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::demo(folder.path());
    let tablet = Tablet::blank(folder.path(), "manager1");
    coded(
        &tablet.sign_in_with(company.url(), "not-the-password-1").ended(LOCKED),
        "bad_credentials",
    );
    let nobody = Tablet::blank(folder.path(), "nobody");
    coded(&nobody.sign_in_with(company.url(), PASSWORD).ended(LOCKED), "bad_credentials");
    let closed = tablet.run(&["status"]).ended(LOCKED);
    coded(&closed, "not_enrolled");
    tablet.sign_in(company.url()).done();
    assert_eq!(tablet.status()["user"], "manager1");
}
