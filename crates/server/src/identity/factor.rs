//! The second factor of a sign-in (P-13): a code that changes every thirty
//! seconds (RFC 6238), made by an authenticator that shares a secret with the
//! company.
//!
//! ```text
//! none ─ password ─► secret shown ─ code of it ─► confirmed ─ code ─► in
//! ```
//!
//! Until a code has come from a secret each sign-in shows a fresh one, so that
//! a secret which somebody else has seen is worth nothing. Who lost the
//! authenticator has the password reset by an administrator, which drops the
//! factor too.
//!
//! Invariant: no code is taken twice, and a wrong one counts as a wrong
//! password does.

use lantian_domain::{record::Person, role::Role};
use totp_rs::{Algorithm, Builder, Totp};

use super::password::random;
use crate::{
    api::problem,
    error::{Error, Result},
    seal::SealKey,
    store::{FactorRow, Factors as _, Unit, UserRow},
};

/// Under which name an authenticator lists the company's codes.
const ISSUER: &str = "蓝天报装";
/// Bytes of a secret: as many as the hash has (RFC 4226 R6).
const SECRET: usize = 20;
/// Steps that a code may come early or late: clocks of telephones differ.
const SKEW: u16 = 1;
/// Seconds of a step.
const STEP_S: u64 = 30;

/// Who has to show a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// The three administrators (等保, P-13).
    #[default]
    Administrators,
    /// Everybody who signs in on a device anew.
    Everybody,
    /// Nobody: a demonstration, or a company whose gateway asks for it.
    Nobody,
}

impl Asked {
    /// By its name in the settings.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "administrators" => Some(Self::Administrators),
            "everybody" => Some(Self::Everybody),
            "nobody" => Some(Self::Nobody),
            _ => None,
        }
    }

    /// Whether this person is asked.
    pub fn asks(self, person: &Person) -> bool {
        match self {
            Self::Administrators => person.roles.iter().copied().any(Role::is_administrator),
            Self::Everybody => true,
            Self::Nobody => false,
        }
    }
}

/// What a sign-in has shown besides the password.
pub(super) enum Shown {
    /// The right code; the first one of a secret confirms it.
    Right,
    /// A code that is wrong or was taken before.
    Wrong,
    /// No code.
    Nothing,
    /// There is no factor yet: a fresh secret was kept, to be shown once.
    Fresh(Fresh),
}

/// A secret on its way to an authenticator.
pub(super) struct Fresh {
    /// Base 32, to be typed.
    secret: String,
    /// `otpauth://…`, to be scanned.
    uri: String,
}

/// Looks at the code of a sign-in, and keeps what it shows.
///
/// # Errors
/// A problem when the key beside the store is not the one that sealed the
/// secret; the store's.
pub(super) fn look(
    unit: &Unit<'_>,
    key: &SealKey,
    user: &UserRow,
    code: Option<&str>,
    second: u64,
) -> Result<Shown> {
    let id = user.id();
    let known = unit.factor(id)?.filter(|row| row.confirmed || code.is_some());
    let Some(row) = known else {
        let totp = authenticator(random::<SECRET>()?.to_vec(), &user.person.login)?;
        let sealed = key.seal(unit.suite(), &owner(user), totp.secret().as_bytes())?;
        unit.put_factor(id, &FactorRow { sealed, confirmed: false, last_step: 0 })?;
        let uri = totp.to_url().map_err(|_| Error::damaged("an authenticator has no address"))?;
        return Ok(Shown::Fresh(Fresh { secret: totp.secret().to_base32(), uri }));
    };
    let Some(code) = code else { return Ok(Shown::Nothing) };
    let secret = key.open(&owner(user), &row.sealed).ok_or_else(lost)?;
    let totp = authenticator(secret, &user.person.login)?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    match totp.check(&digits, second) {
        Some(step) if step > row.last_step => {
            unit.put_factor(id, &FactorRow { confirmed: true, last_step: step, ..row })?;
            Ok(Shown::Right)
        }
        _ => Ok(Shown::Wrong),
    }
}

/// The refusal of a sign-in that has not shown its second factor.
pub(super) fn wanted() -> Error {
    let what = "this account needs the code of its authenticator as well";
    problem::refused(403, "second_factor_needed", what)
}

/// The refusal that asks to set an authenticator up.
pub(super) fn set_up(fresh: Fresh) -> Error {
    let what = "add this secret to an authenticator, then sign in with the code that it shows";
    let params = [("secret", fresh.secret), ("uri", fresh.uri)];
    problem::refused_with(403, "second_factor_setup", what, params)
}

/// The refusal of a wrong code.
pub(super) fn wrong() -> Error {
    let what = "the code is wrong or was used before; take the one that is shown now";
    problem::refused(401, "second_factor_wrong", what)
}

fn lost() -> Error {
    let advice = "the second factor was sealed with another channels.key; \
                  reset the account with `lantian-server user reset-password`";
    problem::refused(503, "secret_unreadable", advice)
}

fn owner(user: &UserRow) -> String {
    format!("second factor {}", user.id())
}

/// What an authenticator makes of a secret: six digits by SHA-1, which is what
/// every one of them can.
fn authenticator(secret: Vec<u8>, login: &str) -> Result<Totp> {
    let built = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(STEP_S)
        .with_secret(secret)
        .with_account_name(login)
        .with_issuer(Some(ISSUER));
    built.build().map_err(|_| Error::damaged("a second factor's secret is too short"))
}

#[cfg(test)]
mod tests {
    use lantian_domain::{ids::RecordId, role::OrgUnit};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn p_13_the_three_administrators_are_asked_unless_the_settings_say_otherwise() {
        let person = |role| Person {
            id: RecordId(Uuid::nil()),
            version: 0,
            login: "a".to_owned(),
            name: "甲".to_owned(),
            roles: [role].into(),
            org: OrgUnit::It,
            active: true,
            policy_read: None,
        };
        for role in [Role::SysAdmin, Role::SecAdmin, Role::AuditAdmin] {
            assert!(Asked::default().asks(&person(role)), "{role:?}");
            assert!(!Asked::Nobody.asks(&person(role)));
        }
        assert!(!Asked::default().asks(&person(Role::CustomerManager)));
        assert!(Asked::Everybody.asks(&person(Role::CustomerManager)));
        for (name, asked) in [
            ("administrators", Asked::Administrators),
            ("everybody", Asked::Everybody),
            ("nobody", Asked::Nobody),
        ] {
            assert_eq!(Asked::parse(name), Some(asked));
        }
        assert_eq!(Asked::parse("off"), None);
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B: the last six of its eight digits.
        let totp = authenticator(b"12345678901234567890".to_vec(), "admin").unwrap();
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
        {
            assert_eq!(totp.generate(second).to_string(), code);
        }
    }
}
