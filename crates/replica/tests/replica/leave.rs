//! Scope exit: leaving while work goes out, sealed, purged, with a receipt.

use lantian_domain::ids::RecordId;
use lantian_protocol::{
    PushResponse,
    account::{Account, AccountResponse},
    feed::Witness,
};
use lantian_replica::{Accounting, SyncState};

use crate::{
    company::{contact, note},
    tablet::Tablet,
};

fn word(tablet: &mut Tablet) -> (Accounting, Account) {
    let now = tablet.now();
    let told = tablet.replica().account(now).unwrap();
    let account = serde_json::from_str(&told.signed.account).unwrap();
    (told, account)
}

fn noted(tablet: &mut Tablet, told: &Accounting) -> usize {
    let answer = AccountResponse { epoch: tablet.company.epoch, witness: None };
    tablet.replica().accounted(told, &answer).unwrap()
}

fn left(tablet: &mut Tablet, lead: RecordId) {
    tablet.company.reassign(lead);
    tablet.pull();
    assert_eq!(tablet.replica().confirmed(lead).unwrap(), None);
}

#[test]
fn a_27_i4_what_leaves_with_unsent_work_is_read_until_it_has_gone_out() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    tablet.submit(leads[0], note("还没上传"));
    let before = tablet.replica().shown(leads[1]).unwrap();
    left(&mut tablet, leads[0]);
    for _ in 0..2 {
        let line = tablet.replica().card(leads[0]).unwrap().unwrap();
        assert_eq!(line.sync, SyncState::Held);
        assert!(tablet.replica().shown(leads[0]).unwrap().is_some());
        let (_, account) = word(&mut tablet);
        assert_eq!((account.unsent, account.leaving.as_slice()), (1, &leads[..1]));
        assert!(account.purged.is_empty(), "it is here still");
        // It can be read, and nothing else.
        let now = tablet.now();
        let judged = tablet.replica().judge(leads[0], &contact(), now).unwrap();
        assert!(judged.is_err());
        tablet.killed();
    }
    tablet.assert_converged();
    assert_eq!(tablet.sendable().len(), 1, "its work is offered first");
    tablet.push();
    for _ in 0..2 {
        assert_eq!(tablet.replica().shown(leads[0]).unwrap(), None);
        assert_eq!(tablet.replica().card(leads[0]).unwrap(), None);
        let (_, account) = word(&mut tablet);
        assert_eq!(account.leaving, []);
        assert_eq!(account.purged[0].record, leads[0]);
        tablet.killed();
    }
    assert_eq!(tablet.replica().shown(leads[1]).unwrap(), before);
    // The work itself waits for its person, with all its data.
    assert_eq!(tablet.replica().attention().unwrap().len(), 1);
}

#[test]
fn i4_a_receipt_is_told_until_the_company_has_it_and_again_to_a_restored_one() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    assert_eq!(tablet.replica().unaccounted().unwrap(), 0);
    let version = tablet.replica().confirmed(leads[0]).unwrap().unwrap().version();
    left(&mut tablet, leads[0]);
    assert_eq!(tablet.replica().unaccounted().unwrap(), 1);
    let (_lost, first) = word(&mut tablet);
    let receipt = &first.purged[0];
    assert_eq!((receipt.record, receipt.version, receipt.epoch), (leads[0], version, 1));
    assert!(receipt.bytes > 0 && receipt.seq == tablet.company.seq);
    tablet.killed();
    let (told, again) = word(&mut tablet);
    assert_eq!(again.purged, first.purged);
    assert_eq!(noted(&mut tablet, &told), 0);
    tablet.killed();
    assert_eq!(tablet.replica().unaccounted().unwrap(), 0);
    // A store of a later epoch may have lost it, and what an earlier one says
    // counts no more.
    tablet.company.epoch += 1;
    tablet.pull();
    let (told, once_more) = word(&mut tablet);
    assert_eq!(once_more.purged, first.purged);
    let old = AccountResponse { epoch: 1, witness: None };
    assert_eq!(tablet.replica().accounted(&told, &old).unwrap(), 1);
    assert_eq!(noted(&mut tablet, &told), 0);
}

#[test]
fn f24_an_answer_to_what_showed_something_else_does_not_replace_the_companys_word() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    left(&mut tablet, leads[0]);
    let (told, _) = word(&mut tablet);
    let said = |row| Some(Witness { epoch: 1, row, hash: vec![7; Witness::LEN] });
    let now = tablet.now();
    let pushed =
        PushResponse { outcomes: Vec::new(), server_time: now, witness: said(9), page: None };
    tablet.replica().settle(&pushed, now).unwrap();
    let answer = AccountResponse { epoch: 1, witness: said(5) };
    assert_eq!(tablet.replica().accounted(&told, &answer).unwrap(), 1, "it is told again");
    assert_eq!(tablet.replica().witness().unwrap(), said(9));
    let (told, account) = word(&mut tablet);
    assert_eq!(account.witness, said(9));
    assert_eq!(tablet.replica().accounted(&told, &answer).unwrap(), 0);
    assert_eq!(tablet.replica().witness().unwrap(), said(5));
}

#[test]
fn f60_what_comes_back_before_it_is_purged_has_not_left() {
    let (mut tablet, leads) = Tablet::with_leads(1);
    tablet.submit(leads[0], note("还没上传"));
    left(&mut tablet, leads[0]);
    tablet.company.hidden.clear();
    tablet.company.hand_over_again(leads[0]);
    tablet.pull();
    assert!(tablet.replica().confirmed(leads[0]).unwrap().is_some());
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().sync, SyncState::Pending);
    tablet.sync();
    let (_, account) = word(&mut tablet);
    assert_eq!((account.leaving.len(), account.purged.len()), (0, 0));
    tablet.assert_converged();
}
