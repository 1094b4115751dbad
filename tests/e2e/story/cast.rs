//! The company with everybody's tablet, and acts that survive a kill.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lantian_tests::chance::Chance;
use lantian_tests::tablet::id_in;
use lantian_tests::{Company, Tablet, fixtures};
use serde_json::Value;
use tempfile::TempDir;

/// The people of the story, by the names that the acts call them.
const PEOPLE: [(&str, &str); 13] = [
    ("hall", "hall1"),
    ("office", "cm_lead1"),
    ("manager", "manager1"),
    ("other manager", "manager2"),
    ("tech lead", "tech_lead1"),
    ("surveyor", "surveyor1"),
    ("designer", "designer1"),
    ("estimator", "estimator1"),
    ("finance", "finance_clerk1"),
    ("dispatcher", "eng_dispatcher1"),
    ("contractor", "contractor_lead1"),
    ("inspector", "acceptance_inspector1"),
    ("operator", "ignition_operator1"),
];
/// One act in so many is killed at a random moment first.
const KILLED: u64 = 6;

/// A case of the story.
#[derive(Clone, Debug)]
pub struct Case {
    /// The record.
    pub id: String,
    /// Its segment.
    pub segment: &'static str,
    /// Through which channel its gas-on is applied for.
    pub channel: &'static str,
}

impl Case {
    /// Whether one visit does, and the fee is nothing.
    pub fn is_small(&self) -> bool {
        matches!(self.segment, "residential_scattered" | "non_residential_micro")
    }
}

/// The company with everybody's tablet.
pub struct Cast {
    /// Where everything lies.
    pub folder: TempDir,
    /// The company.
    pub company: Company,
    tablets: BTreeMap<&'static str, Tablet>,
    chance: RefCell<Chance>,
    kills: RefCell<u32>,
    /// What a short run of `lantian` takes on this machine.
    takes: Duration,
}

impl Cast {
    /// Founds the company and enrols everybody.
    pub fn enrol() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let company = Company::demo(folder.path());
        let tablets: BTreeMap<_, _> = PEOPLE
            .iter()
            .map(|(part, login)| (*part, Tablet::enrol(folder.path(), &company, login)))
            .collect();
        let start = Instant::now();
        tablets["manager"].status();
        let takes = start.elapsed();
        let chance = RefCell::new(Chance::from_environment("the story"));
        Self { folder, company, tablets, chance, kills: RefCell::new(0), takes }
    }

    /// Somebody's tablet.
    pub fn of(&self, part: &str) -> &Tablet {
        self.tablets.get(part).unwrap_or_else(|| panic!("nobody plays the {part}"))
    }

    /// How many processes were killed on the way.
    pub fn kills(&self) -> u32 {
        *self.kills.borrow()
    }

    /// Carries out an act, now and then after the process was killed in the
    /// middle of it: then either it is stored, whole, or it is not, and is
    /// done again.
    #[track_caller]
    pub fn act(&self, part: &str, command: &str, case: &str, data: Value) {
        let tablet = self.of(part);
        if self.chance.borrow_mut().below(KILLED) == 0
            && self.stored_by_a_killed(tablet, command, case, &data)
        {
            return;
        }
        tablet.act(command, case, data);
    }

    fn stored_by_a_killed(&self, tablet: &Tablet, command: &str, case: &str, data: &Value) -> bool {
        let before = kept(tablet);
        let data = data.to_string();
        self.kill(tablet, &["do", command, "--on", case, "--data", &data]);
        let after = kept(tablet);
        let new: Vec<_> = after.iter().filter(|entry| !before.contains(entry)).collect();
        assert!(new.len() <= 1, "one act stored {new:?}");
        assert!(before.iter().all(|entry| after.contains(entry)), "a kill lost {before:?}");
        new.len() == 1
    }

    /// Synchronises, now and then after a process was killed in the middle of
    /// it; everything must arrive.
    #[track_caller]
    pub fn deliver(&self, part: &str) {
        let tablet = self.of(part);
        if self.chance.borrow_mut().below(KILLED / 2) == 0 {
            self.kill(tablet, &["sync"]);
        }
        tablet.deliver();
    }

    /// Runs `lantian` and kills it at a random moment of what a run takes.
    pub fn kill(&self, tablet: &Tablet, words: &[&str]) {
        let (from, to) = (self.takes.mul_f64(0.1), self.takes.mul_f64(1.1));
        let moment = self.chance.borrow_mut().between(from, to);
        let (mut child, _) = tablet.start(words);
        std::thread::park_timeout(moment);
        // It may have ended by itself already.
        let _ = child.kill();
        if child.wait().unwrap().code().is_none() {
            *self.kills.borrow_mut() += 1;
        }
    }

    /// Adds a fixture to a case; gives the file's id.
    #[track_caller]
    pub fn attach(&self, part: &str, case: &str, fixture: &str, kind: &str) -> String {
        self.of(part).attach(case, &fixtures::path(&format!("files/{fixture}")), kind)
    }

    /// Adds a drawn signature to a case; gives the file's id.
    #[track_caller]
    pub fn signature(&self, part: &str, case: &str) -> String {
        let file = self.written("signature.png", &sign::png());
        self.of(part).attach(case, &file, "signature")
    }

    /// A file of the story.
    pub fn written(&self, name: &str, content: &[u8]) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    }

    /// The id of somebody of the story.
    pub fn person(&self, part: &str) -> String {
        self.of(part).person(self.of(part).login())
    }
}

/// The acts that a tablet keeps, confirmed ones too.
fn kept(tablet: &Tablet) -> Vec<String> {
    let outbox = tablet.run(&["outbox", "--all"]).done();
    let items = outbox["items"].as_array().expect("the outbox has items");
    let id = |item: &Value| {
        let key = if item["id"].is_string() { "id" } else { "command_id" };
        id_in(item, key)
    };
    items.iter().map(id).collect()
}

mod sign {
    //! A drawn signature: a stroke on white, as PNG without compression.

    /// The picture.
    pub fn png() -> Vec<u8> {
        const SIDE: usize = 48;
        let mut rows = Vec::new();
        for y in 0..SIDE {
            rows.push(0_u8);
            rows.extend((0..SIDE).map(|x| if x.abs_diff(y) < 3 { 20_u8 } else { 255 }));
        }
        let side = (SIDE as u32).to_be_bytes();
        let header = [&side[..], &side[..], &[8, 0, 0, 0, 0][..]].concat();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, b"IHDR", &header);
        chunk(&mut png, b"IDAT", &stored(&rows));
        chunk(&mut png, b"IEND", &[]);
        png
    }

    /// A zlib stream of one stored block.
    fn stored(content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).expect("a small picture");
        let mut stream = vec![0x78, 0x01, 0x01];
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(content);
        let (mut a, mut b) = (1_u32, 0_u32);
        for byte in content {
            a = (a + u32::from(*byte)) % 65_521;
            b = (b + a) % 65_521;
        }
        stream.extend(((b << 16) | a).to_be_bytes());
        stream
    }

    fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
        png.extend((content.len() as u32).to_be_bytes());
        let body = [&kind[..], content].concat();
        png.extend(&body);
        let mut sum = u32::MAX;
        for byte in body {
            sum ^= u32::from(byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            }
        }
        png.extend((!sum).to_be_bytes());
    }
}
