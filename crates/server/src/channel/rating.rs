//! 好差评: the rating of a user, sent back by the outside system (e.16).

use lantian_domain::time::Instant;
use rusqlite::{OptionalExtension as _, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    reply::{FieldFault, Rejected, Reply},
    status,
    telling::Fields,
};
use crate::{error::Result, store::Unit};

/// A rating that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Rated {
    /// The number of the case rated.
    pub case_no: String,
    /// One to five.
    pub stars: u8,
}

/// A rating, checked. Its words stay with the request, which is kept
/// encrypted: they may name persons.
pub(super) struct Rating {
    serial: String,
    case_no: String,
    stars: u8,
    rated_at: Instant,
}

/// Reads a rating.
///
/// # Errors
/// Every field that is missing or wrong.
pub(super) fn read(object: &Map<String, Value>, now: Instant) -> Result<Rating, Rejected> {
    let mut fields = Fields::of(object);
    let (serial, case_no) = (fields.need("serial_id", 64), fields.need("case_no", 64));
    let stars = fields.text("stars").and_then(|text| text.parse().ok());
    let stars = stars.filter(|stars| (1..=5).contains(stars)).unwrap_or_else(|| {
        fields.fault("stars", "range", "评价星级应为 1 至 5");
        0
    });
    let rated_at = match fields.text("rated_at") {
        None => now,
        Some(text) => crate::intake::instant(&text).unwrap_or_else(|| {
            fields.fault("rated_at", "format", "请写成 2026-11-23T11:05:09+08:00");
            now
        }),
    };
    let faults = fields.faults();
    if faults.is_empty() {
        Ok(Rating { serial, case_no, stars, rated_at: rated_at.min(now) })
    } else {
        Err(Rejected::fields(faults))
    }
}

/// Keeps a rating, once for each number.
///
/// # Errors
/// The store's; an unknown case is a value.
pub(super) fn keep(
    unit: &Unit<'_>,
    client: &str,
    rating: &Rating,
    sha256: &str,
) -> Result<Result<Reply<Rated>, Rejected>> {
    const OLD: &str = "SELECT stars FROM channel_ratings
         WHERE org = ?1 AND client = ?2 AND serial = ?3";
    const ADD: &str =
        "INSERT INTO channel_ratings (org, client, serial, record, stars, rated_at, sha256)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Some(case) = status::own(unit, client, &rating.case_no)? else {
        let fault = FieldFault::new("case_no", "unknown", "没有这个工单,请核对编号");
        return Ok(Err(Rejected::fields(vec![fault])));
    };
    let connection = unit.connection();
    let before: Option<u8> = connection
        .prepare_cached(OLD)?
        .query_row(params![unit.org(), client, rating.serial], |row| row.get(0))
        .optional()?;
    if let Some(stars) = before {
        return Ok(Ok(Reply::before(Rated { case_no: case.no.clone(), stars })));
    }
    connection.prepare_cached(ADD)?.execute(params![
        unit.org(),
        client,
        rating.serial,
        case.id.0.as_bytes().as_slice(),
        rating.stars,
        rating.rated_at.0,
        sha256,
    ])?;
    Ok(Ok(Reply::done(Rated { case_no: case.no.clone(), stars: rating.stars })))
}
