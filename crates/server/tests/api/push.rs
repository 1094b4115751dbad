//! Commands: accepted, refused, deferred, repeated, forged, previewed.

use lantian_domain::{evidence::Grade, record::Record, refusal::Code};
use lantian_protocol::{Envelope, Outcome, Verdict};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, project},
};

fn refusal(outcome: &Outcome) -> Code {
    let Verdict::Refused { refusal } = &outcome.verdict else { panic!("{outcome:?}") };
    refusal.code
}

fn quarantine(outcome: &Outcome) -> &str {
    let Verdict::Quarantined { code, .. } = &outcome.verdict else { panic!("{outcome:?}") };
    code
}

#[tokio::test]
async fn a_lead_is_received_handed_over_and_seen_by_its_manager_alone() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    let batch =
        vec![hall.sign(lead, project("A1")), hall.sign(lead, hand_over(&company, "manager1"))];
    for outcome in hall.push(batch).await {
        let Verdict::Accepted { at, grade, .. } = outcome.verdict else { panic!("{outcome:?}") };
        assert_eq!((at, grade), (company.clock.now(), Grade::Online));
    }
    let mut manager = Tablet::of(&company, "manager1").await;
    let mut other = Tablet::of(&company, "manager2").await;
    manager.sync().await;
    other.sync().await;
    assert!(matches!(manager.mirror.get(&lead), Some(Record::Lead(_))));
    assert!(!other.mirror.contains_key(&lead));
}

#[tokio::test]
async fn a_07_t07_a_repeat_is_answered_by_the_stored_outcome_and_changes_nothing() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    let received = hall.sign(lead, project("A1"));
    let noted = hall.sign(lead, note("一"));
    let first = hall.push(vec![received.clone(), noted.clone()]).await;
    company.clock.advance_ms(3_600_000);
    hall.refresh().await.unwrap();
    let again = hall.push(vec![received, noted]).await;
    assert_eq!(first, again);
    hall.sync().await;
    assert_eq!(hall.mirror[&lead].trail().iter().filter(|t| t.did == "note_added").count(), 1);
}

#[tokio::test]
async fn f64_a_refusal_defers_its_lane_and_what_builds_on_it_and_nothing_else() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let (lead, other) = (fresh(), fresh());
    hall.give(lead, project("A1")).await;
    let surveyor = serde_json::json!({
        "type": "hand_over_lead",
        "manager": company.person("surveyor1").user(),
    });
    let bad = hall.sign(lead, surveyor);
    let lane = hall.sign(lead, note("后"));
    let free = hall.sign(other, project("A2"));
    let mut envelope: Envelope = serde_json::from_str(&lane.envelope).unwrap();
    let bad_id = serde_json::from_str::<Envelope>(&bad.envelope).unwrap().id;
    hall.n += 1;
    envelope = Envelope {
        id: lantian_domain::ids::CommandId(uuid::Uuid::now_v7()),
        n: hall.n,
        prev: hall.prev.clone(),
        record: other,
        after: Some(bad_id),
        ..envelope
    };
    let dependent = hall.seal(&envelope);
    let outcomes = hall.push(vec![bad.clone(), lane.clone(), free, dependent]).await;
    refusal(&outcomes[0]);
    assert_eq!(outcomes[1].verdict, Verdict::Deferred);
    assert!(matches!(outcomes[2].verdict, Verdict::Accepted { .. }));
    assert_eq!(outcomes[3].verdict, Verdict::Deferred);
    // The refusal is kept; what was deferred is judged when it comes again.
    let again = hall.push(vec![lane]).await;
    assert!(matches!(again[0].verdict, Verdict::Accepted { .. }));
    assert_eq!(hall.push(vec![bad]).await[0], outcomes[0]);
}

#[tokio::test]
async fn t06_what_is_not_signed_by_the_device_is_set_aside() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let good = hall.sign(fresh(), project("A1"));
    for change in 0..4 {
        let mut forged = good.clone();
        match change {
            0 => forged.signature[7] ^= 1,
            1 => forged.envelope = forged.envelope.replace("A1", "A9"),
            2 => forged.signature.truncate(63),
            _ => forged.envelope.push(' '),
        }
        let outcomes = hall.push(vec![forged]).await;
        assert_eq!(quarantine(&outcomes[0]), "E_SIGNATURE", "change {change}");
    }
    // The same bytes, brought by somebody else.
    let thief = Tablet::of(&company, "manager2").await;
    assert_eq!(quarantine(&thief.push(vec![good.clone()]).await[0]), "E_SIGNATURE");
    // One bad apple does not spoil a batch that is verified at once.
    let more: Vec<_> = (0..5).map(|i| hall.sign(fresh(), project(&format!("B{i}")))).collect();
    let mut batch = vec![good];
    batch.extend(more);
    batch[3].signature[0] ^= 1;
    let outcomes = hall.push(batch).await;
    for (i, outcome) in outcomes.iter().enumerate() {
        if i == 3 {
            assert_eq!(quarantine(outcome), "E_SIGNATURE");
        } else {
            assert!(matches!(outcome.verdict, Verdict::Accepted { .. }), "{i}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn f38_a_forked_chain_is_noticed() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    hall.give(fresh(), project("A1")).await;
    let (n, prev) = (hall.n, hall.prev.clone());
    hall.give(fresh(), project("A2")).await;
    // A copy of the folder goes on from the first command.
    (hall.n, hall.prev) = (n, prev);
    let fork = hall.sign(fresh(), project("A3"));
    assert_eq!(quarantine(&hall.push(vec![fork]).await[0]), "E_FORK");
}

#[tokio::test]
async fn a_10_f70_what_is_not_understood_is_set_aside_alone() {
    use ed25519_dalek::Signer as _;
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut strange = hall.sign(fresh(), project("A1"));
    strange.envelope = strange.envelope.replace("receive_push", "dance");
    strange.signature = hall.key.sign(strange.envelope.as_bytes()).to_bytes().to_vec();
    let good = hall.sign(fresh(), project("A2"));
    let outcomes = hall.push(vec![strange, good]).await;
    assert_eq!(quarantine(&outcomes[0]), "E_FORMAT");
    assert!(matches!(outcomes[1].verdict, Verdict::Accepted { .. }));
}

#[tokio::test]
async fn a_preview_tells_and_keeps_nothing() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    let batch = vec![hall.sign(lead, project("A1")), hall.sign(lead, note("x"))];
    let told = hall.push_as(batch.clone(), true).await;
    assert!(told.iter().all(|one| matches!(one.verdict, Verdict::Accepted { .. })));
    hall.sync().await;
    assert!(!hall.mirror.contains_key(&lead));
    let done = hall.push(batch).await;
    assert_eq!(told, done);
}

#[tokio::test]
async fn t28_offline_work_counts_when_it_was_done_and_too_late_when_it_came() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let began = company.clock.now();
    let offline = hall.sign(fresh(), project("A1"));
    company.clock.advance_ms(5 * 3_600_000);
    hall.refresh().await.unwrap();
    let outcomes = hall.push(vec![offline]).await;
    let Verdict::Accepted { at, grade, .. } = outcomes[0].verdict else { panic!("{outcomes:?}") };
    assert_eq!((at, grade), (began, Grade::Offline));
    hall.now = company.clock.now();
    let late = hall.sign(fresh(), project("A2"));
    company.clock.advance_ms(80 * 3_600_000);
    hall.refresh().await.unwrap();
    let outcomes = hall.push(vec![late]).await;
    let Verdict::Accepted { at, grade, .. } = outcomes[0].verdict else { panic!("{outcomes:?}") };
    assert_eq!((at, grade), (company.clock.now(), Grade::Late));
}

#[tokio::test]
async fn t04_wrong_roles_and_unseen_records_are_refused_alike() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut stranger = Tablet::of(&company, "manager2").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let batch = vec![stranger.sign(lead, note("x")), stranger.sign(fresh(), note("x"))];
    let outcomes = stranger.push(batch).await;
    let (hidden, missing) = (&outcomes[0], &outcomes[1]);
    assert_eq!(refusal(hidden), Code::Unknown);
    assert_eq!(hidden.verdict, missing.verdict);
    let refused = stranger.sign(fresh(), project("A9"));
    assert_eq!(refusal(&stranger.push(vec![refused]).await[0]), Code::Role);
}

#[tokio::test]
async fn two_writers_at_once_lose_nothing() {
    let company = Company::open().await;
    let mut tablets = Vec::new();
    for login in ["hall1", "hall1", "hall1", "hall1"] {
        tablets.push(Tablet::of(&company, login).await);
    }
    let tasks = tablets.into_iter().enumerate().map(|(who, mut tablet)| async move {
        for round in 0..10 {
            let batch = (0..5)
                .map(|i| tablet.sign(fresh(), project(&format!("{who}-{round}-{i}"))))
                .collect();
            let outcomes = tablet.push(batch).await;
            assert!(outcomes.iter().all(|o| matches!(o.verdict, Verdict::Accepted { .. })));
        }
        tablet
    });
    let mut tablets = futures_util::future::join_all(tasks).await;
    tablets[0].sync().await;
    let leads =
        tablets[0].mirror.values().filter(|record| matches!(record, Record::Lead(_))).count();
    assert_eq!(leads, 4 * 10 * 5);
}
