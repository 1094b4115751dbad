//! What the last attempts to open the store taught: wrong PINs, a key that is
//! gone.
//!
//! The store's own counter decides; this only says what to show until the
//! next attempt.

use std::time::{Duration, Instant};

use lantian_replica::Error as Fault;

use crate::{
    error::Error,
    view::{DeviceRef, SessionState, SessionView, UserView},
};

/// What is shown at the door.
#[derive(Default)]
pub(crate) struct Door {
    failures: u32,
    wait_until: Option<Instant>,
    recovery: bool,
    damage: Option<String>,
    /// Who was here before it was locked.
    pub(crate) user: Option<UserView>,
    /// The device's name, once known.
    pub(crate) device: Option<DeviceRef>,
}

impl Door {
    /// Learns from an attempt that failed.
    #[expect(clippy::wildcard_enum_match_arm, reason = "other faults change nothing at the door")]
    pub(crate) fn learn(&mut self, error: &Error) {
        let Error::Store(fault) = error else { return };
        match fault {
            Fault::WrongPin { failures, wait_s } | Fault::PinWait { failures, wait_s } => {
                self.failures = *failures;
                self.wait_until = Instant::now().checked_add(Duration::from_secs(*wait_s));
            }
            Fault::KeyringEntryMissing { .. }
            | Fault::KeyringEntryForeign { .. }
            | Fault::WrongKey { .. } => self.recovery = true,
            Fault::Corrupt { .. } => {
                self.damage = Some(crate::error::ApiError::from_store(fault).message);
            }
            _ => {}
        }
    }

    /// The device was wiped: the recovery key alone opens it.
    pub(crate) fn wiped(&mut self) {
        self.recovery = true;
    }

    /// An attempt succeeded.
    pub(crate) fn forget(&mut self) {
        *self = Self { user: self.user.take(), device: self.device.take(), ..Self::default() };
    }

    /// The view of a store that waits for its PIN.
    pub(crate) fn view(&self) -> SessionView {
        let state = match (&self.damage, self.recovery) {
            (Some(_), _) => SessionState::Damaged,
            (None, true) => SessionState::RecoveryNeeded,
            (None, false) => SessionState::Locked,
        };
        let wait = self.wait_until.map(|until| until.saturating_duration_since(Instant::now()));
        SessionView {
            user: self.user.clone(),
            device: self.device.clone(),
            wrong_pins: (self.failures > 0).then_some(self.failures),
            wait_seconds: wait
                .map(|left| left.as_millis().div_ceil(1_000))
                .filter(|s| *s > 0)
                .map(|seconds| u64::try_from(seconds).unwrap_or(u64::MAX)),
            detail: self.damage.clone(),
            ..SessionView::of(state)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_pins_are_shown_with_their_wait_until_one_is_right() {
        let mut door = Door::default();
        door.learn(&Error::Store(Fault::WrongPin { failures: 5, wait_s: 30 }));
        let view = door.view();
        assert_eq!((view.wrong_pins, view.wait_seconds), (Some(5), Some(30)));
        assert!(view.state == SessionState::Locked);
        door.forget();
        assert_eq!(door.view().wrong_pins, None);
    }

    #[test]
    fn a_missing_key_leads_to_recovery_and_damage_stops() {
        let mut door = Door::default();
        door.learn(&Error::Store(Fault::KeyringEntryMissing { backend: "os".to_owned() }));
        assert!(door.view().state == SessionState::RecoveryNeeded);
        door.learn(&Error::Store(Fault::Corrupt { what: "outbox", detail: String::new() }));
        let view = door.view();
        assert!(view.state == SessionState::Damaged && view.detail.is_some());
    }
}
