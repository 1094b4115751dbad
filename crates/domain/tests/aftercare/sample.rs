//! Drawing: quota, strata, reserve, and that nobody can steer it.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    ids::{RecordId, UserId},
    visit::{
        Account, Force, Forced, SegmentGroup,
        sample::{Candidate, commitment, draw, population_hash, quota, seed},
    },
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::office::{
    Office,
    aftercare::{accounts, march, month},
};

fn candidate(n: u128, manager: u128, contractor: u128) -> Candidate {
    Candidate {
        id: RecordId(Uuid::from_u128(n)),
        manager: UserId(Uuid::from_u128(manager)),
        contractor: format!("施工{contractor}队"),
    }
}

const VECTORS: [(u32, u32); 12] = [
    (0, 0),
    (1, 1),
    (9, 1),
    (10, 1),
    (11, 2),
    (20, 2),
    (21, 3),
    (33, 4),
    (99, 10),
    (100, 10),
    (101, 11),
    (1005, 101),
];

#[test]
fn v_2_the_quota_of_households_is_a_tenth_rounded_up_and_of_others_all() {
    for (n, expected) in VECTORS {
        assert_eq!(quota(SegmentGroup::Household, n), expected, "{n}");
        assert_eq!(quota(SegmentGroup::NonResidential, n), n);
    }
}

#[test]
fn n_6_the_same_population_and_seed_give_the_same_list_in_any_order() {
    let people: Vec<_> = (0..120).map(|n| candidate(n, n % 4, n % 3)).collect();
    let seed = seed(march(), "hash", "secret");
    let first = draw(&people, 12, &seed);
    let mut turned = people.clone();
    turned.reverse();
    turned.rotate_left(37);
    assert_eq!(draw(&turned, 12, &seed), first);
    assert_eq!(first.drawn.len(), 12);
    for (n, expected) in VECTORS {
        assert_eq!(quota(SegmentGroup::Household, n), expected);
    }
}

#[test]
fn another_secret_draws_others() {
    let people: Vec<_> = (0..500).map(|n| candidate(n, n % 4, n % 3)).collect();
    let one = draw(&people, 50, &seed(march(), "hash", "secret"));
    let other = draw(&people, 50, &seed(march(), "hash", "another"));
    assert_ne!(one.drawn, other.drawn);
    assert_ne!(commitment("secret"), commitment("another"));
}

#[test]
fn strata_share_by_largest_remainder_and_none_is_left_out() {
    // 60, 30, 9, 1 of 100: exact shares of 10 are 6, 3, 0.9, 0.1.
    let sizes = [(1, 60), (2, 30), (3, 9), (4, 1)];
    let mut n = 0;
    let mut people = Vec::new();
    for (manager, size) in sizes {
        for _ in 0..size {
            n += 1;
            people.push(candidate(n, manager, 0));
        }
    }
    let shares = |quota| -> Vec<u32> {
        draw(&people, quota, &[7; 32]).strata.iter().map(|stratum| stratum.quota).collect()
    };
    // The largest stratum gives one up, so that the smallest is not left out.
    assert_eq!(shares(10), [5, 3, 1, 1]);
    // While the quota does not last for all, big strata come first.
    assert_eq!(shares(2), [1, 1, 0, 0]);
    assert_eq!(shares(100), [60, 30, 9, 1]);
}

#[test]
fn the_population_hash_hangs_on_the_set_alone() {
    let ids = |all: &[u128]| all.iter().map(|n| RecordId(Uuid::from_u128(*n))).collect();
    let one: BTreeSet<RecordId> = ids(&[3, 1, 2]);
    let same: BTreeSet<RecordId> = ids(&[2, 3, 1, 1]);
    let other: BTreeSet<RecordId> = ids(&[1, 2, 4]);
    assert_eq!(population_hash(&one), population_hash(&same));
    assert_ne!(population_hash(&one), population_hash(&other));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the strata: exactly the quota is drawn, nobody twice, each
    /// stratum at least once while the quota lasts, and the order of the input
    /// changes nothing.
    #[test]
    fn sampling_is_the_same_for_any_input_order(
        people in prop::collection::btree_map(0_u128..5_000, (0_u128..6, 0_u128..4), 0..300),
        percent in 1_u32..=100,
        turn in 0_usize..300,
        secret in "[a-z]{8}",
    ) {
        let people: Vec<_> = people.iter().map(|(n, (m, c))| candidate(*n, *m, *c)).collect();
        let n = u32::try_from(people.len()).unwrap();
        let wanted = (n * percent).div_ceil(100);
        let seed = seed(march(), "hash", &secret);
        let drawn = draw(&people, wanted, &seed);
        let mut turned = people.clone();
        if !turned.is_empty() {
            let place = turn % turned.len();
            turned.rotate_left(place);
            turned.reverse();
        }
        prop_assert_eq!(&draw(&turned, wanted, &seed), &drawn);
        prop_assert_eq!(drawn.drawn.len(), wanted as usize);
        let all: BTreeSet<_> = drawn.drawn.iter().chain(&drawn.reserve).collect();
        prop_assert_eq!(all.len(), drawn.drawn.len() + drawn.reserve.len(), "nobody twice");
        prop_assert!(drawn.reserve.len() <= wanted.div_ceil(2) as usize);
        let mut sizes: BTreeMap<_, u32> = BTreeMap::new();
        for one in &people {
            *sizes.entry((one.manager, one.contractor.clone())).or_default() += 1;
        }
        prop_assert_eq!(drawn.strata.len(), sizes.len());
        let none = drawn.strata.iter().filter(|stratum| stratum.quota == 0).count();
        let lasts = wanted as usize >= sizes.len();
        prop_assert!(!lasts || none == 0, "each stratum at least once");
        for stratum in &drawn.strata {
            prop_assert!(stratum.quota <= stratum.size);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// The same by the command that freezes a month: whoever hands the
    /// population over in whatever order, the plan is the same to the last line.
    #[test]
    fn n_6_r_43_a_month_frozen_from_any_order_has_one_plan(
        n in 1_u32..80, turn in 0_usize..80, household in any::<bool>(), forced in 0_usize..5,
    ) {
        let group =
            if household { SegmentGroup::Household } else { SegmentGroup::NonResidential };
        let all = accounts(group, n);
        let on_top = |people: &[Account]| -> Vec<Forced> {
            let chosen = people.iter().filter(|one| one.case.0.as_u128() % 7 < forced as u128);
            let reasons = BTreeSet::from([Force::Complaint]);
            chosen.map(|one| Forced { account: one.clone(), reasons: reasons.clone() }).collect()
        };
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len());
        turned.reverse();
        let plan = |people: Vec<Account>| {
            let mut office = Office::open();
            let forced = on_top(&people);
            let id = month(&mut office, group, people, forced);
            office.month(id).clone()
        };
        prop_assert_eq!(plan(turned), plan(all));
    }
}
