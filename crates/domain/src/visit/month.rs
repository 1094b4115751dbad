//! The plan of one month and one group of users: who was drawn, who was
//! reached, what is missing (domain i.1, i.2, D-12, D-13).

use std::collections::BTreeSet;

use chrono::{Datelike as _, Months};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    approval::Approval,
    case::Segment,
    clock::Clock,
    coded::coded,
    context::Context,
    event::Event,
    file::FileRef,
    ids::{RecordId, derived},
    policy::RuleId,
    record::TrailEntry,
    refusal::{Refusal, require},
    role::OrgUnit,
    time::{DAY_MS, Date, Instant},
    visit::{Account, VisitMode, account::natural, sample::Stratum},
};

coded! {
    /// The groups whose visits are counted apart.
    SegmentGroup {
        /// 民用户
        Household = "household",
        /// 非居民用户
        NonResidential = "non_residential",
    }
}

impl SegmentGroup {
    /// The group of a kind of user.
    pub fn of(segment: Segment) -> Self {
        if segment.is_household() { Self::Household } else { Self::NonResidential }
    }

    /// The clock of its quota: D-12 or D-13.
    pub fn rule(self) -> RuleId {
        match self {
            Self::Household => RuleId::D12,
            Self::NonResidential => RuleId::D13,
        }
    }

    /// The department that visits it.
    pub fn org(self) -> OrgUnit {
        match self {
            Self::Household => OrgUnit::ServiceDept,
            Self::NonResidential => OrgUnit::MarketDept,
        }
    }
}

coded! {
    /// Where a month's plan stands.
    MonthState {
        /// The secret of the draw is committed to.
        Committed = "committed",
        /// The population is frozen, visits go on.
        Running = "running",
        /// The month is over, the secret revealed.
        Ended = "ended",
    }
}

coded! {
    /// Which accounts the population is made of (V-1).
    Basis {
        /// Installation completed in the month before.
        CompletedLastMonth = "completed_last_month",
        /// Every connected account of the group.
        AllActive = "all_active",
    }
}

coded! {
    /// Why an account is visited.
    Why {
        /// Drawn for the quota.
        Quota = "quota",
        /// Every account of the group is visited.
        All = "all",
        /// On top of the quota, for what happened to the user.
        Forced = "forced",
        /// In place of one that could not be reached.
        Reserve = "reserve",
    }
}

coded! {
    /// What forces a visit (domain i.2.5).
    Force {
        /// 投诉
        Complaint = "complaint",
        /// 差评
        BadRating = "bad_rating",
        /// 通气超时
        GasOnLate = "gas_on_late",
        /// 未点火
        NotIgnited = "not_ignited",
        /// 容缺逾期
        ToleranceOverdue = "tolerance_overdue",
    }
}

coded! {
    /// How far the visit of an account is.
    TaskState {
        /// Not reached yet.
        Open = "open",
        /// Reached: it counts (V-4).
        Reached = "reached",
        /// Not reached on the telephone; it waits for the visit on site.
        Unreached = "unreached",
        /// Another account stepped in.
        Replaced = "replaced",
        /// The account fell away.
        Cancelled = "cancelled",
    }
}

/// An account that is visited whatever the draw says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Forced {
    /// The account.
    pub account: Account,
    /// Why.
    pub reasons: BTreeSet<Force>,
}

/// One account of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// Its visit.
    pub visit: RecordId,
    /// Its case.
    pub case: RecordId,
    /// The case's number.
    pub no: String,
    /// The user's name.
    pub name: String,
    /// Whether the user is a natural person; an organisation's name is public.
    #[serde(default = "natural")]
    pub natural: bool,
    /// Why it is visited.
    pub why: Why,
    /// What forces the visit besides.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub forced: BTreeSet<Force>,
    /// How far it is.
    pub state: TaskState,
    /// In which ways it was reached; it counts once (V-6).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub modes: BTreeSet<VisitMode>,
    /// Why it was not reached or fell away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The plan of one month and group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitMonth {
    /// Its identity: [`VisitMonth::id_of`] month and group.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: MonthState,
    /// The first day of the month.
    pub month: Date,
    /// The group.
    pub group: SegmentGroup,
    /// SHA-256 of the secret of the draw, published before the month begins.
    pub commitment: String,
    /// The secret, once the month is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// What the population is made of, once it is frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// How many accounts it has.
    #[serde(default)]
    pub population: u32,
    /// The hash of its sorted identities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population_hash: Option<String>,
    /// How many accounts have to be reached.
    #[serde(default)]
    pub quota: u32,
    /// How many of them are reached.
    #[serde(default)]
    pub reached: u32,
    /// How many forced ones are reached, on top.
    #[serde(default)]
    pub reached_forced: u32,
    /// How many accounts were visited on site (V-5).
    #[serde(default)]
    pub on_site: u32,
    /// How many should be: one in ten of those reached, and at least one.
    #[serde(default)]
    pub on_site_target: u32,
    /// The strata of the draw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<Stratum>,
    /// The accounts to visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// The accounts in reserve, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserve: Vec<Account>,
    /// Whether day 20 found less than 60 % done.
    #[serde(default)]
    pub behind: bool,
    /// Who was missed, once the month is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<Missed>,
    /// Its clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// What waits for a lead's word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// An account that was to be reached and was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missed {
    /// The case.
    pub case: RecordId,
    /// Its number.
    pub no: String,
    /// The user's name.
    pub name: String,
    /// Whether the user is a natural person; an organisation's name is public.
    #[serde(default = "natural")]
    pub natural: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Publishes the hash of a month's secret; given by the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitVisitMonth {
    /// The first day of the month.
    #[schemars(extend("x-widget" = "date"))]
    pub month: Date,
    /// The group.
    pub group: SegmentGroup,
    /// SHA-256 of the secret, 64 hex digits.
    pub commitment: String,
}

/// Freezes the population and draws; given by the server itself at 00:00 of
/// day 1. The secret is checked against its hash and goes into no event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreezeVisitMonth {
    /// The secret of the draw.
    pub secret: String,
    /// What the population is made of.
    pub basis: Basis,
    /// The population, in any order.
    pub accounts: Vec<Account>,
    /// Who is visited on top of the quota.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forced: Vec<Forced>,
}

/// Day 20 has come with less than 60 % done; given by the server itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WarnVisitMonth {}

/// The month is over: the secret is revealed; given by the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndVisitMonth {
    /// The secret of the draw.
    pub secret: String,
}

/// A frozen population and what was drawn from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Frozen {
    /// What the population is made of.
    pub basis: Basis,
    /// Its identities, sorted.
    pub population: Vec<RecordId>,
    /// Their hash.
    pub population_hash: String,
    /// How many have to be reached.
    pub quota: u32,
    /// The strata of the draw.
    pub strata: Vec<Stratum>,
    /// The accounts to visit.
    pub tasks: Vec<Task>,
    /// The accounts in reserve, in order.
    pub reserve: Vec<Account>,
}

/// An account was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitCounted {
    /// Its visit.
    pub visit: RecordId,
    /// How.
    pub mode: VisitMode,
}

/// An account could not be reached, or fell away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskUnreached {
    /// Its visit.
    pub visit: RecordId,
    /// What became of it.
    pub state: TaskState,
    /// Why.
    pub reason: String,
}

/// The next account of the reserve steps in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReplaced {
    /// The visit that could not be made.
    pub visit: RecordId,
    /// The one in its place.
    pub by: Task,
    /// Why.
    pub reason: String,
}

/// How far the month was on day 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warned {
    /// How many accounts were reached.
    pub reached: u32,
    /// How many have to be.
    pub quota: u32,
}

/// How the month ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthEnded {
    /// The secret of the draw: anybody can draw again.
    pub secret: String,
    /// Who was missed.
    pub missed: Vec<Missed>,
}

/// Below this part of the quota on day 20 the department is warned, in percent.
const DONE_ON_DAY_20: u64 = 60;

impl VisitMonth {
    /// The identity of the plan of a month, given by any of its days, and group.
    pub fn id_of(month: Date, group: SegmentGroup) -> RecordId {
        const ROOT: RecordId = RecordId(Uuid::from_u128(0x6c61_6e74_6961_6e00_8000_7669_7369_7400));
        derived(ROOT, &format!("{}/{}", month.format("%Y-%m"), group.as_str()))
    }

    /// The first instant after the month.
    pub fn end(&self) -> Instant {
        end_of(self.month)
    }

    /// The part of the quota that is reached, in basis points; nothing when
    /// there was nobody to visit (V-3).
    pub fn coverage_bp(&self) -> Option<u32> {
        let part = u64::from(self.reached) * 10_000 / u64::from(self.population.max(1));
        (self.population > 0).then(|| u32::try_from(part).unwrap_or(u32::MAX))
    }

    /// Whether the quota is reached.
    pub fn is_met(&self) -> bool {
        self.reached >= self.quota
    }

    /// Whether K-23 is red: there were accounts, and none was visited on site.
    pub fn on_site_red(&self) -> bool {
        self.population > 0 && self.on_site == 0
    }

    /// Whether day 20 has come with less than 60 % of the quota reached.
    pub fn is_behind(&self, now: Instant) -> bool {
        let day_20 = Instant::start_of(self.month).plus_ms(19 * DAY_MS);
        let done = u64::from(self.reached) * 100;
        now >= day_20 && done < u64::from(self.quota) * DONE_ON_DAY_20
    }

    /// The account of a visit.
    pub fn task(&self, visit: RecordId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.visit == visit)
    }

    /// Who was to be reached for the quota and was not, while it is not met.
    pub fn unreached(&self) -> Vec<Missed> {
        let open = |task: &&Task| matches!(task.state, TaskState::Open | TaskState::Unreached);
        if self.is_met() {
            return Vec::new();
        }
        self.tasks
            .iter()
            .filter(|task| task.why != Why::Forced)
            .filter(open)
            .map(|task| Missed {
                case: task.case,
                no: task.no.clone(),
                name: task.name.clone(),
                natural: task.natural,
                reason: task.note.clone(),
            })
            .collect()
    }
}

/// The first instant after the month that begins with this day.
pub(super) fn end_of(month: Date) -> Instant {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(Date::MAX);
    Instant::start_of(next)
}

/// The first event of a month's plan; only before the month begins.
pub(crate) fn commit(
    id: RecordId,
    given: &CommitVisitMonth,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let hex = |b: u8| b.is_ascii_hexdigit() && !b.is_ascii_uppercase();
    let whole = given.commitment.len() == 64 && given.commitment.bytes().all(hex);
    require(whole, || Refusal::field("commitment", "64 hex digits"))?;
    require(given.month.day() == 1, || Refusal::field("month", "the first day of a month"))?;
    require(id == VisitMonth::id_of(given.month, given.group), || {
        Refusal::field("month", "not the identity of this month")
    })?;
    require(cx.now < Instant::start_of(given.month), || {
        Refusal::field("month", "the secret is committed to before the month begins")
    })?;
    Ok(vec![Event::VisitSecretCommitted(Box::new(VisitMonth {
        id,
        version: 0,
        state: MonthState::Committed,
        month: given.month,
        group: given.group,
        commitment: given.commitment.clone(),
        secret: None,
        basis: None,
        population: 0,
        population_hash: None,
        quota: 0,
        reached: 0,
        reached_forced: 0,
        on_site: 0,
        on_site_target: 0,
        strata: Vec::new(),
        tasks: Vec::new(),
        reserve: Vec::new(),
        behind: false,
        missed: Vec::new(),
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    }))])
}
