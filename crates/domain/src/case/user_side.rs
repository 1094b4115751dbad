//! What a connection costs the user besides money: steps, trips, papers
//! (K-17, K-18, K-20; ). Counted from events, here and nowhere else:
//! a case keeps the count, and an indicator that reads the log folds it with
//! [`UserSide::take`].

#![expect(clippy::wildcard_enum_match_arm, reason = "most events ask nothing of the user")]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        CaseKind, Channel,
        gas_on::SubmitGasOn,
        material::{MaterialSource, OwedBy},
    },
    coded::coded,
    context::Context,
    event::Event,
    refusal::{Refusal, require},
    stamp::Stamp,
    time::{Date, Instant},
};

coded! {
    /// Where the user had to go.
    TripTo {
        /// 燃气营业厅
        BusinessHall = "business_hall",
        /// 行政服务大厅
        GovHall = "gov_hall",
        /// 其他地点
        Elsewhere = "elsewhere",
    }
}

/// A day on which the user went to a counter; two matters of one day at one
/// counter are one trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trip {
    /// The day.
    pub on: Date,
    /// Where to.
    pub to: TripTo,
    /// The event that shows it.
    pub what: String,
    /// What for, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// The user came to a counter; a fact is written down, never refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordTrip {
    /// Where to.
    pub to: TripTo,
    /// On which day; today when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub on: Option<Date>,
    /// What for.
    #[schemars(extend("x-widget" = "text"))]
    pub purpose: String,
}

/// What the user had to do so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserSide {
    /// `user_side_step_count`: what the user filed, and each notice after the
    /// first that asks him once more.
    pub steps: u32,
    /// `customer_trip_count` is the length of this list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trips: Vec<Trip>,
    /// `material_requested_count`: the papers that he was ever asked for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub asked: BTreeSet<String>,
}

impl UserSide {
    /// Counts an event of the case's log.
    ///
    /// A step is what the user files: his demand or application, and the
    /// application for gas-on. A case that the company began from a lead is no
    /// step of his.
    pub fn take(&mut self, event: &Event, stamp: &Stamp) {
        let at = stamp.at;
        match event {
            Event::CaseSubmitted(case) => {
                self.steps += u32::from(case.kind != CaseKind::PreService);
                self.counter(case.channel, at, event);
            }
            Event::GasOnApplied(application) => {
                self.steps += 1;
                self.file(application, at, event);
            }
            Event::GasOnQueued(application) => self.file(application, at, event),
            Event::CaseAcceptedTolerant(accepted) => self.ask(&accepted.owed),
            Event::OwedAdded(added) => {
                let again = added.owed.iter().any(|debt| debt.owed_by == OwedBy::Customer);
                self.steps += u32::from(again);
                self.ask(&added.owed);
            }
            Event::MaterialReceived(came) if came.source == MaterialSource::Counter => {
                self.trip(at.date(), TripTo::BusinessHall, event, None);
            }
            Event::FeeNegotiationStarted(talk) if talk.place.is_counter() => {
                self.trip(at.date(), TripTo::BusinessHall, event, None);
            }
            Event::FeeSettled(fee) if fee.place.is_counter() => {
                self.trip(at.date(), TripTo::BusinessHall, event, None);
            }
            Event::TripRecorded(trip) => {
                let on = trip.on.unwrap_or_else(|| at.date());
                self.trip(on, trip.to, event, Some(trip.purpose.clone()));
            }
            _ => {}
        }
    }

    /// `customer_trip_count`.
    pub fn trip_count(&self) -> usize {
        self.trips.len()
    }

    /// Whether the matter took more than one trip («最多跑一次», R-04).
    pub fn is_over_one(&self) -> bool {
        self.trips.len() > 1
    }

    fn file(&mut self, application: &SubmitGasOn, at: Instant, event: &Event) {
        self.counter(application.channel, at, event);
    }

    fn ask(&mut self, owed: &[crate::case::material::OwedItem]) {
        let asked = owed.iter().filter(|debt| debt.owed_by == OwedBy::Customer);
        self.asked.extend(asked.map(|debt| debt.code.clone()));
    }

    fn counter(&mut self, channel: Channel, at: Instant, event: &Event) {
        if let Some(to) = counter_of(channel) {
            self.trip(at.date(), to, event, None);
        }
    }

    fn trip(&mut self, on: Date, to: TripTo, event: &Event, purpose: Option<String>) {
        if self.trips.iter().all(|trip| (trip.on, trip.to) != (on, to)) {
            self.trips.push(Trip { on, to, what: event.name().to_owned(), purpose });
        }
    }
}

/// The counter that a channel means, if it means one.
pub fn counter_of(channel: Channel) -> Option<TripTo> {
    match channel {
        Channel::BusinessHall => Some(TripTo::BusinessHall),
        Channel::GovHall => Some(TripTo::GovHall),
        Channel::WechatOa
        | Channel::GovPortal
        | Channel::Zaidexinzheng
        | Channel::LantianApp
        | Channel::Hotline
        | Channel::OnSite
        | Channel::Lead => None,
    }
}

pub(crate) fn record(trip: &RecordTrip, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    require(!trip.purpose.trim().is_empty(), || Refusal::field("purpose", "missing"))?;
    let on = trip.on.unwrap_or_else(|| cx.now.date());
    require(on <= cx.now.date(), || Refusal::field("on", "in the future"))?;
    Ok(vec![Event::TripRecorded(RecordTrip { on: Some(on), ..trip.clone() })])
}
