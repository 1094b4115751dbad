//! The monthly ledger of return visits (LG-7): one row for each item
//! registered in the month, numbered, masked, as a table.

use lantian_domain::{
    kpi::Month,
    ledger::LedgerItem,
    record::{Record, RecordKind},
    time::Instant,
};

use super::sheet::{Cell, Table, workbook};
use crate::{
    error::Result,
    pipeline::find,
    store::{Ledger as _, Store, Unit},
};

/// The columns, as the ledger of the company has them (i.4).
const HEADERS: [&str; 20] = [
    "序号",
    "编号",
    "来源",
    "用户",
    "类别",
    "紧急程度",
    "内容",
    "登记时间",
    "责任部门",
    "责任人",
    "完成期限",
    "措施",
    "解决时间",
    "解决人",
    "结果",
    "证明份数",
    "用户意见",
    "销号方式",
    "销号时间",
    "重开次数",
];

/// The ledger of a month as the bytes of a workbook.
///
/// # Errors
/// The store's.
pub fn ledger(store: &Store, month: Month) -> Result<Vec<u8>> {
    let table = store.read_now(|unit| table(unit, month))?;
    workbook(&[table])
}

fn table(unit: &Unit<'_>, month: Month) -> Result<Table> {
    let mut items = Vec::new();
    for id in unit.records_of(RecordKind::LedgerItem)? {
        if let Some(Record::LedgerItem(item)) = find(unit, id)?
            && month.span().contains(item.registered_at)
        {
            items.push(item);
        }
    }
    items.sort_by(|a, b| (a.registered_at, &a.no).cmp(&(b.registered_at, &b.no)));
    let rows = items.iter().enumerate().map(|(at, item)| row(unit, at + 1, item));
    Ok(Table {
        name: format!("回访台账 {month}"),
        headers: HEADERS.map(str::to_owned).to_vec(),
        rows: rows.collect::<Result<_>>()?,
    })
}

fn row(unit: &Unit<'_>, number: usize, item: &LedgerItem) -> Result<Vec<Cell>> {
    let person = |user: lantian_domain::ids::UserId| -> Result<String> {
        Ok(match find(unit, lantian_domain::ids::RecordId(user.0))? {
            Some(Record::Person(person)) => person.name.clone(),
            _ => String::new(),
        })
    };
    let solver = item.solver.map(person).transpose()?.unwrap_or_default();
    let due = item.clocks.last().map(|clock| clock.due_at);
    Ok(vec![
        Cell::Number(i64::try_from(number).unwrap_or(i64::MAX)),
        Cell::text(&item.no),
        Cell::text(item.source.as_str()),
        Cell::text(masked(&item.customer)),
        Cell::text(item.kind.as_str()),
        Cell::text(item.severity.as_str()),
        Cell::text(&item.text),
        Cell::text(minute(Some(item.registered_at))),
        Cell::text(item.responsible_org.as_str()),
        Cell::text(person(item.responsible_person)?),
        Cell::text(minute(due)),
        Cell::text(item.measures.clone().unwrap_or_default()),
        Cell::text(minute(item.solved_at)),
        Cell::text(solver),
        Cell::text(item.result.clone().unwrap_or_default()),
        Cell::Number(i64::try_from(item.evidence.len()).unwrap_or(i64::MAX)),
        Cell::text(item.customer_confirm.map_or("", |confirm| confirm.as_str())),
        Cell::text(item.outcome.map_or("", |outcome| outcome.as_str())),
        Cell::text(minute(item.closed_at)),
        Cell::Number(i64::from(item.reopened_count)),
    ])
}

/// A name as it may leave the company: its first character and a star.
fn masked(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

fn minute(at: Option<Instant>) -> String {
    at.map_or_else(String::new, |at| at.china().format("%Y-%m-%d %H:%M").to_string())
}
