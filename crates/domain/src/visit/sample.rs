//! Drawing the visits of a month: stratified, reproducible, and not to be
//! steered (domain i.2, V-2).
//!
//! The order within a stratum is that of SHA-256 over a seed and the account's
//! identity. The seed hangs on a secret that was committed to before the month
//! began, so nobody can choose it once the population is known, and everybody
//! can draw again once it is revealed.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::{RecordId, UserId},
    time::Date,
    visit::SegmentGroup,
};

/// An account as far as drawing looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account's case.
    pub id: RecordId,
    /// Its customer manager.
    pub manager: UserId,
    /// Its contractor.
    pub contractor: String,
}

/// The accounts of one customer manager and one contractor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stratum {
    /// The customer manager.
    pub manager: UserId,
    /// The contractor.
    pub contractor: String,
    /// How many accounts it has.
    pub size: u32,
    /// How many of them are drawn.
    pub quota: u32,
}

/// What was drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The accounts to visit, stratum by stratum, in the order of the draw.
    pub drawn: Vec<RecordId>,
    /// Who steps in for an account that cannot be reached, in order.
    pub reserve: Vec<RecordId>,
    /// The strata, by manager and contractor.
    pub strata: Vec<Stratum>,
}

/// How many accounts of a population of `n` have to be reached (V-2, V-3).
pub fn quota(group: SegmentGroup, n: u32) -> u32 {
    match group {
        SegmentGroup::Household => n.div_ceil(10),
        SegmentGroup::NonResidential => n,
    }
}

/// The hash that freezes a population: over its sorted identities (V-1).
pub fn population_hash(ids: &BTreeSet<RecordId>) -> String {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.0.as_bytes());
    }
    format!("{:x}", hash.finalize())
}

/// What is published of a secret before the month begins.
pub fn commitment(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret.as_bytes()))
}

/// The seed of a month's draw.
pub fn seed(month: Date, population_hash: &str, secret: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(month.format("%Y-%m").to_string().as_bytes());
    hash.update(population_hash.as_bytes());
    hash.update(secret.as_bytes());
    hash.finalize().into()
}

/// Draws `quota` accounts and half as many in reserve. The answer does not
/// hang on the order of `accounts`; an account that is named twice counts once.
pub fn draw(accounts: &[Candidate], quota: u32, seed: &[u8; 32]) -> Sample {
    let strata = stratify(accounts, seed);
    let sizes: Vec<u32> = strata.values().map(|ids| count(ids.len())).collect();
    let shares = apportion(&sizes, quota);
    let mut sample = Sample::default();
    let mut reserve = Vec::new();
    for (((manager, contractor), ids), share) in strata.iter().zip(&shares) {
        let (drawn, rest) = ids.split_at((*share as usize).min(ids.len()));
        sample.drawn.extend(drawn.iter().map(|(_, id)| *id));
        reserve.extend(rest.iter().take(share.div_ceil(2) as usize).copied());
        sample.strata.push(Stratum {
            manager: *manager,
            contractor: (*contractor).to_owned(),
            size: count(ids.len()),
            quota: *share,
        });
    }
    reserve.sort_unstable();
    reserve.truncate(quota.div_ceil(2) as usize);
    sample.reserve = reserve.into_iter().map(|(_, id)| id).collect();
    sample
}

type Ordered = Vec<([u8; 32], RecordId)>;

/// The accounts of each stratum, in the order of the draw.
fn stratify<'a>(
    accounts: &'a [Candidate],
    seed: &[u8; 32],
) -> BTreeMap<(UserId, &'a str), Ordered> {
    let mut strata: BTreeMap<(UserId, &str), Ordered> = BTreeMap::new();
    for one in accounts {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(one.id.0.as_bytes());
        let place = (hash.finalize().into(), one.id);
        strata.entry((one.manager, one.contractor.as_str())).or_default().push(place);
    }
    for ids in strata.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    strata
}

/// Shares of `quota` by largest remainder; each stratum has at least one while
/// the quota lasts, big strata first.
pub(crate) fn apportion(sizes: &[u32], quota: u32) -> Vec<u32> {
    let total: u64 = sizes.iter().map(|size| u64::from(*size)).sum();
    if total == 0 {
        return vec![0; sizes.len()];
    }
    let quota = u64::from(quota).min(total);
    let exact = |size: u32| u64::from(size) * quota;
    let mut shares: Vec<u64> = sizes.iter().map(|size| exact(*size) / total).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    // The largest remainder first; among equals the bigger stratum, then the
    // earlier one.
    order.sort_by_key(|&place| {
        let size = sizes[place];
        (std::cmp::Reverse((exact(size) % total, size)), place)
    });
    let left = quota.saturating_sub(shares.iter().sum());
    for &place in order.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        shares[place] += 1;
    }
    order.sort_by_key(|&place| (std::cmp::Reverse(sizes[place]), place));
    for &place in order.iter().filter(|&&place| sizes[place] > 0) {
        if shares[place] > 0 {
            continue;
        }
        // One comes from the stratum with the largest share.
        let donor = (0..shares.len()).max_by_key(|&i| (shares[i], std::cmp::Reverse(i)));
        match donor.filter(|&i| shares[i] > 1) {
            Some(donor) => {
                shares[donor] -= 1;
                shares[place] = 1;
            }
            None => break,
        }
    }
    shares.into_iter().map(|share| u32::try_from(share).unwrap_or(u32::MAX)).collect()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
