//! Waking: online tablets hear of what is theirs, and of nothing else.

use std::time::Duration;

use futures_util::StreamExt as _;
use lantian_protocol::{
    Item, PushRequest, PushResponse,
    wake::{PLACE_HEADER, WakeUp, place_text},
};
use reqwest::Response;

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, project},
};

struct Channel {
    stream: futures_util::stream::BoxStream<'static, Vec<u8>>,
    text: String,
}

impl Channel {
    /// Opens it as the tablet's own program does: it says where the mirror
    /// stands, once there is one.
    async fn open(tablet: &Tablet) -> Self {
        let request = tablet.http.get(format!("{}/v1/wake", tablet.url));
        let request = match &tablet.cursor {
            Some(cursor) => request.header(PLACE_HEADER, place_text(cursor)),
            None => request,
        };
        let answer: Response = request.bearer_auth(&tablet.me.tokens.access).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let stream =
            answer.bytes_stream().filter_map(|part| async { part.ok().map(|p| p.to_vec()) });
        Self { stream: stream.boxed(), text: String::new() }
    }

    /// The next head told of; nothing when the channel ends.
    async fn next(&mut self) -> Option<u64> {
        self.told().await.map(|told| told.head)
    }

    /// The next wake-up; nothing when the channel ends.
    async fn told(&mut self) -> Option<WakeUp> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let told = event.strip_prefix("data: ").and_then(WakeUp::read);
                let rest = rest.len();
                self.text.drain(..self.text.len() - rest);
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let part = tokio::time::timeout(Duration::from_secs(20), self.stream.next());
            self.text.push_str(&String::from_utf8(part.await.unwrap()?).unwrap());
        }
    }
}

#[tokio::test]
async fn a_tablet_is_woken_by_what_is_its_own() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let manager = Tablet::of(&company, "manager1").await;
    let other = Tablet::of(&company, "manager2").await;
    let mut mine = Channel::open(&manager).await;
    let mut theirs = Channel::open(&other).await;
    let head = mine.next().await.unwrap();
    assert_eq!(theirs.next().await, Some(head));
    let (lead, second) = (fresh(), fresh());
    hall.give(lead, project("A1")).await;
    let handed = hall.give(lead, hand_over(&company, "manager1")).await;
    assert_eq!(mine.next().await, Some(handed));
    hall.give(second, project("A2")).await;
    let given = hall.give(second, hand_over(&company, "manager2")).await;
    // Of all these, the other manager hears of one.
    assert_eq!(theirs.next().await, Some(given));
}

#[tokio::test]
async fn what_is_little_comes_along_with_the_answer_and_with_the_wake_up() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let mut lead1 = Tablet::of(&company, "lead1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    manager.sync().await;
    lead1.sync().await;
    let mut own = Channel::open(&manager).await;
    let mut theirs = Channel::open(&lead1).await;
    assert_eq!(own.next().await, theirs.next().await);
    for text in ["已电话联系", "明天上门"] {
        let push = PushRequest {
            witness: None,
            since: manager.cursor.clone(),
            offset_ms: 0,
            commands: vec![manager.sign(lead, note(text))],
            preview: false,
        };
        let answer: PushResponse = manager.post("/v1/commands", &push).await;
        let page = answer.page.expect("one note is little");
        assert!(answer.witness.is_none() && page.cursor.witness.is_some());
        assert_eq!(page.from, manager.cursor);
        assert!(matches!(&page.items[..], [Item::Events(events)] if events.id == lead));
        manager.apply(&page);
        let told = theirs.told().await.unwrap();
        let page = told.page.expect("one note is little");
        assert_eq!((page.from.as_ref(), page.cursor.seq), (lead1.cursor.as_ref(), told.head));
        lead1.apply(&page);
        assert_eq!(lead1.mirror.get(&lead), manager.mirror.get(&lead));
    }
    // Nothing is left to pull, and the manager was not woken for the own notes.
    assert!(manager.pull().await.items.is_empty() && lead1.pull().await.items.is_empty());
    let handed = lead1.give(lead, note("客户来电")).await;
    assert_eq!(own.next().await, Some(handed));
}

#[tokio::test]
async fn who_does_not_get_the_own_answer_is_woken_for_what_the_push_did() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    manager.sync().await;
    let mut own = Channel::open(&manager).await;
    own.next().await.unwrap();
    // Without a place the answer brings no page.
    let seq = manager.give(lead, note("已电话联系")).await;
    let told = own.told().await.unwrap();
    assert_eq!(told.head, seq);
    manager.apply(&told.page.unwrap());
    assert!(manager.pull().await.items.is_empty());
}

#[tokio::test]
async fn the_channel_ends_with_the_session_and_with_the_server() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let mut gone = Tablet::of(&company, "manager1").await;
    let mut stays = Tablet::of(&company, "lead1").await;
    let mut ends = Channel::open(&gone).await;
    let mut runs = Channel::open(&stays).await;
    assert_eq!(ends.next().await, runs.next().await);
    let url = format!("{}/v1/session/end", company.server.url());
    gone.http.post(url).bearer_auth(&gone.me.tokens.access).send().await.unwrap();
    stays.give(lead, note("x")).await;
    assert_eq!(ends.next().await, None);
    assert!(runs.next().await.is_some());
    company.server.stop().await.unwrap();
    assert_eq!(runs.next().await, None);
    gone.cursor = None;
}
