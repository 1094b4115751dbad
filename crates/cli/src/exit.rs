//! Exit codes: 0 done; 1 anything else; 2 wrong usage; 3 refused by a rule;
//! 4 offline (nothing lost); 5 locked, key or sign-in needed; 6 damaged.

use lantian_client::{Error, StoreError, transport::Failure};

/// Done.
pub(crate) const DONE: u8 = 0;
/// Anything that has no code of its own.
pub(crate) const OTHER: u8 = 1;
/// Wrong usage.
pub(crate) const USAGE: u8 = 2;
/// Refused by a rule.
pub(crate) const REFUSED: u8 = 3;
/// Offline, or the server cannot be reached; nothing is lost.
pub(crate) const OFFLINE: u8 = 4;
/// Locked, key or sign-in needed.
pub(crate) const LOCKED: u8 = 5;
/// Data damaged, stopped.
pub(crate) const DAMAGED: u8 = 6;

/// The exit code of an error.
#[expect(clippy::wildcard_enum_match_arm, reason = "what has no code of its own ends with 1")]
pub(crate) fn of(error: &Error) -> u8 {
    match error {
        Error::Refused(_) => REFUSED,
        Error::Way(failure) => of_failure(failure),
        Error::Store(store) => of_store(store),
        Error::BadInput { .. } => USAGE,
        Error::NotEnrolled | Error::Locked | Error::LeaseOver { .. } | Error::OtherAccount => {
            LOCKED
        }
        _ => OTHER,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is wrong with the way passes")]
fn of_failure(failure: &Failure) -> u8 {
    match failure {
        Failure::SignInNeeded | Failure::Revoked => LOCKED,
        Failure::Denied(problem) => match problem.code.as_str() {
            "bad_credentials"
            | "password_expired"
            | "unauthenticated"
            | "second_factor_needed"
            | "second_factor_setup"
            | "second_factor_wrong" => LOCKED,
            _ if problem.status == 403 => REFUSED,
            _ => OTHER,
        },
        Failure::Outdated { .. } => OTHER,
        _ => OFFLINE,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what has no code of its own ends with 1")]
fn of_store(error: &StoreError) -> u8 {
    match error {
        StoreError::Corrupt { .. } => DAMAGED,
        StoreError::Held { .. }
        | StoreError::Missing
        | StoreError::KeyringEntryMissing { .. }
        | StoreError::KeyringEntryForeign { .. }
        | StoreError::KeyringUnavailable { .. }
        | StoreError::WrongPin { .. }
        | StoreError::PinWait { .. }
        | StoreError::WrongRecoveryKey
        | StoreError::WrongKey { .. } => LOCKED,
        StoreError::PinForm => USAGE,
        _ => OTHER,
    }
}
