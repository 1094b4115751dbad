//! 分派: which customer manager becomes responsible for a demand that came
//! without one (R-13, SOD-7).
//!
//! Words: a *line* gives a kind of users or a part of the city to a manager; a
//! *candidate* is a manager in use with the cases at hand. Invariant: the
//! choice depends on nothing but what is passed in, so that it can be told
//! afterwards why a case went where it went. A demand that no rule fits stays
//! with nobody, in the list of the department's lead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{case::Segment, coded::coded, ids::UserId};

coded! {
    /// What happens to a demand that fits no line.
    Otherwise {
        /// 在手最少者
        Fewest = "fewest",
        /// 由部门负责人分派
        Lead = "lead",
    }
}

/// The company's rule of sharing out demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sharing {
    /// The lines; the first that fits counts.
    #[serde(default)]
    pub lines: Vec<SharingLine>,
    /// What happens when none fits.
    #[serde(default = "fewest")]
    pub otherwise: Otherwise,
}

fn fewest() -> Otherwise {
    Otherwise::Fewest
}

impl Default for Sharing {
    fn default() -> Self {
        Self { lines: Vec::new(), otherwise: fewest() }
    }
}

/// A kind of users or a part of the city, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharingLine {
    /// The kinds of users; every kind when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// Words of the address, any of them; every address when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Login name of the manager.
    pub manager: String,
}

impl SharingLine {
    fn fits(&self, segment: Segment, address: &str) -> bool {
        let kind = self.segments.is_empty() || self.segments.contains(&segment);
        let place = self.words.is_empty()
            || self.words.iter().any(|word| !word.is_empty() && address.contains(word));
        kind && place
    }
}

/// A customer manager in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The manager.
    pub user: UserId,
    /// Login name.
    pub login: String,
    /// How many records the manager has.
    pub at_hand: u64,
}

/// A choice with the sentence that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The manager.
    pub manager: UserId,
    /// Why, for the history of responsibility.
    pub reason: &'static str,
}

/// The manager of a demand, or nobody: then the department's lead decides.
pub fn choose(
    sharing: &Sharing,
    segment: Segment,
    address: &str,
    candidates: &[Candidate],
) -> Option<Choice> {
    let named = sharing
        .lines
        .iter()
        .filter(|line| line.fits(segment, address))
        .find_map(|line| candidates.iter().find(|one| one.login == line.manager));
    if let Some(found) = named {
        return Some(Choice {
            manager: found.user, reason: "按分派规则：片区或用户类别"
        });
    }
    match sharing.otherwise {
        Otherwise::Lead => None,
        Otherwise::Fewest => candidates
            .iter()
            .min_by(|a, b| (a.at_hand, &a.login).cmp(&(b.at_hand, &b.login)))
            .map(|one| Choice { manager: one.user, reason: "按分派规则：在手最少者" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn candidate(n: u128, at_hand: u64) -> Candidate {
        Candidate { user: UserId(Uuid::from_u128(n)), login: format!("manager{n}"), at_hand }
    }

    fn line(segments: &[Segment], words: &[&str], manager: &str) -> SharingLine {
        SharingLine {
            segments: segments.to_vec(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            manager: manager.to_owned(),
        }
    }

    #[test]
    fn the_first_line_that_fits_counts_and_one_who_left_is_passed_over() {
        let lines = vec![
            line(&[], &["龙湖镇"], "gone"),
            line(&[], &["龙湖镇", "薛店镇"], "manager2"),
            line(&[Segment::Micro], &[], "manager1"),
        ];
        let sharing = Sharing { lines, otherwise: Otherwise::Lead };
        let all = [candidate(1, 0), candidate(2, 9)];
        let chosen = |segment, address| choose(&sharing, segment, address, &all);
        let by = |n| Some(UserId(Uuid::from_u128(n)));
        let manager = |choice: Option<Choice>| choice.map(|choice| choice.manager);
        assert_eq!(manager(chosen(Segment::Micro, "新郑市龙湖镇祥和路1号")), by(2));
        assert_eq!(manager(chosen(Segment::Micro, "新郑市新华路1号")), by(1));
        assert_eq!(chosen(Segment::Scattered, "新郑市新华路1号"), None, "the lead decides");
    }

    #[test]
    fn without_a_line_the_one_with_the_fewest_takes_it() {
        let all = [candidate(2, 3), candidate(1, 3), candidate(3, 4)];
        let choice = choose(&Sharing::default(), Segment::Micro, "", &all).unwrap();
        assert_eq!(choice.manager, UserId(Uuid::from_u128(1)), "of several, the first by name");
        assert_eq!(choose(&Sharing::default(), Segment::Micro, "", &[]), None);
    }

    proptest! {
        #[test]
        fn the_choice_does_not_depend_on_the_order_of_candidates(
            loads in proptest::collection::vec(0_u64..5, 1..8),
        ) {
            let all: Vec<_> =
                loads.iter().enumerate().map(|(n, load)| candidate(n as u128, *load)).collect();
            let mut turned = all.clone();
            turned.reverse();
            let choice = |all: &[Candidate]| choose(&Sharing::default(), Segment::Micro, "", all);
            prop_assert_eq!(choice(&all), choice(&turned));
        }
    }
}
