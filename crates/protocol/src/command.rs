//! Commands on their way to the server, and the server's stored answers.

use crate::feed::{Cursor, Page, Witness};
use lantian_domain::{
    command::Command,
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId, UserId},
    refusal::Refusal,
    time::Instant,
};
use serde::{Deserialize, Serialize};

/// What a tablet signs: one command and the circumstances in which a person
/// gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Form version of this envelope.
    pub v: u32,
    /// The command's identity; a repeat is answered by the stored outcome.
    pub id: CommandId,
    /// The replica incarnation that numbered this command.
    pub incarnation: uuid::Uuid,
    /// The number within the incarnation, from 1, without gaps.
    pub n: u64,
    /// SHA-256 (hex) of the previous envelope's bytes; empty for `n` = 1.
    pub prev: String,
    /// The record that the command is given on.
    pub record: RecordId,
    /// The confirmed version of the record that the person saw; 0 for none.
    pub base: u64,
    /// The command that this one was judged on top of, if it was pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CommandId>,
    /// Who gave the command.
    pub user: UserId,
    /// On which device.
    pub device: DeviceId,
    /// When, by the device's clock corrected by its last measured offset.
    pub at: Instant,
    /// The offset (server minus device, ms) measured at the last sync.
    pub offset_ms: i64,
    /// The policy version that the command was judged under.
    pub policy: String,
    /// The command itself.
    pub command: Command,
}

/// An envelope's exact bytes with the device's Ed25519 signature over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCommand {
    /// The envelope as JSON text, byte for byte as signed.
    pub envelope: String,
    /// The signature, 64 bytes.
    #[serde(with = "crate::blob::text")]
    pub signature: Vec<u8>,
}

/// The most commands of one batch.
pub const MAX_BATCH: usize = 500;

/// A batch of commands, in the order of their lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// What the server said of itself when it last took commands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// Where the mirror stands: what is new since may ride along the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Cursor>,
    /// The offset (server minus device, ms) measured just now.
    pub offset_ms: i64,
    /// At most [`MAX_BATCH`] commands.
    pub commands: Vec<SignedCommand>,
    /// When true nothing is stored: the answers tell what would happen.
    #[serde(default)]
    pub preview: bool,
}

/// The answers to a batch, one for each command, in its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushResponse {
    /// One outcome for each command sent.
    pub outcomes: Vec<Outcome>,
    /// The server's clock when it answered.
    pub server_time: Instant,
    /// Where the server's audit stood once the commands were taken; with a
    /// page its cursor tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// What is new since [`PushRequest::since`], the commands' effects
    /// included, where it is little: it saves a pull.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Box<Page>>,
}

/// The stored answer to one command; a repeat returns it unchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The command answered.
    pub id: CommandId,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Its events are in the log.
    Accepted {
        /// The feed position that includes the effect.
        seq: u64,
        /// The instant that counts for the clocks.
        at: Instant,
        /// How far the claimed time is trusted.
        grade: Grade,
    },
    /// The rulebook refuses it; nothing of it was applied.
    Refused {
        /// Why, and what is possible now.
        refusal: Refusal,
    },
    /// Not judged, because an earlier command of its lane was refused in the
    /// same batch. It is not stored; the tablet judges and offers it again.
    Deferred,
    /// Not understood or not authentic; kept aside by the server.
    Quarantined {
        /// Stable reason, as `E_SIGNATURE`, `E_FORK`, `E_FORMAT`.
        code: String,
        /// What was wrong, without personal data.
        message: String,
    },
}
