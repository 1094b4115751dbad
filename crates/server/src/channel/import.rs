//! `lantian-server import FILE --source channel`: a file of applications, each
//! answering for itself (domain j).

use std::collections::BTreeMap;

use lantian_domain::{
    case::Channel,
    ids::{DeviceId, UserId},
    record::Person,
    time::Instant,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    apply,
    clients::{Client, all},
    endpoint::keep_bytes,
    reply::{FieldFault, Rejected},
    signature::Algorithm,
};
use crate::{
    error::Result,
    intake::{Effect, FileFault, ImportReport, Layout, Part, RawRow, RowResult, Status, rows_of},
    store::{AuditEntry, Journal as _, Ledger as _, Store, Unit},
};

/// The table form of applications.
const LAYOUT: Layout = Layout {
    headers: &[
        ("渠道", "channel"),
        ("流水号", "serial_id"),
        ("提交时间", "submitted_at"),
        ("业务类型", "kind"),
        ("用户类别", "install_type"),
        ("客户名称", "party_name"),
        ("联系人", "link_man"),
        ("联系电话", "phone"),
        ("统一社会信用代码", "uscc"),
        ("用气地址", "address"),
        ("用气类别", "use_kind"),
        ("用气量(m³/h)", "demand_m3h"),
        ("需要日期", "need_date"),
        ("告知书版本", "consent_version"),
        ("同意时间", "consent_at"),
        ("录音编号", "recording_id"),
        ("备注", "remark"),
    ],
    wanted: &["渠道", "流水号", "联系电话"],
    foreign: &["项目代码", "意见编号"],
};

/// Imports a file of applications. Blocks: call it where that is allowed.
///
/// # Errors
/// The store's; a [`FileFault`] when the file as a whole cannot be taken.
pub fn run_import(
    store: &Store,
    bytes: &[u8],
    person: &Person,
    received: Instant,
) -> Result<Result<ImportReport, FileFault>> {
    let rows = match rows_of(bytes, &LAYOUT, "applications", Part::Applications) {
        Ok(rows) => rows,
        Err(fault) => return Ok(Err(fault)),
    };
    let recipient = store.read_now(|unit| Ok(unit.org_row()?.recipient))?;
    let sha256 = keep_bytes(store, &recipient, bytes)?;
    let by_hand = Client::by_hand(person);
    let mut first_rows: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut results = Vec::with_capacity(rows.len());
    for raw in rows {
        let (own, hand) = (raw.clone(), by_hand.clone());
        let mut result = store.write_now(move |unit| take(unit, &own, hand, received))?;
        let text = |name| crate::intake::text(&raw.fields, name).unwrap_or_default();
        let key = (text("channel"), text("serial_id"));
        result.of_row =
            first_rows.get(&key).copied().filter(|_| result.status == Status::Duplicate);
        first_rows.entry(key).or_insert(raw.row);
        results.push(result);
    }
    let report = ImportReport::of("channel", None, sha256, results);
    audit(store, person.user(), &report, received)?;
    Ok(Ok(report))
}

fn take(unit: &Unit<'_>, raw: &RawRow, by_hand: Client, received: Instant) -> Result<RowResult> {
    let mut fields = raw.fields.clone();
    nest_consent(&mut fields);
    let named = crate::intake::text(&fields, "channel").unwrap_or_default();
    let Some(channel) = Channel::parse(&named).or_else(|| called(&named)) else {
        let fault = FieldFault::new("channel", "unknown", "渠道代码不在九个渠道之内");
        return Ok(faulty(raw, &Rejected::fields(vec![fault])));
    };
    fields.insert("channel".to_owned(), Value::String(channel.as_str().to_owned()));
    // A file stands for the outside system of its channel, if there is one.
    let known = all(unit)?.into_iter().find(|client| client.active && client.channel == channel);
    let mut own = by_hand;
    own.channel = channel;
    let client = known.unwrap_or(own);
    Ok(match apply::take(unit, &client, &fields, received)? {
        Ok((reply, record)) if reply.duplicate => {
            RowResult::plain(raw, Status::Duplicate).about(record)
        }
        Ok((_, record)) => {
            let taken = RowResult::plain(raw, Status::Accepted).about(record);
            RowResult { effect: Some(Effect::CaseCreated), ..taken }
        }
        Err(no) => faulty(raw, &no),
    })
}

fn faulty(raw: &RawRow, no: &Rejected) -> RowResult {
    let (code, field, message) = no.first();
    let plain = RowResult::plain(raw, Status::Rejected);
    RowResult { code: Some(code), field, message: Some(message), ..plain }
}

/// A table has one column for each part of the consent.
fn nest_consent(fields: &mut Map<String, Value>) {
    let (version, at) = (fields.remove("consent_version"), fields.remove("consent_at"));
    if let (Some(version), Some(at)) = (version, at) {
        let consent = serde_json::json!({ "text_version": version, "at": at });
        fields.insert("consent".to_owned(), consent);
    }
}

/// A channel by the name that people write.
fn called(name: &str) -> Option<Channel> {
    Some(match name {
        "微信公众号" => Channel::WechatOa,
        "政务服务网" => Channel::GovPortal,
        "咱的新郑APP" => Channel::Zaidexinzheng,
        "新郑蓝天APP" => Channel::LantianApp,
        "燃气营业厅" | "营业厅" => Channel::BusinessHall,
        "客户服务热线" | "热线" => Channel::Hotline,
        "上门服务" => Channel::OnSite,
        "行政服务大厅" => Channel::GovHall,
        _ => return None,
    })
}

impl Client {
    /// The one who brings a file in place of an outside system.
    fn by_hand(person: &Person) -> Self {
        Self::bare(person.login.clone(), person.user(), Algorithm::Sha256)
    }
}

fn audit(store: &Store, by: UserId, report: &ImportReport, at: Instant) -> Result<()> {
    let entry = AuditEntry {
        act: "import".to_owned(),
        actor: Some(by),
        device: Some(DeviceId(Uuid::nil())),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({
            "source": report.source,
            "sha256": report.sha256,
            "accepted": report.accepted,
            "duplicate": report.duplicate,
            "rejected": report.rejected,
            "quarantined": report.quarantined,
        })),
        ..AuditEntry::default()
    };
    store.write_now(move |unit| unit.audit(at, entry))
}
