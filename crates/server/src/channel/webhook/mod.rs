//! Telling outside systems of changes: durable, in order, signed.
//!
//! ```text
//! commit ─► waiting ─► sent ─► delivered
//!              ▲         │ 1 min, 5, 15, 60 … 24 h, or what Retry-After says
//!              └─────────┘
//!              five days after it was made ─► dead ─(resend)─► waiting
//! ```
//!
//! Invariant: what is to be told is written in the commit that brought it
//! about; what is told of one case arrives in order; an attempt that may have
//! arrived is repeated under the same number.

mod queue;
mod run;
mod send;

pub(crate) use queue::{Attempt, due, settle};
pub use queue::{list, note, resend};
pub use run::{deliver_due, run};

/// After how long a delivery is given up: five days.
const PATIENCE_MS: i64 = 5 * 24 * HOUR_MS;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// The waits between attempts; the last one is repeated.
const WAITS_MS: [i64; 8] = [
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    24 * HOUR_MS,
];

/// How long to wait after the attempt number `tries`, at least as long as the
/// other side asked, and never longer than a day.
fn wait_ms(tries: u32, retry_after_ms: Option<i64>) -> i64 {
    let at = (tries.max(1) as usize - 1).min(WAITS_MS.len() - 1);
    WAITS_MS[at].max(retry_after_ms.unwrap_or(0)).min(24 * HOUR_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_go_from_one_minute_to_a_day_and_honour_the_other_side() {
        assert_eq!(wait_ms(1, None), MINUTE_MS);
        assert_eq!(wait_ms(8, None), 24 * HOUR_MS);
        assert_eq!(wait_ms(80, None), 24 * HOUR_MS);
        assert_eq!(wait_ms(1, Some(600_000)), 600_000, "longer than the own wait");
        assert_eq!(wait_ms(4, Some(1_000)), HOUR_MS, "never shorter than the own wait");
        assert_eq!(wait_ms(1, Some(i64::MAX)), 24 * HOUR_MS);
        let within: i64 = WAITS_MS.iter().sum();
        assert!(within < PATIENCE_MS, "every wait is tried before it is given up");
    }
}
