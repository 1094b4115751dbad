//! What was said to be saved, kept outside of every program under test, and
//! counted against what the programs hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use lantian_tests::chance::Chance;
use lantian_tests::tablet::id_in;
use lantian_tests::{Company, Tablet, fixtures};
use serde_json::{Value, json};

use crate::killed::{End, run_and_kill};

/// How many records the notes are spread over.
const RECORDS: usize = 4;

/// Notes and files by what the tablet said about them.
pub struct Ledger {
    name: &'static str,
    records: Vec<String>,
    /// Text of a note, its record, and whether it was acknowledged.
    notes: BTreeMap<String, (String, bool)>,
    /// Acknowledged files: id, record and hash.
    files: BTreeMap<String, (String, String)>,
    pictures: u32,
}

impl Ledger {
    /// An empty ledger over some of the tablet's records.
    pub fn on(tablet: &Tablet, name: &'static str) -> Self {
        let records: Vec<_> =
            tablet.list("leads", &[]).iter().take(RECORDS).map(|card| id_in(card, "id")).collect();
        assert!(records.len() >= 2, "{} has too few leads in the demo", tablet.login());
        Self { name, records, notes: BTreeMap::new(), files: BTreeMap::new(), pictures: 0 }
    }

    /// Adds a note; it must be acknowledged.
    pub fn note(&mut self, tablet: &Tablet, chance: &mut Chance) -> String {
        let (record, text) = self.next(chance);
        tablet.act("add_note", &record, json!({ "text": text }));
        self.notes.insert(text.clone(), (record, true));
        text
    }

    /// Adds a note and kills the program meanwhile.
    pub fn note_and_kill(&mut self, tablet: &Tablet, chance: &mut Chance, takes: Duration) -> End {
        let (record, text) = self.next(chance);
        let data = json!({ "text": text }).to_string();
        let words = ["do", "add_note", "--on", &record, "--data", &data];
        let end = run_and_kill(tablet, &words, chance, takes);
        let acknowledged = match &end {
            End::Killed => false,
            End::Answered(outcome) => {
                assert_eq!(outcome.code, Some(0), "{}: {}", outcome.words, outcome.stderr);
                true
            }
        };
        self.notes.insert(text, (record, acknowledged));
        end
    }

    /// Adds a picture; it must be acknowledged.
    pub fn attach(&mut self, folder: &Path, tablet: &Tablet, chance: &mut Chance) {
        let record = chance.one_of(&self.records).clone();
        let (file, hash) = self.picture(folder);
        let id = tablet.attach(&record, Path::new(&file), "photo_site");
        self.files.insert(id, (record, hash));
    }

    /// Adds a picture and kills the program meanwhile.
    pub fn attach_and_kill(
        &mut self,
        folder: &Path,
        tablet: &Tablet,
        chance: &mut Chance,
        takes: Duration,
    ) -> End {
        let record = chance.one_of(&self.records).clone();
        let (file, hash) = self.picture(folder);
        let end = run_and_kill(
            tablet,
            &["attach", &record, &file, "--kind", "photo_site"],
            chance,
            takes,
        );
        if let End::Answered(outcome) = &end {
            assert_eq!(outcome.code, Some(0), "{}: {}", outcome.words, outcome.stderr);
            let told = &outcome.value;
            let told = if told["file"].is_object() { &told["file"] } else { told };
            self.files.insert(id_in(told, "id"), (record, hash));
        }
        end
    }

    /// Everything acknowledged is shown once, nothing is shown twice (I1, I2).
    pub fn count(&self, tablet: &Tablet) {
        let shown: BTreeMap<_, _> =
            self.records.iter().map(|id| (id.clone(), tablet.body(id))).collect();
        self.compare(&shown, tablet.login());
    }

    /// The server gives the same to a fresh tablet, record by record and file
    /// by file (I1, I2, I3, I8).
    pub fn converged(&self, folder: &Path, company: &Company, tablet: &Tablet) {
        let place = folder.join(format!("fresh-{}", self.name));
        fs::create_dir(&place).expect("a folder for a fresh tablet");
        let fresh = Tablet::enrol(&place, company, tablet.login());
        tablet.sync();
        for kind in ["leads", "cases", "people"] {
            let ids = |of: &Tablet| {
                let mut ids: Vec<_> =
                    of.list(kind, &[]).iter().map(|card| id_in(card, "id")).collect();
                ids.sort();
                ids
            };
            assert_eq!(ids(tablet), ids(&fresh), "{kind} of both tablets");
        }
        let theirs: BTreeMap<_, _> =
            self.records.iter().map(|id| (id.clone(), fresh.confirmed(id))).collect();
        for (id, theirs) in &theirs {
            assert_eq!(tablet.confirmed(id), *theirs, "record {id} of both tablets");
            assert_eq!(tablet.body(id), *theirs, "record {id}: nothing waits any more");
        }
        self.compare(&theirs, "the server");
        for (file, (_, hash)) in &self.files {
            let out = place.join(file);
            fresh.run(&["fetch", file, &out.to_string_lossy()]).done();
            assert_eq!(fixtures::sha256(&fs::read(&out).expect("the file")), *hash, "file {file}");
        }
    }

    fn compare(&self, records: &BTreeMap<String, Value>, whose: &str) {
        for (text, (record, acknowledged)) in &self.notes {
            let times = times(&records[record], text);
            assert!(times <= 1, "{whose} has {text} {times} times");
            assert!(times == 1 || !acknowledged, "{whose} lost the acknowledged {text}");
        }
        for (file, (record, hash)) in &self.files {
            let files = records[record]["files"].as_array().cloned().unwrap_or_default();
            let found: Vec<_> = files.iter().filter(|one| one["id"] == **file).collect();
            assert_eq!(found.len(), 1, "{whose}: acknowledged file {file}");
            assert_eq!(found[0]["sha256"], *hash, "{whose}: file {file}");
        }
    }

    fn next(&self, chance: &mut Chance) -> (String, String) {
        let text =
            format!("备注-{}-{:04}-{:08x}", self.name, self.notes.len(), chance.number() as u32);
        (chance.one_of(&self.records).clone(), text)
    }

    /// A picture of its own, so that no content is there twice.
    fn picture(&mut self, folder: &Path) -> (String, String) {
        self.pictures += 1;
        let name = format!("{}-{}.jpg", self.name, self.pictures);
        let bytes = fixtures::photo_with_comment("files/meter.jpg", &name);
        let file = folder.join(&name);
        fs::write(&file, &bytes).expect("the picture can be written");
        (file.to_string_lossy().into_owned(), fixtures::sha256(&bytes))
    }
}

fn times(record: &Value, text: &str) -> usize {
    let trail = record["trail"].as_array().map_or(&[][..], Vec::as_slice);
    trail
        .iter()
        .filter(|entry| entry["note"].as_str().is_some_and(|note| note.contains(text)))
        .count()
}
