//! Pressure, survey, drawing, budget: the Technical Dept.

use serde_json::{Value, json};

use crate::cast::{Case, Cast};
use crate::sheets;

/// The pressure suffices for every case.
pub fn pressure(cast: &Cast, cases: &[Case]) {
    cast.deliver("tech lead");
    for case in cases {
        cast.act("tech lead", "record_pressure_check", &case.id, sheets::pressure());
    }
    cast.deliver("tech lead");
    states(cast, cases, "survey_design");
}

/// The surveyor photographs and fills the sheet without network.
pub fn survey(cast: &mut Cast, cases: &[Case]) {
    cast.deliver("surveyor");
    cast.company.close();
    let wanted = [
        ("street.jpg", "photo_site"),
        ("regulator.jpg", "photo_tie_in"),
        ("meter-new.jpg", "photo_meter"),
    ];
    for case in cases {
        let early = cast.of("surveyor").attempt(
            "complete_survey",
            Some(&case.id),
            &sheets::survey(case, &[]),
        );
        early.refused("E_EVIDENCE");
        let photos = wanted.map(|(photo, kind)| cast.attach("surveyor", &case.id, photo, kind));
        cast.act("surveyor", "complete_survey", &case.id, sheets::survey(case, &photos));
    }
    cast.company.open();
    cast.deliver("surveyor");
}

/// The designer draws, the tech lead lets it out (SOD-1).
pub fn design(cast: &Cast, cases: &[Case]) {
    cast.deliver("designer");
    for case in cases {
        let drawing = cast.attach("designer", &case.id, "drawing.pdf", "drawing");
        if !case.is_small() {
            cast.attach("designer", &case.id, "plan-gbk.dxf", "drawing");
        }
        cast.act("designer", "issue_design", &case.id, sheets::design(&drawing));
    }
    cast.deliver("designer");
    approve(cast, "tech lead", cases);
    for case in cases {
        assert_eq!(cast.of("tech lead").confirmed(&case.id)["designs"][0]["version"], 1);
    }
}

/// The estimator computes, the tech lead lets it out; both lie with the
/// manager.
pub fn budget(cast: &Cast, cases: &[Case]) {
    cast.deliver("estimator");
    for case in cases {
        let price = (!case.is_small()).then_some("6850.0000");
        let mut budget = sheets::budget(price);
        if !case.is_small() {
            budget["file"] = json!(cast.attach("estimator", &case.id, "budget.xlsx", "budget"));
        }
        cast.act("estimator", "issue_budget", &case.id, budget);
    }
    cast.deliver("estimator");
    approve(cast, "tech lead", cases);
    cast.deliver("manager");
    states(cast, cases, "designed");
}

/// Says yes to everything that waits for this person's word.
pub fn approve(cast: &Cast, part: &str, cases: &[Case]) {
    cast.deliver(part);
    for case in cases {
        let body = cast.of(part).body(&case.id);
        let open: Vec<&Value> = body["approvals"]
            .as_array()
            .map(|all| all.iter().filter(|one| one["decided"].is_null()).collect())
            .unwrap_or_default();
        assert_eq!(open.len(), 1, "one proposal waits on {}: {}", case.id, body["approvals"]);
        cast.act(part, "decide", &case.id, json!({ "no": open[0]["no"], "approve": true }));
    }
    cast.deliver(part);
}

/// Everybody who holds the cases sees them in this state.
pub fn states(cast: &Cast, cases: &[Case], state: &str) {
    cast.of("office").sync();
    for case in cases {
        assert_eq!(cast.of("office").confirmed(&case.id)["state"], state, "{}", case.channel);
    }
}
