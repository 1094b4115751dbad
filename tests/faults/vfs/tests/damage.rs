//! Damaged stores (F36, F37): a coded refusal that changes nothing, or
//! everything that was promised is there and what is damaged is named and
//! mended.
//!
//! `LANTIAN_FAULTS=all` damages every page of every file, otherwise a sample
//! by a seed, which is printed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lantian_faults::chance::Chance;
use lantian_faults::day::{self, Recording, Told};
use lantian_faults::disk::{Disk, Files, Leaves};
use lantian_faults::failing::code_of;
use lantian_faults::recovery::{ensure_answered, ensure_kept, recover};
use lantian_faults::sides::{Company, open_tablet, rest};
use lantian_faults::stage::{COMPANY, Stage, folder, lay_out, morning};
use lantian_server::store::Store;

/// The least size of a page of any of the stores.
const PAGE: usize = 4096;
/// Damages of each kind in a sample.
const SAMPLE: usize = 60;

/// A moment of a day at which all stores have a log beside them.
struct Scene {
    _folder: tempfile::TempDir,
    stage: Stage,
    day: Recording,
    files: Files,
    earlier: Files,
    told: Vec<Told>,
    place: std::path::PathBuf,
    chance: Chance,
}

impl Scene {
    fn new(of_what: &str) -> Self {
        let folder = folder().unwrap();
        let stage = Stage::set(&folder.path().join("stage")).unwrap();
        let day = day::record(&stage, &folder.path().join("day"), 2).unwrap();
        let mut chance = Chance::of(1);
        let mut moment = |at: usize| {
            let mut disk = Disk::with(day.before.clone());
            day.tape[..at].iter().for_each(|entry| disk.play(entry));
            disk.cut(None, |_| true, Leaves::Everything, &mut chance)
        };
        let last = (0..=day.tape.len())
            .rev()
            .find(|at| LOGS.iter().all(|log| moment(*at).get(*log).is_some_and(|f| f.len() > PAGE)))
            .expect("at some moment all stores have a log");
        let (files, earlier) = (moment(last), moment(last / 2));
        let told = day.told.iter().filter(|told| told.by <= last).cloned().collect();
        let place = folder.path().join("place");
        let chance = Chance::from_environment(of_what);
        Self { _folder: folder, stage, day, files, earlier, told, place, chance }
    }

    /// Damages of a file: a bit of a page, an end too early, nothing at all,
    /// another generation.
    fn damages(&mut self, name: &str) -> Vec<(String, Option<Vec<u8>>)> {
        let content = self.files[name].clone();
        let all = std::env::var("LANTIAN_FAULTS").is_ok_and(|wanted| wanted == "all");
        let pages = content.len().div_ceil(PAGE);
        let flips: Vec<usize> = if all {
            (0..4 * pages).map(|n| n / 4).collect()
        } else {
            (0..SAMPLE).map(|_| self.chance.below(pages)).collect()
        };
        let mut damages = Vec::new();
        for page in flips {
            let mut damaged = content.clone();
            let at = (page * PAGE + self.chance.below(PAGE)).min(content.len() - 1);
            let bit = self.chance.below(8);
            damaged[at] ^= 1 << bit;
            damages.push((format!("bit {bit} of byte {at} of {name}"), Some(damaged)));
        }
        for _ in 0..SAMPLE / 6 {
            let len = match self.chance.below(3) {
                0 => self.chance.below(content.len()),
                _ => self.chance.below(pages) * PAGE,
            };
            damages.push((format!("{name} ends after {len} bytes"), Some(content[..len].to_vec())));
        }
        damages.push((format!("{name} is empty"), Some(Vec::new())));
        damages.push((format!("{name} is missing"), None));
        let earlier = self.earlier.get(name).cloned();
        damages.push((format!("{name} is of another generation"), earlier));
        damages
    }

    fn lay_out(&self, name: &str, damaged: Option<Vec<u8>>) {
        let mut files = self.files.clone();
        match damaged {
            Some(damaged) => drop(files.insert(name.into(), damaged)),
            None => drop(files.remove(name)),
        }
        lay_out(&self.day.root, &files, &self.place).unwrap();
    }
}

const LOGS: [&str; 3] = ["company/server.db-wal", "tablet/outbox.db-wal", "tablet/replica.db-wal"];

/// The content of a store and its log.
fn contents(place: &Path, store: &str) -> Vec<Option<Vec<u8>>> {
    let names = [store.to_owned(), format!("{store}-wal")];
    names.iter().map(|name| fs::read(place.join(name)).ok()).collect()
}

#[test]
fn f36_a_damaged_outbox_is_refused_untouched_or_has_everything() {
    let mut scene = Scene::new("a damaged outbox");
    let (mut refused, mut named, mut whole) = (0, 0, 0);
    for (what, damaged) in scene.damages("tablet/outbox.db") {
        scene.lay_out("tablet/outbox.db", damaged);
        let before = contents(&scene.place, "tablet/outbox.db");
        match open_tablet(&scene.place) {
            Err(error) => {
                assert!(matches!(error.code(), "damaged" | "wrong_key"), "{what}: {error:?}");
                let after = contents(&scene.place, "tablet/outbox.db");
                assert!(after == before, "{what}: it was changed");
                refused += 1;
            }
            Ok(tablet) if tablet.check().is_ok_and(|health| !health.is_sound()) => named += 1,
            Ok(tablet) => {
                ensure_kept(&tablet, &scene.told, 0).with_context(|| what.clone()).unwrap();
                whole += 1;
            }
        }
    }
    println!("outbox: {refused} refused, {named} named by the check, {whole} not concerned");
    assert!(refused > 20, "{refused} refused");
}

#[test]
fn f36_a_damaged_mirror_is_made_anew_and_filled() {
    let mut scene = Scene::new("a damaged mirror");
    let mut done = 0;
    for name in ["tablet/replica.db", "tablet/replica.db-wal"] {
        for (what, damaged) in scene.damages(name) {
            scene.lay_out(name, damaged);
            let mended = mirror_is_mended(&scene).with_context(|| what.clone());
            if let Err(error) = mended {
                panic!("{error:#}");
            }
            done += 1;
        }
    }
    println!("mirror: {done} damages mended");
}

/// Opens, synchronises, is made anew where its check says so, and has all.
fn mirror_is_mended(scene: &Scene) -> Result<()> {
    let mut tablet = open_tablet(&scene.place)?;
    let company = Company::open(&scene.place, &scene.stage.device)?;
    let now = morning().plus_ms(12 * 3_600_000);
    let rested = rest(&mut tablet, &company, now);
    let differs = tablet.scope_digest()?.digest != company.digest()?.digest;
    if rested.is_err() || differs || !tablet.check()?.mirror.is_empty() {
        if let Err(error) = &rested {
            code_of(error)?;
        }
        tablet.rebuild_mirror()?;
        rest(&mut tablet, &company, now).context("after it was made anew")?;
    }
    ensure!(tablet.scope_digest()?.digest == company.digest()?.digest, "both sides differ");
    ensure_kept(&tablet, &scene.told, 0)
}

#[test]
fn f37_a_log_that_is_damaged_gone_or_of_another_time_never_doubles_anything() {
    let mut scene = Scene::new("a damaged log of the outbox");
    let mut counts = [0; 3];
    for (what, damaged) in scene.damages("tablet/outbox.db-wal") {
        scene.lay_out("tablet/outbox.db-wal", damaged);
        match log_is_survived(&scene) {
            Ok(end) => counts[end as usize] += 1,
            Err(error) => panic!("{what}: {error:#}"),
        }
    }
    let [refused, whole, shorter] = counts;
    println!(
        "log of the outbox: {refused} refused, {whole} whole, {shorter} end before the damage"
    );
}

/// What became of a damaged log.
#[derive(Clone, Copy)]
enum End {
    Refused,
    Whole,
    Shorter,
}

/// Refused, or a beginning of what was saved, of which nothing happens twice.
fn log_is_survived(scene: &Scene) -> Result<End> {
    let mut tablet = match open_tablet(&scene.place) {
        Ok(tablet) => tablet,
        Err(error) => {
            ensure!(matches!(error.code(), "damaged" | "wrong_key"), "{error:?}");
            return Ok(End::Refused);
        }
    };
    let kept = ensure_kept(&tablet, &scene.told, 0).is_ok();
    let company = Company::open(&scene.place, &scene.stage.device)?;
    rest(&mut tablet, &company, morning().plus_ms(12 * 3_600_000))?;
    ensure!(tablet.scope_digest()?.digest == company.digest()?.digest, "both sides differ");
    company.verify()?;
    let effects = company.effects()?;
    for entry in tablet.outbox(true)? {
        ensure!(effects.get(&entry.id) == Some(&1), "{}: {:?}", entry.id, entry.fate);
    }
    Ok(if kept { End::Whole } else { End::Shorter })
}

#[test]
fn f36_a_damaged_company_is_refused_named_or_has_everything() {
    let mut scene = Scene::new("a damaged company");
    let (mut refused, mut named, mut whole, mut unseen) = (0, 0, 0, Vec::new());
    for (what, damaged) in scene.damages("company/server.db") {
        scene.lay_out("company/server.db", damaged);
        let before = contents(&scene.place, "company/server.db");
        let company = match Company::open(&scene.place, &scene.stage.device) {
            Ok(company) => company,
            Err(error) => {
                let after = contents(&scene.place, "company/server.db");
                assert!(after == before, "{what}: it was changed, and {error}");
                refused += 1;
                continue;
            }
        };
        if company.verify().is_err() {
            named += 1;
        } else if ensure_answered(&company, &scene.told).is_err() {
            unseen.push(what);
        } else {
            whole += 1;
        }
    }
    println!(
        "company: {refused} refused, {named} named by verification, {whole} not concerned, \
         {} unseen: {unseen:?}",
        unseen.len()
    );
    assert!(unseen.is_empty(), "a promise is broken and nothing tells: {unseen:?}");
}

#[test]
fn f36_a_company_that_ends_before_its_last_page_is_refused_untouched() {
    let scene = Scene::new("a company that ends too early");
    let content = scene.files["company/server.db"].clone();
    let (mut refused, mut whole) = (0, 0);
    for len in (1..content.len()).rev().step_by(PAGE) {
        scene.lay_out("company/server.db", Some(content[..len].to_vec()));
        let before = contents(&scene.place, "company/server.db");
        match Company::open(&scene.place, &scene.stage.device) {
            Err(error) => {
                let is_coded = matches!(error, lantian_server::Error::Damaged { .. });
                assert!(is_coded, "{len} bytes: {error:?}");
                let after = contents(&scene.place, "company/server.db");
                assert!(after == before, "{len} bytes: it was changed");
                refused += 1;
            }
            // The log has every page that is lacking.
            Ok(company) => {
                company.verify().with_context(|| format!("{len} bytes")).unwrap();
                ensure_answered(&company, &scene.told).unwrap();
                whole += 1;
            }
        }
    }
    println!("company that ends too early: {refused} refused, {whole} whole by their log");
    assert!(refused > 20 && refused > whole, "{refused} refused, {whole} whole");
}

#[test]
fn c_18_f36_a_company_that_is_found_damaged_writes_nothing_any_more() {
    let scene = Scene::new("a company that gets damaged");
    let place = &scene.place;
    lay_out(&scene.stage.root, &scene.stage.databases().unwrap(), place).unwrap();
    let file = place.join("company/server.db");
    let store = Store::open(&place.join(COMPANY)).unwrap();
    store.prove().unwrap();
    store.write_now(|_| Ok(())).unwrap();

    let mut content = fs::read(&file).unwrap();
    content[8 * PAGE..].fill(0);
    // In its place: the store has the file open and mapped.
    fs::File::options().write(true).open(&file).unwrap().write_all(&content).unwrap();
    let found = store.prove().unwrap_err();
    assert!(matches!(found, lantian_server::Error::Damaged { .. }), "{found:?}");
    assert!(store.ensure_sound().is_err());
    let refused = store.write_now(|_| Ok(())).unwrap_err();
    assert!(matches!(refused, lantian_server::Error::Damaged { .. }), "{refused:?}");
    assert!(fs::read(&file).unwrap() == content, "it was changed");

    // Verification names what the database itself says, and no content.
    let report = store.read_now(lantian_server::audit::verify).unwrap();
    assert!(!report.holds);
    assert!(report.found.iter().all(|fault| fault.code == "database" && fault.detail.is_some()));
}

#[test]
fn the_scene_itself_is_sound() {
    let scene = Scene::new("the scene");
    lay_out(&scene.day.root, &scene.files, &scene.place).unwrap();
    recover(&scene.stage, &scene.place, &scene.told, 1, None).unwrap();
}
