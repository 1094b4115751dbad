//! Reading the audit log: rows by person, record, act and day, and the same as
//! a workbook. Names come from the directory, numbers from the records' cards;
//! nobody's personal data is looked at.

use std::collections::BTreeMap;

use lantian_domain::{
    card::Card,
    ids::{DeviceId, RecordId, UserId},
    record::RecordKind,
    time::Instant,
};
use lantian_protocol::audit::{AuditLine, AuditPage, AuditQuestion, MOST};
use uuid::Uuid;

use crate::{
    api::problem,
    audit::ANSWER,
    error::Result,
    report::sheet::{self, Cell, Table},
    store::{Accounts, AuditFilter, AuditRow, Journal, Ledger, Unit},
};

/// The most rows of a workbook; more have to be asked for by span.
const SHEET: usize = 50_000;
/// The rows of a page when none are asked for.
const USUAL: u32 = 50;

/// A page of the log, the newest rows first.
///
/// # Errors
/// A problem `not_found` for a record number that is none; the store's.
pub fn page(unit: &Unit<'_>, asked: &AuditQuestion) -> Result<AuditPage> {
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, MOST) as usize;
    let rows = unit.audit_where(&filter(unit, asked)?, limit + 1)?;
    let more = rows.len() > limit;
    let mut names = Names::default();
    let lines: Vec<AuditLine> =
        rows.into_iter().take(limit).map(|row| names.line(unit, row)).collect::<Result<_>>()?;
    let next = lines.last().filter(|_| more).map(|line| line.n);
    Ok(AuditPage { lines, next })
}

/// The rows as the bytes of a workbook.
///
/// # Errors
/// A problem when they are too many for one; the store's.
pub fn workbook(unit: &Unit<'_>, asked: &AuditQuestion) -> Result<Vec<u8>> {
    let rows = unit.audit_where(&filter(unit, asked)?, SHEET + 1)?;
    if rows.len() > SHEET {
        let what = "more rows than one workbook takes; name a shorter span of days";
        return Err(problem::refused_with(422, "too_many", what, [("most", SHEET.to_string())]));
    }
    let mut names = Names::default();
    let mut table = Table { name: "审计日志".to_owned(), headers: headers(), rows: Vec::new() };
    for row in rows {
        table.rows.push(cells(names.line(unit, row)?));
    }
    sheet::workbook(&[table])
}

fn filter(unit: &Unit<'_>, asked: &AuditQuestion) -> Result<AuditFilter> {
    let day = Instant::start_of;
    Ok(AuditFilter {
        actor: asked.actor,
        subject: asked.subject.as_deref().map(|text| subject(unit, text.trim())).transpose()?,
        act: asked.act.clone(),
        from: asked.from.map(day),
        until: asked.to.and_then(|last| last.succ_opt()).map(day),
        before: asked.before,
    })
}

/// What a filter names: an identity, or the number of a record.
fn subject(unit: &Unit<'_>, text: &str) -> Result<Uuid> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let found = unit.numbered(text)?;
    found.map(|id| id.0).ok_or_else(|| problem::not_found("record"))
}

/// Names that were looked up.
#[derive(Default)]
struct Names(BTreeMap<Uuid, Option<String>>);

impl Names {
    fn line(&mut self, unit: &Unit<'_>, row: AuditRow) -> Result<AuditLine> {
        let entry = row.entry;
        let mut detail = entry.detail;
        if let Some(said) = detail.as_mut().and_then(serde_json::Value::as_object_mut) {
            said.remove(ANSWER);
        }
        let detail = detail.filter(|detail| detail != &serde_json::json!({}));
        Ok(AuditLine {
            n: row.n,
            at: row.at,
            actor_name: self.of(unit, entry.actor.map(|id| id.0))?,
            device_name: self.of(unit, entry.device.map(|id| id.0))?,
            subject_name: self.of(unit, entry.subject)?,
            act: entry.act,
            result: entry.result,
            actor: entry.actor,
            device: entry.device.filter(|id| !id.0.is_nil()),
            subject: entry.subject,
            command: entry.command,
            claimed: entry.claimed,
            detail: detail.map(|detail| detail.to_string()).unwrap_or_default(),
            hash: hex::encode(row.hash),
        })
    }

    fn of(&mut self, unit: &Unit<'_>, id: Option<Uuid>) -> Result<Option<String>> {
        let Some(id) = id.filter(|id| !id.is_nil()) else { return Ok(None) };
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let name = look_up(unit, id)?;
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

fn look_up(unit: &Unit<'_>, id: Uuid) -> Result<Option<String>> {
    if let Some(user) = unit.user(UserId(id))? {
        return Ok(Some(user.person.name));
    }
    if let Some(device) = unit.device(DeviceId(id))? {
        return Ok(Some(device.name));
    }
    // The credit of an applicant is kept under what names the applicant.
    let row = unit.record(RecordId(id))?.filter(|row| row.kind != RecordKind::Applicant);
    let card = row.and_then(|row| rmp_serde::from_slice::<Card>(&row.card).ok());
    Ok(card.map(|card| card.no).filter(|no| !no.is_empty()))
}

fn headers() -> Vec<String> {
    ["序号", "时间", "人员", "操作", "对象", "结果", "来源", "设备自报时间", "详情", "校验值"]
        .map(str::to_owned)
        .into()
}

fn cells(line: AuditLine) -> Vec<Cell> {
    let or_id = |name: Option<String>, id: Option<Uuid>| {
        name.or_else(|| id.map(|id| id.to_string())).unwrap_or_else(|| "–".to_owned())
    };
    let at = |at: Instant| at.china().format("%Y-%m-%d %H:%M:%S").to_string();
    vec![
        Cell::Number(i64::try_from(line.n).unwrap_or(i64::MAX)),
        Cell::text(at(line.at)),
        Cell::text(or_id(line.actor_name, line.actor.map(|id| id.0))),
        Cell::text(line.act),
        Cell::text(or_id(line.subject_name, line.subject)),
        Cell::text(line.result),
        Cell::text(or_id(line.device_name, line.device.map(|id| id.0))),
        line.claimed.map_or(Cell::Empty, |claimed| Cell::text(at(claimed))),
        Cell::text(line.detail),
        Cell::text(line.hash),
    ]
}
