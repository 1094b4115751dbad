//! What samples of one figure add up to.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kpi::{
    figure::{Shape, Unit},
    sample::{Amount, ClockResult},
};

/// A sum that grows sample by sample; the order of samples does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    net: Clocks,
    gross: Clocks,
    part: i64,
    whole: i64,
    once: BTreeSet<u64>,
    values: Vec<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clocks {
    on_time: i64,
    late: i64,
    open_breached: i64,
    excused: i64,
}

impl Clocks {
    fn add(&mut self, result: ClockResult) {
        let place = match result {
            ClockResult::OnTime => &mut self.on_time,
            ClockResult::Late => &mut self.late,
            ClockResult::OpenBreached => &mut self.open_breached,
            ClockResult::Excused => &mut self.excused,
        };
        *place += 1;
    }

    fn merge(&mut self, other: Self) {
        self.on_time += other.on_time;
        self.late += other.late;
        self.open_breached += other.open_breached;
        self.excused += other.excused;
    }

    /// `on_time / (on_time + late + open_breached)`, excused ones outside.
    fn rate(self) -> Option<i64> {
        per_ten_thousand(self.on_time, self.on_time + self.late + self.open_breached)
    }
}

/// A figure's value. Shares and rates are in hundredths of a percent, the
/// others in hundredths of the figure's unit; nothing where nothing is to be
/// divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Value {
    /// An on-time rate in both views (CLK-5).
    Rate {
        /// Net of pauses: stopped in time.
        on_time: i64,
        /// Stopped late.
        late: i64,
        /// Open and past the due instant.
        open_breached: i64,
        /// Excused, outside the rate.
        excused: i64,
        /// Without pauses: stopped in time.
        gross_on_time: i64,
        /// Without pauses: late or open and past the due instant.
        gross_late: i64,
        /// The rate net of pauses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        net: Option<i64>,
        /// The rate without pauses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gross: Option<i64>,
    },
    /// A part of a whole.
    Share {
        /// Of the part.
        part: i64,
        /// Of the whole.
        whole: i64,
        /// Their quotient.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<i64>,
    },
    /// A number of things.
    Count {
        /// How many.
        count: i64,
    },
    /// Values with mean, median and ninth decile.
    Spread {
        /// How many values.
        count: i64,
        /// Their mean.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mean: Option<i64>,
        /// Their median.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        median: Option<i64>,
        /// The value that nine of ten do not exceed, by nearest rank.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        p90: Option<i64>,
    },
}

impl Value {
    /// The number that is held against a target, in hundredths.
    pub fn main(&self) -> Option<i64> {
        match self {
            Self::Rate { net, .. } => *net,
            Self::Share { value, .. } => *value,
            Self::Count { count } => Some(count * 100),
            Self::Spread { mean, .. } => *mean,
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Rate { on_time, late, open_breached, excused, .. } => {
                on_time + late + open_breached + excused == 0
            }
            Self::Share { part, whole, .. } => *whole == 0 && *part == 0,
            Self::Count { count } | Self::Spread { count, .. } => *count == 0,
        }
    }
}

impl Tally {
    /// Adds a sample's amount.
    pub fn add(&mut self, amount: Amount) {
        match amount {
            Amount::Net(result) => self.net.add(result),
            Amount::Gross(result) => self.gross.add(result),
            Amount::Part(is_part) => {
                self.part += i64::from(is_part);
                self.whole += 1;
            }
            Amount::PartOnly(count) | Amount::Count(count) => self.part += count,
            Amount::WholeOnly(count) => self.whole += count,
            Amount::Once(number) => {
                self.once.insert(number);
            }
            Amount::Value(value) => self.values.push(value),
        }
    }

    /// Adds another sum of the same figure.
    pub fn merge(&mut self, other: Self) {
        self.net.merge(other.net);
        self.gross.merge(other.gross);
        self.part += other.part;
        self.whole += other.whole;
        self.once.extend(other.once);
        self.values.extend(other.values);
    }

    /// What it amounts to, as a figure of this shape and unit shows it.
    pub fn value(&self, shape: Shape, unit: Unit) -> Value {
        match shape {
            Shape::Rate => Value::Rate {
                on_time: self.net.on_time,
                late: self.net.late,
                open_breached: self.net.open_breached,
                excused: self.net.excused,
                gross_on_time: self.gross.on_time,
                gross_late: self.gross.late + self.gross.open_breached,
                net: self.net.rate(),
                gross: self.gross.rate(),
            },
            Shape::Share => Value::Share {
                part: self.part,
                whole: self.whole,
                value: per_ten_thousand(self.part, self.whole),
            },
            Shape::Count => {
                let once = i64::try_from(self.once.len()).unwrap_or(i64::MAX);
                Value::Count { count: self.part + once }
            }
            Shape::Spread => self.spread(unit.divisor()),
        }
    }

    fn spread(&self, divisor: i64) -> Value {
        let mut values = self.values.clone();
        values.sort_unstable();
        let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
        let Some(last) = values.len().checked_sub(1) else {
            return Value::Spread { count, mean: None, median: None, p90: None };
        };
        let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
        let (low, high) = (values[last / 2], values[values.len() / 2]);
        // Nearest rank: the smallest value with nine tenths at or below it.
        let rank = (values.len() * 9).div_ceil(10);
        Value::Spread {
            count,
            mean: hundredths(sum, i128::from(count) * i128::from(divisor)),
            median: hundredths(i128::from(low) + i128::from(high), 2 * i128::from(divisor)),
            p90: hundredths(i128::from(values[rank - 1]), i128::from(divisor)),
        }
    }
}

fn per_ten_thousand(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| hundredths(i128::from(part) * 100, i128::from(whole)))?
}

/// `amount / divisor` in hundredths, half away from zero.
fn hundredths(amount: i128, divisor: i128) -> Option<i64> {
    if divisor <= 0 {
        return None;
    }
    let doubled = amount.abs() * 200 + divisor;
    let rounded = i64::try_from(doubled / (2 * divisor)).ok()?;
    Some(if amount < 0 { -rounded } else { rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_mean_median_and_ninth_decile() {
        let mut tally = Tally::default();
        for value in [10, 1, 2, 3, 4, 5, 6, 7, 8, 9] {
            tally.add(Amount::Value(value));
        }
        let spread = |mean, median, p90| Value::Spread {
            count: 10,
            mean: Some(mean),
            median: Some(median),
            p90: Some(p90),
        };
        assert_eq!(tally.value(Shape::Spread, Unit::Number), spread(550, 550, 900));
        assert_eq!(hundredths(1, 3), Some(33));
        assert_eq!(hundredths(2, 3), Some(67));
        assert_eq!(hundredths(1, 200), Some(1), "half goes up");
        assert_eq!(hundredths(-1, 200), Some(-1), "and away from zero");
    }

    #[test]
    fn nothing_divided_by_nothing_is_nothing() {
        let tally = Tally::default();
        assert_eq!(tally.value(Shape::Rate, Unit::Percent).main(), None);
        assert_eq!(tally.value(Shape::Share, Unit::Percent).main(), None);
        assert_eq!(tally.value(Shape::Spread, Unit::Days).main(), None);
    }
}
