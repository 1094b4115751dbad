//! The schema and its migrations: a table of (number, name, SQL), carried out
//! in order, each in its own commit. What each table means stands in the SQL.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Error, Result};

/// Marks the file as a lantian-server store (`LTSV`).
const APPLICATION_ID: i64 = 0x4c54_5356;

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "create_store", include_str!("../../migrations/0001_create_store.sql")),
    (2, "create_files", include_str!("../../migrations/0002_create_files.sql")),
    (3, "create_intake", include_str!("../../migrations/0003_create_intake.sql")),
    (4, "create_channels", include_str!("../../migrations/0004_create_channels.sql")),
    (5, "allow_erasure", include_str!("../../migrations/0005_allow_erasure.sql")),
    (6, "create_secrets", include_str!("../../migrations/0006_create_secrets.sql")),
    (7, "create_signing_keys", include_str!("../../migrations/0007_create_signing_keys.sql")),
    (8, "create_second_factors", include_str!("../../migrations/0008_create_second_factors.sql")),
    (9, "create_accounts", include_str!("../../migrations/0009_create_accounts.sql")),
];

/// The newest schema known to this build.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(number, ..)| *number)
}

/// The schema of an open store; 0 for an empty file.
pub(crate) fn found(connection: &Connection) -> Result<i64> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version > 0 && application != APPLICATION_ID {
        return Err(Error::damaged("the file is a database of another program"));
    }
    Ok(version)
}

/// Brings an open store to the newest schema.
///
/// # Errors
/// [`Error::TooNew`] when the store was written by a later release.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let found = found(connection)?;
    if found > newest() {
        return Err(Error::TooNew { found, known: newest() });
    }
    for (number, name, sql) in MIGRATIONS.iter().filter(|(number, ..)| *number > found) {
        tracing::info!(number, name, "migrating the store");
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|(number, ..)| *number).collect();
        let expected: Vec<i64> = (1..=newest()).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn a_store_of_a_later_release_is_refused_untouched() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", newest() + 1).unwrap();
        assert!(matches!(migrate(&mut connection), Err(Error::TooNew { .. })));
    }

    #[test]
    fn a_database_of_another_program_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        assert!(matches!(migrate(&mut connection), Err(Error::Damaged { .. })));
    }

    #[test]
    fn the_log_and_the_audit_cannot_be_changed() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO audit VALUES (1, 1, 0, 'a', NULL, NULL, NULL, NULL, NULL, 'r', '{}', x'00');
                 INSERT INTO events VALUES (1, x'01', 1, 1, '{}', '{}', x'00', NULL);",
            )
            .unwrap();
        for sql in [
            "UPDATE audit SET act = 'b'",
            "DELETE FROM audit",
            "DELETE FROM events",
            "UPDATE events SET event = '[]'",
        ] {
            assert!(connection.execute_batch(sql).is_err(), "{sql}");
        }
    }
}
