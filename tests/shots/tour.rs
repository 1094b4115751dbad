//! The way through the window: the door, today's work, a case, the cost sheet
//! with a signature, the state of synchronisation, what needs a person.

use std::path::Path;
use std::process::Command;

use lantian_tests::outcome::Outcome;
use lantian_tests::programs;
use lantian_tests::window::{Scene, Window};
use serde_json::Value;

use crate::Opened;
use crate::picture::keep;

/// Layouts by name and size.
const LAYOUTS: [(&str, u32, u32); 2] = [("tablet", 1180, 820), ("office", 1440, 900)];
/// A case is shown in the first of these states that the tablet has.
const TELLING: [&str; 6] =
    ["fee_negotiating", "designed", "constructing", "survey_design", "accepted", "submitted"];

/// Takes every picture.
pub async fn take(tablet: &Opened, out: &Path) {
    let scene = Scene::new(1440, 900);
    let empty = tempfile::tempdir().expect("a folder for an empty tablet");
    let window = scene.open(empty.path(), |_| {}).await;
    for (layout, width, height) in LAYOUTS {
        window.resize(width, height).await;
        window.see("signin-submit").await;
        keep(out, &format!("{layout}-1-signin"), &window.picture().await);
    }
    window.close().await;

    let (cost, case) = (to_sign(tablet), to_show(tablet));
    let window = scene.open(&tablet.home, |command| env(tablet, command)).await;
    window.see("pin-0").await;
    window.enter_pin(&tablet.pin).await;
    window.see("nav-today").await;
    for (layout, width, height) in LAYOUTS {
        window.resize(width, height).await;
        walk(&window, out, layout, case.as_deref(), cost.as_deref()).await;
    }
    window.close().await;
}

async fn walk(window: &Window, out: &Path, layout: &str, case: Option<&str>, cost: Option<&str>) {
    window.go("/today").await;
    window.settle("main").await;
    keep(out, &format!("{layout}-2-today"), &window.picture().await);
    window.go("/cases").await;
    window.see("list").await;
    window.settle("main").await;
    keep(out, &format!("{layout}-3-cases"), &window.picture().await);
    if let Some(id) = case {
        window.go(&format!("/record/{id}")).await;
        window.see("clock").await;
        window.settle("main").await;
        keep(out, &format!("{layout}-4-case"), &window.picture().await);
    }
    if let Some(id) = cost {
        sign(window, id).await;
        keep(out, &format!("{layout}-5-cost"), &window.picture().await);
    }
    window.go("/sync").await;
    window.see("sync-only_here").await;
    window.settle("main").await;
    keep(out, &format!("{layout}-6-sync"), &window.picture().await);
    window.go("/attention").await;
    window.see("attention-page").await;
    window.settle("main").await;
    keep(out, &format!("{layout}-7-attention"), &window.picture().await);
}

/// Fills the cost sheet up to the tap that confirms it.
async fn sign(window: &Window, id: &str) {
    window.go(&format!("/record/{id}/do/settle_fee")).await;
    window.see("cost-total").await;
    window.choose("input-place", "on_site").await;
    window.choose("input-contract_draft_delivered", "true").await;
    window.fill("input-signer", "贾文静").await;
    window.choose("input-relation", "applicant").await;
    window.sign("signature").await;
    window.settle("[data-testid='cost'] main").await;
}

/// A case whose costs this person may confirm now.
fn to_sign(tablet: &Opened) -> Option<String> {
    ["fee_negotiating", "designed"]
        .iter()
        .flat_map(|state| listed(tablet, state))
        .find(|id| ask(tablet, &["show", id]).is_some_and(|record| may_settle(&record)))
}

fn may_settle(record: &Value) -> bool {
    let offers = record["offers"].as_array().map_or(&[][..], Vec::as_slice);
    offers.iter().any(|offer| offer["command"] == "settle_fee" && offer["possible"] == true)
}

/// A case in which much has happened.
fn to_show(tablet: &Opened) -> Option<String> {
    TELLING.iter().flat_map(|state| listed(tablet, state)).next()
}

fn listed(tablet: &Opened, state: &str) -> Vec<String> {
    let page = ask(tablet, &["list", "cases", "--state", state]);
    let items = page.and_then(|page| page["items"].as_array().cloned()).unwrap_or_default();
    items.iter().filter_map(|card| card["id"].as_str().map(str::to_owned)).collect()
}

fn ask(tablet: &Opened, words: &[&str]) -> Option<Value> {
    let mut command = Command::new(programs::lantian());
    command.arg("--json").args(words).env("LANTIAN_HOME", &tablet.home);
    env(tablet, &mut command);
    let outcome = Outcome::of(&mut command, "");
    (outcome.code == Some(0)).then_some(outcome.value)
}

/// Tells a window or a program which tablet it is.
pub fn env(tablet: &Opened, command: &mut Command) {
    command.env("LANTIAN_KEY_STORE", &tablet.key_store).env("LANTIAN_PIN", &tablet.pin);
}
