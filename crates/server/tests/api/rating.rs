//! 好差评 through outside systems: what a user says becomes a record, and a
//! bad word a duty.

use lantian_domain::{
    clock::RuleId,
    ledger::{ItemSource, LedgerItem},
    rating::{Rating, RatingChannel, RatingState},
    record::{Record, RecordKind},
};
use lantian_server::{pipeline::find, store::Ledger as _};
use serde_json::json;

use crate::{
    company::Company,
    outside::{Outside, agreed, application},
};

fn all(company: &Company, kind: RecordKind) -> Vec<Record> {
    let store = &company.server.app().store;
    store
        .read_now(|unit| {
            let ids = unit.records_of(kind)?;
            let found: Result<Vec<_>, _> = ids.into_iter().map(|id| find(unit, id)).collect();
            Ok(found?.into_iter().flatten().collect())
        })
        .unwrap()
}

fn ratings(company: &Company) -> Vec<Rating> {
    let one = |record| if let Record::Rating(rating) = record { Some(*rating) } else { None };
    all(company, RecordKind::Rating).into_iter().filter_map(one).collect()
}

fn items(company: &Company) -> Vec<LedgerItem> {
    let one = |record| if let Record::LedgerItem(item) = record { Some(*item) } else { None };
    all(company, RecordKind::LedgerItem).into_iter().filter_map(one).collect()
}

#[tokio::test]
async fn k_28_a_bad_rating_of_a_channel_starts_its_follow_up_once() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("wechat_oa"));
    let mut asked = application("wechat_oa", "JB-1");
    asked["channel"] = json!("wechat_oa");
    let taken = outside.done(&company, "applications", &asked).await;
    let said = json!({
        "serialId": "PJ-1", "case_no": taken["data"]["case_no"], "stars": 2, "tags": ["等待时间长"],
        "text": "约好的时间没有来", "applicant": "张三丰", "rated_at": company.clock.now().to_string(),
    });
    let first = outside.done(&company, "ratings", &said).await;
    assert_eq!(first["data"]["stars"], 2);
    assert_eq!(outside.done(&company, "ratings", &said).await["duplicate"], true);
    let [rating] = &ratings(&company)[..] else { panic!("one record for one number") };
    assert_eq!(
        (rating.state, rating.received.channel),
        (RatingState::ToContact, RatingChannel::App)
    );
    assert_eq!(rating.received.applicant.as_deref(), Some("张**"), "masked before it is kept");
    let clock = rating.clocks.iter().find(|clock| clock.rule == RuleId::D20).unwrap();
    assert_eq!(clock.started_at, rating.received.rated_at);
    let [item] = &items(&company)[..] else { panic!("a bad rating is one item") };
    assert_eq!((item.source, item.from), (ItemSource::Rating, Some(rating.id)));
    assert_eq!((item.case, Some(item.id)), (rating.received.case, rating.item));
    assert!(item.text.contains("等待时间长") && item.text.contains("约好的时间没有来"));
}

#[tokio::test]
async fn a_good_rating_is_a_record_and_nobodys_duty() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let taken = outside.done(&company, "applications", &application("gov_portal", "JB-1")).await;
    let case_no = &taken["data"]["case_no"];
    let said = json!({"serial_id": "PJ-1", "case_no": case_no, "stars": 5});
    outside.done(&company, "ratings", &said).await;
    let [rating] = &ratings(&company)[..] else { panic!("one record") };
    assert_eq!((rating.state, rating.received.channel), (RatingState::Recorded, RatingChannel::Pc));
    assert!(rating.clocks.is_empty() && items(&company).is_empty());
}

#[tokio::test]
async fn a_rating_that_cannot_be_read_is_told_field_by_field_and_kept_nowhere() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let taken = outside.done(&company, "applications", &application("gov_portal", "JB-1")).await;
    let wrong = json!({
        "serial_id": "PJ-1", "case_no": taken["data"]["case_no"], "stars": 0, "tags": "慢",
        "rating_channel": "street", "text": "长".repeat(501),
    });
    let (status, reply) = outside.call(&company, "ratings", &wrong).await;
    assert_eq!((status, &reply["errcode"]), (400, &json!("4001")));
    let named: Vec<&str> =
        reply["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap()).collect();
    assert_eq!(named, ["stars", "rating_channel", "tags", "text"]);
    assert!(ratings(&company).is_empty());
}
