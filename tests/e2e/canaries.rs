//! No personal data in plain in any file of a tablet's folder.
//!
//! Words: a *canary* is a name, number, address or phone that was put into
//! the system for being looked for afterwards, in every form in which a file
//! could hold it in the clear.
//!
//! Invariant checked: I12, while work waits, after it was sent, after a
//! process was killed in the middle of it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use lantian_tests::chance::Chance;
use lantian_tests::clocks;
use lantian_tests::folder::{files, in_the_clear};
use lantian_tests::tablet::{id_in, reached};
use lantian_tests::{Company, PASSWORD, PIN, Tablet, fixtures};
use serde_json::json;

const PERSON: &str = "金丝雀甲";
const PHONE: &str = "13987654321";
const RESIDENT_ID: &str = "11010519491231002X";
const STREET: &str = "新郑市金丝雀路99号";
const COMPANY: &str = "金丝雀置业有限公司";
const PROJECT: &str = "金丝雀花园一期";
const SAID: &str = "金丝雀先生说周五在家";
const IN_PICTURE: &str = "Canary Owner 金丝雀乙";
/// What the fixture's camera writes into each picture.
const CAMERA: &str = "Field Tablet 10";

#[test]
fn nothing_personal_stands_in_the_clear_on_a_tablet() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::demo_closed(folder.path());
    company.import(&push(folder.path()), "gonggai").done();
    company.open();
    let (office, tablet) = (
        Tablet::enrol(folder.path(), &company, "cm_lead1"),
        Tablet::enrol(folder.path(), &company, "manager1"),
    );
    let leads = office.list("leads", &["--search", PROJECT]);
    let lead = id_in(leads.first().expect("the pushed lead is there"), "id");
    office.act("hand_over_lead", &lead, json!({ "manager": office.person("manager1") }));
    office.deliver();
    tablet.deliver();
    company.close();

    work_offline(folder.path(), &tablet, &lead);
    let canaries = canaries(&tablet, &lead);
    clean(&tablet, &canaries, "while work waits");
    killed_in_the_middle(&tablet, &lead);
    clean(&tablet, &canaries, "after kills");
    company.open();
    tablet.deliver();
    office.sync();
    clean(&tablet, &canaries, "after everything was sent");
    clean(&office, &canaries, "in the office");
}

/// What is looked for: ours, and everybody's of the demo that the tablet holds.
fn canaries(tablet: &Tablet, lead: &str) -> Vec<String> {
    let shown = tablet.show(lead).to_string();
    for ours in [PERSON, PHONE, STREET, COMPANY, PROJECT, SAID] {
        assert!(shown.contains(ours), "the tablet itself does not know {ours}");
    }
    let mut canaries: Vec<String> = [
        PERSON,
        PHONE,
        RESIDENT_ID,
        STREET,
        COMPANY,
        PROJECT,
        SAID,
        IN_PICTURE,
        CAMERA,
        PASSWORD,
        PIN,
    ]
    .map(str::to_owned)
    .into();
    let mut of_demo = 0;
    for kind in ["leads", "cases", "people"] {
        for card in tablet.list(kind, &[]) {
            let texts = ["title", "subtitle", "name"]
                .map(|key| card[key].as_str().unwrap_or_default().to_owned());
            let telling =
                texts.into_iter().filter(|text| text.chars().count() >= 3 && !text.is_ascii());
            let before = canaries.len();
            canaries.extend(telling);
            of_demo += canaries.len() - before;
        }
    }
    assert!(of_demo > 10, "the demo shows {of_demo} names and addresses");
    canaries.sort();
    canaries.dedup();
    canaries
}

fn work_offline(folder: &Path, tablet: &Tablet, lead: &str) {
    tablet.act("record_contact_attempt", lead, reached("phone", SAID));
    tablet.act("add_note", lead, json!({ "text": format!("{PERSON} 证件 {RESIDENT_ID}") }));
    let picture = folder.join("picture.jpg");
    let content = fixtures::photo_with_comment("files/kitchen.jpg", IN_PICTURE);
    assert!(String::from_utf8_lossy(&content).contains(CAMERA), "the fixture has no EXIF");
    fs::write(&picture, content).unwrap();
    tablet.attach(lead, &picture, "photo_site");
}

fn killed_in_the_middle(tablet: &Tablet, lead: &str) {
    let mut chance = Chance::from_environment("canaries");
    for number in 0..8 {
        let data = json!({ "text": format!("{PERSON} {PHONE} {number}") }).to_string();
        let (mut child, _) = tablet.start(&["do", "add_note", "--on", lead, "--data", &data]);
        let moment = chance.between(Duration::from_millis(50), Duration::from_millis(500));
        std::thread::park_timeout(moment);
        // It may have ended by itself already.
        let _ = child.kill();
        child.wait().unwrap();
        tablet.status();
    }
}

#[track_caller]
fn clean(tablet: &Tablet, canaries: &[String], when: &str) {
    let whole: u64 =
        files(tablet.home()).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(whole > 100_000, "the folder holds no stores: {whole} bytes");
    let found = in_the_clear(tablet.home(), canaries);
    assert!(found.is_empty(), "{when}, {}:\n{}", tablet.login(), found.join("\n"));
}

/// A push of a project full of canaries.
fn push(folder: &Path) -> std::path::PathBuf {
    let pushed = clocks::text(clocks::now() - chrono::TimeDelta::hours(1));
    let push = json!({
        "source": "gonggai", "batch_id": "canary", "pushed_at": pushed,
        "records": [{
            "dfsjzj": "canary-1", "xzqhdm": "410184", "xmdm": "2611-410184-04-01-900001",
            "gcdm": "2611-410184-04-01-900001-001", "xmmc": PROJECT, "stage": "1",
            "jsddxzqh": "410184", "jsdd": STREET, "jsdw": COMPANY, "jsdwdm": "91410184MA00000TAA",
            "sjyxbs": 1, "gxsj": pushed,
            "units": [{ "dwmc": COMPANY, "dwtyshxydm": "91410184MA00000TAA", "dwlx": 1,
                        "contact": PERSON, "phone": PHONE }],
        }],
    });
    let file = folder.join("push.json");
    fs::write(&file, push.to_string()).unwrap();
    file
}
