//! P-21: a signature taken offline, on its way to being complete.

use lantian_domain::{
    case::{
        Case,
        signing::{Paper, Signing, SigningState},
    },
    ids::RecordId,
    record::Record,
    suite::Suite,
};
use lantian_protocol::{Verdict, file::UploadOffer};
use lantian_server::{Config, audit, signing, suite::hash};
use serde_json::json;

use crate::{
    company::Company,
    files::{offer_of, photo},
    tablet::{Tablet, fresh},
};

fn demand() -> serde_json::Value {
    json!({ "type": "submit_demand", "channel": "on_site", "kind": "demand",
        "segment": "residential_scattered", "basic": {
            "party_type": "person", "name": "王小明", "phone": "13800138000",
            "address": "新郑市新华路66号院3号楼2单元501", "use_kind": "dwelling", "want": "new",
            "consent": { "text_version": "PI-2026-1", "at": "2026-03-02T09:00:00+08:00" },
    } })
}

fn attach(offer: &UploadOffer) -> serde_json::Value {
    json!({ "type": "attach_file", "file": {
        "id": offer.file, "kind": "notice", "name": "一次性告知书签字.pdf", "mime": offer.mime,
        "size": offer.size, "sha256": offer.sha256,
    }})
}

fn accept(offer: &UploadOffer) -> serde_json::Value {
    let owed =
        [("MT01", "manager"), ("MT02", "manager"), ("MT14", "customer"), ("MT23", "customer")];
    let owed = owed.map(|(code, by)| json!({ "code": code, "owed_by": by }));
    json!({ "type": "accept_tolerant", "owed": owed, "contact": "客户经理 13900139000",
        "notice": offer.file })
}

fn case(tablet: &Tablet, id: RecordId) -> &Case {
    let Some(Record::Case(case)) = tablet.mirror.get(&id) else { panic!("a case") };
    case
}

fn notice(tablet: &Tablet, id: RecordId) -> Signing {
    let all = case(tablet, id).signings.clone();
    all.into_iter().find(|one| one.paper == Paper::Notice).unwrap()
}

/// A manager who took a signature without a network, and comes back: the
/// commands are sent, the picture is not.
async fn signed(company: &Company) -> (Tablet, RecordId, UploadOffer) {
    let mut manager = Tablet::of(company, "manager1").await;
    let id = fresh();
    let offer = offer_of(&photo(), id);
    let taken_offline = [demand(), attach(&offer), accept(&offer)];
    let commands = taken_offline.map(|command| manager.sign(id, command)).to_vec();
    let outcomes = manager.push(commands).await;
    assert!(
        outcomes.iter().all(|one| matches!(one.verdict, Verdict::Accepted { .. })),
        "{outcomes:?}"
    );
    manager.sync().await;
    (manager, id, offer)
}

#[tokio::test]
async fn p_21_a_signature_is_captured_until_the_sync_completed_it() {
    let company = Company::open().await;
    let (mut manager, id, offer) = signed(&company).await;
    let captured = notice(&manager, id);
    assert_eq!((captured.state, &captured.seal), (SigningState::Captured, &None));
    assert_eq!(captured.files, [offer.file]);

    manager.upload(&offer, &photo()).await;
    manager.sync().await;
    let complete = notice(&manager, id);
    assert_eq!(complete.state, SigningState::Complete);
    let seal = complete.seal.unwrap();
    assert_eq!(seal.at, company.clock.now(), "the server's time");
    assert_eq!(seal.files[0].hash, offer.sha256, "the hash of the drawn picture");
    let store = &company.server.app().store;
    let rows =
        store.read_now(|unit| lantian_server::store::Ledger::events_after(unit, id, 0)).unwrap();
    let document = &rows[usize::try_from(complete.version).unwrap() - 1].event;
    assert!(document.contains("one_time_notice_given"));
    assert_eq!(seal.document, hash::hex(Suite::Standard, document.as_bytes()));
    let keys = store.read_now(signing::keys::all).unwrap();
    let text = signing::statement(id, complete.version, &seal);
    let signature = hex::decode(&seal.signature).unwrap();
    assert!(keys[&seal.key].signed(text.as_bytes(), &signature), "counter-signed");

    let again = signing::sweep(store, company.clock.now()).unwrap();
    assert_eq!(again, 0, "once");
    let found = signing::verify(store).unwrap();
    assert_eq!((found.complete, found.captured, found.faults.len()), (1, 0, 0));
    assert!(store.read_now(audit::verify).unwrap().holds);
}

#[tokio::test]
async fn p_21_one_byte_changed_afterwards_makes_verification_fail() {
    const FREE: &str = "DROP TRIGGER events_stay; DROP TRIGGER audit_stays;
         DROP TRIGGER audit_remains; DROP TRIGGER signing_keys_stay;";
    let document = "UPDATE events SET event = replace(event, '13900139000', '13900139001')
         WHERE event LIKE '%one_time_notice_given%'";
    let key = "UPDATE signing_keys SET public = zeroblob(32)";
    let seal = "UPDATE events SET event = replace(event, '\"version\":', '\"version\":1')
         WHERE event LIKE '%signature_completed%'";
    for (sql, code) in [(document, "seal_document"), (key, "seal_key"), (seal, "seal_missing")] {
        let company = Company::open().await;
        let (manager, _, offer) = signed(&company).await;
        manager.upload(&offer, &photo()).await;
        let store = &company.server.app().store;
        assert!(signing::verify(store).unwrap().faults.is_empty());
        company.tamper(&format!("{FREE}{sql}"));
        let codes: Vec<_> =
            signing::verify(store).unwrap().faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [code], "{sql}");
        let audited = store.read_now(audit::verify).unwrap();
        assert!(audited.found.iter().any(|fault| fault.code == code), "{:?}", audited.found);
    }
    let company = Company::open().await;
    let (manager, _, offer) = signed(&company).await;
    manager.upload(&offer, &photo()).await;
    let place = company.config.data.join("files/content").join(&offer.sha256[..2]);
    let mut bytes = photo();
    bytes[100] ^= 1;
    std::fs::write(place.join(&offer.sha256), bytes).unwrap();
    let found = signing::verify(&company.server.app().store).unwrap();
    assert_eq!(found.faults[0].code, "seal_file", "the drawn picture");
}

#[tokio::test]
async fn p_11_p_21_a_change_of_suite_leaves_old_signatures_valid() {
    let company = Company::open().await;
    let (manager, _, offer) = signed(&company).await;
    manager.upload(&offer, &photo()).await;
    let Company { config, server, clock, folder } = company;
    server.stop().await.unwrap();
    let config = Config { suite: Suite::Guomi, ..config };
    let server = lantian_server::spawn(config.clone()).await.unwrap();
    let company = Company { config, server, clock, folder };
    let (mut manager, id, offer) = signed(&company).await;
    manager.upload(&offer, &photo()).await;
    manager.sync().await;
    let seal = notice(&manager, id).seal.unwrap();
    assert_eq!(seal.suite, Suite::Guomi);
    assert_eq!(seal.files[0].hash, hash::hex(Suite::Guomi, &photo()), "SM3");
    let store = &company.server.app().store;
    let keys = store.read_now(signing::keys::all).unwrap();
    assert_eq!(keys[&seal.key].public.len(), 130, "a point of the SM2 curve");
    let found = signing::verify(store).unwrap();
    assert_eq!((found.complete, found.faults.len()), (2, 0), "{:?}", found.faults);
    let audited = store.read_now(audit::verify).unwrap();
    assert!(audited.holds, "{:?}", audited.found);
}
