//! A record's page: everything about one lead or case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use lantian_domain::{
    case::{progress::Progress, schedule::Row},
    clock::RuleId,
    command::CommandName,
    evidence::Grade,
    ids::{CommandId, RecordId},
    privacy::Field,
    role::Role,
    time::Instant,
};

use super::{
    card::{CardView, PersonRef, SyncState},
    departure::DepartureView,
    file::FileView,
    offer::{OfferView, RefusalView},
    permit::{PackageView, PermitView},
    technique::AdviceView,
};

/// A record as shown: what is confirmed, with pending commands on top.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordView {
    /// Its line in lists.
    pub card: CardView,
    /// The record itself, as its reader may see it.
    pub body: Value,
    /// Which of its fields are masked.
    pub masked: Vec<MaskedView>,
    /// The step bar.
    pub steps: Vec<StepView>,
    /// Its clocks, the running ones first.
    pub clocks: Vec<ClockView>,
    /// The gates of a case.
    pub gates: Vec<GateView>,
    /// The filings of permits of a case.
    pub permits: Vec<PermitView>,
    /// Its filings that are decided together.
    pub packages: Vec<PackageView>,
    /// What happened, oldest first.
    pub trail: Vec<TrailView>,
    /// Its files.
    pub files: Vec<FileView>,
    /// What can be done.
    pub offers: Vec<OfferView>,
    /// What is not confirmed yet.
    pub pending: Vec<PendingView>,
    /// What the user of a case is shown of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// Deadlines that wait for something before they run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingClock>,
    /// When this device last had the record as the company has it;
    /// nothing for what is only here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<Instant>,
    /// How it stands for leaving; nothing where nobody worked on it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure: Option<DepartureView>,
    /// The stages of the user's project and of the gas works side by side
    ///
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Row>,
    /// What the technical computations warn of in a case (T-01 to T-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceView>,
}

/// A deadline that does not run yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingClock {
    /// The rule, as `D-07`.
    pub rule: RuleId,
    /// The state that it waits for, as `installed`.
    pub waits_for: String,
}

/// A field that is masked for this reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaskedView {
    /// Which field.
    pub field: Field,
    /// Whether the reader can unmask it, with a reason.
    pub reveal: bool,
}

/// Where a step of the procedure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Behind.
    Done,
    /// The record is here.
    Now,
    /// Ahead.
    Todo,
}

/// One step of the bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepView {
    /// Stable key, as `survey`.
    pub key: String,
    /// The key of its label in the locales.
    pub label_key: String,
    /// Where it stands.
    pub status: StepStatus,
}

/// How urgent a clock is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Warn {
    /// Time enough.
    Calm,
    /// Past its first warning.
    Soon,
    /// Past its due instant.
    Late,
}

/// A clock of the law, computed at the moment of asking from the stored due
/// instant.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ClockView {
    /// The rule, as `D-01`.
    pub rule: RuleId,
    /// Its name.
    pub name_zh: String,
    /// The clause that it comes from.
    pub clause: String,
    /// When it started.
    pub started_at: Instant,
    /// When it ends.
    pub due_at: Instant,
    /// Whether the due instant itself is already late.
    pub exclusive: bool,
    /// Running, paused, stopped … as the rulebook names it.
    pub state: String,
    /// Time left; negative when late; 0 once stopped.
    pub remaining_ms: i64,
    /// Whether it is, or was, missed.
    pub late: bool,
    /// How urgent it is.
    pub warn: Warn,
    /// Who is responsible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
    /// Whether a day without an official notice was counted.
    pub provisional: bool,
    /// Whether it stands still.
    pub paused: bool,
}

/// A gate of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GateView {
    /// Its name, as `G-FEE`.
    pub gate: String,
    /// Whether it is open.
    pub open: bool,
    /// What is missing.
    pub missing: Vec<String>,
}

/// One line of a record's time line.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct TrailView {
    /// The instant that counts.
    pub at: Instant,
    /// Who.
    pub by: PersonRef,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// On which device: this one's name, or the end of another one's id;
    /// nothing where the company's server acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What: the event's type.
    pub did: String,
    /// A note that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How its instant is proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Whether the server has not confirmed it yet.
    pub pending: bool,
}

/// A command of this device that is not confirmed yet, or is still kept.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PendingView {
    /// Its identity.
    pub command_id: CommandId,
    /// The record it was given on.
    pub record_id: RecordId,
    /// What it does.
    pub command: CommandName,
    /// When it was given.
    pub at: Instant,
    /// What became of it, as `pending`, `taken`, `refused`, `discarded`.
    pub fate: String,
    /// Whether it waits because it builds on a refused one.
    pub parked: bool,
    /// Where it stands.
    pub sync_state: SyncState,
    /// Why it would be, or was, refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
}
