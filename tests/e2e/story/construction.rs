//! Engineering, permits, payment, contractor, construction, completion.

use serde_json::json;

use crate::cast::{Case, Cast};
use crate::sheets;
use crate::technical::{approve, states};

/// The manager tells engineering and puts the issued drawing into the system;
/// another file than the issued one is refused.
pub fn hand_over(cast: &Cast, cases: &[Case]) {
    let engineer = cast.person("dispatcher");
    for case in cases {
        let body = cast.of("manager").body(&case.id);
        let drawing = &body["designs"][0]["drawing"];
        let other = body["files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|file| file["kind"] != "drawing")
            .unwrap();
        let wrong = json!({ "engineer": engineer, "drawing": other["id"] });
        cast.of("manager")
            .attempt("hand_to_engineering", Some(&case.id), &wrong)
            .refused("E_STALE_DESIGN");
        cast.act(
            "manager",
            "hand_to_engineering",
            &case.id,
            json!({ "engineer": engineer, "drawing": drawing }),
        );
    }
    cast.deliver("manager");
    states(cast, cases, "engineering_received");
}

/// Order, site, payment and permits: nothing holds construction shut.
pub fn prepare(cast: &Cast, cases: &[Case], project: &Case) {
    cast.deliver("finance");
    let paid = json!({ "amount_fen": 645_000, "method": "对公转账", "receipt_no": "SJ-2026-1188", "paid_on": sheets::day(0) });
    cast.act("finance", "record_payment", &project.id, paid);
    cast.deliver("finance");

    cast.deliver("dispatcher");
    let lead = cast.person("contractor");
    for case in cases {
        cast.act("dispatcher", "arrange_contractor", &case.id, sheets::order(&lead));
        let site =
            json!({ "site_ready": true, "agreed_date": sheets::day(0), "material_ready": true });
        cast.act("dispatcher", "confirm_site", &case.id, site);
    }
    cast.deliver("dispatcher");
    cast.deliver("contractor");
    let photo = cast.attach("contractor", &project.id, "pipe-trench.jpg", "photo_construction");
    let begun = json!({ "crew": ["刘师傅"], "photo": photo });
    let early = cast
        .of("contractor")
        .attempt("start_construction", Some(&project.id), &begun)
        .refused("E_GATE");
    assert_eq!(early["params"]["gate"], "G-PERMIT", "{early}");

    permits(cast, project);
    cast.deliver("dispatcher");
    for case in cases {
        let body = cast.of("dispatcher").confirmed(&case.id);
        assert!(
            body["construction"]["ready_at"].is_string(),
            "{}: {}",
            case.channel,
            body["construction"]
        );
    }
}

/// What the survey proposed is prepared, filed and granted.
fn permits(cast: &Cast, project: &Case) {
    let paper = cast.attach("dispatcher", &project.id, "street.jpg", "permit");
    let body = cast.of("dispatcher").body(&project.id);
    let proposed = body["permits"].as_array().unwrap();
    let kinds: Vec<_> = proposed.iter().map(|filing| filing["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["road_dig", "tree_move"], "the survey asks for a road and two trees");
    for filing in proposed {
        let id = filing["id"].as_str().unwrap();
        let plan = sheets::permit(&filing["plan"], &paper);
        cast.act("dispatcher", "draft_permit", &project.id, plan);
        cast.act("dispatcher", "file_permit", &project.id, json!({ "filing": id }));
        for code in ["3", "8", "11"] {
            cast.act("dispatcher", "record_permit_answer", &project.id, sheets::answer(id, code));
        }
    }
}

/// The contractor builds and declares; the dispatcher confirms.
pub fn build(cast: &Cast, cases: &[Case]) {
    cast.deliver("contractor");
    for (number, case) in cases.iter().enumerate() {
        let photo = cast.attach("contractor", &case.id, "pipe-trench.jpg", "photo_construction");
        cast.act(
            "contractor",
            "start_construction",
            &case.id,
            json!({ "crew": ["刘师傅"], "photo": photo }),
        );
        if !case.is_small() {
            stages(cast, case, &photo);
        }
        let test = cast.attach("contractor", &case.id, "regulator.jpg", "test_record");
        let done = json!({
            "bill_cleared": true, "meters": [meter(number)], "as_built_m": "20.400", "tests": [test],
        });
        cast.act("contractor", "complete_installation", &case.id, done);
    }
    cast.deliver("contractor");
    approve(cast, "dispatcher", cases);
    cast.deliver("manager");
    states(cast, cases, "installed");
}

/// Hidden work is photographed and signed for before backfill.
fn stages(cast: &Cast, case: &Case, photo: &str) {
    cast.act(
        "contractor",
        "report_progress",
        &case.id,
        json!({ "stage": "pipe_laying", "quantity": "12.000" }),
    );
    let unsigned = json!({ "stage": "backfill", "photos": [photo] });
    cast.of("contractor")
        .attempt("report_progress", Some(&case.id), &unsigned)
        .refused("E_EVIDENCE");
    let signed =
        json!({ "stage": "backfill", "photos": [photo], "hidden_work_signed_by": "监理 李工" });
    cast.act("contractor", "report_progress", &case.id, signed);
}

/// The meter that was installed for the case of this number.
pub fn meter(number: usize) -> String {
    format!("XZ2026{number:06}")
}
