//! `application.v1` (domain j.3): reading it, in either manner of writing
//! names, and bringing it to `submit_demand`.

use lantian_domain::{
    case::{
        CaseKind, Channel, Segment,
        basic::{Basic, Consent, PartyType, UseKind, Want},
        intake::SubmitDemand,
        outside::{Appliance, Outside},
    },
    ids::FileId,
    money::Quantity,
    time::Instant,
    validate,
};
use serde_json::{Map, Value};

use super::{reply::FieldFault, telling::Fields};

/// The farthest that an application may lie back: thirty days.
const OLDEST_MS: i64 = 30 * 24 * 3_600_000;
/// How far an outside clock may go ahead.
const AHEAD_MS: i64 = 5 * 60_000;
/// The most papers of an application.
const MAX_FILES: usize = 30;

/// What an outside system applies for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Application {
    /// Its own number.
    pub(super) serial: String,
    /// When the user handed it in.
    pub(super) submitted_at: Instant,
    /// The applicant's account there.
    pub(super) account: Option<String>,
    /// Papers brought before.
    pub(super) files: Vec<FileId>,
    /// What is asked for.
    pub(super) matter: Matter,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Matter {
    /// A connection.
    Connection(Box<SubmitDemand>),
    /// Gas for a connection that is under way or installed.
    GasOn {
        /// The case.
        case_no: String,
        /// Who applies.
        applicant: String,
    },
}

/// Reads an application.
///
/// # Errors
/// Every field that is missing or wrong.
pub(super) fn read(
    object: &Map<String, Value>,
    channel: Channel,
    received: Instant,
) -> Result<Application, Vec<FieldFault>> {
    let mut fields = Fields::of(object);
    if fields.text("channel").is_some_and(|named| named != channel.as_str()) {
        fields.fault("channel", "mismatch", "渠道代码与接口地址不一致");
    }
    // The signature of a request is in its headers.
    let _ = fields.text("signature");
    let serial = fields.need("serial_id", 64);
    let submitted_at = submitted_at(&mut fields, received);
    let account = fields.short("account_id", 64);
    let files = files(&mut fields);
    let kind = fields.text("kind").unwrap_or_else(|| "application".to_owned());
    let matter = match kind.as_str() {
        "application" => {
            connection(&mut fields, channel, CaseKind::Application, &serial, account.as_ref())
        }
        "demand" => connection(&mut fields, channel, CaseKind::Demand, &serial, account.as_ref()),
        "gas_on" => Some(Matter::GasOn {
            case_no: fields.need("case_no", 64),
            applicant: fields.need("link_man", 50),
        }),
        _ => {
            fields.fault("kind", "unknown", "只能是 application、demand 或 gas_on");
            None
        }
    };
    let faults = fields.faults();
    match matter {
        Some(matter) if faults.is_empty() => {
            Ok(Application { serial, submitted_at, account, files, matter })
        }
        _ => Err(faults),
    }
}

fn submitted_at(fields: &mut Fields<'_>, received: Instant) -> Instant {
    let Some(text) = fields.text("submitted_at") else { return received };
    match crate::intake::instant(&text) {
        Some(at) if at.since(received) > AHEAD_MS => {
            fields.fault("submitted_at", "in_future", "提交时间晚于服务器时间,请校准时钟");
        }
        Some(at) if received.since(at) > OLDEST_MS => {
            fields.fault("submitted_at", "too_old", "提交时间早于 30 天,请由营业厅补录");
        }
        Some(at) => return at.min(received),
        None => fields.fault("submitted_at", "format", "请写成 2026-11-23T11:05:09+08:00"),
    }
    received
}

fn files(fields: &mut Fields<'_>) -> Vec<FileId> {
    let named = fields.list("file_ids").or_else(|| fields.list("file_id_list")).unwrap_or_default();
    let ids: Option<Vec<FileId>> =
        named.iter().map(|value| value.as_str().and_then(|text| text.parse().ok())).collect();
    match ids {
        Some(ids) if ids.len() <= MAX_FILES => ids,
        _ => {
            fields.fault("file_ids", "format", "最多 30 个由文件接口返回的文件编号");
            Vec::new()
        }
    }
}

fn connection(
    fields: &mut Fields<'_>,
    channel: Channel,
    kind: CaseKind,
    serial: &str,
    account: Option<&String>,
) -> Option<Matter> {
    let segment = segment(fields);
    let basic = basic(fields, segment);
    let recording_id = fields.short("recording_id", 64);
    let appliances = appliances(fields);
    let outside = Outside {
        system: fields
            .short("outside_system", 64)
            .or_else(|| fields.short("outside_system_name", 64)),
        account: account.cloned(),
        consumer_no: fields.short("cons_no", 64),
        assisted_by: fields.short("assisted_by", 64),
        raw: fields.rest(),
    };
    Some(Matter::Connection(Box::new(SubmitDemand {
        channel,
        kind,
        external_serial: Some(serial.to_owned()),
        segment: segment?,
        basic: basic?,
        manager: None,
        recording_id,
        appliances,
        outside: Some(outside),
    })))
}

fn segment(fields: &mut Fields<'_>) -> Option<Segment> {
    let Some(text) = fields.text("install_type") else {
        fields.missing("install_type");
        return None;
    };
    let segment = match text.as_str() {
        "residential" | "居民" | "居民用户" => Segment::Residential,
        "residential_scattered" | "scattered" | "household" | "零星户" => Segment::Scattered,
        "non_residential" | "commercial" | "industrial" | "非居民" | "非居民用户" => {
            Segment::NonResidential
        }
        "non_residential_micro" | "micro_commercial" | "小微商" | "小微商用户" => {
            Segment::Micro
        }
        _ => {
            let known =
                "应为 residential、residential_scattered、non_residential 或 micro_commercial";
            fields.fault("install_type", "unknown", known);
            return None;
        }
    };
    Some(segment)
}

fn basic(fields: &mut Fields<'_>, segment: Option<Segment>) -> Option<Basic> {
    // An identity number is not asked for before the contract (P-03): it stays
    // with the request, which is kept encrypted, and goes into no record.
    let _ = fields.text("id_no");
    let Party { kind: party_type, name, link_man, uscc } = party(fields);
    let phone = fields.need("phone", 30);
    if !phone.is_empty() && validate::phone(&phone).is_err() {
        fields.fault("phone", "format", "联系电话应为手机或固定电话号码");
    }
    let address = fields.need("address", 200);
    if fields.text("city_no").is_some_and(|code| code != lantian_domain::audience::OUR_REGION) {
        fields.fault("city_no", "out_of_area", "不在新郑市供气区域,请向当地燃气企业申请");
    }
    let use_kind = use_kind(fields, segment);
    let want = want(fields);
    let consent = consent(fields);
    let demand_m3h = quantity(fields, "demand_m3h");
    let need_date = date(fields);
    let agent = agent(fields);
    let remark = fields.short("remark", 500);
    Some(Basic {
        party_type,
        name: name?,
        phone,
        address,
        use_kind,
        want,
        consent: consent?,
        contact_name: link_man.filter(|_| party_type == PartyType::Organization),
        agent,
        community: fields.short("community", 100),
        uscc,
        geo: None,
        households: None,
        demand_m3h,
        need_date,
        enterprise_size: None,
        ownership: None,
        investment_promotion: false,
        infrastructure_fee: false,
        in_planned_area: true,
        new_building: false,
        new_housing: false,
        four_zero_proof: None,
        crosses_shared_parts: false,
        remark,
    })
}

/// Who applies.
struct Party {
    kind: PartyType,
    name: Option<String>,
    link_man: Option<String>,
    uscc: Option<String>,
}

fn party(fields: &mut Fields<'_>) -> Party {
    let link_man = fields.short("link_man", 50);
    let party_name = fields.short("party_name", 100);
    let uscc = fields.short("uscc", 18);
    let other_name = party_name.as_ref().is_some_and(|name| Some(name) != link_man.as_ref());
    let party_type = match fields.text("party_type").as_deref() {
        Some("person") => PartyType::Person,
        Some("organization") => PartyType::Organization,
        Some(_) => {
            fields.fault("party_type", "unknown", "只能是 person 或 organization");
            PartyType::Person
        }
        // Who has a credit code, or a name beside the contact's, is a unit.
        None if uscc.is_some() || other_name => PartyType::Organization,
        None => PartyType::Person,
    };
    let name = party_name.or_else(|| link_man.clone());
    if name.is_none() {
        fields.missing("link_man");
    }
    if let Some(code) = &uscc
        && validate::uscc(code, validate::LicencePhoto::Absent).is_err()
    {
        fields.fault("uscc", "check_digit", "统一社会信用代码有误,请与营业执照核对");
    }
    Party { kind: party_type, name, link_man, uscc }
}

fn use_kind(fields: &mut Fields<'_>, segment: Option<Segment>) -> UseKind {
    match fields.text("use_kind") {
        Some(text) => UseKind::parse(&text).unwrap_or_else(|| {
            fields.fault("use_kind", "unknown", "用气类别代码不在字典内");
            UseKind::Other
        }),
        None if segment.is_some_and(Segment::is_household) => UseKind::Dwelling,
        None => UseKind::Other,
    }
}

fn want(fields: &mut Fields<'_>) -> Want {
    let Some(text) = fields.text("want") else { return Want::New };
    Want::parse(&text).unwrap_or_else(|| {
        fields.fault("want", "unknown", "只能是 new、extension、change 或 gas_on_only");
        Want::New
    })
}

fn consent(fields: &mut Fields<'_>) -> Option<Consent> {
    let Some(given) = fields.object("consent") else {
        fields.fault("consent", "missing", "缺少个人信息处理告知的同意记录");
        return None;
    };
    let mut inner = Fields::of(given);
    let text_version = inner.need("text_version", 40);
    let at = inner.text("at").and_then(|text| crate::intake::instant(&text));
    match at {
        Some(at) if inner.faults().is_empty() => {
            Some(Consent { text_version, at, withdrawn_at: None })
        }
        _ => {
            fields.fault("consent", "format", "同意记录应有 text_version 和 at");
            None
        }
    }
}

/// Who acts for the applicant: a name, or an object that has one.
fn agent(fields: &mut Fields<'_>) -> Option<String> {
    if let Some(proxy) = fields.object("proxy") {
        return Fields::of(proxy).short("name", 50);
    }
    fields.short("proxy", 50)
}

fn date(fields: &mut Fields<'_>) -> Option<lantian_domain::time::Date> {
    let text = fields.text("need_date")?;
    let date = crate::intake::date(&text);
    if date.is_none() {
        fields.fault("need_date", "format", "请写成 2026-12-05");
    }
    date
}

fn quantity(fields: &mut Fields<'_>, name: &'static str) -> Option<Quantity> {
    let text = fields.text(name)?;
    let read = text.parse().ok();
    if read.is_none() {
        fields.fault(name, "format", "应为数字,最多三位小数");
    }
    read
}

fn appliances(fields: &mut Fields<'_>) -> Vec<Appliance> {
    let named = fields.list("devices").or_else(|| fields.list("device_list")).unwrap_or_default();
    let mut all = Vec::new();
    let mut fine = named.len() <= 50;
    for value in named.iter().take(50) {
        let Some(object) = value.as_object() else {
            fine = false;
            continue;
        };
        let mut one = Fields::of(object);
        let quantity = one.text("quantity").map_or(Some(1), |text| text.parse().ok());
        let appliance = Appliance {
            name: one.need("device_name", 64),
            model: one.short("model", 64),
            size: one.short("size", 64),
            rate_m3h: self::quantity(&mut one, "normal_gas_rate"),
            pipe: one.short("pipe_diameter", 64),
            quantity: quantity.unwrap_or(0),
            heat_kw: self::quantity(&mut one, "heat_load"),
        };
        fine &= one.faults().is_empty() && quantity.is_some_and(|n| (1..=10_000).contains(&n));
        all.push(appliance);
    }
    if !fine {
        let advice = "每台设备要有 device_name,数量 1 至 10000,气量和热负荷为数字,最多 50 行";
        fields.fault("devices", "format", advice);
    }
    all
}
