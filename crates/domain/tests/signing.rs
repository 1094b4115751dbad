//! P-21: a signature is captured until the server completed it.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use lantian_domain::{
    apply,
    case::{
        CaseState,
        signing::{Paper, Seal, SealedFile, SignatureCompleted, Signing, SigningState},
    },
    event::Event,
    ids::RecordId,
    privacy::outside,
    record::Record,
    role::Role,
    stamp::Stamp,
    suite::Suite,
};
use office::{Office, samples};

const MANAGER: Role = Role::CustomerManager;

fn seal_of(one: &Signing) -> Seal {
    let hash = |n: usize| format!("{n:064x}");
    let files = one.files.iter().enumerate();
    Seal {
        suite: Suite::Guomi,
        document: hash(99),
        files: files.map(|(n, file)| SealedFile { file: *file, hash: hash(n) }).collect(),
        at: one.at,
        key: hash(7),
        signature: hash(8),
    }
}

fn take(office: &mut Office, id: RecordId, event: &Event) {
    let stamp: Stamp = office.log.last().unwrap().2.clone();
    let record = office.records.remove(&id).unwrap();
    office.records.insert(id, apply(Some(record), id, event, &stamp));
}

#[test]
fn p_21_a_signature_is_captured_until_the_server_completed_it() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Designed);
    let at = office.now;
    let settle = samples::settle(&mut office, id);
    office.must(MANAGER, id, &settle);
    let case = office.case(id);
    let fee = case.signings.iter().find(|one| one.paper == Paper::Fee).unwrap().clone();
    assert_eq!(fee.state, SigningState::Captured);
    assert!(fee.seal.is_none() && fee.at >= at);
    assert_eq!(fee.files[0], case.confirmations[0].signature.file, "the drawn picture first");
    assert_eq!(fee.files[1], case.designs[0].drawing, "then the drawing that was shown");
    let named: Vec<u64> = (1..)
        .zip(office.log.iter().filter(|(record, ..)| *record == id))
        .filter(|(_, (_, event, _))| matches!(event, Event::FeeSettled(_)))
        .map(|(n, _)| n)
        .collect();
    assert_eq!(named, [fee.version], "it names the event of the log that carries it");

    let seal = seal_of(&fee);
    let done = SignatureCompleted { version: fee.version, seal: seal.clone() };
    take(&mut office, id, &Event::SignatureCompleted(Box::new(done)));
    let now = office.case(id).signings.iter().find(|one| one.paper == Paper::Fee).unwrap();
    assert_eq!((now.state, now.seal.as_ref()), (SigningState::Complete, Some(&seal)));
    assert!(office.case(id).captured().all(|one| one.paper != Paper::Fee));

    let other = Seal { document: "0".repeat(64), ..seal.clone() };
    let again = SignatureCompleted { version: fee.version, seal: other };
    take(&mut office, id, &Event::SignatureCompleted(Box::new(again)));
    let now = office.case(id).signings.iter().find(|one| one.paper == Paper::Fee).unwrap();
    assert_eq!(now.seal.as_ref(), Some(&seal), "a seal is made once");
}

#[test]
fn p_21_every_signed_paper_of_a_case_has_its_status() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Archived);
    let case = office.case(id);
    let papers: Vec<Paper> = case.signings.iter().map(|one| one.paper).collect();
    for paper in [Paper::Survey, Paper::Fee, Paper::Install, Paper::Supply, Paper::Safety] {
        assert!(papers.contains(&paper), "{paper:?} in {papers:?}");
    }
    assert!(case.captured().count() == papers.len(), "nobody but the server completes one");
    let mut seen: Vec<u64> = case.signings.iter().map(|one| one.version).collect();
    seen.dedup();
    assert_eq!(seen.len(), papers.len(), "each is another event");
}

#[test]
fn p_21_the_paper_flow_needs_no_drawn_signature() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeConfirmed);
    let before = office.case(id).signings.len();
    let mut power = samples::power(&mut office, id);
    if let lantian_domain::command::Command::SignPower(power) = &mut power {
        power.signature = None;
        power.sealed = Some(office.attach(MANAGER, id, lantian_domain::file::FileKind::Material));
    }
    office.must(MANAGER, id, &power);
    assert_eq!(office.case(id).signings.len(), before, "a stamped paper is no drawn signature");
}

#[test]
fn p_21_who_is_outside_the_company_gets_no_signature() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeConfirmed);
    assert!(!office.case(id).signings.is_empty());
    let Record::Case(seen) = outside::outside(office.records[&id].clone()) else {
        panic!("a case")
    };
    assert!(seen.signings.is_empty());
}
