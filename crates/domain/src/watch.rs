//! 每日关注: somebody looks at each platform every day, also when nothing came
//! (R-10, D-14). One record per platform, one clock per day.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a watch answers for its own events; the rest is not its affair"
)]

use chrono::Days;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    clock::Clock,
    command::Command,
    context::Context,
    event::Event,
    flow::{clock, stop_key},
    ids::{RecordId, UserId},
    lead::Source,
    policy::RuleId,
    record::TrailEntry,
    refusal::{Code, Refusal, require},
    stamp::Stamp,
    time::{Date, Instant},
};

/// The platforms that are looked at every day.
pub const FEEDS: [Source; 2] = [Source::Gonggai, Source::Duogui];

/// How many days the record itself remembers; the log remembers all.
const KEPT_DAYS: usize = 62;

/// The watch over one platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Watch {
    /// Its identity: [`Watch::id_of`] its platform.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// The platform.
    pub source: Source,
    /// The looks of the last days, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<FeedCheck>,
    /// The clock of each of the last days, keyed by the day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// A look at a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedCheck {
    /// For which day.
    pub day: Date,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: UserId,
    /// How many new projects there were; 0 is a report too.
    pub new_count: u32,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A day begins; given by the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenFeedDay {
    /// The platform.
    pub source: Source,
    /// The day.
    #[schemars(extend("x-widget" = "date"))]
    pub day: Date,
}

/// Somebody looked at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckFeed {
    /// How many new projects there were; 0 for a zero report.
    pub new_count: u32,
    /// For which day; today when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub day: Option<Date>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

impl Watch {
    /// The identity of the watch over `source`.
    pub fn id_of(source: Source) -> RecordId {
        RecordId(Uuid::from_u128(0x6c61_6e74_6961_6e00_8000_7761_7463_6800 + source as u128))
    }

    /// Whether a day waits for its look.
    pub fn is_waiting(&self) -> bool {
        self.clocks.iter().any(|clock| clock.state.is_open())
    }

    /// The code of its state.
    pub fn state(&self) -> &'static str {
        if self.is_waiting() { "waiting" } else { "checked" }
    }
}

/// The first day of a watch.
pub(crate) fn begin(
    id: RecordId,
    opened: &OpenFeedDay,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(FEEDS.contains(&opened.source) && id == Watch::id_of(opened.source), || {
        Refusal::field("source", "not a platform that is watched")
    })?;
    let watch = Watch {
        id,
        version: 0,
        source: opened.source,
        checks: Vec::new(),
        clocks: Vec::new(),
        trail: Vec::new(),
    };
    let mut events = vec![Event::WatchBegan(Box::new(watch))];
    events.extend(open_clock(opened, cx));
    Ok(events)
}

/// Judges a command on a watch that exists.
pub(crate) fn judge(
    watch: &Watch,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::OpenFeedDay(opened) => open(watch, opened, cx),
        Command::CheckFeed(looked) => check(watch, looked, cx),
        _ => Err(Refusal::new(Code::State)),
    }
}

/// A further day.
fn open(watch: &Watch, opened: &OpenFeedDay, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let known = watch.clocks.iter().any(|clock| clock.key == Some(opened.day.to_string()));
    require(!known && opened.source == watch.source, || {
        Refusal::new(Code::Duplicate).with("day", opened.day)
    })?;
    let tomorrow = cx.now.date().checked_add_days(Days::new(1)).unwrap_or(Date::MAX);
    require(opened.day <= tomorrow, || Refusal::field("day", "later than tomorrow"))?;
    Ok(open_clock(opened, cx))
}

fn open_clock(opened: &OpenFeedDay, cx: &Context<'_>) -> Vec<Event> {
    let midnight = Instant::start_of(opened.day);
    vec![
        Event::FeedDayOpened(opened.clone()),
        Event::ClockStarted(clock(cx, RuleId::D14, Some(opened.day.to_string()), midnight, None)),
    ]
}

/// A look; it stops the clock of its day.
fn check(watch: &Watch, looked: &CheckFeed, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let day = looked.day.unwrap_or_else(|| cx.now.date());
    let stopped = stop_key(&watch.clocks, RuleId::D14, &day.to_string(), cx.now);
    let again = watch.checks.iter().any(|check| check.day == day);
    require(!stopped.is_empty() || again, || Refusal::field("day", "this day is not open"))?;
    require(day <= cx.now.date(), || Refusal::field("day", "in the future"))?;
    let mut events = vec![Event::FeedChecked(FeedCheck {
        day,
        at: cx.now,
        by: cx.actor.user,
        new_count: looked.new_count,
        note: looked.note.clone(),
    })];
    events.extend(stopped);
    Ok(events)
}

/// Applies an event that is about the watch itself.
pub(crate) fn apply(watch: &mut Watch, event: &Event, _stamp: &Stamp) {
    match event {
        Event::FeedChecked(check) => {
            watch.checks.push(check.clone());
            forget(&mut watch.checks, |_| true);
        }
        Event::FeedDayOpened(_) => {
            forget(&mut watch.clocks, |clock| !clock.state.is_open());
            forget(&mut watch.trail, |_| true);
        }
        _ => {}
    }
}

/// Keeps the last entries, and of the older ones those that may not go.
fn forget<T>(entries: &mut Vec<T>, may_go: impl Fn(&T) -> bool) {
    let older = entries.len().saturating_sub(KEPT_DAYS);
    let mut place = 0;
    entries.retain(|entry| {
        place += 1;
        place > older || !may_go(entry)
    });
}
