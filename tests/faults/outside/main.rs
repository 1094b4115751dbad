//! What goes wrong outside of the programs: no server, a wrong one, a second
//! process, a folder that cannot be written, a missing key, wrong input.
//!
//! Invariant checked: each has an outcome with a stable code that says what to
//! do, and what was saved before is still there and arrives once the fault is
//! over.

mod device;
mod full;
mod input;
mod way;

use lantian_tests::tablet::{id_in, reached};
use lantian_tests::{Company, Tablet};
use serde_json::Value;
use tempfile::TempDir;

/// A company with manager1's tablet, which holds one act that only it knows.
struct Scene {
    folder: TempDir,
    company: Company,
    tablet: Tablet,
    lead: String,
}

const SAID: &str = "已电话联系，周四上门";

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let company = Company::demo(folder.path());
        let tablet = Tablet::enrol(folder.path(), &company, "manager1");
        let leads = tablet.list("leads", &["--state", "handed_over"]);
        // Which lead is the most urgent depends on the hour at which the demo was
        // founded; one that nobody has worked on is wanted.
        let fresh = |id: &String| {
            let body = tablet.body(id);
            ["attempts", "approvals"]
                .iter()
                .all(|part| body[part].as_array().is_none_or(Vec::is_empty))
        };
        let lead = leads.iter().map(|lead| id_in(lead, "id")).find(fresh);
        let lead = lead.expect("manager1 has a lead to contact");
        Self { folder, company, tablet, lead }
    }

    /// Records a contact that waits to be sent.
    fn with_pending_act() -> Self {
        let scene = Self::new();
        scene.tablet.act("record_contact_attempt", &scene.lead, reached("phone", SAID));
        scene.still_pending();
        scene
    }

    /// The act is on the tablet, shown, and waits.
    #[track_caller]
    fn still_pending(&self) {
        assert_eq!(self.tablet.status()["pending"], 1);
        self.shown_once();
    }

    /// The fault is over: the act arrives, once.
    #[track_caller]
    fn arrives(&self) {
        self.tablet.deliver();
        self.shown_once();
        assert_eq!(self.tablet.confirmed(&self.lead)["state"], "contacted");
    }

    #[track_caller]
    fn shown_once(&self) {
        let body = self.tablet.body(&self.lead);
        let attempts = body["attempts"].as_array().map_or(&[][..], Vec::as_slice);
        let found = attempts.iter().filter(|attempt| attempt["summary"] == SAID).count();
        assert_eq!(found, 1, "{body}");
    }
}

/// A coded answer that a person can act on.
#[track_caller]
fn coded(answer: &Value, code: &str) {
    assert_eq!(answer["code"], code, "{answer}");
    assert!(answer["message"].as_str().is_some_and(|text| text.chars().count() >= 4), "{answer}");
}
