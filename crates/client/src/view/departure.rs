//! May the device leave a record (「可以离场」)?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{command::CommandName, time::Instant};

/// How a record stands for leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DepartureView {
    /// The state.
    pub state: DepartureState,
    /// When the company gave its receipt that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// When it gave one that no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_at: Option<Instant>,
    /// The version of the record that the receipt names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The files that the receipt names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Commands that the company has not answered.
    pub pending: u32,
    /// Commands that it refused or set aside.
    pub refused: Vec<CommandName>,
    /// Own files delivered.
    pub files_done: u32,
    /// Own files in all.
    pub files_total: u32,
    /// Files of others that the company lacks.
    pub lacking: u64,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepartureState {
    /// The company has everything, and has signed for it.
    Ready,
    /// Something of this device is missing.
    Incomplete,
    /// Everything of this device is there; the company lacks files of others.
    Lacking,
    /// Everything of this device is there; the company is still to be asked,
    /// which needs the network.
    Unasked,
}
