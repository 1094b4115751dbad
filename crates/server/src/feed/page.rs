//! A page from stored bytes. In MessagePack the stored cards and bodies are
//! copied as they are; JSON readers get the same page decoded.

use lantian_domain::{card::Card, ids::RecordId, time::Instant};
use lantian_protocol::{
    Cursor, Item, Page, StoredEvent,
    encoding::Encoding,
    feed::{Events, Snapshot},
};
use rmp::encode;
use serde::Serialize;

use crate::{
    error::{Error, Result},
    store::RecordRow,
};

/// One record's part of a page, as stored.
#[derive(Clone, Debug)]
pub enum RawItem {
    /// The whole record.
    Snapshot(Box<RecordRow>),
    /// What happened since the cursor.
    Events {
        /// Which record.
        id: RecordId,
        /// Digest of the body after the last event.
        digest: Vec<u8>,
        /// In order.
        events: Vec<StoredEvent>,
        /// Bytes, about.
        weight: usize,
    },
    /// The record left.
    Left(RecordId),
}

impl RawItem {
    /// Bytes on the wire, about.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Snapshot(row) => row.body.len() + row.card.len(),
            Self::Events { weight, .. } => *weight,
            Self::Left(_) => 16,
        }
    }

    /// The item as the protocol has it.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the stored card is unreadable.
    pub fn decode(self) -> Result<Item> {
        Ok(match self {
            Self::Snapshot(row) => {
                let card: Card = rmp_serde::from_slice(&row.card)
                    .map_err(|_| Error::damaged(format!("the card of {} is unreadable", row.id)))?;
                Item::Snapshot(Snapshot {
                    id: row.id,
                    kind: row.kind,
                    version: row.version,
                    digest: row.digest,
                    card,
                    body: row.body,
                })
            }
            Self::Events { id, digest, events, .. } => Item::Events(Events { id, digest, events }),
            Self::Left(id) => Item::Left { id },
        })
    }
}

/// A page as stored.
#[derive(Clone, Debug)]
pub struct RawPage {
    /// As [`Page::from`].
    pub from: Option<Cursor>,
    /// As [`Page::items`].
    pub items: Vec<RawItem>,
    /// As [`Page::cursor`].
    pub cursor: Cursor,
    /// As [`Page::more`].
    pub more: bool,
    /// As [`Page::reset`].
    pub reset: bool,
    /// As [`Page::total`].
    pub total: Option<u64>,
    /// As [`Page::server_time`].
    pub server_time: Instant,
}

impl RawPage {
    /// Whether the tablet stands after the page exactly where it stood before.
    pub fn says_nothing(&self) -> bool {
        self.items.is_empty() && !self.more && self.from.as_ref() == Some(&self.cursor)
    }

    /// The page as the protocol has it.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a stored card is unreadable.
    pub fn decode(self) -> Result<Page> {
        Ok(Page {
            from: self.from,
            items: self.items.into_iter().map(RawItem::decode).collect::<Result<_>>()?,
            cursor: self.cursor,
            more: self.more,
            reset: self.reset,
            total: self.total,
            server_time: self.server_time,
        })
    }

    /// Writes the page.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Protocol`].
    pub fn write(self, encoding: Encoding) -> Result<Vec<u8>> {
        match encoding {
            Encoding::Json => Ok(encoding.write(&self.decode()?)?),
            Encoding::Binary => self.write_binary(),
        }
    }

    fn write_binary(&self) -> Result<Vec<u8>> {
        let size: usize = self.items.iter().map(|item| item.weight() + 128).sum();
        let mut out = Vec::with_capacity(size + 256);
        map(&mut out, if self.total.is_some() { 7 } else { 6 });
        field(&mut out, "from", &self.from)?;
        name(&mut out, "items");
        list(&mut out, self.items.len());
        for item in &self.items {
            write_item(&mut out, item)?;
        }
        field(&mut out, "cursor", &self.cursor)?;
        field(&mut out, "more", &self.more)?;
        field(&mut out, "reset", &self.reset)?;
        if let Some(total) = self.total {
            field(&mut out, "total", &total)?;
        }
        field(&mut out, "server_time", &self.server_time)?;
        Ok(out)
    }
}

fn write_item(out: &mut Vec<u8>, item: &RawItem) -> Result<()> {
    map(out, 1);
    match item {
        RawItem::Snapshot(row) => {
            name(out, "snapshot");
            map(out, 6);
            field(out, "id", &row.id)?;
            field(out, "kind", &row.kind)?;
            field(out, "version", &row.version)?;
            bytes(out, "digest", &row.digest);
            name(out, "card");
            out.extend_from_slice(&row.card);
            bytes(out, "body", &row.body);
        }
        RawItem::Events { id, digest, events, .. } => {
            name(out, "events");
            map(out, 3);
            field(out, "id", id)?;
            bytes(out, "digest", digest);
            field(out, "events", events)?;
        }
        RawItem::Left(id) => {
            name(out, "left");
            map(out, 1);
            field(out, "id", id)?;
        }
    }
    Ok(())
}

fn map(out: &mut Vec<u8>, fields: u32) {
    encode::write_map_len(out, fields).expect("a vector takes every byte");
}

fn list(out: &mut Vec<u8>, items: usize) {
    let items = u32::try_from(items).expect("a page has fewer items than 2^32");
    encode::write_array_len(out, items).expect("a vector takes every byte");
}

fn name(out: &mut Vec<u8>, name: &str) {
    encode::write_str(out, name).expect("a vector takes every byte");
}

fn bytes(out: &mut Vec<u8>, field: &str, value: &[u8]) {
    name(out, field);
    encode::write_bin(out, value).expect("a vector takes every byte");
}

fn field<T: Serialize>(out: &mut Vec<u8>, field: &str, value: &T) -> Result<()> {
    name(out, field);
    out.extend_from_slice(&Encoding::Binary.write(value)?);
    Ok(())
}
