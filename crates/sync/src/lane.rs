//! Lanes: which commands of the outbox may be sent now.
//!
//! Order is kept per record, and across records by an explicit `after`. A
//! command that was refused parks those that build on it; everything else
//! flows.
//!
//! Invariant: a dependant of a command that did not take effect is never
//! offered; one bad command holds back nothing that does not build on it.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::ids::{CommandId, RecordId};
use lantian_protocol::planted::{Bug, planted};

/// What is known of a command's fate, from the outbox rows alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not yet answered.
    Pending,
    /// Its effect is in the server's log.
    Taken,
    /// Refused or quarantined, and nobody has decided yet: it has no effect,
    /// and its lane is broken.
    Void,
    /// Given up or handed over by a person: it has no effect, and only what
    /// names it is parked.
    GivenUp,
}

/// A command as the lanes see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The command.
    pub id: CommandId,
    /// The record it is given on.
    pub record: RecordId,
    /// The command that it builds on.
    pub after: Option<CommandId>,
    /// What became of it.
    pub fate: Fate,
    /// Whether judging it on what is shown now, without it and its
    /// followers, refuses it.
    pub foreseen: bool,
    /// Whether `after` corrects the command that the envelope names: the
    /// server does not know that the two belong together, so this one is sent
    /// only when `after` has been answered.
    pub held: bool,
}

/// The commands of `rows` (in order of saving) that are parked: they build on
/// one without effect, by name or because they would be refused on a record
/// where an earlier command has none.
pub fn parked(rows: &[Waiting]) -> BTreeSet<CommandId> {
    let mut without_effect: BTreeSet<CommandId> = BTreeSet::new();
    let mut broken: BTreeSet<RecordId> = BTreeSet::new();
    let mut parked = BTreeSet::new();
    for row in rows {
        match row.fate {
            Fate::Taken => {}
            Fate::Void => {
                without_effect.insert(row.id);
                broken.insert(row.record);
            }
            Fate::GivenUp => {
                without_effect.insert(row.id);
            }
            Fate::Pending => {
                let by_name = row.after.is_some_and(|id| without_effect.contains(&id))
                    && !planted(Bug::LaneOpen);
                let foreseen = row.foreseen || planted(Bug::LaneShut);
                let by_rule = foreseen && broken.contains(&row.record);
                if by_name || by_rule {
                    without_effect.insert(row.id);
                    parked.insert(row.id);
                }
            }
        }
    }
    parked
}

/// The commands that may be sent now, in the order in which they must be
/// sent; at most `limit`.
pub fn sendable(rows: &[Waiting], limit: usize) -> Vec<CommandId> {
    let parked = parked(rows);
    let position: BTreeMap<CommandId, usize> =
        rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
    let mut sent = BTreeSet::new();
    let mut batch = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if batch.len() == limit {
            break;
        }
        if row.fate != Fate::Pending || parked.contains(&row.id) {
            continue;
        }
        // A predecessor that waits must be in the batch already: its number
        // is lower. One behind us would be a broken outbox; it is not sent.
        let waits = row.after.is_some_and(|id| {
            position.get(&id).is_some_and(|&p| {
                rows[p].fate == Fate::Pending
                    && ((row.held && !planted(Bug::FollowerAlone)) || p > at || !sent.contains(&id))
            })
        });
        if !waits {
            sent.insert(row.id);
            batch.push(row.id);
        }
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn row(n: u128, record: u128, after: Option<u128>, fate: Fate, foreseen: bool) -> Waiting {
        Waiting {
            id: CommandId(Uuid::from_u128(n)),
            record: RecordId(Uuid::from_u128(record)),
            after: after.map(|n| CommandId(Uuid::from_u128(n))),
            fate,
            foreseen,
            held: false,
        }
    }

    fn check(rows: &[Waiting], expected: &[u128]) {
        let got: Vec<u128> = sendable(rows, 100).iter().map(|id| id.0.as_u128()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_refused_command_parks_only_what_builds_on_it() {
        check(
            &[
                row(1, 10, None, Fate::Void, false),
                row(2, 10, Some(1), Fate::Pending, true),
                row(3, 10, Some(2), Fate::Pending, true),
                row(4, 10, None, Fate::Pending, false),
                row(5, 11, None, Fate::Pending, false),
                row(6, 12, Some(3), Fate::Pending, false),
            ],
            &[4, 5],
        );
    }

    #[test]
    fn a_foreseen_refusal_without_a_broken_predecessor_is_sent_for_its_verdict() {
        check(&[row(1, 10, None, Fate::Pending, true)], &[1]);
    }

    #[test]
    fn order_is_kept_across_records() {
        check(
            &[
                row(1, 10, None, Fate::Pending, false),
                row(2, 11, Some(1), Fate::Pending, false),
                row(3, 11, Some(2), Fate::Pending, false),
            ],
            &[1, 2, 3],
        );
    }

    #[test]
    fn a_limit_never_sends_a_follower_alone() {
        let rows =
            [row(1, 10, None, Fate::Pending, false), row(2, 11, Some(1), Fate::Pending, false)];
        assert_eq!(sendable(&rows, 1), vec![rows[0].id]);
    }

    #[test]
    fn what_was_given_up_breaks_no_lane_but_parks_what_names_it() {
        check(
            &[
                row(1, 10, None, Fate::GivenUp, false),
                row(2, 10, Some(1), Fate::Pending, false),
                row(3, 10, None, Fate::Pending, true),
            ],
            &[3],
        );
    }

    #[test]
    fn a_follower_of_a_corrected_command_waits_for_its_answer() {
        let mut rows =
            [row(5, 10, None, Fate::Pending, false), row(2, 11, Some(5), Fate::Pending, false)];
        rows[1].held = true;
        check(&rows, &[5]);
        rows[0].fate = Fate::Taken;
        check(&rows, &[2]);
    }

    #[test]
    fn a_predecessor_that_was_taken_holds_nothing_back() {
        check(
            &[row(1, 10, None, Fate::Taken, false), row(2, 10, Some(1), Fate::Pending, false)],
            &[2],
        );
    }
}
