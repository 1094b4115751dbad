//! One thing that is counted, and by what it can be broken down.

use crate::{
    case::{Channel, Segment},
    clock::{Clock, ClockState},
    coded::coded,
    ids::{RecordId, UserId},
    kpi::Figure,
    period::{Due, on_time},
    time::Instant,
};

coded! {
    /// By what a figure is broken down.
    Dimension {
        /// 部门
        Org = "org",
        /// 责任人
        Person = "person",
        /// 用户类别
        Segment = "segment",
        /// 渠道
        Channel = "channel",
        /// 施工单位
        Contractor = "contractor",
        /// 乡镇街道
        Town = "town",
        /// 类别: of a permit, a complaint, a ledger item
        Kind = "kind",
    }
}

/// Where a sample belongs; a dimension that it has not is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dims<'a> {
    /// The org in charge.
    pub org: Option<&'a str>,
    /// The person in charge.
    pub person: Option<UserId>,
    /// The kind of user.
    pub segment: Option<Segment>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The contractor.
    pub contractor: Option<&'a str>,
    /// Town or street.
    pub town: Option<&'a str>,
    /// The kind of a permit, a complaint, a ledger item; the year of an award.
    pub kind: Option<&'a str>,
}

impl<'a> Dims<'a> {
    /// These, and where they are silent those of the case that it is about.
    /// Who is in charge comes from one of the two, never from both.
    #[must_use]
    pub fn within(self, case: Dims<'a>) -> Self {
        let silent = self.org.is_none() && self.person.is_none();
        Self {
            org: if silent { case.org } else { self.org },
            person: if silent { case.person } else { self.person },
            segment: self.segment.or(case.segment),
            channel: self.channel.or(case.channel),
            contractor: self.contractor.or(case.contractor),
            town: self.town.or(case.town),
            kind: self.kind,
        }
    }

    /// The key in a dimension, as groups are named.
    pub fn key(&self, dimension: Dimension) -> Option<String> {
        match dimension {
            Dimension::Org => self.org.map(str::to_owned),
            Dimension::Person => self.person.map(|person| person.to_string()),
            Dimension::Segment => self.segment.map(|segment| segment.as_str().to_owned()),
            Dimension::Channel => self.channel.map(|channel| channel.as_str().to_owned()),
            Dimension::Contractor => self.contractor.map(str::to_owned),
            Dimension::Town => self.town.map(str::to_owned),
            Dimension::Kind => self.kind.map(str::to_owned),
        }
    }
}

/// How a clock counts in a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockResult {
    /// Stopped in time.
    OnTime,
    /// Stopped late.
    Late,
    /// Still open and past its due instant: late.
    OpenBreached,
    /// Excused by a lead: outside the rate, counted apart (CLK-7).
    Excused,
}

impl ClockResult {
    /// Whether it is against the rate.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Late | Self::OpenBreached)
    }

    /// How a clock counts at `now`, net of its pauses; nothing while it may
    /// still be in time, and for a cancelled one (CLK-10).
    pub fn net(clock: &Clock, now: Instant) -> Option<Self> {
        match clock.state {
            ClockState::StoppedOnTime => Some(Self::OnTime),
            ClockState::StoppedLate => Some(Self::Late),
            ClockState::StoppedExcused => Some(Self::Excused),
            ClockState::Cancelled => None,
            ClockState::Running | ClockState::Paused => {
                clock.is_late(now).then_some(Self::OpenBreached)
            }
        }
    }

    /// How a clock counts at `now` as if it had never been paused (CLK-5).
    pub fn gross(clock: &Clock, now: Instant) -> Option<Self> {
        match clock.state {
            ClockState::StoppedOnTime | ClockState::StoppedLate => {
                clock.gross_on_time().map(|in_time| if in_time { Self::OnTime } else { Self::Late })
            }
            ClockState::StoppedExcused => Some(Self::Excused),
            ClockState::Cancelled => None,
            ClockState::Running | ClockState::Paused => {
                let due = Due { due_at: clock.gross_due_at, ..clock.due() };
                (!on_time(now, &due)).then_some(Self::OpenBreached)
            }
        }
    }
}

/// What a sample adds to its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// One clock, net of its pauses.
    Net(ClockResult),
    /// One clock as if never paused.
    Gross(ClockResult),
    /// One of a whole, and whether it is of the part.
    Part(bool),
    /// So many of a part, of nothing more of the whole.
    PartOnly(i64),
    /// So many more of the whole, nothing of the part.
    WholeOnly(i64),
    /// So many.
    Count(i64),
    /// One thing with this number, counted once however often it comes.
    Once(u64),
    /// One value, in the raw unit of the figure.
    Value(i64),
}

/// One thing that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample<'a> {
    /// What it counts for.
    pub figure: Figure,
    /// The record it is about.
    pub record: RecordId,
    /// The instant it belongs to.
    pub at: Instant,
    /// Where it belongs.
    pub dims: Dims<'a>,
    /// What it adds.
    pub amount: Amount,
}

/// Where samples go.
pub trait Sink {
    /// Takes a sample.
    fn take(&mut self, sample: &Sample<'_>);

    /// Takes a sample about a case: where its dimensions are silent, those of
    /// the case count ([`Dims::within`]).
    fn about(&mut self, case: RecordId, sample: &Sample<'_>);

    /// Hears where a case belongs.
    fn case(&mut self, case: RecordId, dims: &Dims<'_>);

    /// Hears when a lead was pushed; K-10 counts from there.
    fn lead(&mut self, lead: RecordId, pushed_at: Instant);

    /// Hears that a case that came from a lead has gas.
    fn born(&mut self, lead: RecordId, case: RecordId, gas_on_at: Instant, dims: &Dims<'_>);
}
