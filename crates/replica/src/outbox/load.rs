//! Reading the stored commands: all that is open at the opening, and the
//! whole history on demand.

use lantian_domain::{ids::CommandId, time::Instant};
use lantian_protocol::{Outcome, Verdict};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::{
    entry::{Fate, Open},
    fault,
};
use crate::error::{Error, Result};

const COLUMNS: &str = "SELECT saved_n, place, saved_at, fate, reoffered, seq, epoch, answered_at, \
                       replaces, replaced_by, envelope, outcome FROM commands ";

/// Reads the commands that `wanted` selects, in order of judging; the second
/// part counts rows of a form that this program cannot read.
pub(super) fn read(db: &Connection, wanted: &str) -> Result<(Vec<Open>, usize)> {
    let mut statement =
        db.prepare(&format!("{COLUMNS} {wanted} ORDER BY place, saved_n")).map_err(fault)?;
    let mut rows = statement.query([]).map_err(fault)?;
    let (mut all, mut unreadable) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(fault)? {
        match decode(row).map_err(fault)? {
            Some(open) => all.push(open),
            None => unreadable += 1,
        }
    }
    Ok((all, unreadable))
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Option<Open>> {
    let number = |at: usize| row.get::<_, Option<i64>>(at).map(|n| n.map(i64::cast_unsigned));
    let command = |at: usize| {
        row.get::<_, Option<[u8; 16]>>(at).map(|id| id.map(|id| CommandId(Uuid::from_bytes(id))))
    };
    let envelope = serde_json::from_str(row.get_ref(10)?.as_str()?);
    let (Ok(envelope), Some(fate)) = (envelope, Fate::parse(row.get_ref(3)?.as_str()?)) else {
        return Ok(None);
    };
    let verdict: Option<Verdict> = row
        .get::<_, Option<String>>(11)?
        .and_then(|text| serde_json::from_str::<Outcome>(&text).ok())
        .map(|outcome| outcome.verdict);
    Ok(Some(Open {
        place: (row.get(1)?, row.get(0)?),
        envelope,
        saved_at: Instant(row.get(2)?),
        fate,
        reoffered: row.get(4)?,
        seq: number(5)?,
        epoch: number(6)?,
        verdict,
        answered_at: row.get::<_, Option<i64>>(7)?.map(Instant),
        replaces: command(8)?,
        replaced_by: command(9)?,
    }))
}

/// The last number given in an incarnation, and the hash of its envelope.
pub(super) fn head(db: &Connection, incarnation: Uuid) -> Result<(u64, String)> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT n, envelope FROM commands WHERE incarnation = ?1 ORDER BY n DESC LIMIT 1";
    let last = db
        .query_row(sql, [incarnation.as_bytes()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })
        .optional()
        .map_err(fault)?;
    match last {
        None => Ok((0, String::new())),
        Some((n, envelope)) => {
            let n = u64::try_from(n)
                .map_err(|_| Error::corrupt("outbox", "a command has a negative number"))?;
            Ok((n, super::hash(&envelope)))
        }
    }
}
