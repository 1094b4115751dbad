//! 每日关注: somebody looks at each platform every day, also when nothing came
//! (R-10, D-14). One record per platform, one clock per day.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a watch answers for its own events; the rest is not its affair"
)]

use std::collections::BTreeSet;

use chrono::Days;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    audience::Audience,
    card::{self, Card},
    clock::Clock,
    command::{Command, CommandName},
    context::{Context, View},
    event::Event,
    flow::{Flow, clock, stop_key},
    ids::{RecordId, UserId},
    lead::Source,
    policy::RuleId,
    record::{Record, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::{Date, Instant},
    work::{Head, Shared, Work},
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

impl Work for Watch {
    fn head(&self) -> Head<'_> {
        let (clocks, trail) = (&self.clocks, &self.trail);
        Head { state: self.state(), clocks, files: &[], approvals: &[], trail }
    }

    fn shared(&mut self) -> Shared<'_> {
        Shared {
            version: &mut self.version,
            trail: &mut self.trail,
            clocks: Some(&mut self.clocks),
            files: None,
            approvals: None,
        }
    }

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        match event {
            Event::FeedChecked(check) => {
                self.checks.push(check.clone());
                forget(&mut self.checks, |_| true);
            }
            Event::FeedDayOpened(_) => {
                forget(&mut self.clocks, |clock| !clock.state.is_open());
                forget(&mut self.trail, |_| true);
            }
            _ => {}
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        _view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        let events = match command {
            Command::OpenFeedDay(opened) => open(self, opened, cx)?,
            Command::CheckFeed(looked) => check(self, looked, cx)?,
            _ => return Err(Refusal::new(Code::State)),
        };
        let mut flow = Flow::on(self.id, Some(record), cx);
        flow.emit_all(events);
        Ok(flow)
    }

    fn concerns(&self, command: CommandName) -> bool {
        matches!(command, CommandName::OpenFeedDay | CommandName::CheckFeed)
    }

    fn possible(&self, _command: CommandName, _cx: &Context<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    fn next_steps(&self) -> &'static [CommandName] {
        if self.is_waiting() { &[CommandName::CheckFeed] } else { &[] }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        BTreeSet::from([Role::CmLead, Role::HallClerk, Role::Inspector].map(Audience::Role))
    }

    fn card(&self) -> Card {
        card::of_watch(self)
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

/// Keeps the last entries, and of the older ones those that may not go.
fn forget<T>(entries: &mut Vec<T>, may_go: impl Fn(&T) -> bool) {
    let older = entries.len().saturating_sub(KEPT_DAYS);
    let mut place = 0;
    entries.retain(|entry| {
        place += 1;
        place > older || !may_go(entry)
    });
}
