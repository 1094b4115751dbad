//! A wake-up on the stream of server-sent events: where the feed ends now and,
//! for who says where the mirror stands, what is new, where it is little.
//!
//! ```text
//! data: 4711
//! data: 4712 <base64 of the packed page>
//! ```

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use crate::{
    encoding::{Encoding, Packing},
    feed::{Cursor, Page},
};

/// The header in which who opens the stream says where the mirror stands: the
/// [`Cursor`] as JSON. Without it wake-ups carry no pages.
pub const PLACE_HEADER: &str = "last-event-id";
/// The longest text of a wake-up; a page that needs more is pulled.
pub const MAX_TEXT: usize = 16 << 10;

/// What a wake-up tells.
#[derive(Clone, Debug, PartialEq)]
pub struct WakeUp {
    /// The feed's last commit sequence.
    pub head: u64,
    /// What is new since the listener's place.
    pub page: Option<Box<Page>>,
}

impl WakeUp {
    /// The text of the event; a page that would make it too long stays away.
    pub fn write(&self) -> String {
        let packed = self.page.as_ref().and_then(|page| {
            let plain = Encoding::Binary.write(page).ok()?;
            let (packed, packing) = Packing::Shared.pack(plain).ok()?;
            (packing == Packing::Shared).then_some(packed)
        });
        let with_page =
            packed.map(|packed| format!("{} {}", self.head, STANDARD_NO_PAD.encode(packed)));
        with_page.filter(|text| text.len() <= MAX_TEXT).unwrap_or_else(|| self.head.to_string())
    }

    /// Reads the text of an event. A page that cannot be read is as good as
    /// none: it will be pulled.
    pub fn read(text: &str) -> Option<Self> {
        let (head, page) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let page = STANDARD_NO_PAD.decode(page).ok().filter(|packed| !packed.is_empty());
        let plain =
            page.and_then(|packed| Some(Packing::Shared.unpack(&packed).ok()?.into_owned()));
        let page = plain.and_then(|plain| Encoding::Binary.read(&plain).ok());
        Some(Self { head: head.parse().ok()?, page })
    }
}

/// Reads where a listener's mirror stands.
pub fn place_of(header: &str) -> Option<Cursor> {
    serde_json::from_str(header).ok()
}

/// Says where a listener's mirror stands.
pub fn place_text(stands: &Cursor) -> String {
    // A cursor has nothing that JSON cannot say.
    serde_json::to_string(stands).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use lantian_domain::{ids::RecordId, time::Instant};

    use super::*;
    use crate::feed::{Item, Witness};

    fn at(seq: u64) -> Cursor {
        let witness = Witness { epoch: 1, row: seq, hash: vec![7; Witness::LEN] };
        Cursor { epoch: 1, scope: 2, seq, snapshot: None, witness: Some(witness) }
    }

    fn page(items: usize) -> Box<Page> {
        let ids = (0..items).map(|_| RecordId(uuid::Uuid::now_v7()));
        Box::new(Page {
            from: Some(at(1)),
            items: ids.map(|id| Item::Left { id }).collect(),
            cursor: at(2),
            more: false,
            reset: false,
            total: None,
            server_time: Instant(1),
        })
    }

    #[test]
    fn what_is_told_is_heard() {
        for page in [None, Some(page(1)), Some(page(20))] {
            let told = WakeUp { head: 2, page };
            assert_eq!(WakeUp::read(&told.write()), Some(told));
        }
        assert_eq!(place_of(&place_text(&at(9))), Some(at(9)));
    }

    #[test]
    fn what_is_too_much_or_unreadable_is_left_to_a_pull() {
        let long = WakeUp { head: 2, page: Some(page(5_000)) };
        assert_eq!(long.write(), "2");
        let bare = Some(WakeUp { head: 2, page: None });
        for text in ["2", " 2 ", "2 ???", "2 AAAA"] {
            assert_eq!(WakeUp::read(text), bare);
        }
        assert_eq!(WakeUp::read("beat"), None);
    }
}
