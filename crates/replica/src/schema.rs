//! The shapes of the two databases, as numbered migrations.
//!
//! `outbox.db`: `device` (who this tablet is), `commands` (what people did,
//! with its fate), `drafts`, `uploads` (attachments that lie here and their
//! way), `exits` (records that left), `settings`. `replica.db`: `mirror` (where the mirror stands), `records`
//! (confirmed, as received), `cards` (what lists show), `repairs`.
//!
//! Invariant: a store of a newer version is refused untouched; each migration
//! is one transaction together with its number.

use rusqlite::{Connection, TransactionBehavior};

use crate::{
    connection::Kind,
    error::{Error, Result},
};

/// A migration: the version it leads to, and its SQL.
type Migration = (u32, &'static str);

pub(crate) const OUTBOX: &[Migration] = &[
    (1, include_str!("../migrations/outbox/0001_create_outbox.sql")),
    (2, include_str!("../migrations/outbox/0002_keep_for_company.sql")),
    (3, include_str!("../migrations/outbox/0003_create_exits.sql")),
];
pub(crate) const MIRROR: &[Migration] =
    &[(1, include_str!("../migrations/mirror/0001_create_mirror.sql"))];

/// Brings a database to the newest version known.
pub(crate) fn migrate(db: &mut Connection, kind: Kind, migrations: &[Migration]) -> Result<()> {
    let fault = |source| Error::store(kind.what, source);
    let known = migrations.last().map_or(0, |(version, _)| *version);
    let found: u32 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fault)?;
    if found > known {
        return Err(Error::TooNew { what: kind.what, found, known });
    }
    for (version, sql) in migrations.iter().filter(|(version, _)| *version > found) {
        let act = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        act.execute_batch(sql).map_err(fault)?;
        act.pragma_update(None, "user_version", version).map_err(fault)?;
        act.commit().map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{connection, keys::DataKey};

    #[test]
    fn f70_a_newer_store_is_refused_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let key = DataKey::from_slice(&[3; 32]).unwrap();
        let mut db = connection::create(dir.path(), connection::OUTBOX, &key).unwrap();
        migrate(&mut db, connection::OUTBOX, OUTBOX).unwrap();
        migrate(&mut db, connection::OUTBOX, OUTBOX).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            migrate(&mut db, connection::OUTBOX, OUTBOX),
            Err(Error::TooNew { found: 99, .. })
        ));
    }

    #[test]
    fn a_broken_migration_leaves_the_version_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let key = DataKey::from_slice(&[3; 32]).unwrap();
        let mut db = connection::create(dir.path(), connection::MIRROR, &key).unwrap();
        let steps: &[Migration] = &[(1, "CREATE TABLE a (x)"), (2, "CREATE TABLE b (x); NONSENSE")];
        assert!(migrate(&mut db, connection::MIRROR, steps).is_err());
        let version: u32 = db.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
        let tables: u32 =
            db.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get(0)).unwrap();
        assert_eq!((version, tables), (1, 1));
    }
}
