//! The figures: which there are, how they count, what they should reach.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coded::coded;

coded! {
    /// How samples add up.
    Shape {
        /// An on-time rate of clocks.
        Rate = "rate",
        /// A part of a whole.
        Share = "share",
        /// A number of things.
        Count = "count",
        /// Mean, median, ninth decile of values.
        Spread = "spread",
    }
}

coded! {
    /// What a figure is in.
    Unit {
        /// 百分比
        Percent = "percent",
        /// 个
        Number = "number",
        /// 小时
        Hours = "hours",
        /// 日
        Days = "days",
        /// 工作日
        WorkingDays = "working_days",
        /// 元
        Yuan = "yuan",
        /// 分 (of a score)
        Score = "score",
    }
}

impl Unit {
    /// How many of the raw unit of samples make one: hours are sampled in
    /// milliseconds, yuan in fen, scores in hundredths.
    pub fn divisor(self) -> i64 {
        match self {
            Self::Percent | Self::Number | Self::Days | Self::WorkingDays => 1,
            Self::Hours => 3_600_000,
            Self::Yuan | Self::Score => 100,
        }
    }
}

/// What a figure should reach, in hundredths of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This much or more.
    AtLeast(i64),
    /// This much or less.
    AtMost(i64),
}

impl Target {
    /// Whether a number reaches it.
    pub fn is_met(self, hundredths: i64) -> bool {
        match self {
            Self::AtLeast(least) => hundredths >= least,
            Self::AtMost(most) => hundredths <= most,
        }
    }
}

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident = $kpi:literal $part:literal, $shape:ident $unit:ident $(, $target:ident $value:literal)?;)+) => {
        /// A figure of an indicator; most indicators have several.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure {
            $($(#[$doc])* $name,)+
        }

        impl Figure {
            /// Every figure, in the order of the indicators.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The indicator, as `K-01`.
            pub fn kpi(self) -> &'static str {
                match self { $(Self::$name => $kpi,)+ }
            }

            /// Which of the indicator's figures.
            pub fn part(self) -> &'static str {
                match self { $(Self::$name => $part,)+ }
            }

            /// How its samples add up.
            pub fn shape(self) -> Shape {
                match self { $(Self::$name => Shape::$shape,)+ }
            }

            /// What it is in.
            pub fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)+ }
            }

            /// What it should reach, where section k names it.
            pub fn target(self) -> Option<Target> {
                match self {
                    $(Self::$name => { None::<Target>$(.or(Some(Target::$target($value))))? })+
                }
            }
        }
    };
}

figures! {
    /// Leads handed over in time.
    HandOver = "K-01" "rate", Rate Percent, AtLeast 10_000;
    /// First contacts in time.
    Contact = "K-02" "rate", Rate Percent, AtLeast 10_000;
    /// Time to the first contact.
    ContactHours = "K-02" "hours", Spread Hours;
    /// Gas within five working days of complete materials.
    OuterLimit = "K-03" "rate", Rate Percent, AtLeast 10_000;
    /// Survey and drawing in time.
    Design = "K-04" "rate", Rate Percent, AtLeast 9_800;
    /// Cases found without pressure.
    Blocked = "K-04" "blocked", Count Number;
    /// Fee talks in time.
    FeeTalk = "K-05" "rate", Rate Percent, AtLeast 9_800;
    /// Hand-overs to engineering in time.
    Engineering = "K-06" "rate", Rate Percent, AtLeast 10_000;
    /// Construction by the contract's date.
    BuildContract = "K-07" "contract", Rate Percent, AtLeast 9_500;
    /// Construction for scattered households.
    BuildScattered = "K-07" "scattered", Rate Percent, AtLeast 9_500;
    /// Construction for small shops.
    BuildMicro = "K-07" "micro", Rate Percent, AtLeast 9_500;
    /// Gas within 24 hours.
    GasOn = "K-08" "rate", Rate Percent, AtLeast 9_800;
    /// Time to gas.
    GasOnHours = "K-08" "hours", Spread Hours;
    /// Accepted within 24 hours.
    Acceptance = "K-09" "rate", Rate Percent, AtLeast 10_000;
    /// Calendar days from the lead to gas.
    DaysFromLead = "K-10" "from_lead", Spread Days;
    /// Calendar days from the application to gas.
    DaysFromApplication = "K-10" "from_application", Spread Days;
    /// Tolerant acceptances among all.
    Tolerant = "K-11" "share", Share Percent;
    /// Working days to make up an item.
    MakeUpDays = "K-12" "working_days", Spread WorkingDays, AtMost 500;
    /// Overdue among the owed.
    OverdueOpen = "K-13" "open", Share Percent, AtMost 200;
    /// Made up late among the made up.
    MadeUpLate = "K-13" "made_up", Share Percent, AtMost 200;
    /// Notices after the first, of the tolerant cases.
    SecondNotices = "K-14" "share", Share Percent, AtMost 0;
    /// Permits decided in time.
    Permits = "K-15" "rate", Rate Percent;
    /// Days from filing to grant.
    PermitDays = "K-15" "days", Spread Days;
    /// Restored in time among the restored.
    Restored = "K-16" "share", Share Percent, AtLeast 10_000;
    /// Materials asked of the user.
    Materials = "K-17" "materials", Spread Number;
    /// Materials asked of a four-zero user.
    MaterialsFourZero = "K-17" "four_zero", Spread Number, AtMost 0;
    /// Steps on the user's side.
    UserSteps = "K-18" "steps", Spread Number, AtMost 100;
    /// Internal approvals.
    Approvals = "K-19" "approvals", Spread Number;
    /// At most one trip.
    OneTrip = "K-20" "one_trip", Share Percent, AtLeast 9_900;
    /// Trips.
    Trips = "K-20" "trips", Spread Number;
    /// Trips of a four-zero user.
    TripsFourZero = "K-20" "four_zero", Spread Number, AtMost 0;
    /// Households reached of the population.
    HouseholdVisits = "K-21" "coverage", Share Percent, AtLeast 1_000;
    /// Non-residential users reached of the population.
    NonResidentialVisits = "K-22" "coverage", Share Percent, AtLeast 10_000;
    /// On-site visits.
    OnSiteVisits = "K-23" "count", Count Number, AtLeast 100;
    /// On-site visits among the reached.
    OnSiteShare = "K-23" "share", Share Percent;
    /// Ledger items closed in time.
    Ledger = "K-24" "rate", Rate Percent, AtLeast 10_000;
    /// Ledger items open and overdue.
    LedgerOverdue = "K-24" "open_overdue", Count Number;
    /// Reopened among the closed.
    LedgerReopened = "K-24" "reopened", Share Percent;
    /// Closed by an explanation (LG-5).
    LedgerExplained = "K-24" "explained", Count Number;
    /// Closed as planned longer work (LG-8).
    LedgerPlanned = "K-24" "planned", Count Number;
    /// Mean score of visits.
    Score = "K-25" "score", Spread Score;
    /// Satisfied among the scored.
    Satisfied = "K-25" "satisfied", Share Percent, AtLeast 9_500;
    /// Score of the installation.
    InstallScore = "K-26" "installation", Spread Score;
    /// Score of the gas use.
    GasUseScore = "K-26" "gas_use", Spread Score;
    /// Complaints received.
    Complaints = "K-27" "received", Count Number;
    /// Complaints substantiated among the decided.
    Substantiated = "K-27" "substantiated", Share Percent;
    /// Complaints per hundred connections.
    ComplaintsPerGasOn = "K-27" "per_100_gas_on", Share Percent;
    /// Complaints answered in time.
    ComplaintAnswers = "K-27" "answered", Rate Percent;
    /// Bad ratings among all.
    BadRatings = "K-28" "share", Share Percent, AtMost 0;
    /// Bad ratings followed up in time.
    RatingFollowUp = "K-28" "followed_up", Rate Percent, AtLeast 10_000;
    /// Assessment records.
    Assessments = "K-29" "assessments", Count Number;
    /// Eligibilities for the award lost.
    AwardsLost = "K-29" "awards_lost", Count Number;
    /// Applications by channel.
    Applications = "K-30" "applications", Count Number;
    /// Online applications among all.
    Online = "K-30" "online", Share Percent;
    /// Events with late evidence among all.
    LateEvidence = "K-31" "late_evidence", Share Percent, AtMost 100;
    /// Commands refused or put aside among all.
    RejectedSyncs = "K-31" "rejected", Share Percent, AtMost 100;
    /// Clocks stopped before their start.
    TimeAnomalies = "K-31" "anomalies", Count Number;
    /// Days on which the platforms were looked at.
    FeedDays = "K-32" "days", Share Percent, AtLeast 10_000;
    /// Records handled.
    FeedRecords = "K-32" "records", Count Number;
    /// Cases with customer-paid lines outside the boundary.
    OutsidePaid = "K-33" "cases", Count Number, AtMost 0;
    /// Forbidden fees refused.
    ForbiddenFees = "K-34" "blocked", Count Number;
    /// What the user pays, inside the boundary.
    CostInside = "K-35" "inside", Spread Yuan;
    /// What the user pays, outside the boundary.
    CostOutside = "K-35" "outside", Spread Yuan, AtMost 0;
    /// What the user pays in all.
    Cost = "K-35" "total", Spread Yuan;
    /// Users who confirmed the policy in force.
    PolicyRead = "K-36" "confirmed", Share Percent, AtLeast 10_000;
}

impl Figure {
    /// The code of the figure, as `K-02/hours`.
    pub fn code(self) -> String {
        format!("{}/{}", self.kpi(), self.part())
    }

    /// Whether it says how things stand at an instant: it is counted at the
    /// end of a span or month, never summed over instants.
    pub(crate) fn is_standing(self) -> bool {
        matches!(self, Self::OverdueOpen | Self::LedgerOverdue | Self::PolicyRead)
    }

    /// Whether every department has to reach the target in every month.
    pub(crate) fn is_of_each_department(self) -> bool {
        self == Self::OnSiteVisits
    }

    /// The figure with this code.
    pub fn parse(code: &str) -> Option<Self> {
        let (kpi, part) = code.split_once('/')?;
        Self::ALL.iter().copied().find(|figure| figure.kpi() == kpi && figure.part() == part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_has_a_figure_and_every_figure_its_own_code() {
        for number in 1..=36 {
            let kpi = format!("K-{number:02}");
            assert!(Figure::ALL.iter().any(|figure| figure.kpi() == kpi), "{kpi}");
        }
        for figure in Figure::ALL {
            assert_eq!(Figure::parse(&figure.code()), Some(*figure));
        }
        assert!(Figure::ALL.is_sorted_by_key(|figure| figure.kpi()));
    }
}
