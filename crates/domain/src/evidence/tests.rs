//! The offline evidence rule at its borders.

use proptest::prelude::*;

use super::*;

const MINUTE_MS: i64 = 60_000;

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn received() -> Instant {
    at("2026-03-05T18:00:00")
}

fn check(claimed: Instant, offsets_ms: (i64, i64), chain_intact: bool) -> Evidence {
    effective_time(claimed, received(), offsets_ms.0, offsets_ms.1, chain_intact)
}

#[test]
fn an_act_sent_at_once_is_online() {
    let claimed = received().plus_ms(-800);
    assert_eq!(check(claimed, (0, 0), true), Evidence { at: claimed, grade: Grade::Online });
    let border = received().plus_ms(-ONLINE_WITHIN_MS);
    assert_eq!(check(border, (0, 0), true).grade, Grade::Online);
    assert_eq!(check(border.plus_ms(-1), (0, 0), true).grade, Grade::Offline);
}

#[test]
fn n_12_an_offline_act_counts_with_its_corrected_time() {
    // n-12: 48 h offline, the tablet 7 minutes fast all the time.
    let claimed = received().plus_ms(-48 * HOUR_MS + 7 * MINUTE_MS);
    let evidence = check(claimed, (-7 * MINUTE_MS, -7 * MINUTE_MS), true);
    let corrected = received().plus_ms(-48 * HOUR_MS);
    assert_eq!(evidence, Evidence { at: corrected, grade: Grade::Offline });
}

#[test]
fn the_offset_may_change_by_two_minutes() {
    let claimed = received().plus_ms(-5 * HOUR_MS);
    for (last, this, grade) in [
        (0, MAX_OFFSET_CHANGE_MS, Grade::Offline),
        (0, MAX_OFFSET_CHANGE_MS + 1, Grade::Late),
        (0, -MAX_OFFSET_CHANGE_MS, Grade::Offline),
        (0, -MAX_OFFSET_CHANGE_MS - 1, Grade::Late),
        (-60_000, 60_000, Grade::Offline),
        (i64::MIN, i64::MAX, Grade::Late),
    ] {
        assert_eq!(check(claimed, (last, this), true).grade, grade, "{last} {this}");
    }
}

#[test]
fn n_12_seventy_two_hours_on_the_way_and_no_millisecond_more() {
    let border = received().plus_ms(-MAX_DELAY_MS);
    assert_eq!(check(border, (0, 0), true), Evidence { at: border, grade: Grade::Offline });
    let late = Evidence { at: received(), grade: Grade::Late };
    assert_eq!(check(border.plus_ms(-1), (0, 0), true), late);
}

#[test]
fn a_broken_chain_counts_at_its_receipt() {
    let late = Evidence { at: received(), grade: Grade::Late };
    assert_eq!(check(received().plus_ms(-HOUR_MS), (0, 0), false), late);
    assert_eq!(check(received(), (0, 0), false), late);
}

#[test]
fn an_act_in_the_future_counts_at_its_receipt() {
    let late = Evidence { at: received(), grade: Grade::Late };
    assert_eq!(check(received().plus_ms(MAX_JITTER_MS + 1), (0, 0), true), late);
    // The two measurements of one instant differ by a network's breath.
    let jitter = check(received().plus_ms(MAX_JITTER_MS), (0, 0), true);
    assert_eq!(jitter, Evidence { at: received(), grade: Grade::Online });
}

#[test]
fn a_clock_set_back_before_the_act_wins_nothing() {
    // Claimed two hours before the deadline by setting the tablet back 3 h.
    let claimed = received().plus_ms(-3 * HOUR_MS - HOUR_MS);
    let evidence = check(claimed, (0, 3 * HOUR_MS), true);
    assert_eq!(evidence, Evidence { at: received(), grade: Grade::Late });
}

proptest! {
    #[test]
    fn no_act_counts_after_its_receipt_or_72_hours_before(
        claimed in any::<i64>(),
        last in any::<i64>(),
        this in any::<i64>(),
        intact in any::<bool>(),
    ) {
        let evidence = check(Instant(claimed), (last, this), intact);
        prop_assert!(evidence.at <= received());
        prop_assert!(received().since(evidence.at) <= MAX_DELAY_MS);
        prop_assert!(intact || evidence.grade == Grade::Late);
    }
}
