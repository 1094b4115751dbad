//! 好差评: the rating of a user, sent back by the outside system (e.16). It is
//! kept once for each of its numbers, and given to the rulebook: a bad one is
//! followed up within a working day (D-20).

use lantian_domain::{
    case::{Case, Channel},
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    rating::{RatingChannel, ReceiveRating},
    refusal::Refusal,
    time::Instant,
};
use lantian_protocol::fresh;
use rusqlite::{OptionalExtension as _, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    clients::{self, Client},
    reply::{FieldFault, Rejected, Reply},
    status,
    telling::Fields,
    words,
};
use crate::{
    error::Result,
    pipeline::{Act, Desk},
    store::Unit,
};

/// The most characters of what a user says.
const WORDS: usize = 500;
/// The most tags of a rating, and the most characters of one.
const TAGS: (usize, usize) = (20, 40);

/// A rating that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Rated {
    /// The number of the case rated.
    pub case_no: String,
    /// One to five.
    pub stars: u8,
}

/// A rating, checked.
pub(super) struct Rating {
    serial: String,
    case_no: String,
    /// As the rulebook takes it; number and case are the case's.
    said: ReceiveRating,
}

/// Reads a rating.
///
/// # Errors
/// Every field that is missing or wrong.
pub(super) fn read(
    object: &Map<String, Value>,
    channel: Channel,
    now: Instant,
) -> Result<Rating, Rejected> {
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
    let said = ReceiveRating {
        proj_no: fields.short("proj_no", 64).unwrap_or_else(|| case_no.clone()),
        service_code: fields.short("service_code", 64),
        service_name: fields.short("service_name", 100),
        dept_code: fields.short("dept_code", 64),
        region_code: fields.short("region_code", 32),
        applicant: fields.short("applicant", 64).map(|name| words::name(&name)),
        handle_state: fields.short("handle_state", 32),
        channel: place(&mut fields, channel),
        stars,
        tags: tags(&mut fields),
        text: fields.short("text", WORDS),
        rated_at: rated_at.min(now),
        case: None,
    };
    let faults = fields.faults();
    if faults.is_empty() {
        Ok(Rating { serial, case_no, said })
    } else {
        Err(Rejected::fields(faults))
    }
}

/// Where the user rated; what is not said follows from the channel.
fn place(fields: &mut Fields<'_>, channel: Channel) -> RatingChannel {
    if let Some(code) = fields.text("rating_channel") {
        return RatingChannel::parse(&code).unwrap_or_else(|| {
            fields.fault("rating_channel", "unknown", "可填 window、pc、app、sms、phone");
            RatingChannel::Pc
        });
    }
    match channel {
        Channel::BusinessHall | Channel::GovHall => RatingChannel::Window,
        Channel::WechatOa | Channel::Zaidexinzheng | Channel::LantianApp => RatingChannel::App,
        Channel::Hotline => RatingChannel::Phone,
        Channel::GovPortal | Channel::OnSite | Channel::Lead => RatingChannel::Pc,
    }
}

fn tags(fields: &mut Fields<'_>) -> Vec<String> {
    let (most, longest) = TAGS;
    let list = fields.list("tags");
    let absent = list.is_none() && fields.text("tags").is_none() && fields.object("tags").is_none();
    if absent {
        return Vec::new();
    }
    let text = |tag: &Value| tag.as_str().map(|tag| tag.trim().to_owned());
    let tags: Option<Vec<String>> = list.and_then(|list| list.iter().map(text).collect());
    let fits = |tags: &Vec<String>| {
        tags.len() <= most && tags.iter().all(|tag| (1..=longest).contains(&tag.chars().count()))
    };
    tags.filter(fits).unwrap_or_else(|| {
        fields.fault("tags", "format", "评价标签为文字列表,最多 20 个,每个不超过 40 字");
        Vec::new()
    })
}

/// Keeps a rating, once for each number, as a record of the company.
///
/// # Errors
/// The store's; an unknown case and a refusal are values.
pub(super) fn keep(
    unit: &Unit<'_>,
    client: &Client,
    rating: &Rating,
    (sha256, received): (&str, Instant),
) -> Result<Result<Reply<Rated>, Rejected>> {
    const OLD: &str = "SELECT stars FROM channel_ratings
         WHERE org = ?1 AND client = ?2 AND serial = ?3";
    const ADD: &str =
        "INSERT INTO channel_ratings (org, client, serial, record, stars, rated_at, sha256)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Some(case) = status::own(unit, &client.id, &rating.case_no)? else {
        let fault = FieldFault::new("case_no", "unknown", "没有这个工单,请核对编号");
        return Ok(Err(Rejected::fields(vec![fault])));
    };
    let connection = unit.connection();
    let before: Option<u8> = connection
        .prepare_cached(OLD)?
        .query_row(params![unit.org(), client.id, rating.serial], |row| row.get(0))
        .optional()?;
    if let Some(stars) = before {
        return Ok(Ok(Reply::before(Rated { case_no: case.no.clone(), stars })));
    }
    if let Err(no) = give(unit, client, &case, &rating.said, received)? {
        return Ok(Err(Rejected::refused(&no)));
    }
    connection.prepare_cached(ADD)?.execute(params![
        unit.org(),
        client.id,
        rating.serial,
        case.id.0.as_bytes().as_slice(),
        rating.said.stars,
        rating.said.rated_at.0,
        sha256,
    ])?;
    Ok(Ok(Reply::done(Rated { case_no: case.no.clone(), stars: rating.said.stars })))
}

/// Gives the rating to the rulebook, in the name of the client.
fn give(
    unit: &Unit<'_>,
    client: &Client,
    case: &Case,
    said: &ReceiveRating,
    received: Instant,
) -> Result<Result<(), Refusal>> {
    let mut desk = Desk::open(unit)?;
    let act = Act {
        id: CommandId(fresh::uuid()),
        person: clients::person(unit, client)?,
        device: DeviceId(Uuid::nil()),
        record: RecordId(fresh::uuid()),
        at: received,
        received,
        command: Command::ReceiveRating(ReceiveRating { case: Some(case.id), ..said.clone() }),
    };
    let done = desk.perform(&act)?.map(drop);
    desk.save()?;
    Ok(done)
}
