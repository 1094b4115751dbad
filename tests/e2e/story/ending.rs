//! Acceptance, ignition, and how every clock ends.

use lantian_tests::clocks::{self, Rule, Term};
use lantian_tests::folder::in_the_clear;
use lantian_tests::tablet::reached;
use serde_json::json;

use crate::cast::{Case, Cast};
use crate::construction::meter;
use crate::technical::states;
use crate::{intake, sheets};

/// Accepted without network; the project fails at first and is put right.
pub fn acceptance(cast: &mut Cast, cases: &[Case], project: &Case) {
    cast.deliver("inspector");
    cast.company.close();
    cast.act("inspector", "start_acceptance", &project.id, json!({}));
    let failed = json!({
        "passed": false, "tests": [], "signers": ["验收 赵工"],
        "defects": [{ "what": "阀门井盖未复位", "due_on": sheets::day(1) }],
    });
    cast.act("inspector", "record_acceptance", &project.id, failed);
    assert_eq!(cast.of("inspector").body(&project.id)["state"], "rectifying");
    for case in cases {
        cast.act("inspector", "start_acceptance", &case.id, json!({}));
        let record = cast.attach("inspector", &case.id, "regulator.jpg", "test_record");
        cast.act("inspector", "record_acceptance", &case.id, sheets::acceptance(&[record]));
    }
    cast.company.open();
    cast.deliver("inspector");
    states(cast, cases, "acceptance_testing");
}

/// Lit without network; who has no part in a finished case no longer holds it.
pub fn ignition(cast: &mut Cast, cases: &[Case]) {
    cast.deliver("operator");
    cast.company.close();
    for (number, case) in cases.iter().enumerate() {
        let photo = cast.attach("operator", &case.id, "meter-new.jpg", "photo_valve");
        let signature = cast.signature("operator", &case.id);
        let foreign = sheets::ticket(case, "NOT-INSTALLED", &photo, &signature);
        let refused =
            cast.of("operator").attempt("turn_gas_on", Some(&case.id), &foreign).refused("E_GATE");
        assert_eq!(refused["params"]["gate"], "G-METER");
        cast.act(
            "operator",
            "turn_gas_on",
            &case.id,
            sheets::ticket(case, &meter(number), &photo, &signature),
        );
    }
    cast.company.open();
    cast.deliver("operator");
    cast.deliver("manager");
    states(cast, cases, "gas_on");
    for case in cases {
        assert!(!cast.of("operator").knows(&case.id), "{} left the operator's scope", case.channel);
    }
}

/// Every clock of the story ends as the rules say.
pub fn clocks(cast: &Cast, lead: &str, project: &Case, small: &[Case]) {
    let in_time = |rule, term| Rule { rule, state: "stopped_on_time", term };
    let manager = cast.of("manager");
    clocks::check(
        &manager.confirmed(lead)["clocks"],
        &[in_time("D-01", Term::Hours(24)), in_time("D-02", Term::Hours(24))],
    );
    let common = [
        in_time("D-03P", Term::Hours(4)),
        in_time("D-03", Term::Days(1)),
        in_time("D-04", Term::WorkingDays(1)),
        in_time("D-05", Term::Days(1)),
        in_time("D-07", Term::Hours(24)),
        in_time("D-16", Term::WorkingDays(5)),
    ];
    let of_project = [
        in_time("D-09", Term::WorkingDays(5)),
        in_time("D-09", Term::WorkingDays(5)),
        in_time("D-09", Term::WorkingDays(20)),
        in_time("D-06a", Term::Until(sheets::day(45))),
        // It came from a lead: the application came with the gas.
        in_time("D-08", Term::Hours(24)),
        Rule { rule: "D-17", state: "running", term: Term::Days(15) },
    ];
    let of_project = [&of_project[..], &of_a_permit(20), &of_a_permit(15)].concat();
    clocks::check(&manager.confirmed(&project.id)["clocks"], &[&common[..], &of_project].concat());
    for case in small {
        let building = match case.segment {
            "residential_scattered" => in_time("D-06b", Term::Days(1)),
            _ => in_time("D-06c", Term::Days(2)),
        };
        let of_small = [in_time("D-08", Term::Hours(24)), building];
        clocks::check(&manager.confirmed(&case.id)["clocks"], &[&common[..], &of_small].concat());
    }
}

/// The clocks of a permit that is granted with its certificate and in use: what
/// led to it has stopped, its validity and its restoration run.
fn of_a_permit(decision_days: u64) -> [Rule; 5] {
    let stopped = |term| Rule { rule: "D-15", state: "stopped_on_time", term };
    let runs = Rule { rule: "D-15", state: "running", term: Term::Until(sheets::day(30)) };
    [
        stopped(Term::WorkingDays(2)),
        stopped(Term::WorkingDays(5)),
        stopped(Term::WorkingDays(decision_days)),
        runs,
        runs,
    ]
}

/// Clocks that end otherwise: handed over too late; withdrawn.
pub fn other_ends(cast: &mut Cast) {
    let long_ago = clocks::now() - chrono::TimeDelta::hours(30);
    let lead = intake::import(cast, &sheets::push(2, "双洎河口袋公园配套", long_ago));
    cast.deliver("hall");
    cast.act("hall", "hand_over_lead", &lead, json!({ "manager": cast.person("manager") }));
    cast.deliver("hall");
    cast.deliver("manager");
    cast.act("manager", "record_contact_attempt", &lead, reached("phone", "已说明"));
    let demand = json!({
        "channel": "hotline", "segment": "residential_scattered",
        "basic": sheets::basic_small(6, "residential_scattered"),
    });
    let case = cast.of("manager").create("submit_demand", demand);
    cast.act("manager", "withdraw", &case, json!({ "reason": "用户搬迁", "costs_settled": true }));
    cast.deliver("manager");

    let manager = cast.of("manager");
    clocks::check(
        &manager.confirmed(&lead)["clocks"],
        &[
            Rule { rule: "D-01", state: "stopped_late", term: Term::Hours(24) },
            Rule { rule: "D-02", state: "stopped_on_time", term: Term::Hours(24) },
        ],
    );
    assert_eq!(manager.confirmed(&case)["state"], "withdrawn");
    clocks::check(
        &manager.confirmed(&case)["clocks"],
        &[Rule { rule: "D-08", state: "cancelled", term: Term::Hours(24) }],
    );
}

/// manager2's tablet never held a byte of it, processes were killed on the
/// way, and the company's books are right.
pub fn nobody_else_knows(cast: &mut Cast, lead: &str, cases: &[Case]) {
    let other = cast.of("other manager");
    cast.kill(other, &["sync"]);
    other.deliver();
    assert!(!other.knows(lead));
    for case in cases {
        assert!(!other.knows(&case.id), "manager2 knows {}", case.channel);
        let refused = other.run(&["files", &case.id]);
        assert_ne!(refused.code, Some(0), "{}", refused.stdout);
    }
    for words in [sheets::PROJECT, sheets::APPLICANT, sheets::CONTACT, sheets::PHONE, "小芳"] {
        for kind in ["leads", "cases"] {
            let found = other.list(kind, &["--search", words]);
            assert!(found.is_empty(), "manager2 finds {words}: {found:?}");
        }
    }
    let words =
        [sheets::PROJECT, sheets::APPLICANT, sheets::CONTACT, sheets::PHONE, sheets::ADDRESS, lead];
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let found = in_the_clear(other.home(), &words);
    assert!(found.is_empty(), "{found:?}");
    assert!(cast.kills() >= 5, "only {} processes were killed", cast.kills());
    cast.company.close();
    cast.company.verify().done();
}
