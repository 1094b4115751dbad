//! The feed: the latest state of each record in scope, since a cursor.

use lantian_domain::{
    card::Card, event::Event, ids::RecordId, record::RecordKind, stamp::Stamp, time::Instant,
};
use serde::{Deserialize, Serialize};

/// A position in the feed of one user. Opaque to the tablet, except that it
/// compares `seq` within an epoch and scope to know what its mirror includes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The server store's epoch; it changes when the store is restored.
    pub epoch: u64,
    /// The version of the user's grants that the feed was served under.
    pub scope: u64,
    /// Everything up to this commit sequence is included.
    pub seq: u64,
    /// While a first snapshot is being read: where it stands. `seq` is then
    /// the head at which the snapshot began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotPosition>,
    /// Where the server's audit stood when it served this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
}

/// A row of the server's audit, by which a tablet can tell that the store is
/// still the one that it heard from: a store that was rolled back has lost the
/// row, or has another one in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The epoch in which it was written.
    pub epoch: u64,
    /// Its number.
    pub row: u64,
    /// The beginning of its hash, [`Witness::LEN`] bytes.
    #[serde(with = "crate::blob::text")]
    pub hash: Vec<u8>,
}

impl Witness {
    /// Bytes of the hash that are kept: chance alone does not meet them.
    pub const LEN: usize = 8;
}

/// The last record of the snapshot already served, in order of urgency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPosition {
    /// Urgency rank of the last record (due instant in ms; `i64::MAX` = none).
    pub due_ms: i64,
    /// The last record served.
    pub id: RecordId,
}

/// Asks for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// Where the mirror stands; nothing for a new one.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// What the server last said when it took commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// How many bytes of bodies the tablet wants at the most.
    pub max_bytes: u32,
}

/// A page of the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The cursor that the page was read from, as sent by the tablet.
    pub from: Option<Cursor>,
    /// What changed, in order.
    pub items: Vec<Item>,
    /// Where the mirror stands once the page is applied.
    pub cursor: Cursor,
    /// Whether another page waits.
    pub more: bool,
    /// The page starts the mirror anew (first sync, other epoch, other
    /// grants): records not served until `more` is false and
    /// `cursor.snapshot` is gone have left the scope.
    pub reset: bool,
    /// In a snapshot: how many records it has in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The server's clock when it answered.
    pub server_time: Instant,
}

/// One record's part of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a page is full of snapshots: a box for each would be an allocation for each"
)]
pub enum Item {
    /// The whole record.
    Snapshot(Snapshot),
    /// What happened since the cursor, for a record that the tablet has.
    Events(Events),
    /// The record left the user's scope.
    Left {
        /// Which record.
        id: RecordId,
    },
}

/// A record as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which record.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// How many events it has taken.
    pub version: u64,
    /// Digest of the body before compression ([`crate::blob::digest`]).
    #[serde(with = "crate::blob::text")]
    pub digest: Vec<u8>,
    /// What lists show of it.
    pub card: Card,
    /// The record, as [`crate::blob::pack`] wrote it.
    #[serde(with = "crate::blob::text")]
    pub body: Vec<u8>,
}

/// What happened to a record since the cursor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Events {
    /// Which record.
    pub id: RecordId,
    /// Digest of the body after the last event.
    #[serde(with = "crate::blob::text")]
    pub digest: Vec<u8>,
    /// In order; the first has the version after the tablet's.
    pub events: Vec<StoredEvent>,
}

/// An event as the server's log holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// The record's version once it is applied, from 1, without gaps.
    pub version: u64,
    /// Who, when, on which device.
    pub stamp: Stamp,
    /// What happened.
    pub event: Event,
}

/// Asks for records whole, because the mirror's copy does not fit its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairRequest {
    /// Which records, at most [`MAX_REPAIRS`].
    pub ids: Vec<RecordId>,
}

/// The most records of one [`RepairRequest`].
pub const MAX_REPAIRS: usize = 500;

/// One item for each record asked for: whole, or that it is not in scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepairResponse {
    /// In the order of the request.
    pub items: Vec<Item>,
}
