//! Proof that the store is still the one that a tablet heard from: the end of
//! its audit, whose rows are chained by hash and never changed.
//!
//! A store that was put back to an older state without `lantian-server
//! restore` has lost rows that tablets know, or has written others in their
//! place, whatever its head is by now.

use lantian_protocol::{
    feed::Witness,
    planted::{Bug, planted},
};

use super::pull::cursor_ahead;
use crate::{
    error::Result,
    store::{Journal, Ledger, Unit},
};

/// Where the audit stands now, in the store's epoch.
///
/// # Errors
/// The store's.
pub fn witness(unit: &Unit<'_>) -> Result<Option<Witness>> {
    of_epoch(unit, unit.org_row()?.epoch)
}

/// As [`witness`], for who knows the epoch.
pub(super) fn of_epoch(unit: &Unit<'_>, epoch: u64) -> Result<Option<Witness>> {
    let (row, mut hash) = unit.audit_end()?;
    hash.truncate(Witness::LEN);
    Ok((row > 0).then_some(Witness { epoch, row, hash }))
}

/// Refuses to go on with a tablet that heard from a later store.
///
/// # Errors
/// The store's; a problem `cursor_ahead`.
pub fn check(unit: &Unit<'_>, told: Option<&Witness>) -> Result<()> {
    let Some(told) = told else { return Ok(()) };
    let org = unit.org_row()?;
    if holds(unit, told, org.epoch)? { Ok(()) } else { Err(cursor_ahead(told.row, org.head)) }
}

/// Whether the store has the row still. One of an earlier epoch says nothing:
/// the tablet begins anew. Neither does one that was let go at the end of its
/// retention, as long as later rows are there. One of a later epoch was told by
/// what this store has lost.
pub(super) fn holds(unit: &Unit<'_>, witness: &Witness, epoch: u64) -> Result<bool> {
    if witness.epoch < epoch || planted(Bug::WitnessUnchecked) {
        return Ok(true);
    }
    if witness.epoch > epoch {
        return Ok(false);
    }
    Ok(match unit.audit_hash(witness.row)? {
        Some(hash) => hash.starts_with(&witness.hash),
        None => unit.audit_end()?.0 >= witness.row,
    })
}

#[cfg(test)]
mod tests {
    use lantian_domain::time::Instant;

    use super::*;
    use crate::store::{AuditEntry, FILE, NewOrg, Store};

    fn noted(store: &Store, act: &'static str) {
        let entry = AuditEntry { act: act.to_owned(), ..AuditEntry::default() };
        store.write_now(move |unit| unit.audit(Instant(1), entry)).unwrap();
    }

    #[test]
    fn a_store_that_was_put_back_is_known_whatever_it_wrote_since() {
        let folder = tempfile::tempdir().unwrap();
        let org = NewOrg { name: "甲", recipient: "age1none", at: Instant(0) };
        let store = Store::create(folder.path(), &org).unwrap();
        noted(&store, "begun");
        let early = store.read_now(witness).unwrap().unwrap();
        drop(store);
        let (file, aside) = (folder.path().join(FILE), folder.path().join("aside"));
        std::fs::copy(&file, &aside).unwrap();
        let store = Store::open(folder.path()).unwrap();
        noted(&store, "seen by a tablet");
        let told = store.read_now(witness).unwrap().unwrap();
        assert!(store.read_now(|unit| holds(unit, &told, told.epoch)).unwrap());
        drop(store);
        std::fs::copy(&aside, &file).unwrap();
        let store = Store::open(folder.path()).unwrap();
        let ask = |one: &Witness| store.read_now(|unit| holds(unit, one, told.epoch)).unwrap();
        assert!(ask(&early) && !ask(&told), "the row is gone");
        noted(&store, "something else");
        noted(&store, "and more");
        assert!(ask(&early) && !ask(&told), "another row is in its place");
        let of = |epoch| Witness { epoch, ..told.clone() };
        assert!(ask(&of(told.epoch - 1)), "a tablet of an earlier epoch begins anew");
        assert!(!ask(&of(told.epoch + 1)), "this store was put back behind a restored one");
    }
}
