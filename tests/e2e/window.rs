//! The real window over the real server: sign-in, work without network, sync,
//! a refused command in 需处理, lock and PIN.
//!
//! Each scene has a display, a session bus and a keyring of its own; the
//! window keeps its key in that keyring, as on a tablet.

use lantian_tests::folder::in_the_clear;
use lantian_tests::tablet::id_in;
use lantian_tests::window::{Scene, Window};
use lantian_tests::{Company, PASSWORD, PIN, Tablet};
use serde_json::json;
use tempfile::TempDir;

const FIRST: &str = "约定后天上午看现场";
const SECOND: &str = "用户询问费用构成";

/// A company, the office's tablet, and manager1's window.
struct Stage {
    folder: TempDir,
    company: Company,
    office: Tablet,
    scene: Scene,
    lead: String,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let company = Company::demo(folder.path());
        let office = Tablet::enrol(folder.path(), &company, "cm_lead1");
        let manager = office.person("manager1");
        let leads = office.list("leads", &["--state", "handed_over"]);
        let mine = leads.iter().find(|card| card["manager"]["id"] == *manager);
        let lead = id_in(mine.expect("manager1 has a lead to contact"), "id");
        Self { folder, company, office, scene: Scene::new(1440, 960), lead }
    }

    async fn window(&self) -> Window {
        let window = self.scene.open(&self.folder.path().join("window"), |_| {}).await;
        window.see("door").await;
        window
    }

    async fn sign_in(&self) -> Window {
        let window = self.window().await;
        window.sign_in(self.company.url(), "manager1", PASSWORD, PIN).await;
        window.go("/leads").await;
        window.see(&format!("card-{}", self.lead)).await;
        window
    }

    /// Records a talk with the user through the form.
    async fn contact(&self, window: &Window, summary: &str) {
        window.go(&format!("/record/{}", self.lead)).await;
        window.see("record").await;
        window.tap("command-record_contact_attempt").await;
        window.see("form-record_contact_attempt").await;
        window.choose("input-channel", "phone").await;
        window.choose("input-result", "reached").await;
        window.fill("input-summary", summary).await;
        window.tap("submit").await;
        window.see("timeline").await;
    }
}

#[tokio::test]
async fn signing_in_shows_the_work_and_the_pin_opens_it_again() {
    let stage = Stage::new();
    let window = stage.window().await;
    assert_eq!(
        window.see("door").await.attr("data-state").await.unwrap().as_deref(),
        Some("fresh")
    );
    window.fill("signin-server", stage.company.url()).await;
    window.fill("signin-login", "manager1").await;
    window.fill("signin-password", "not-the-password").await;
    window.fill("signin-pin", PIN).await;
    window.fill("signin-again", PIN).await;
    window.tap("signin-submit").await;
    let told = window.read("signin-error").await;
    assert!(told.contains("密码"), "{told}");

    window.sign_in(stage.company.url(), "manager1", PASSWORD, PIN).await;
    window.go("/leads").await;
    window.see(&format!("card-{}", stage.lead)).await;

    window.go("/settings").await;
    window.tap("lock").await;
    window.see("pin-0").await;
    window.enter_pin("135791").await;
    window.see("unlock-error").await;
    window.enter_pin(PIN).await;
    window.see("nav-today").await;
    window.close().await;

    let found = in_the_clear(
        &stage.folder.path().join("window"),
        &[PASSWORD.to_owned(), PIN.to_owned(), "王建军".to_owned()],
    );
    assert!(found.is_empty(), "{found:?}");
    let window = stage.window().await;
    window.enter_pin(PIN).await;
    window.go("/leads").await;
    window.see(&format!("card-{}", stage.lead)).await;
    window.close().await;
}

#[tokio::test]
async fn work_without_network_is_kept_shown_and_delivered() {
    let mut stage = Stage::new();
    let window = stage.sign_in().await;
    stage.company.close();
    stage.contact(&window, FIRST).await;
    window.see_text(FIRST).await;
    window.see("pending").await;

    window.go("/sync").await;
    window.wait_read("sync-network", |text| text.contains("离线")).await;
    window.wait_read("sync-only_here", |text| text.contains('1')).await;
    window.wait_read("sync-pill", |text| text.contains("待上传")).await;
    stage.office.run(&["sync"]).ended(lantian_tests::outcome::OFFLINE);

    stage.company.open();
    window.tap("sync-now").await;
    window.wait_read("sync-network", |text| text.contains("在线")).await;
    window.wait_read("sync-pill", |text| text.contains("已送达")).await;
    window.close().await;
    stage.office.sync();
    let lead = stage.office.confirmed(&stage.lead);
    assert_eq!(lead["state"], "contacted");
    assert_eq!(talks(&lead, FIRST), 1);
}

#[tokio::test]
async fn a_refused_command_needs_a_person_and_keeps_its_data() {
    let mut stage = Stage::new();
    let window = stage.sign_in().await;
    stage.contact(&window, FIRST).await;
    window.go("/sync").await;
    window.wait_read("sync-pill", |text| text.contains("已送达")).await;

    // The window stays out of the network while the office ends the lead.
    window.tap("sync-pause").await;
    stage.contact(&window, SECOND).await;
    stage.office.sync();
    let end = json!({ "reason": "no_demand", "note": "建设单位来函：项目缓建" });
    stage.office.act("close_lead", &stage.lead, end);
    stage.office.deliver();
    window.go("/sync").await;
    window.tap("sync-pause").await;
    window.tap("sync-now").await;

    window.go("/attention").await;
    window.see("attention-page").await;
    window.see_text("当前状态不能进行此操作").await;
    window.see("attention-discard").await;
    stage.company.close();
    window.script("document.querySelector('article .more').click()", vec![]).await;
    window.see_text(SECOND).await;
    window.tap("attention-discard").await;
    window.tap("discard-no").await;
    window.see("attention-discard").await;
    window.tap("attention-discard").await;
    window.tap("discard-yes").await;
    window.wait_gone("attention-discard").await;
    window.close().await;

    stage.company.open();
    stage.office.sync();
    let lead = stage.office.confirmed(&stage.lead);
    assert_eq!(lead["state"], "no_demand");
    assert_eq!((talks(&lead, FIRST), talks(&lead, SECOND)), (1, 0));
}

/// How many talks with these words the lead has.
fn talks(lead: &serde_json::Value, summary: &str) -> usize {
    let attempts = lead["attempts"].as_array().map_or(&[][..], Vec::as_slice);
    attempts.iter().filter(|attempt| attempt["summary"] == summary).count()
}
