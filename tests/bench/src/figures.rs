//! Figures of a measurement, and the rows that are reported.
//!
//! Words: a *round* is one pass over every workload, product and limit in
//! turn; a *row* is one metric over all rounds, with the limit's median of the
//! same rounds. Invariant: nothing is dropped: every round counts, and the
//! least and the greatest are shown beside the median.

use std::time::Duration;

use serde::Serialize;

/// A duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The value below which `part` (0 to 1) of the figures lie.
///
/// # Panics
/// When there are no figures.
pub(crate) fn quantile(figures: &[f64], part: f64) -> f64 {
    assert!(!figures.is_empty(), "a quantile of nothing");
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

/// The middle of the figures.
pub(crate) fn median(figures: &[f64]) -> f64 {
    quantile(figures, 0.5)
}

/// One metric of one workload at one size.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    /// R, W1 … W16.
    pub(crate) workload: &'static str,
    /// How many records the store holds, or what the workload counts.
    pub(crate) n: usize,
    /// What is measured.
    pub(crate) metric: &'static str,
    /// In what.
    pub(crate) unit: &'static str,
    /// The middle of the rounds.
    pub(crate) median: f64,
    /// The least of the rounds.
    pub(crate) min: f64,
    /// The greatest of the rounds.
    pub(crate) max: f64,
    /// How many rounds.
    pub(crate) runs: usize,
    /// The bare program's middle in the same rounds, where it does this work.
    pub(crate) limit: Option<f64>,
    /// The product over the bare program.
    pub(crate) ratio_to_limit: Option<f64>,
    /// What the product should reach, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) goal: Option<String>,
    /// Whether it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reached: Option<bool>,
}

/// What a metric should reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At most so many times the bare program.
    Ratio(f64),
    /// At most so much, in the row's unit.
    AtMost(f64),
    /// At least so much, in the row's unit.
    AtLeast(f64),
}

/// The figures of one metric, round by round.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    /// R, W1 … W16.
    pub(crate) workload: &'static str,
    /// How many records the store holds, or what the workload counts.
    pub(crate) n: usize,
    /// What is measured.
    pub(crate) name: &'static str,
    /// In what.
    pub(crate) unit: &'static str,
    /// What the product should reach.
    pub(crate) goal: Option<Goal>,
    /// The product's figure of each round.
    pub(crate) product: Vec<f64>,
    /// The bare program's figure of each round; empty where it has none.
    pub(crate) limit: Vec<f64>,
}

impl Metric {
    /// A metric without figures yet.
    pub(crate) fn new(
        workload: &'static str,
        n: usize,
        name: &'static str,
        unit: &'static str,
        goal: Option<Goal>,
    ) -> Self {
        Self { workload, n, name, unit, goal, product: Vec::new(), limit: Vec::new() }
    }

    /// The row of it.
    pub(crate) fn row(&self) -> Row {
        let middle = median(&self.product);
        let limit = (!self.limit.is_empty()).then(|| median(&self.limit));
        let ratio = limit.map(|limit| middle / limit);
        let (goal, reached) = match self.goal {
            Some(Goal::Ratio(times)) => {
                (Some(format!("≤ {times} × limit")), ratio.map(|ratio| ratio <= times))
            }
            Some(Goal::AtMost(most)) => {
                (Some(format!("≤ {most} {}", self.unit)), Some(middle <= most))
            }
            Some(Goal::AtLeast(least)) => {
                (Some(format!("≥ {least} {}", self.unit)), Some(middle >= least))
            }
            None => (None, None),
        };
        Row {
            workload: self.workload,
            n: self.n,
            metric: self.name,
            unit: self.unit,
            median: middle,
            min: quantile(&self.product, 0.0),
            max: quantile(&self.product, 1.0),
            runs: self.product.len(),
            limit,
            ratio_to_limit: ratio,
            goal,
            reached,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(goal: Goal) -> Metric {
        Metric {
            workload: "W1",
            n: 10,
            name: "first sync",
            unit: "ms",
            goal: Some(goal),
            product: vec![30.0, 10.0, 20.0],
            limit: vec![8.0, 10.0, 12.0],
        }
    }

    #[test]
    fn a_row_has_the_middle_of_the_rounds_and_both_ends() {
        let row = metric(Goal::Ratio(2.0)).row();
        assert_eq!((row.min, row.median, row.max, row.runs), (10.0, 20.0, 30.0, 3));
        assert_eq!((row.limit, row.ratio_to_limit), (Some(10.0), Some(2.0)));
        assert_eq!(row.reached, Some(true));
        assert_eq!(metric(Goal::Ratio(1.9)).row().reached, Some(false));
        assert_eq!(metric(Goal::AtMost(19.0)).row().reached, Some(false));
        assert_eq!(metric(Goal::AtLeast(20.0)).row().reached, Some(true));
        assert_eq!(metric(Goal::AtLeast(21.0)).row().reached, Some(false));
    }

    #[test]
    fn quantiles_are_taken_from_the_figures_themselves() {
        let figures: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&figures, 0.0), 1.0);
        assert_eq!(quantile(&figures, 0.99), 99.0);
        assert_eq!(quantile(&figures, 1.0), 100.0);
    }
}
