//! Acts: durable, chained, shown on top, settled once.

use lantian_domain::{ids::RecordId, record::Record};
use lantian_protocol::Envelope;
use lantian_replica::{Error, Fate, Submission, SyncState};
use sha2::Digest as _;
use uuid::Uuid;

use crate::{
    company::{contact, convert, note},
    tablet::Tablet,
};

#[test]
fn a_14_i1_an_act_survives_a_kill_at_once() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    let saved = tablet.submit(leads[0], note("第一句"));
    tablet.submit(leads[1], contact());
    tablet.killed();
    let entries = tablet.replica().outbox(false).unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!((entries[0].id, entries[0].fate), (saved.command, Fate::Pending));
    let shown = tablet.replica().shown(leads[0]).unwrap().unwrap();
    assert!(shown.trail().iter().any(|line| line.note.as_deref() == Some("第一句")));
    tablet.sync();
    tablet.assert_converged();
}

#[test]
fn a_refused_act_leaves_nothing_behind() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let now = tablet.now();
    let refused = tablet.replica().submit(leads[0], note("  "), now).unwrap();
    assert!(matches!(refused, Submission::Refused(_)));
    assert_eq!(tablet.replica().outbox(true).unwrap().len(), 0);
    let unknown = RecordId(Uuid::from_u128(404));
    let refused = tablet.replica().submit(unknown, note("话"), now).unwrap();
    assert!(matches!(refused, Submission::Refused(_)));
}

#[test]
fn without_rules_nothing_is_judged() {
    let mut tablet = Tablet::fresh();
    let now = tablet.now();
    let asked = tablet.replica().submit(RecordId(Uuid::from_u128(1)), note("话"), now);
    assert!(matches!(asked, Err(Error::NoRules)));
}

#[test]
fn a_11_envelopes_are_numbered_chained_and_signed() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("一"));
    tablet.killed();
    tablet.submit(leads[0], note("二"));
    tablet.submit(leads[0], note("三"));
    let batch = tablet.replica().sendable(500).unwrap();
    let key: [u8; 32] = tablet.replica().public_key().try_into().unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
    let mut prev = String::new();
    for (n, signed) in (1..).zip(&batch) {
        let envelope: Envelope = serde_json::from_str(&signed.envelope).unwrap();
        assert_eq!((envelope.n, envelope.prev.as_str()), (n, prev.as_str()));
        let signature = ed25519_dalek::Signature::from_slice(&signed.signature).unwrap();
        key.verify_strict(signed.envelope.as_bytes(), &signature).unwrap();
        prev = hex::encode(sha2::Sha256::digest(signed.envelope.as_bytes()));
    }
    assert_eq!(batch.len(), 3);
}

#[test]
fn a_23_i2_a_lost_answer_is_asked_for_again_and_counts_once() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("只说一次"));
    let lost = tablet.send();
    tablet.pull();
    // The effect is here, the answer is not.
    assert_eq!(tablet.replica().sendable_count().unwrap(), 1);
    assert_eq!(tablet.push(), 1);
    let now = tablet.now();
    assert_eq!(tablet.replica().settle(&lost, now).unwrap().settled, 1);
    tablet.sync();
    let shown = tablet.replica().shown(leads[0]).unwrap().unwrap();
    let said = shown.trail().iter().filter(|line| line.note.as_deref() == Some("只说一次"));
    assert_eq!(said.count(), 1);
    assert_eq!(tablet.replica().outbox(true).unwrap()[0].fate, Fate::Taken);
}

#[test]
fn i7_an_acknowledged_act_stays_visible_until_the_feed_brings_it() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], contact());
    tablet.push();
    let state = |tablet: &mut Tablet| {
        let card = tablet.replica().card(leads[0]).unwrap().unwrap();
        (card.card.state, card.sync)
    };
    let shown = ("contacted".to_owned(), SyncState::Delivered);
    assert_eq!(state(&mut tablet), shown);
    tablet.killed();
    assert_eq!(state(&mut tablet), shown);
    tablet.pull();
    assert_eq!(state(&mut tablet), shown);
    tablet.assert_converged();
}

#[test]
fn a_case_made_offline_is_worked_on_before_the_company_knows_it() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let case = RecordId(tablet.replica().new_id().unwrap());
    tablet.submit(leads[0], contact());
    let now = tablet.now();
    let converted = tablet.submit(leads[0], convert(case, now));
    tablet.submit(case, note("现场已到"));
    tablet.killed();
    let shown = tablet.replica().shown(case).unwrap().unwrap();
    let Record::Case(body) = &*shown else { panic!("no case") };
    assert!(body.no.starts_with("T-d0d0-"), "{}", body.no);
    let entries = tablet.replica().outbox(false).unwrap();
    assert_eq!(entries.len(), 3);
    let batch = tablet.replica().sendable(500).unwrap();
    let last: Envelope = serde_json::from_str(&batch[2].envelope).unwrap();
    assert_eq!(last.after, Some(converted.command));
    tablet.sync();
    tablet.assert_converged();
    let card = tablet.replica().card(case).unwrap().unwrap();
    assert!(card.card.no.starts_with("XZLT-BZ-"), "{}", card.card.no);
    assert_eq!(card.sync, SyncState::Delivered);
}

#[test]
fn pending_acts_stand_on_top_of_what_others_did_meanwhile() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("我的话"));
    tablet.company.give(lantian_domain::role::Role::CmLead, leads[0], &note("组长的话")).unwrap();
    tablet.pull();
    let shown = tablet.replica().shown(leads[0]).unwrap().unwrap();
    let said: Vec<_> = shown.trail().iter().filter_map(|line| line.note.clone()).collect();
    assert!(said.ends_with(&["组长的话".to_owned(), "我的话".to_owned()]), "{said:?}");
    let confirmed = tablet.replica().confirmed(leads[0]).unwrap().unwrap();
    assert_eq!(confirmed.trail().len() + 1, shown.trail().len());
    tablet.sync();
    tablet.assert_converged();
}

#[test]
fn a_19_drafts_and_settings_survive_a_kill() {
    let mut tablet = Tablet::fresh();
    let now = tablet.now();
    tablet.replica().draft_save("a:add_note", "写了一半", now).unwrap();
    tablet.replica().draft_save("a:add_note", "写了一大半", now.plus_ms(5)).unwrap();
    tablet.replica().set_setting("lease", Some("until")).unwrap();
    tablet.killed();
    let draft = tablet.replica().draft_load("a:add_note").unwrap().unwrap();
    assert_eq!((draft.data.as_str(), draft.saved_at), ("写了一大半", now.plus_ms(5)));
    assert_eq!(tablet.replica().drafts().unwrap().len(), 1);
    assert_eq!(tablet.replica().setting("lease").unwrap().as_deref(), Some("until"));
    tablet.replica().draft_drop("a:add_note").unwrap();
    tablet.replica().set_setting("lease", None).unwrap();
    assert_eq!(tablet.replica().draft_load("a:add_note").unwrap(), None);
    assert_eq!(tablet.replica().setting("lease").unwrap(), None);
}

#[test]
fn a_17_f23_after_a_restored_backup_what_was_acknowledged_is_offered_again() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    let backup = tablet.company.clone();
    tablet.submit(leads[0], contact());
    tablet.sync();
    assert_eq!(tablet.replica().sendable_count().unwrap(), 0);
    let now = tablet.now();
    tablet.company = backup;
    tablet.company.epoch += 1;
    tablet.company.now = now;
    tablet.pull();
    // Lost by the company, held here, still shown, and on nobody's desk.
    assert_eq!(tablet.replica().sendable_count().unwrap(), 1);
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().card.state, "contacted");
    assert_eq!(tablet.replica().attention().unwrap().len(), 0);
    tablet.sync();
    tablet.assert_converged();
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().card.state, "contacted");
}

#[test]
fn f23_what_survived_in_the_backup_is_not_shown_twice() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("只说一次"));
    tablet.sync();
    tablet.company.epoch += 1;
    tablet.pull();
    let shown = tablet.replica().shown(leads[0]).unwrap().unwrap();
    let said = shown.trail().iter().filter(|line| line.note.as_deref() == Some("只说一次"));
    assert_eq!(said.count(), 1);
    tablet.sync();
    tablet.assert_converged();
    assert_eq!(tablet.replica().sendable_count().unwrap(), 0);
}

#[test]
fn i2_what_the_feed_brings_before_the_answer_is_not_shown_twice() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("只说一次"));
    let _lost = tablet.send();
    tablet.pull();
    let shown = tablet.replica().shown(leads[0]).unwrap().unwrap();
    let said = shown.trail().iter().filter(|line| line.note.as_deref() == Some("只说一次"));
    assert_eq!(said.count(), 1);
    assert!(tablet.replica().attention().unwrap().is_empty());
    tablet.sync();
    tablet.assert_converged();
}
