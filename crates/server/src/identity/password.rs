//! Passwords: hashing and verification by Argon2id, one-time passwords, and
//! what a password has to be.
//!
//! Invariant: memory is bounded: only so many passwords are worked on at once.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};
use lantian_domain::time::{DAY_MS, Instant};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Passwords worked on at once.
const AT_ONCE: usize = 4;
/// Characters of a password at the least, and bytes at the most.
const SHORTEST: usize = 10;
const LONGEST: usize = 256;
/// Classes of characters at the least.
const CLASSES: usize = 3;
/// How long a password lasts.
const LASTS_DAYS: i64 = 90;
/// Characters of a one-time password: 60 bits.
const ONE_TIME_LEN: usize = 12;
/// Without look-alikes.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";

/// What hashing costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// What OWASP recommends: 19 MiB, two passes.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

impl Cost {
    /// The least that the algorithm takes; for data that is thrown away.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1 };

    fn hasher(self) -> Result<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|_| Error::config("the password settings are outside what Argon2 takes"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A password's hash as stored: a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl Hashed {
    /// The hash that a row holds.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Hashes a password at the ordinary cost.
///
/// # Errors
/// When the system gives no random bytes.
pub fn hash(password: &str) -> Result<Hashed> {
    hash_at(password, Cost::default())
}

/// Hashes a password at a cost of choice.
///
/// # Errors
/// When the system gives no random bytes, or the cost is outside what the
/// algorithm takes.
pub fn hash_at(password: &str, cost: Cost) -> Result<Hashed> {
    let salt = SaltString::encode_b64(&random::<16>()?)
        .map_err(|_| Error::damaged("a salt could not be made"))?;
    let hash = cost
        .hasher()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|_| Error::config("the password cannot be hashed"))?;
    Ok(Hashed(hash.to_string()))
}

fn verify(password: &str, hash: &Hashed) -> bool {
    PasswordHash::new(&hash.0).is_ok_and(|parsed| {
        // The cost is read from the stored hash.
        Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
    })
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than ten characters.
    Short,
    /// More than 256 bytes.
    Long,
    /// One and the same character, or the login name itself.
    Plain,
    /// Fewer than three classes of characters (P-12).
    Classes,
}

impl Weakness {
    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Short => "the password needs at least 10 characters",
            Self::Long => "the password has at most 256 bytes",
            Self::Plain => "the password must not repeat the login name or one character",
            Self::Classes => {
                "the password needs three of: small letters, capital letters, digits, others"
            }
        }
    }
}

/// Looks for what makes a password useless.
pub fn weakness(password: &str, login: &str) -> Option<Weakness> {
    let first = password.chars().next();
    if password.chars().count() < SHORTEST {
        return Some(Weakness::Short);
    }
    if password.len() > LONGEST {
        return Some(Weakness::Long);
    }
    let same = password.chars().all(|c| Some(c) == first);
    if same || password.to_lowercase().contains(&login.to_lowercase()) {
        return Some(Weakness::Plain);
    }
    (classes(password) < CLASSES).then_some(Weakness::Classes)
}

/// How many classes of characters a password has: small letters, capital
/// letters, digits, and everything else, 汉字 included.
fn classes(password: &str) -> usize {
    let has = |fits: fn(char) -> bool| usize::from(password.chars().any(fits));
    has(|c| c.is_ascii_lowercase())
        + has(|c| c.is_ascii_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_ascii_alphanumeric())
}

/// Whether a password set at `set` has to be changed by `now`: after 90 days
/// (P-12).
pub fn is_expired(set: Instant, now: Instant) -> bool {
    now.0 - set.0 >= LASTS_DAYS * DAY_MS
}

/// A password to be told once and changed at the first sign-in; its head makes
/// up three classes of characters.
///
/// # Errors
/// When the system gives no random bytes.
pub fn one_time() -> Result<String> {
    let bytes = random::<ONE_TIME_LEN>()?;
    let drawn = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    Ok("K7-".chars().chain(drawn).collect())
}

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::io("the system gives no random bytes")(std::io::Error::other(error.to_string()))
    })?;
    Ok(bytes)
}

/// Works on passwords, a bounded number at once.
#[derive(Clone)]
pub struct Passwords {
    cost: Cost,
    turns: Arc<Semaphore>,
    /// Verified against when there is no such account, so that it takes as long.
    nobody: Hashed,
}

impl Passwords {
    /// Prepares for hashing at `cost`.
    ///
    /// # Errors
    /// As [`hash_at`].
    pub fn new(cost: Cost) -> Result<Self> {
        let nobody = hash_at(&one_time()?, cost)?;
        Ok(Self { cost, turns: Arc::new(Semaphore::new(AT_ONCE)), nobody })
    }

    /// Whether the password fits the account's hash; for no account the
    /// answer is no, after the same time.
    ///
    /// # Errors
    /// [`Error::Stopped`] when the server is stopping.
    pub async fn fits(&self, password: String, hash: Option<Hashed>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(move |_| Ok(verify(&password, &hash))).await?;
        Ok(fits && known)
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// As [`hash_at`].
    pub async fn hash(&self, password: String) -> Result<Hashed> {
        self.work(move |cost| hash_at(&password, cost)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(Cost) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Error::Stopped)?;
        let cost = self.cost;
        tokio::task::spawn_blocking(move || {
            let done = work(cost);
            drop(turn);
            done
        })
        .await
        .map_err(|_| Error::Stopped)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_alone_and_shows_nothing() {
        let hash = hash_at("demo-蓝天-2026", Cost::LEAST).unwrap();
        assert!(verify("demo-蓝天-2026", &hash));
        assert!(!verify("demo-蓝天-2025", &hash));
        assert_eq!(format!("{hash:?}"), "***");
        assert_ne!(hash, hash_at("demo-蓝天-2026", Cost::LEAST).unwrap());
    }

    #[test]
    fn useless_passwords_are_named() {
        assert_eq!(weakness("kurz", "a"), Some(Weakness::Short));
        assert_eq!(weakness("aaaaaaaaaaaa", "b"), Some(Weakness::Plain));
        assert_eq!(weakness("xx-Manager1-xx", "manager1"), Some(Weakness::Plain));
        assert_eq!(weakness(&"很长".repeat(60), "a"), Some(Weakness::Long));
        assert_eq!(weakness("demo-蓝天-2026", "manager1"), None);
    }

    #[test]
    fn p_12_a_password_has_eight_characters_and_three_classes_and_lasts_ninety_days() {
        const { assert!(SHORTEST >= 8) };
        assert_eq!(weakness("Abc1-xyz", "m"), Some(Weakness::Short), "the company asks for more");
        assert_eq!(weakness("abcdefgh1234", "m"), Some(Weakness::Classes));
        assert_eq!(weakness("abcdefgh1234A", "m"), None);
        assert_eq!(weakness("长而好记的一句话也很安全", "m"), Some(Weakness::Classes));
        let set = Instant(0);
        assert!(!is_expired(set, Instant(90 * DAY_MS - 1)));
        assert!(is_expired(set, Instant(90 * DAY_MS)));
    }

    #[test]
    fn one_time_passwords_differ_and_are_strong_enough() {
        let one = one_time().unwrap();
        assert_eq!(one.len(), ONE_TIME_LEN + 3);
        assert_ne!(one, one_time().unwrap());
        assert_eq!(weakness(&one, "manager1"), None);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new(Cost::LEAST).unwrap();
        assert!(!passwords.fits("x".to_owned(), None).await.unwrap());
        let hash = passwords.hash("x".to_owned()).await.unwrap();
        assert!(passwords.fits("x".to_owned(), Some(hash)).await.unwrap());
    }
}
