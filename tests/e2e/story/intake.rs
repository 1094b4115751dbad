//! From the push to the accepted case: hall, hand-over, the manager on site.

use lantian_tests::clocks::{self, Rule, Term};
use lantian_tests::tablet::{id_in, reached};
use serde_json::json;
use uuid::Uuid;

use crate::cast::{Case, Cast};
use crate::sheets;

/// The hall imports a push and hands the lead over; it reaches manager1 within
/// its clock.
pub fn push_and_hand_over(cast: &mut Cast) -> String {
    let pushed_at = clocks::now() - chrono::TimeDelta::minutes(90);
    let lead = import(cast, &sheets::push(1, sheets::PROJECT, pushed_at));
    cast.deliver("hall");
    let card = cast.of("hall").list("leads", &["--search", "溱水路农贸"]);
    assert_eq!(id_in(card.first().expect("the hall sees the lead"), "id"), lead);
    clocks::check(
        &cast.of("hall").body(&lead)["clocks"],
        &[Rule { rule: "D-01", state: "running", term: Term::Hours(24) }],
    );

    cast.act(
        "hall",
        "hand_over_lead",
        &lead,
        json!({ "manager": cast.person("manager"), "note": "早期立项" }),
    );
    cast.deliver("hall");
    cast.deliver("manager");
    let mine = cast.of("manager").list("leads", &["--search", "农贸"]);
    assert_eq!(id_in(mine.first().expect("the lead reached manager1"), "id"), lead);
    assert_eq!(mine[0]["clock"], "D-02");
    clocks::check(
        &cast.of("manager").body(&lead)["clocks"],
        &[
            Rule { rule: "D-01", state: "stopped_on_time", term: Term::Hours(24) },
            Rule { rule: "D-02", state: "running", term: Term::Hours(24) },
        ],
    );
    lead
}

/// Imports a push on the hall's behalf; gives the lead.
pub fn import(cast: &mut Cast, push: &serde_json::Value) -> String {
    let file = cast.written("push.json", push.to_string().as_bytes());
    cast.company.close();
    let report = cast.company.import(&file, "gonggai").done();
    cast.company.open();
    assert_eq!(report["accepted"], 1, "{report}");
    id_in(&report["rows"][0], "id")
}

/// Without network the manager contacts, visits, converts, photographs and
/// accepts tolerantly with two owed materials; then everything arrives.
pub fn on_site(cast: &mut Cast, lead: &str) -> Case {
    cast.company.close();
    cast.act("manager", "record_contact_attempt", lead, reached("phone", "约定当天上门"));
    cast.act("manager", "record_contact_attempt", lead, reached("visit", "现场看过，需要用气"));
    let case = Uuid::new_v4().to_string();
    let convert =
        json!({ "case": case, "segment": "non_residential", "basic": sheets::basic_project() });
    cast.act("manager", "convert_lead", lead, convert);

    let photos = ["street.jpg", "kitchen.jpg"]
        .map(|photo| cast.attach("manager", &case, photo, "photo_site"));
    for code in ["MT03", "MT04", "MT05", "MT10", "MT12", "MT13"] {
        let paper = cast.attach("manager", &case, "meter.jpg", "material");
        let came = json!({ "code": code, "source": "on_site_photo", "files": [paper] });
        cast.act("manager", "receive_material", &case, came);
    }
    refuses_what_is_not_tolerable(cast, &case);
    let owed = json!({
        "owed": [
            { "code": "MT16", "owed_by": "customer", "why": "财务人员外出" },
            { "code": "MT23", "owed_by": "customer" },
            { "code": "MT18", "owed_by": "manager", "days": 20, "why": "报警器安装后提供" },
        ],
        "contact": "manager1 0371-62690000",
    });
    cast.act("manager", "accept_tolerant", &case, owed);
    cast.act("manager", "push_to_tech", &case, json!({ "demand_m3h": "18.500" }));

    let offline = cast.of("manager").show(&case);
    assert_eq!(cast.of("manager").body(&case)["state"], "pressure_checking");
    assert!(
        offline["card"]["no"].as_str().is_some_and(|no| no.starts_with("T-")),
        "{}",
        offline["card"]
    );
    cast.company.open();
    cast.deliver("manager");
    confirmed(cast, lead, &case, &photos);
    Case { id: case, segment: "non_residential", channel: "lantian_app" }
}

/// What touches legality can't be owed by the customer.
fn refuses_what_is_not_tolerable(cast: &Cast, case: &str) {
    let owed = json!({
        "owed": [
            { "code": "MT16", "owed_by": "customer" }, { "code": "MT23", "owed_by": "customer" },
            { "code": "MT18", "owed_by": "customer" },
        ],
        "contact": "manager1",
    });
    let refused =
        cast.of("manager").attempt("accept_tolerant", Some(case), &owed).refused("E_NOT_TOLERABLE");
    assert_eq!(refused["params"]["code"], "MT18");
}

fn confirmed(cast: &Cast, lead: &str, case: &str, photos: &[String]) {
    let manager = cast.of("manager");
    assert_eq!(manager.confirmed(lead)["state"], "converted");
    clocks::check(
        &manager.confirmed(lead)["clocks"],
        &[
            Rule { rule: "D-01", state: "stopped_on_time", term: Term::Hours(24) },
            Rule { rule: "D-02", state: "stopped_on_time", term: Term::Hours(24) },
        ],
    );
    let body = manager.confirmed(case);
    assert_eq!(body["state"], "pressure_checking");
    assert_eq!(body["kind"], "pre_service");
    assert!(body["no"].as_str().is_some_and(|no| no.starts_with("XZLT-BZ-")), "{}", body["no"]);
    clocks::check(
        &body["clocks"],
        &[
            Rule { rule: "D-09", state: "running", term: Term::WorkingDays(5) },
            Rule { rule: "D-09", state: "running", term: Term::WorkingDays(5) },
            Rule { rule: "D-09", state: "running", term: Term::WorkingDays(20) },
            Rule { rule: "D-03P", state: "running", term: Term::Hours(4) },
        ],
    );
    let known = body["files"].as_array().unwrap();
    assert!(photos.iter().all(|photo| known.iter().any(|file| file["id"] == **photo)), "{known:?}");
    let listed = manager.list("cases", &["--search", "溱水"]);
    assert_eq!(listed[0]["sync_state"], "delivered", "{}", listed[0]);
}

/// The owed materials come in and are found right; the case is complete.
pub fn owed_materials_come(cast: &Cast, project: &Case) {
    for code in ["MT16", "MT23", "MT18"] {
        let came = json!({ "code": code, "source": "upload", "doc_no": format!("{code}-2026-1") });
        cast.act("manager", "receive_material", &project.id, came);
        cast.act("manager", "verify_material", &project.id, json!({ "code": code }));
    }
    cast.deliver("manager");
    let body = cast.of("manager").confirmed(&project.id);
    assert_eq!(body["intake"]["mode"], "full", "{}", body["intake"]);
    assert_eq!(body["intake"]["was_tolerant"], true);
}
