//! Uploads at every offset and after every accident; who may read what.

use lantian_domain::{
    command::{AttachFile, Command},
    file::{FileKind, FileRef},
    ids::{CommandId, DeviceId, FileId, RecordId},
    lead::{HandOverLead, ReceivePush},
    record::Person,
    role::{OrgUnit, Role},
    time::{DAY_MS, Instant},
};
use lantian_protocol::{
    Problem,
    file::{CHUNK, MAX_ASKED, MAX_FILE, UploadOffer, UploadState},
};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    adopt,
    content::Content,
    download, held, inventory, sweep,
    upload::{self, Chunk},
    uploads, verify,
};
use crate::{
    error::{Error, Result},
    identity::{accounts, password},
    pipeline::{Act, perform},
    store::{Ledger as _, NewOrg, Store},
};

struct Company {
    folder: TempDir,
    store: Store,
    people: Vec<Person>,
}

const HALL: usize = 0;
const ONE: usize = 1;
const TWO: usize = 2;

fn now() -> Instant {
    Instant::parse("2026-11-24T09:00:00+08:00").unwrap()
}

fn company() -> Company {
    let folder = tempfile::tempdir().unwrap();
    let org = NewOrg { name: "甲", recipient: "age1", at: now() };
    let store = Store::create(folder.path(), &org).unwrap();
    let hashed = password::hash_at("long enough 1", password::Cost::LEAST).unwrap();
    let people = store
        .write_now(move |unit| {
            [
                ("hall1", Role::HallClerk),
                ("manager1", Role::CustomerManager),
                ("manager2", Role::CustomerManager),
            ]
            .into_iter()
            .map(|(login, role)| {
                let account = accounts::NewAccount {
                    login: login.to_owned(),
                    name: "甲".to_owned(),
                    roles: [role].into(),
                    org: OrgUnit::MarketDept,
                    password: hashed.clone(),
                    one_time: false,
                };
                accounts::create_reader(unit, account, now())
            })
            .collect::<Result<Vec<_>>>()
        })
        .unwrap();
    Company { folder, store, people }
}

impl Company {
    fn offer(&self, who: usize, offer: &UploadOffer) -> Result<UploadState, Problem> {
        upload::offer(&self.store, &self.people[who], offer, now()).map_err(problem)
    }

    fn send(
        &self,
        who: usize,
        file: FileId,
        offset: usize,
        bytes: &[u8],
    ) -> Result<UploadState, Problem> {
        let chunk = Chunk {
            file,
            offset: offset as u64,
            sha256: Sha256::digest(bytes).to_vec(),
            bytes: bytes.to_vec(),
        };
        upload::take(&self.store, &self.people[who], &chunk, now()).map_err(problem)
    }

    fn upload(&self, who: usize, offer: &UploadOffer, bytes: &[u8]) -> UploadState {
        let mut state = self.offer(who, offer).unwrap();
        while state.receipt.is_none() {
            let from = usize::try_from(state.offset).unwrap();
            let to = bytes.len().min(from + CHUNK);
            state = self.send(who, offer.file, from, &bytes[from..to]).unwrap();
        }
        state
    }

    fn open(&self, who: usize, file: FileId) -> Result<(), Problem> {
        download::open(&self.store, &self.people[who], file, now()).map(|_| ()).map_err(problem)
    }

    fn give(&self, who: usize, record: RecordId, command: Command) {
        let act = Act {
            id: CommandId(Uuid::now_v7()),
            person: self.people[who].clone(),
            device: DeviceId(Uuid::nil()),
            record,
            at: now(),
            received: now(),
            command,
        };
        self.store.write_now(move |unit| perform(unit, &act)).unwrap().unwrap();
    }

    /// A lead that is with the first manager.
    fn lead(&self) -> RecordId {
        let record = RecordId(Uuid::now_v7());
        let push: ReceivePush = serde_json::from_value(serde_json::json!({
            "source": "gonggai", "source_key": "1", "pushed_at": now(),
            "project_name": "甲", "builder_name": "乙"
        }))
        .unwrap();
        self.give(HALL, record, Command::ReceivePush(Box::new(push)));
        let manager = self.people[ONE].user();
        self.give(HALL, record, Command::HandOverLead(HandOverLead { manager, note: None }));
        record
    }

    fn name_file(&self, who: usize, offer: &UploadOffer) {
        let file = FileRef {
            id: offer.file,
            kind: FileKind::PhotoSite,
            name: "甲.jpg".to_owned(),
            mime: offer.mime.clone(),
            size: offer.size,
            sha256: offer.sha256.clone(),
            taken_at: None,
            geo: None,
        };
        self.give(who, offer.record, Command::AttachFile(AttachFile { file }));
    }

    fn content(&self) -> Content {
        Content::of(self.folder.path())
    }
}

fn problem(error: Error) -> Problem {
    let Error::Refused(problem) = error else { panic!("{error}") };
    *problem
}

fn offer_of(bytes: &[u8], record: RecordId) -> UploadOffer {
    UploadOffer {
        file: FileId(Uuid::now_v7()),
        record,
        sha256: hex::encode(Sha256::digest(bytes)),
        size: bytes.len() as u64,
        mime: "image/jpeg".to_owned(),
    }
}

/// A picture of `len` bytes, as far as its head goes.
fn picture(len: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..len).map(|n| u8::try_from(n % 251).unwrap()).collect();
    bytes[..4].copy_from_slice(b"\xFF\xD8\xFF\xE0");
    bytes
}

/// A content that the first person has brought, and no record names.
fn brought(company: &Company) -> (Vec<u8>, UploadOffer) {
    let bytes = picture(100);
    let offer = offer_of(&bytes, nowhere());
    company.upload(ONE, &offer, &bytes);
    (bytes, offer)
}

fn nowhere() -> RecordId {
    RecordId(Uuid::from_u128(1))
}

#[test]
fn a_34_an_upload_resumes_at_every_offset() {
    let company = company();
    let bytes = picture(64);
    for cut in 1..bytes.len() {
        let offer = offer_of(&bytes, nowhere());
        // Content that is known would not be sent again.
        let content = company.content();
        let _ = std::fs::remove_file(content.place(&offer.sha256));
        assert_eq!(company.offer(ONE, &offer).unwrap().offset, 0);
        let state = company.send(ONE, offer.file, 0, &bytes[..cut]).unwrap();
        assert_eq!((state.offset, state.receipt.is_none()), (cut as u64, true));
        // The tablet was killed, the answer lost: it asks where it stands.
        assert_eq!(company.offer(ONE, &offer).unwrap().offset, cut as u64);
        // Bytes that were written but never promised are dropped.
        let part = std::fs::read_dir(company.folder.path().join("files/parts")).unwrap();
        let part = part.map(|entry| entry.unwrap().path()).next().unwrap();
        std::fs::write(&part, [&bytes[..cut], b"garbage"].concat()).unwrap();
        let done = company.send(ONE, offer.file, cut, &bytes[cut..]).unwrap();
        assert_eq!(done.receipt.unwrap().sha256, offer.sha256, "cut {cut}");
        assert_eq!(std::fs::read(content.place(&offer.sha256)).unwrap(), bytes, "cut {cut}");
    }
}

#[test]
fn a_repeat_of_anything_is_harmless() {
    let company = company();
    let bytes = picture(3 * CHUNK + 17);
    let offer = offer_of(&bytes, nowhere());
    company.offer(ONE, &offer).unwrap();
    company.send(ONE, offer.file, 0, &bytes[..CHUNK]).unwrap();
    let again = company.send(ONE, offer.file, 0, &bytes[..CHUNK]).unwrap_err();
    assert_eq!((again.status, again.code.as_str()), (409, "offset_conflict"));
    assert_eq!(again.params["offset"], CHUNK.to_string());
    let done = company.upload(ONE, &offer, &bytes);
    assert_eq!(company.send(ONE, offer.file, 0, &bytes[..CHUNK]).unwrap(), done);
    assert_eq!(company.offer(ONE, &offer).unwrap(), done);
    assert_eq!(
        upload::state(&company.store, &company.people[ONE], offer.file, now()).unwrap(),
        done
    );
}

#[test]
fn a_damaged_chunk_changes_nothing() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, nowhere());
    company.offer(ONE, &offer).unwrap();
    let chunk = Chunk { file: offer.file, offset: 0, sha256: vec![0; 32], bytes: bytes.clone() };
    let refused =
        upload::take(&company.store, &company.people[ONE], &chunk, now()).map_err(problem);
    assert_eq!(refused.unwrap_err().status, 460);
    assert_eq!(company.offer(ONE, &offer).unwrap().offset, 0);
    let large = company.send(ONE, offer.file, 0, &picture(CHUNK + 1)).unwrap_err();
    assert_eq!(large.status, 413);
    let beyond = company.send(ONE, offer.file, 0, &picture(101)).unwrap_err();
    assert_eq!(beyond.status, 413);
    assert_eq!(company.send(ONE, offer.file, 0, b"").unwrap_err().status, 400);
    company.upload(ONE, &offer, &bytes);
}

#[test]
fn content_that_is_not_what_was_announced_is_dropped() {
    let company = company();
    let cases: [(Vec<u8>, &str, u16, &str); 3] = [
        (picture(100), "image/jpeg", 422, "hash_mismatch"),
        (b"%PDF-1.7 no picture".to_vec(), "image/jpeg", 415, "type_mismatch"),
        (b"MZ a program".to_vec(), "application/octet-stream", 415, "type_refused"),
    ];
    for (bytes, mime, status, code) in cases {
        let mut offer = UploadOffer { mime: mime.to_owned(), ..offer_of(&bytes, nowhere()) };
        if code == "hash_mismatch" {
            offer.sha256 = "0".repeat(64);
        }
        company.offer(ONE, &offer).unwrap();
        let refused = company.send(ONE, offer.file, 0, &bytes).unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (status, code));
        assert!(!company.content().has(&offer.sha256, offer.size));
        // It begins anew, with the right content if need be.
        assert_eq!(company.offer(ONE, &offer).unwrap().offset, 0);
    }
}

#[test]
fn an_offer_beyond_the_limits_is_refused() {
    let company = company();
    let good = offer_of(&picture(10), nowhere());
    let refuse = |offer: UploadOffer, status: u16| {
        assert_eq!(company.offer(ONE, &offer).unwrap_err().status, status, "{offer:?}");
    };
    refuse(UploadOffer { size: MAX_FILE + 1, ..good.clone() }, 413);
    refuse(UploadOffer { size: 0, ..good.clone() }, 400);
    refuse(UploadOffer { sha256: "A".repeat(64), ..good.clone() }, 400);
    refuse(UploadOffer { sha256: "../../etc/passwd".to_owned(), ..good.clone() }, 400);
    refuse(UploadOffer { mime: "text/html".to_owned(), ..good.clone() }, 415);
    let unknown = company.send(ONE, good.file, 0, &picture(10)).unwrap_err();
    assert_eq!((unknown.status, unknown.code.as_str()), (404, "upload_unknown"));
}

#[test]
fn nobody_continues_the_upload_of_another() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, nowhere());
    company.offer(ONE, &offer).unwrap();
    company.send(ONE, offer.file, 0, &bytes[..50]).unwrap();
    assert_eq!(company.send(TWO, offer.file, 50, &bytes[50..]).unwrap_err().status, 404);
    // An upload of the same name by another neither stops nor replaces it.
    let other = UploadOffer { file: offer.file, ..offer_of(&picture(70), nowhere()) };
    company.upload(TWO, &other, &picture(70));
    let done = company.send(ONE, offer.file, 50, &bytes[50..]).unwrap();
    assert_eq!(done.receipt.unwrap().sha256, offer.sha256);
}

#[test]
fn a_file_is_read_by_who_sees_a_record_that_names_it() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, company.lead());
    company.upload(ONE, &offer, &bytes);
    // Its owner reads it before any record names it, nobody else does.
    company.open(ONE, offer.file).unwrap();
    assert_eq!(company.open(TWO, offer.file).unwrap_err().status, 404);
    company.name_file(ONE, &offer);
    company.open(ONE, offer.file).unwrap();
    let foreign = company.open(TWO, offer.file).unwrap_err();
    let missing = company.open(TWO, FileId(Uuid::from_u128(9))).unwrap_err();
    // Outside the scope and not there at all are told alike.
    assert_eq!(foreign, missing);
    assert_eq!(company.open(HALL, offer.file).unwrap_err(), missing);
}

#[test]
fn the_hash_of_a_file_does_not_buy_its_content() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, company.lead());
    company.upload(ONE, &offer, &bytes);
    company.name_file(ONE, &offer);
    // The same person attaches the same picture elsewhere: nothing is sent.
    let twice = UploadOffer { file: FileId(Uuid::now_v7()), ..offer.clone() };
    assert!(company.offer(ONE, &twice).unwrap().receipt.is_some());
    // Somebody who knows the hash alone has to bring the content.
    let thief = UploadOffer { file: FileId(Uuid::now_v7()), ..offer.clone() };
    let state = company.offer(TWO, &thief).unwrap();
    assert_eq!((state.offset, state.receipt), (0, None));
    assert_eq!(company.open(TWO, thief.file).unwrap_err().status, 404);
    let renamed = company.offer(TWO, &offer).unwrap();
    assert_eq!((renamed.offset, renamed.receipt), (0, None));
}

#[test]
fn a_received_file_is_not_replaced() {
    let company = company();
    let (_, offer) = brought(&company);
    let other = UploadOffer { file: offer.file, ..offer_of(&picture(90), nowhere()) };
    assert_eq!(company.offer(ONE, &other).unwrap_err().code, "file_conflict");
}

#[test]
fn a_36_content_that_was_lost_is_asked_for_again() {
    let company = company();
    let (bytes, offer) = brought(&company);
    let place = company.content().place(&offer.sha256);
    std::fs::write(&place, b"damaged").unwrap();
    assert_eq!(verify(&company.store).unwrap().damaged, std::slice::from_ref(&offer.sha256));
    std::fs::remove_file(place).unwrap();
    assert_eq!(verify(&company.store).unwrap().missing, std::slice::from_ref(&offer.sha256));
    assert_eq!(company.open(ONE, offer.file).unwrap_err().status, 503);
    assert_eq!(company.offer(ONE, &offer).unwrap().offset, 0);
    company.upload(ONE, &offer, &bytes);
    company.open(ONE, offer.file).unwrap();
    assert_eq!(verify(&company.store).unwrap().missing, [""; 0]);
}

#[test]
fn f25_no_receipt_is_told_for_content_that_was_lost_while_it_was_sent_again() {
    let company = company();
    let (bytes, offer) = brought(&company);
    company.content().drop_content(&offer.sha256).unwrap();
    let (one, file) = (&company.people[ONE], offer.file);
    assert_eq!(upload::state(&company.store, one, file, now()).unwrap().receipt, None);
    let elsewhere = company.send(ONE, file, 40, &bytes[40..]).unwrap_err();
    assert_eq!((elsewhere.status, elsewhere.params["offset"].as_str()), (409, "0"));
    company.send(ONE, file, 0, &bytes).unwrap().receipt.expect("it is here again");
    company.open(ONE, file).unwrap();
}

#[test]
fn a_part_that_was_lost_is_sent_again() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, nowhere());
    company.offer(ONE, &offer).unwrap();
    company.send(ONE, offer.file, 0, &bytes[..40]).unwrap();
    company.content().drop_part(offer.file, company.people[ONE].user()).unwrap();
    let elsewhere = company.send(ONE, offer.file, 40, &bytes[40..]).unwrap_err();
    assert_eq!((elsewhere.status, elsewhere.params["offset"].as_str()), (409, "0"));
    company.upload(ONE, &offer, &bytes);
}

#[test]
fn a_cut_between_place_and_promise_is_mended() {
    let company = company();
    let bytes = picture(100);
    let offer = offer_of(&bytes, nowhere());
    company.offer(ONE, &offer).unwrap();
    company.send(ONE, offer.file, 0, &bytes[..99]).unwrap();
    // The last byte came, the content was put in its place, the power went.
    let user = company.people[ONE].user();
    company.content().append(offer.file, user, 99, &bytes[99..]).unwrap();
    company.content().settle(offer.file, user, &offer.sha256).unwrap();
    assert!(company.offer(ONE, &offer).unwrap().receipt.is_some());
}

#[test]
fn unfinished_uploads_expire_and_finished_ones_stay() {
    let company = company();
    let bytes = picture(100);
    let (left, done) = (offer_of(&picture(60), nowhere()), offer_of(&bytes, nowhere()));
    company.offer(ONE, &left).unwrap();
    company.send(ONE, left.file, 0, &picture(60)[..10]).unwrap();
    company.upload(ONE, &done, &bytes);
    assert_eq!(sweep(&company.store, now().plus_ms(13 * DAY_MS)).unwrap(), 0);
    assert_eq!(sweep(&company.store, now().plus_ms(15 * DAY_MS)).unwrap(), 1);
    assert_eq!(company.send(ONE, left.file, 10, &picture(60)[10..]).unwrap_err().status, 404);
    assert!(company.offer(ONE, &done).unwrap().receipt.is_some());
    assert!(!company.content().has_part(left.file, company.people[ONE].user()));
}

/// What the first manager is asked to bring again.
fn asked(company: &Company, who: usize, offer: &UploadOffer) -> bool {
    let asked = std::slice::from_ref(offer);
    let answer = held(&company.store, &company.people[who], asked, now()).unwrap();
    answer.missing.contains(&offer.file)
}

#[test]
fn f25_a_store_without_its_contents_asks_for_them_and_lists_what_nobody_has() {
    let company = company();
    let (bytes, lead) = (picture(300), company.lead());
    let offer = offer_of(&bytes, lead);
    company.upload(ONE, &offer, &bytes);
    company.name_file(ONE, &offer);
    assert!(!asked(&company, ONE, &offer));
    assert_eq!(inventory(&company.store, now()).unwrap().lacking, 0);
    std::fs::remove_file(company.content().place(&offer.sha256)).unwrap();
    let lost = inventory(&company.store, now()).unwrap();
    assert_eq!((lost.named, lost.lacking), (1, 1));
    assert_eq!((lost.missing[0].file, lost.missing[0].promised), (offer.file, true));
    assert!(asked(&company, ONE, &offer));
    let receipt = company.upload(ONE, &offer, &bytes).receipt.unwrap();
    assert_eq!(receipt.epoch, company.store.read_now(|unit| unit.org_row()).unwrap().epoch);
    assert!(!asked(&company, ONE, &offer));
    assert_eq!(inventory(&company.store, now()).unwrap().lacking, 0);
}

#[test]
fn f25_contents_without_their_receipts_are_given_to_who_sees_the_record() {
    let company = company();
    let (bytes, lead) = (picture(300), company.lead());
    let offer = offer_of(&bytes, lead);
    company.upload(ONE, &offer, &bytes);
    // The store is older than its contents: the receipt is gone.
    let (file, user) = (offer.file, company.people[ONE].user());
    company.store.write_now(move |unit| uploads::forget(unit, file, user)).unwrap();
    // Nobody has content for naming its hash, before a record does.
    assert!(asked(&company, ONE, &offer) && asked(&company, TWO, &offer));
    company.name_file(ONE, &offer);
    assert!(asked(&company, TWO, &offer), "the record is not in their scope");
    assert_eq!(inventory(&company.store, now()).unwrap().lacking, 1);
    assert!(!asked(&company, ONE, &offer));
    assert_eq!(inventory(&company.store, now()).unwrap().lacking, 0);
    assert!(company.open(ONE, offer.file).is_ok());
}

/// A content that a record names, in a store that has lost its receipt.
fn without_receipt(company: &Company) -> (Vec<u8>, UploadOffer) {
    let (bytes, lead) = (picture(300), company.lead());
    let offer = offer_of(&bytes, lead);
    company.upload(ONE, &offer, &bytes);
    company.name_file(ONE, &offer);
    let (file, user) = (offer.file, company.people[ONE].user());
    company.store.write_now(move |unit| uploads::forget(unit, file, user)).unwrap();
    (bytes, offer)
}

#[test]
fn f25_content_is_found_again_beside_an_unfinished_upload_of_it() {
    let company = company();
    let (bytes, offer) = without_receipt(&company);
    let (file, user) = (offer.file, company.people[ONE].user());
    company.offer(ONE, &offer).unwrap();
    company.send(ONE, file, 0, &bytes[..40]).unwrap();
    assert!(!asked(&company, ONE, &offer));
    assert!(company.open(ONE, file).is_ok());
    assert!(!company.content().has_part(file, user), "what was sent of it is not needed");
}

#[test]
fn f25_content_that_changed_is_asked_for_and_unclaimed_content_is_found_again() {
    let company = company();
    let (bytes, offer) = without_receipt(&company);
    let place = company.content().place(&offer.sha256);
    std::fs::write(&place, vec![7; bytes.len()]).unwrap();
    assert!(asked(&company, ONE, &offer), "it has the size, and not the hash");
    assert_eq!(adopt(&company.store, now()).unwrap(), 0);
    std::fs::write(&place, &bytes).unwrap();
    assert_eq!(adopt(&company.store, now()).unwrap(), 1);
    assert_eq!(adopt(&company.store, now()).unwrap(), 0);
    assert!(company.open(ONE, offer.file).is_ok());
    let many = vec![offer; MAX_ASKED + 1];
    let refused = held(&company.store, &company.people[ONE], &many, now()).unwrap_err();
    assert_eq!(problem(refused).code, "too_large");
}
