//! Waking: online tablets hear of what is theirs, and of nothing else.

use std::time::Duration;

use futures_util::StreamExt as _;
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
    async fn open(tablet: &Tablet) -> Self {
        let url = format!("{}/v1/wake", tablet.url);
        let answer: Response =
            tablet.http.get(url).bearer_auth(&tablet.me.tokens.access).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let stream =
            answer.bytes_stream().filter_map(|part| async { part.ok().map(|p| p.to_vec()) });
        Self { stream: stream.boxed(), text: String::new() }
    }

    /// The next head told of; nothing when the channel ends.
    async fn next(&mut self) -> Option<u64> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let seq = event.strip_prefix("data: ").and_then(|seq| seq.trim().parse().ok());
                let rest = rest.len();
                self.text.drain(..self.text.len() - rest);
                if seq.is_some() {
                    return seq;
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
