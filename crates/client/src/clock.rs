//! The one place that asks what time it is.
//!
//! Words: the *offset* is the server's clock minus the device's, measured at
//! the last answer; *corrected* time is device time plus offset. Claimed time
//! is data, not authority: the server grades it (domain c.4).

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use lantian_domain::time::Instant;

/// Where instants come from.
pub trait Clock: Send + Sync {
    /// The instant now, corrected by the measured offset.
    fn now(&self) -> Instant {
        self.device_now().plus_ms(self.offset_ms())
    }

    /// The device's own clock.
    fn device_now(&self) -> Instant;

    /// Server minus device, in milliseconds.
    fn offset_ms(&self) -> i64;

    /// Notes a measured offset.
    fn set_offset_ms(&self, offset_ms: i64);
}

/// The system's clock.
#[derive(Debug, Default)]
pub struct SystemClock {
    offset_ms: AtomicI64,
}

impl Clock for SystemClock {
    fn device_now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed)
    }

    fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms.store(offset_ms, Ordering::Relaxed);
    }
}

/// The offset that an answer proves: the server's clock at the middle of the
/// request's way there and back.
pub fn measure_ms(sent: Instant, received: Instant, server: Instant) -> i64 {
    let way_ms = received.since(sent).max(0);
    server.since(sent.plus_ms(way_ms / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_way_is_taken_off_the_offset() {
        assert_eq!(measure_ms(Instant(1_000), Instant(1_200), Instant(61_100)), 60_000);
        assert_eq!(measure_ms(Instant(1_000), Instant(1_000), Instant(400)), -600);
    }

    #[test]
    fn a_clock_set_back_meanwhile_does_not_stretch_the_way() {
        assert_eq!(measure_ms(Instant(5_000), Instant(1_000), Instant(5_000)), 0);
    }

    #[test]
    fn corrected_time_is_device_time_plus_offset() {
        let clock = SystemClock::default();
        clock.set_offset_ms(3_600_000);
        let ahead = clock.now().since(clock.device_now());
        assert!((3_599_000..=3_600_000).contains(&ahead), "{ahead}");
    }
}
