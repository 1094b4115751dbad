//! One direction of synchronisation: idle with a time, under way, or applying.

use lantian_domain::time::Instant;
use lantian_protocol::planted::{Bug, planted};
use serde::{Deserialize, Serialize};

use crate::{
    backoff::Jitter,
    engine::{Ticket, after},
    failure::{Failure, Remedy},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    Idle {
        due: Instant,
    },
    Flying {
        ticket: Ticket,
    },
    /// What was asked for came; or what nobody asked for rode along, while the
    /// next attempt was due then.
    Applying {
        rode: Option<Instant>,
    },
}

/// One direction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    phase: Phase,
    failures: u32,
    /// The server's wish: no attempt before.
    not_before: Instant,
    /// Something happened while a request was under way.
    again: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            phase: Phase::Idle { due: Instant(i64::MIN) },
            failures: 0,
            not_before: Instant(i64::MIN),
            again: false,
        }
    }
}

impl Line {
    pub(super) fn is(&self, ticket: Ticket) -> bool {
        self.phase == Phase::Flying { ticket }
    }

    pub(super) fn is_applying(&self) -> bool {
        matches!(self.phase, Phase::Applying { .. })
    }

    pub(super) fn is_ridden(&self) -> bool {
        matches!(self.phase, Phase::Applying { rode: Some(_) })
    }

    pub(super) fn is_busy(&self) -> bool {
        !matches!(self.phase, Phase::Idle { .. })
    }

    /// A request is under way or a time is set; an idle line always has one.
    pub(super) fn is_alive(&self) -> bool {
        self.is_busy() || self.due().is_some()
    }

    pub(super) fn due(&self) -> Option<Instant> {
        match self.phase {
            Phase::Idle { due } => Some(due.max(self.not_before)),
            Phase::Flying { .. } | Phase::Applying { .. } => None,
        }
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    pub(super) fn fly(&mut self, ticket: Ticket) {
        self.again = false;
        self.phase = Phase::Flying { ticket };
    }

    pub(super) fn apply(&mut self) {
        self.phase = Phase::Applying { rode: None };
    }

    /// Applies what nobody asked for.
    pub(super) fn ride(&mut self) {
        if let Phase::Idle { due } = self.phase {
            self.again = false;
            self.phase = Phase::Applying { rode: Some(due) };
        }
    }

    /// What rode along is dealt with. The pause after a failure stands: only
    /// an attempt of its own ends it.
    pub(super) fn alight(&mut self, next: Instant) {
        if let Phase::Applying { rode: Some(due) } = self.phase {
            if self.failures == 0 {
                self.succeed(next);
            } else {
                self.phase = Phase::Idle { due };
            }
        }
    }

    /// Tries now; while failing, the backoff stands.
    pub(super) fn wake(&mut self, now: Instant) {
        match &mut self.phase {
            Phase::Idle { due } if self.failures == 0 => *due = (*due).min(now),
            Phase::Idle { .. } => {}
            Phase::Flying { .. } | Phase::Applying { .. } => self.again = true,
        }
    }

    /// Forgets earlier failures: a person or the network asks.
    pub(super) fn forgive(&mut self) {
        if let Phase::Idle { due } = &mut self.phase
            && self.failures > 0
        {
            self.failures = 0;
            *due = Instant(i64::MIN);
        }
    }

    pub(super) fn succeed(&mut self, next: Instant) {
        self.failures = 0;
        let due = if self.again { Instant(i64::MIN) } else { next };
        self.again = false;
        self.phase = Phase::Idle { due };
    }

    pub(super) fn fail(&mut self, failure: &Failure, now: Instant, jitter: &mut Jitter) -> u64 {
        self.failures = self.failures.saturating_add(1);
        let wish = match failure.remedy() {
            Remedy::Retry { wait_ms } => wait_ms,
            // With new tokens the same request is tried at once, the second
            // time it fails it backs off like any other.
            Remedy::Refresh if self.failures == 1 => {
                self.phase = Phase::Idle { due: now };
                return 0;
            }
            Remedy::Refresh | Remedy::Reoffer { .. } | Remedy::Halt(_) => None,
        };
        let wish = wish.filter(|_| !planted(Bug::BusyIgnored));
        let wait = match () {
            () if planted(Bug::NoBackoff) => 0,
            () if planted(Bug::RetryLost) => 24 * 3_600_000,
            () => jitter.wait_ms(self.failures, wish),
        };
        self.phase = Phase::Idle { due: after(now, wait) };
        wait
    }

    /// The request's answer will not be waited for.
    pub(super) fn abandon(&mut self, now: Instant) {
        if matches!(self.phase, Phase::Flying { .. }) {
            self.phase = Phase::Idle { due: now };
        }
    }

    pub(super) fn hold_until(&mut self, at: Instant) {
        self.not_before = self.not_before.max(at);
    }

    pub(super) fn not_later_than(&mut self, latest: Instant) {
        self.not_before = self.not_before.min(latest);
        if let Phase::Idle { due } = &mut self.phase {
            *due = (*due).min(latest);
        }
    }
}
