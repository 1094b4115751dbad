//! The feed: snapshot by urgency, events, leave notices, repair, epochs.

use lantian_domain::{record::Record, role::Role};
use lantian_protocol::{
    Item, PullRequest, TIME_HEADER, VERSION, VERSION_HEADER, encoding,
    feed::{RepairRequest, RepairResponse},
};
use lantian_server::{
    identity::accounts::{self, Alteration, By},
    store::Ledger as _,
};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, problem, project, read, reassign},
};

#[tokio::test]
async fn a_21_a_first_sync_brings_the_scope_and_the_next_one_only_what_changed() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let mut leads = Vec::new();
    for i in 0..30 {
        let lead = fresh();
        hall.give(lead, project(&format!("A{i}"))).await;
        hall.give(lead, hand_over(&company, "manager1")).await;
        leads.push(lead);
    }
    let first = manager.pull().await;
    assert!(first.reset && first.total.is_some_and(|total| total >= 30));
    manager.sync().await;
    assert!(leads.iter().all(|id| manager.mirror.contains_key(id)));
    manager.give(leads[7], note("已电话联系")).await;
    let page = manager.pull().await;
    assert!(!page.reset && !page.more);
    assert_eq!(page.items.len(), 1);
    assert!(matches!(&page.items[0], Item::Events(events) if events.id == leads[7]));
    manager.sync().await;
    assert!(manager.pull().await.items.is_empty());
}

#[tokio::test]
async fn a_24_pages_are_small_and_a_snapshot_survives_changes_in_between() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let mut leads = Vec::new();
    for i in 0..60 {
        let lead = fresh();
        let mut push = project(&format!("A{i}"));
        let noise: String = (0..900).map(|_| fresh().0.simple().to_string()).take(40).collect();
        push["scale_note"] = noise.into();
        hall.give(lead, push).await;
        hall.give(lead, hand_over(&company, "manager1")).await;
        leads.push(lead);
    }
    let mut pages = 0;
    loop {
        let request = PullRequest { cursor: manager.cursor.clone(), witness: None, max_bytes: 1 };
        let answer = manager.send(reqwest::Method::POST, "/v1/feed", &request).await;
        let page: lantian_protocol::Page = read(answer).await;
        assert!(page.items.len() < 60);
        pages += 1;
        // Somebody works on, in front of the reader and behind.
        if pages == 1 {
            hall.give(fresh(), project("new")).await;
            let mut lead1 = Tablet::of(&company, "lead1").await;
            lead1.give(leads[0], reassign(&company, "manager2")).await;
            lead1.give(leads[59], note("x")).await;
        }
        manager.apply(&page);
        if !page.more {
            break;
        }
    }
    assert!(pages > 2);
    manager.sync().await;
    assert!(!manager.mirror.contains_key(&leads[0]));
    assert_eq!(manager.mirror.values().filter(|r| matches!(r, Record::Lead(_))).count(), 59);
}

#[tokio::test]
async fn a_26_t05_a_lead_taken_away_leaves_with_a_notice() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut one = Tablet::of(&company, "manager1").await;
    let mut two = Tablet::of(&company, "manager2").await;
    let mut lead1 = Tablet::of(&company, "lead1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    one.sync().await;
    two.sync().await;
    lead1.give(lead, reassign(&company, "manager2")).await;
    let page = one.pull().await;
    assert_eq!(page.items, [Item::Left { id: lead }]);
    one.sync().await;
    two.sync().await;
    assert!(two.mirror.contains_key(&lead));
    // Whoever had it is told that it has gone, whoever never had it nothing.
    let work = one.sign(lead, note("迟到的工作"));
    let outcomes = one.push(vec![work]).await;
    let told = serde_json::to_string(&outcomes[0]).unwrap();
    assert!(told.contains("E_ASSIGNED"), "{told}");
    // Nothing of it is served by any other way either.
    let repair = RepairRequest { ids: vec![lead, fresh()] };
    let answer: RepairResponse = one.post("/v1/records", &repair).await;
    assert!(answer.items.iter().all(|item| matches!(item, Item::Left { .. })));
    let url = format!("/v1/records/{lead}");
    let answer = one.send(reqwest::Method::GET, &url, &()).await;
    assert_eq!(problem(answer).await.code, "not_found");
    // It comes back whole.
    lead1.give(lead, reassign(&company, "manager1")).await;
    one.sync().await;
    assert!(one.mirror.contains_key(&lead));
}

#[tokio::test]
async fn a_record_is_served_whole_for_repair() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.sync().await;
    let answer: RepairResponse = hall.post("/v1/records", &RepairRequest { ids: vec![lead] }).await;
    let Item::Snapshot(snapshot) = &answer.items[0] else { panic!("{answer:?}") };
    assert_eq!(lantian_protocol::blob::unpack(&snapshot.body).unwrap(), hall.mirror[&lead]);
    // The same in JSON, as a script reads it.
    let url = format!("{}/v1/records/{lead}", hall.url);
    let answer = hall.http.get(url).bearer_auth(&hall.me.tokens.access).send().await.unwrap();
    let item: Item = answer.json().await.unwrap();
    assert_eq!(item, Item::Snapshot(snapshot.clone()));
}

#[tokio::test]
async fn f23_a_restored_store_starts_mirrors_anew_and_an_undeclared_one_locks() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    hall.give(fresh(), project("A1")).await;
    hall.sync().await;
    company.server.app().store.write(|unit| unit.set_epoch(2)).await.unwrap();
    let page = hall.pull().await;
    assert!(page.reset);
    assert_eq!(page.cursor.epoch, 2);
    hall.sync().await;
    // A store that was put back without a new epoch is behind the mirror.
    let mut ahead = hall.cursor.clone().unwrap();
    ahead.seq += 100;
    let request = PullRequest { cursor: Some(ahead.clone()), witness: None, max_bytes: 1 << 20 };
    assert_eq!(hall.refused("/v1/feed", &request).await.code, "cursor_ahead");
    ahead.epoch = 3;
    let request = PullRequest { cursor: Some(ahead), witness: None, max_bytes: 1 << 20 };
    assert_eq!(hall.refused("/v1/feed", &request).await.code, "cursor_ahead");
}

#[tokio::test]
async fn a_28_f61_other_roles_start_the_mirror_anew() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    manager.sync().await;
    assert!(!manager.mirror.contains_key(&lead));
    let roles = Some([Role::CustomerManager, Role::CmLead].into());
    let (user, at) = (manager.me.person.user(), company.clock.now());
    let other = Alteration { roles, ..Alteration::default() };
    let store = company.server.app().store.clone();
    store.write(move |unit| accounts::change(unit, user, other, By::default(), at)).await.unwrap();
    assert!(manager.pull().await.reset);
    manager.sync().await;
    assert!(manager.mirror.contains_key(&lead));
}

#[tokio::test]
async fn who_takes_a_status_for_an_answer_gets_one_when_nothing_is_new() {
    let company = Company::open().await;
    let mut manager = Tablet::of(&company, "manager1").await;
    manager.sync().await;
    let ask = async |manager: &Tablet| {
        let request = PullRequest { cursor: manager.cursor.clone(), witness: None, max_bytes: 1 };
        let body = encoding::Encoding::Binary.write(&request).unwrap();
        let asked = manager.http.post(format!("{}/v1/feed", manager.url)).body(body);
        let asked = asked.header(VERSION_HEADER, VERSION).header("prefer", "return=minimal");
        let asked = asked.header("content-type", encoding::BINARY);
        asked.bearer_auth(&manager.me.tokens.access).send().await.unwrap()
    };
    let answer = ask(&manager).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["preference-applied"], "return=minimal");
    assert!(answer.headers()[TIME_HEADER].to_str().unwrap().parse::<i64>().is_ok());
    assert!(manager.pull().await.items.is_empty(), "whoever does not ask for it gets the page");
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    assert_eq!(ask(&manager).await.status(), 200);
}
