//! Access and refresh tokens.
//!
//! ```text
//! sign-in ─► generation 1 ─► 2 ─► 3 …      one refresh token per generation
//!                 │           ▲
//!                 └── again ──┘  the answer was lost: issued anew, a few times
//! ```
//!
//! Invariant: a refresh token works only with a proof by the device's key. An
//! older token than the newest's predecessor means that two parties hold the
//! line: it ends (T8). A lost answer does not sign anybody out (F55).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};
use lantian_domain::{ids::DeviceId, time::Instant};
use lantian_protocol::{
    fresh,
    identity::{Refresh, Tokens},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::password::random;
use crate::{
    api::problem,
    error::Result,
    store::{
        Accounts, AuditEntry, DeviceRow, FamilyRow, Journal, TokenKind, TokenRow, Unit, UserRow,
    },
};

/// How often the answer to one renewal may be lost in a row.
const LOST_ANSWERS: u64 = 5;

/// How long tokens and leases last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of an access token, in ms.
    pub access_ms: i64,
    /// Of a refresh token, in ms.
    pub refresh_ms: i64,
    /// Of the offline lease, in ms.
    pub lease_ms: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        const MINUTE: i64 = 60_000;
        Self {
            access_ms: 15 * MINUTE,
            refresh_ms: 30 * 24 * 60 * MINUTE,
            lease_ms: 72 * 60 * MINUTE,
        }
    }
}

/// Whose a request is.
#[derive(Clone)]
pub struct Bearer {
    /// The line of the token.
    pub family: Uuid,
    /// The account.
    pub user: UserRow,
    /// The device.
    pub device: DeviceRow,
}

/// Begins a line of tokens.
///
/// # Errors
/// The store's.
pub fn begin(
    unit: &Unit<'_>,
    user: &UserRow,
    device: DeviceId,
    lifetimes: Lifetimes,
    at: Instant,
) -> Result<Tokens> {
    let family = FamilyRow {
        id: fresh::uuid(),
        user: user.id(),
        device,
        stamp: user.stamp,
        generation: 1,
        grace: 0,
        expires: at.plus_ms(lifetimes.refresh_ms),
        ended: false,
    };
    unit.put_family(&family)?;
    unit.drop_expired(at)?;
    issue(unit, &family, lifetimes, at)
}

/// Finds whose an access token is.
///
/// # Errors
/// A problem `unauthenticated` or `device_revoked`; the store's.
pub fn bearer(unit: &Unit<'_>, access: &str, at: Instant) -> Result<Bearer> {
    let (family, _) = line(unit, TokenKind::Access, access, at)?;
    let (user, device) = holder(unit, &family)?;
    Ok(Bearer { family: family.id, user, device })
}

/// Exchanges a refresh token. A second exchange of the same token, the answer
/// to the first having been lost, gives another answer.
///
/// # Errors
/// A problem `unauthenticated` or `device_revoked`; the store's.
pub fn refresh(
    unit: &Unit<'_>,
    request: &Refresh,
    lifetimes: Lifetimes,
    at: Instant,
) -> Result<Refreshed> {
    let (mut family, token) = line(unit, TokenKind::Refresh, &request.refresh, at)?;
    let (user, device) = holder(unit, &family)?;
    if device.id != request.device || !proves(&device.public_key, request) {
        return Err(problem::unauthenticated());
    }
    let lost = token.generation + 1 == family.generation && family.grace < LOST_ANSWERS;
    if token.generation == family.generation {
        family.generation += 1;
        family.grace = 0;
    } else if lost {
        unit.drop_tokens(family.id, family.generation)?;
        family.grace += 1;
    } else {
        family.ended = true;
        unit.put_family(&family)?;
        audit(unit, "token_reused", &user, device.id, at)?;
        return Ok(Refreshed::Reused);
    }
    family.expires = at.plus_ms(lifetimes.refresh_ms);
    unit.put_family(&family)?;
    issue(unit, &family, lifetimes, at).map(Refreshed::Renewed)
}

/// What became of an exchange.
#[derive(Clone)]
pub enum Refreshed {
    /// Here are the tokens.
    Renewed(Tokens),
    /// The token was used before: the line has ended. This is no error, so
    /// that the end of the line is kept.
    Reused,
}

/// Ends a line.
///
/// # Errors
/// The store's.
pub fn end(unit: &Unit<'_>, bearer: &Bearer, at: Instant) -> Result<()> {
    if let Some(mut family) = unit.family(bearer.family)? {
        family.ended = true;
        unit.put_family(&family)?;
        audit(unit, "sign_out", &bearer.user, bearer.device.id, at)?;
    }
    Ok(())
}

fn line(
    unit: &Unit<'_>,
    kind: TokenKind,
    token: &str,
    at: Instant,
) -> Result<(FamilyRow, TokenRow)> {
    let row = unit.token(kind, &hash(token))?.ok_or_else(problem::unauthenticated)?;
    if row.expires <= at {
        return Err(problem::unauthenticated());
    }
    let family = unit.family(row.family)?.ok_or_else(problem::unauthenticated)?;
    Ok((family, row))
}

/// The account and device of a line, if both may still come in.
fn holder(unit: &Unit<'_>, family: &FamilyRow) -> Result<(UserRow, DeviceRow)> {
    let device = unit.device(family.device)?.ok_or_else(problem::unauthenticated)?;
    if !device.active {
        return Err(problem::device_revoked());
    }
    let user = unit.user(family.user)?.ok_or_else(problem::unauthenticated)?;
    if family.ended || !user.person.active || user.stamp != family.stamp {
        return Err(problem::unauthenticated());
    }
    Ok((user, device))
}

fn proves(key: &[u8], request: &Refresh) -> bool {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = Signature::from_slice(&request.proof).ok();
    match (key, signature) {
        (Some(key), Some(signature)) => {
            key.verify_strict(request.refresh.as_bytes(), &signature).is_ok()
        }
        _ => false,
    }
}

fn issue(unit: &Unit<'_>, family: &FamilyRow, lifetimes: Lifetimes, at: Instant) -> Result<Tokens> {
    let access = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let refresh = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let access_until = at.plus_ms(lifetimes.access_ms);
    let row = |expires| TokenRow { family: family.id, generation: family.generation, expires };
    unit.put_token(TokenKind::Access, &hash(&access), &row(access_until))?;
    unit.put_token(TokenKind::Refresh, &hash(&refresh), &row(family.expires))?;
    Ok(Tokens { access, access_until, refresh, lease_until: at.plus_ms(lifetimes.lease_ms) })
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn audit(unit: &Unit<'_>, act: &str, user: &UserRow, device: DeviceId, at: Instant) -> Result<()> {
    unit.audit(
        at,
        AuditEntry {
            act: act.to_owned(),
            actor: Some(user.id()),
            device: Some(device),
            subject: Some(user.id().0),
            result: "ok".to_owned(),
            ..AuditEntry::default()
        },
    )
}
