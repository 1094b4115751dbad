//! What needs a person: kept with all its data until somebody decides.

use lantian_domain::{
    file::{FileKind, FileRef},
    ids::{FileId, RecordId},
    proposal::identity,
    record::Record,
    refusal::Code,
    role::Role,
    time::Instant,
};
use lantian_protocol::{
    Outcome, PushResponse, Verdict,
    file::{HeldResponse, Receipt},
};
use lantian_replica::{
    AttentionKind, Choice, Error, Fate, FileState, NewFile, Resolution, Resolved, SyncState,
};
use uuid::Uuid;

use crate::{
    company::{command, contact, convert, note, user},
    tablet::Tablet,
};

/// Two acts that build on each other and one that does not; meanwhile the
/// company has closed the lead.
fn refused_lane() -> (Tablet, RecordId, RecordId) {
    let (mut tablet, leads) = Tablet::with_leads(2);
    let case = RecordId(tablet.replica().new_id().unwrap());
    tablet.submit(leads[0], contact());
    let now = tablet.now();
    tablet.submit(leads[0], convert(case, now));
    tablet.submit(case, note("现场已到"));
    tablet.submit(leads[0], note("不相干的话"));
    tablet.submit(leads[1], note("另一条线索"));
    tablet.company.give(Role::CustomerManager, leads[0], &contact()).unwrap();
    let close = serde_json::json!({ "reason": "no_demand", "note": "暂不需要" });
    tablet.company.give(Role::CmLead, leads[0], &command("close_lead", close)).unwrap();
    (tablet, leads[0], case)
}

#[test]
fn i5_a_refused_act_parks_what_builds_on_it_and_nothing_else() {
    let (mut tablet, lead, case) = refused_lane();
    // All five are sent as the tablet knows them, before it hears anything.
    while tablet.push() > 0 {}
    let items = tablet.replica().attention().unwrap();
    let kinds: Vec<_> =
        items.iter().map(|item| (item.record, item.kind, item.command.name().as_str())).collect();
    let expected = [
        (lead, AttentionKind::Refused, "record_contact_attempt"),
        (lead, AttentionKind::Parked, "convert_lead"),
        (case, AttentionKind::Parked, "add_note"),
    ];
    assert_eq!(kinds, expected);
    // The independent remarks reached the company.
    let said = |tablet: &Tablet, text: &str| {
        let kept = tablet.company.records.values();
        kept.flat_map(|kept| kept.record.trail()).any(|l| l.note.as_deref() == Some(text))
    };
    assert!(said(&tablet, "不相干的话") && said(&tablet, "另一条线索"));
    assert!(!tablet.company.records.contains_key(&case));
    // Nothing of it is lost by a kill, and nothing of it is sent again.
    tablet.killed();
    assert_eq!(tablet.replica().attention().unwrap().len(), kinds.len());
    tablet.sync();
    assert_eq!(tablet.replica().attention().unwrap().len(), kinds.len());
    assert!(!tablet.company.records.contains_key(&case));
}

#[test]
fn a_foreseen_refusal_is_shown_before_it_is_sent() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], contact());
    tablet.company.hide(leads[0]);
    tablet.pull();
    let items = tablet.replica().attention().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].kind, AttentionKind::Parked);
    assert_eq!(items[0].refusal.as_ref().unwrap().code, Code::Unknown);
    assert_eq!(items[0].command, contact());
    // It is sent all the same: the verdict is the company's.
    tablet.push();
    let items = tablet.replica().attention().unwrap();
    assert_eq!(items[0].kind, AttentionKind::Refused);
    assert_eq!(items[0].refusal.as_ref().unwrap().code, Code::Assigned);
    assert!(items[0].choices.contains(&Choice::HandOver));
    assert_eq!(items[0].card, None);
}

fn one_refused() -> (Tablet, RecordId, lantian_domain::ids::CommandId) {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let saved = tablet.submit(leads[0], note("改一改"));
    let refusal = lantian_domain::refusal::Refusal::new(Code::Version);
    answer(&mut tablet, saved.command, Verdict::Refused { refusal });
    (tablet, leads[0], saved.command)
}

fn answer(tablet: &mut Tablet, id: lantian_domain::ids::CommandId, verdict: Verdict) {
    let now = tablet.now();
    let outcomes = vec![Outcome { id, verdict }];
    let response = PushResponse { outcomes, server_time: now, witness: None, page: None };
    tablet.replica().settle(&response, now).unwrap();
}

#[test]
fn a_conflict_is_corrected_and_the_correction_takes_its_place() {
    let (mut tablet, lead, id) = one_refused();
    let item = tablet.replica().attention().unwrap().remove(0);
    assert_eq!(item.kind, AttentionKind::Conflict);
    assert_eq!(tablet.replica().card(lead).unwrap().unwrap().sync, SyncState::Conflict);
    let now = tablet.now();
    let again = tablet.replica().resolve(id, Resolution::Edit(note("  ")), now).unwrap();
    assert!(matches!(again, Resolved::Refused(_)));
    assert_eq!(tablet.replica().attention().unwrap().len(), 1);
    let again = tablet.replica().resolve(id, Resolution::Edit(note("改好了")), now).unwrap();
    let Resolved::Submitted(saved) = again else { panic!("{again:?}") };
    assert_eq!(tablet.replica().attention().unwrap().len(), 0);
    tablet.killed();
    let history = tablet.replica().outbox(true).unwrap();
    let old = history.iter().find(|entry| entry.id == id).unwrap();
    assert_eq!((old.fate, old.replaced_by), (Fate::Refused, Some(saved.command)));
    tablet.sync();
    tablet.assert_converged();
    assert_eq!(tablet.replica().card(lead).unwrap().unwrap().sync, SyncState::Delivered);
    let twice = tablet.replica().resolve(id, Resolution::Discard { reason: None }, now);
    assert!(matches!(twice, Err(Error::UnknownItem(_))));
}

#[test]
fn a_follower_flows_once_the_correction_is_taken() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let case = RecordId(tablet.replica().new_id().unwrap());
    tablet.submit(leads[0], contact());
    let now = tablet.now();
    let converted = tablet.submit(leads[0], convert(case, now));
    let said = tablet.submit(case, note("现场已到"));
    let refusal = lantian_domain::refusal::Refusal::new(Code::BasicMissing);
    answer(&mut tablet, converted.command, Verdict::Refused { refusal });
    assert!(!tablet.sendable().contains(&said.command));
    assert!(tablet.replica().shown(case).unwrap().is_none());
    let edited = Resolution::Edit(convert(case, now));
    tablet.replica().resolve(converted.command, edited, now).unwrap();
    // On top again, but sent only after the correction has its answer.
    assert!(tablet.replica().shown(case).unwrap().is_some());
    assert_eq!(tablet.replica().attention().unwrap().len(), 0);
    assert!(!tablet.sendable().contains(&said.command));
    tablet.push();
    assert!(tablet.sendable().contains(&said.command));
    tablet.sync();
    tablet.assert_converged();
}

/// Simulator, seed 20732: the answer comes after a person has put something
/// else in place of the command, and a restore follows.
#[test]
fn f23_i9_what_was_taken_after_its_correction_is_offered_again_with_it() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], contact());
    tablet.sync();
    let backup = tablet.company.clone();
    let case = RecordId(tablet.replica().new_id().unwrap());
    let now = tablet.now();
    let converted = tablet.submit(leads[0], convert(case, now));
    let said = tablet.submit(case, note("现场已到"));
    // The company counts another instant and does not keep the claimed one, so
    // that the tablet cannot know its own act in what the feed brings, and takes
    // it for refused.
    tablet.company.corrects_ms = 7_000;
    tablet.company.keeps_claims = false;
    let batch = tablet.replica().sendable(1).unwrap();
    let late = tablet.company.push(&batch);
    tablet.pull();
    let edited = Resolution::Edit(note("改成备注"));
    let edited = tablet.replica().resolve(converted.command, edited, now).unwrap();
    let Resolved::Submitted(correction) = edited else { panic!("{edited:?}") };
    tablet.replica().settle(&late, now).unwrap();
    // It had its effect after all: what builds on it flows.
    assert!(tablet.sendable().contains(&said.command));
    tablet.sync();
    let epoch = tablet.company.epoch + 1;
    tablet.company = backup;
    tablet.company.epoch = epoch;
    tablet.pull();
    let offered = tablet.sendable();
    assert!([converted, said, correction].iter().all(|one| offered.contains(&one.command)));
    tablet.sync();
    let fates: Vec<Fate> =
        tablet.replica().outbox(true).unwrap().iter().map(|entry| entry.fate).collect();
    assert!(!fates.contains(&Fate::Pending), "{fates:?}");
    assert!(tablet.company.records.contains_key(&case));
    tablet.assert_converged();
}

/// Simulator, seed 1465: the answer is lost, the feed brings the effect at an
/// instant that the company corrected.
#[test]
fn i2_what_the_feed_brings_at_a_corrected_instant_is_known_for_ones_own() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], contact());
    tablet.sync();
    let case = RecordId(tablet.replica().new_id().unwrap());
    let now = tablet.now();
    let saved = tablet.submit(leads[0], convert(case, now));
    tablet.company.corrects_ms = 7_000;
    tablet.send();
    tablet.pull();
    // Nobody is asked to give up what has its effect already.
    assert_eq!(tablet.replica().attention().unwrap().len(), 0);
    assert_eq!(tablet.sendable(), [saved.command], "its answer is asked for still");
    tablet.sync();
    tablet.assert_converged();
}

#[test]
fn a_09_what_is_handed_over_goes_to_a_colleague_and_stays_readable() {
    let (mut tablet, lead, id) = one_refused();
    let now = tablet.now();
    let to = |role| Resolution::HandOver { to: Some(user(role)) };
    // It answers for the record itself: there is nobody to hand it to.
    let nobody = tablet.replica().resolve(id, Resolution::HandOver { to: None }, now).unwrap();
    assert!(matches!(nobody, Resolved::Refused(_)), "{nobody:?}");
    assert_eq!(tablet.replica().attention().unwrap().len(), 1);
    let done = tablet.replica().resolve(id, to(Role::CmLead), now).unwrap();
    assert_eq!(done, Resolved::Closed);
    tablet.killed();
    assert_eq!(tablet.replica().attention().unwrap().len(), 0);
    let history = tablet.replica().outbox(true).unwrap();
    assert_eq!((history[0].fate, &history[0].command), (Fate::Handed, &note("改一改")));
    assert_eq!(tablet.replica().card(lead).unwrap().unwrap().sync, SyncState::Delivered);
    tablet.sync();
    let offered = &tablet.company.records[&identity(id)].record;
    let Record::Proposal(offered) = offered else { panic!("{offered:?}") };
    assert_eq!((offered.owner, offered.work.given()), (user(Role::CmLead), Some(note("改一改"))));
}

#[test]
fn i8_what_was_given_up_too_late_and_handed_on_brings_its_file() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let now = tablet.now();
    let file = tablet.replica().attach(photo(leads[0], 6), b"late work", now).unwrap();
    let named = serde_json::json!({ "file": file });
    let id = tablet.submit(leads[0], command("attach_file", named)).command;
    tablet.company.reassign(leads[0]);
    tablet.pull();
    let reason = Some("不再需要".to_owned());
    tablet.replica().resolve(id, Resolution::Discard { reason }, now).unwrap();
    assert_eq!(tablet.replica().uploads().unwrap().len(), 0);
    // It was on its way already: the new owner has it as a proposal.
    let refusal = lantian_domain::refusal::Refusal::new(Code::Role);
    let refusal = refusal.with(lantian_domain::proposal::PROPOSAL, identity(id));
    answer(&mut tablet, id, Verdict::Refused { refusal });
    tablet.killed();
    assert_eq!(tablet.replica().outbox(true).unwrap()[0].fate, Fate::Handed);
    assert_eq!(tablet.replica().uploads().unwrap()[0].file, file.id);
}

#[test]
fn a_41_f38_after_a_fork_the_numbering_begins_anew_and_nothing_is_lost() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let before = tablet.replica().device().incarnation;
    let saved = tablet.submit(leads[0], note("来自旧副本"));
    let (code, message) = ("E_FORK".to_owned(), "the chain has forked".to_owned());
    answer(&mut tablet, saved.command, Verdict::Quarantined { code, message });
    tablet.killed();
    assert_ne!(tablet.replica().device().incarnation, before);
    let items = tablet.replica().attention().unwrap();
    assert_eq!(items[0].quarantine.as_ref().unwrap().0, "E_FORK");
    let now = tablet.now();
    let again = tablet.replica().resolve(saved.command, Resolution::Resend, now).unwrap();
    assert!(matches!(again, Resolved::Submitted(_)));
    let batch = tablet.replica().sendable(10).unwrap();
    let envelope: lantian_protocol::Envelope = serde_json::from_str(&batch[0].envelope).unwrap();
    assert_eq!((envelope.n, envelope.prev.as_str()), (1, ""));
    tablet.sync();
    tablet.assert_converged();
}

fn photo(record: RecordId, n: u128) -> NewFile {
    NewFile {
        id: FileId(Uuid::from_u128(n)),
        record,
        kind: FileKind::PhotoSite,
        name: "现场.jpg".to_owned(),
        mime: "image/jpeg".to_owned(),
        taken_at: None,
        geo: None,
    }
}

#[test]
fn i8_a_file_is_durable_before_it_is_named_and_kept_until_its_receipt() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let now = tablet.now();
    let content = vec![42; 300_000];
    let file = tablet.replica().attach(photo(leads[0], 5), &content, now).unwrap();
    assert_eq!(tablet.replica().uploads().unwrap().len(), 0);
    let named = serde_json::json!({ "file": file });
    tablet.submit(leads[0], command("attach_file", named));
    tablet.killed();
    assert_eq!(tablet.replica().file_bytes(&file).unwrap(), content);
    assert_eq!(tablet.replica().file_state(&file).unwrap(), (FileState::Local, 0));
    // Only once the company knows the command may the content go.
    assert_eq!(tablet.replica().uploads().unwrap().len(), 0);
    tablet.sync();
    let card = tablet.replica().card(leads[0]).unwrap().unwrap();
    assert_eq!((card.sync, card.files_done, card.files_total), (SyncState::FilesMissing, 0, 1));
    let upload = tablet.replica().uploads().unwrap()[0];
    assert_eq!((upload.file, upload.size, upload.offset), (file.id, 300_000, None));
    tablet.replica().upload_progress(file.id, 262_144).unwrap();
    assert_eq!(tablet.replica().file_state(&file).unwrap(), (FileState::Uploading, 262_144));
    let rest = tablet.replica().upload_chunk(file.id, 262_144, 262_144).unwrap();
    assert_eq!(rest, content[262_144..]);
    assert!(matches!(tablet.replica().forget_file(&file), Err(Error::NoReceipt(_))));
    let receipt = Receipt { file: file.id, sha256: file.sha256.clone(), at: now, epoch: 1 };
    let wrong = Receipt { sha256: "00".repeat(32), ..receipt.clone() };
    assert!(tablet.replica().upload_done(&wrong).is_err());
    tablet.replica().upload_done(&receipt).unwrap();
    tablet.killed();
    assert_eq!(tablet.replica().file_state(&file).unwrap().0, FileState::Delivered);
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().sync, SyncState::Delivered);
    tablet.replica().forget_file(&file).unwrap();
    assert_eq!(tablet.replica().file_state(&file).unwrap().0, FileState::Remote);
}

#[test]
fn i8_a_file_that_the_company_names_goes_up_whatever_was_told_of_its_command() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let now = tablet.now();
    let file = tablet.replica().attach(photo(leads[0], 5), b"content", now).unwrap();
    let named = serde_json::json!({ "file": file });
    let saved = tablet.submit(leads[0], command("attach_file", named));
    // Taken, and the answer lost; its repeat was altered on the way and set
    // aside; the person gave it up before the feed brought the effect.
    tablet.send();
    let (code, message) = ("E_SIGNATURE".to_owned(), "altered".to_owned());
    answer(&mut tablet, saved.command, Verdict::Quarantined { code, message });
    tablet.replica().resolve(saved.command, Resolution::Discard { reason: None }, now).unwrap();
    assert_eq!(tablet.replica().uploads().unwrap().len(), 0);
    tablet.pull();
    assert_eq!(tablet.replica().uploads().unwrap().len(), 1);
}

/// The company of a later epoch, which says what it lacks.
fn restored(tablet: &mut Tablet, missing: &[FileId]) -> usize {
    let (now, epoch) = (tablet.now(), tablet.company.epoch);
    let asked = tablet.replica().doubted().unwrap();
    let answer = HeldResponse { epoch, missing: missing.to_vec() };
    tablet.replica().confirm(&asked, &answer, now).unwrap()
}

#[test]
fn f25_after_a_restore_a_receipt_is_asked_for_and_what_was_lost_goes_up_again() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    let now = tablet.now();
    let mut files = Vec::new();
    for n in 0..3 {
        let content = format!("content {n}");
        let file = tablet.replica().attach(photo(leads[0], n), content.as_bytes(), now).unwrap();
        let named = serde_json::json!({ "file": file });
        tablet.submit(leads[0], command("attach_file", named));
        files.push(file);
    }
    // A colleague's photo that was looked at here.
    let theirs = FileRef { id: FileId(Uuid::from_u128(9)), ..files[0].clone() };
    let bytes = b"content 0";
    let served = tablet.replica().store_range((leads[1], &theirs), (0, bytes), now).unwrap();
    assert_eq!(served, theirs.size);
    tablet.sync();
    for file in &files {
        let receipt = Receipt { file: file.id, sha256: file.sha256.clone(), at: now, epoch: 1 };
        tablet.replica().upload_done(&receipt).unwrap();
    }
    tablet.replica().forget_file(&files[2]).unwrap();
    assert_eq!(tablet.replica().unaccounted().unwrap(), 0);
    tablet.company.epoch += 1;
    tablet.pull();
    tablet.sync();
    assert_eq!(tablet.replica().unaccounted().unwrap(), 4);
    // Nothing is let go of before the company has answered.
    assert!(matches!(tablet.replica().forget_file(&files[1]), Err(Error::NoReceipt(_))));
    // An answer from before the restore says nothing.
    let asked = tablet.replica().doubted().unwrap();
    let old = HeldResponse { epoch: 1, missing: Vec::new() };
    assert_eq!(tablet.replica().confirm(&asked, &old, now).unwrap(), 4);
    tablet.killed();
    let missing = [files[1].id, files[2].id, theirs.id];
    assert_eq!(restored(&mut tablet, &missing), 0);
    let up: Vec<FileId> = tablet.replica().uploads().unwrap().iter().map(|one| one.file).collect();
    assert_eq!(up, [files[1].id, theirs.id], "the third is not here either");
    for file in [&files[1], &theirs] {
        let receipt = Receipt { file: file.id, sha256: file.sha256.clone(), at: now, epoch: 2 };
        tablet.replica().upload_done(&receipt).unwrap();
    }
    tablet.killed();
    assert_eq!(tablet.replica().uploads().unwrap().len(), 0);
    assert_eq!(tablet.replica().unaccounted().unwrap(), 0);
    tablet.replica().forget_file(&theirs).unwrap();
    assert!(tablet.replica().check().unwrap().is_sound());
}

#[test]
fn a_command_cannot_name_a_file_that_nobody_has() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let file = serde_json::json!({ "file": {
        "id": Uuid::from_u128(6), "kind": "photo_site", "name": "x.jpg", "mime": "image/jpeg",
        "size": 3, "sha256": "00".repeat(32),
    }});
    let asked = tablet.replica().submit(leads[0], command("attach_file", file), Instant(0));
    assert!(matches!(asked, Err(Error::FileMissing(_))));
}

#[test]
fn a_27_i4_a_record_that_leaves_takes_its_files_along_but_not_what_only_lies_here() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    let now = tablet.now();
    let kept = tablet.replica().attach(photo(leads[0], 7), b"only here", now).unwrap();
    let named = serde_json::json!({ "file": kept });
    tablet.submit(leads[0], command("attach_file", named));
    let gone = tablet.replica().attach(photo(leads[0], 8), b"delivered", now).unwrap();
    let named = serde_json::json!({ "file": gone });
    tablet.submit(leads[0], command("attach_file", named));
    tablet.sync();
    let receipt = Receipt { file: gone.id, sha256: gone.sha256.clone(), at: now, epoch: 1 };
    tablet.replica().upload_done(&receipt).unwrap();
    tablet.company.reassign(leads[0]);
    tablet.pull();
    tablet.assert_converged();
    // One content is nowhere else yet: until then the record can be read.
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().sync, SyncState::Held);
    assert_eq!(tablet.replica().file_state(&gone).unwrap().0, FileState::Remote);
    assert_eq!(tablet.replica().file_bytes(&kept).unwrap(), b"only here");
    // Its receipt is the moment for the last one.
    let receipt = Receipt { file: kept.id, sha256: kept.sha256.clone(), at: now, epoch: 1 };
    tablet.replica().upload_done(&receipt).unwrap();
    assert!(matches!(tablet.replica().file_bytes(&kept), Err(Error::FileMissing(_))));
    assert_eq!(tablet.replica().shown(leads[0]).unwrap(), None);
    assert_eq!(tablet.replica().card(leads[0]).unwrap(), None);
    assert!(tablet.replica().check().unwrap().is_sound());
}
