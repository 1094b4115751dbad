//! Costs confirmed by a signature bound to what was shown, and what happens
//! when a newer budget was issued meanwhile.

use serde_json::{Value, json};

use lantian_tests::tablet::id_in;

use crate::cast::{Case, Cast};
use crate::sheets;
use crate::technical;

/// What the window shows before a signature.
fn cost(cast: &Cast, case: &Case) -> Value {
    cast.of("manager").run(&["cost", &case.id]).done()
}

/// Nothing to pay: talk, confirmation and both contracts in one visit.
pub fn small_cases(cast: &mut Cast, small: &[Case]) {
    cast.company.close();
    for case in small {
        let signature = cast.signature("manager", &case.id);
        let shown = cost(cast, case);
        assert_eq!(shown["customer_total_fen"], 0);
        cast.act("manager", "settle_fee", &case.id, sheets::settle(&shown, "zero_fee", &signature));
        sign_contracts(cast, case, &signature, 0);
    }
    cast.company.open();
    cast.deliver("manager");
    technical::states(cast, small, "fee_confirmed");
}

fn sign_contracts(cast: &Cast, case: &Case, signature: &str, due_fen: i64) {
    for kind in ["install", "supply"] {
        let number = format!("XZLT-{kind}-{}", &case.id[..8]);
        cast.act(
            "manager",
            "sign_contract",
            &case.id,
            sheets::contract(kind, &number, signature, due_fen),
        );
    }
}

/// The manager confirms the project's cost without network while a newer
/// budget is issued: stale, shown as such before it is sent, kept, redone.
pub fn project(cast: &mut Cast, project: &Case) {
    cast.act(
        "manager",
        "start_fee_negotiation",
        &project.id,
        json!({ "place": "on_site", "participants": sheets::CONTACT }),
    );
    cast.deliver("manager");
    let first = confirm_offline(cast, project);
    newer_budget(cast, project);
    let offline = cast.of("manager").body(&project.id);
    assert_eq!(offline["state"], "fee_confirmed", "the tablet does not know of the newer budget");

    shown_before_sending(cast, project);
    let report = cast.of("manager").sync();
    assert_eq!(report["refused"], 1, "{report}");
    let item = kept_with_its_data(cast, project, &first);
    redo(cast, project, &item);
}

fn confirm_offline(cast: &Cast, project: &Case) -> Value {
    let shown = cost(cast, project);
    assert_eq!(shown["customer_total_fen"], 685_000, "{shown}");
    let signature = cast.signature("manager", &project.id);
    let settled = sheets::settle(&shown, "lump_sum", &signature);
    cast.act("manager", "settle_fee", &project.id, settled.clone());
    sign_contracts(cast, project, &signature, 300_000);
    settled
}

fn newer_budget(cast: &Cast, project: &Case) {
    cast.deliver("estimator");
    let mut newer = sheets::budget(Some("6450.0000"));
    newer["note"] = json!("调压箱改型");
    cast.act("estimator", "issue_budget", &project.id, newer);
    cast.deliver("estimator");
    technical::approve(cast, "tech lead", std::slice::from_ref(project));
    assert_eq!(cast.of("tech lead").confirmed(&project.id)["budgets"][1]["version"], 2);
}

/// The preview says in business words what would be refused now.
fn shown_before_sending(cast: &Cast, project: &Case) {
    let preview = cast.of("manager").preview();
    let preview = preview.as_array().unwrap();
    let of = |command: &str| {
        preview
            .iter()
            .filter(|item| item["record_id"] == *project.id && item["command"] == command)
            .collect::<Vec<_>>()
    };
    let settle = of("settle_fee");
    assert_eq!(settle.len(), 1, "{preview:?}");
    assert_eq!(settle[0]["verdict"], "refused", "{}", settle[0]);
    assert_eq!(settle[0]["refusal"]["code"], "E_STALE_DESIGN", "{}", settle[0]);
    let contracts = of("sign_contract");
    assert_eq!(contracts.len(), 2);
    assert!(contracts.iter().all(|item| item["verdict"] != "accepted"), "{contracts:?}");
}

/// The refused confirmation is in 需处理 with everything that was filled in;
/// the contracts that build on it wait beside it.
fn kept_with_its_data(cast: &Cast, project: &Case, first: &Value) -> String {
    let desk = cast.of("manager").attention();
    let desk: Vec<_> =
        desk.as_array().unwrap().iter().filter(|item| item["record_id"] == *project.id).collect();
    let refused: Vec<_> = desk.iter().filter(|item| item["kind"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{desk:?}");
    let item = refused[0];
    assert_eq!(item["command"], "settle_fee");
    assert_eq!(item["refusal"]["code"], "E_STALE_DESIGN");
    assert_eq!(item["refusal"]["params"]["have"], "1/1");
    assert_eq!(item["refusal"]["params"]["want"], "1/2");
    for (key, value) in first.as_object().unwrap() {
        assert_eq!(item["data"][key], *value, "{key} of the kept confirmation");
    }
    let parked = desk
        .iter()
        .filter(|item| item["kind"] == "parked" && item["command"] == "sign_contract")
        .count();
    assert_eq!(parked, 2, "{desk:?}");
    assert_eq!(cast.of("manager").confirmed(&project.id)["state"], "fee_negotiating");
    id_in(item, "id")
}

/// A new signature on the newer costs; the contracts follow.
fn redo(cast: &Cast, project: &Case, item: &str) {
    let manager = cast.of("manager");
    let shown = cost(cast, project);
    assert_eq!(shown["budget_version"], 2, "{shown}");
    assert_eq!(shown["customer_total_fen"], 645_000);
    let signature = cast.signature("manager", &project.id);
    let again = sheets::settle(&shown, "lump_sum", &signature).to_string();
    manager.run(&["resolve", item, "--action", "edit", "--data", &again]).done();
    manager.sync();
    let left = manager.attention();
    for parked in left.as_array().unwrap() {
        manager.run(&["resolve", &id_in(parked, "id"), "--action", "resend"]).done();
    }
    cast.deliver("manager");
    assert_eq!(manager.attention().as_array().map(Vec::len), Some(0), "{}", manager.attention());
    let body = manager.confirmed(&project.id);
    assert_eq!(body["state"], "fee_confirmed");
    assert_eq!(
        body["confirmations"].as_array().map(Vec::len),
        Some(1),
        "the stale one never counted"
    );
    assert_eq!(body["confirmations"][0]["customer_total_fen"], 645_000);
    assert!(body["contracts"]["install"].is_object() && body["contracts"]["supply"].is_object());
}
