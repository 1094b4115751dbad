//! Debts of materials, as the tests of tolerance speak of them.

use lantian_domain::{
    case::{
        CaseKind, Channel, Segment,
        basic::Basic,
        intake::SubmitDemand,
        material::{
            Message, OwedBy, OwedItem, RemindMaterial, VerifyMaterial, missing, overdue::steps_due,
        },
    },
    command::Command,
    ids::RecordId,
    role::Role,
    time::Instant,
};

use super::{Office, samples, user};

const MANAGER: Role = Role::CustomerManager;

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// Applicant and premises with some fields of their own.
pub(crate) fn basic_with(now: Instant, fields: &serde_json::Value) -> Basic {
    let mut basic = serde_json::to_value(samples::basic(now)).unwrap();
    for (key, value) in fields.as_object().unwrap() {
        basic[key] = value.clone();
    }
    serde_json::from_value(basic).unwrap()
}

pub(crate) fn submitted(office: &mut Office, segment: Segment, basic: Basic) -> RecordId {
    let id = RecordId(office.id());
    let demand = SubmitDemand {
        channel: Channel::WechatOa,
        kind: CaseKind::Application,
        external_serial: Some(format!("JB-{id}")),
        segment,
        basic,
        manager: Some(user(MANAGER)),
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    };
    office.must(Role::Integration, id, &Command::SubmitDemand(demand));
    id
}

/// An application of a scattered household at the office's present instant.
pub(crate) fn scattered(office: &mut Office) -> RecordId {
    let basic = samples::basic(office.now);
    submitted(office, Segment::Scattered, basic)
}

pub(crate) fn debt(code: &str, owed_by: OwedBy, days: Option<u32>) -> OwedItem {
    OwedItem { code: code.to_owned(), owed_by, days, due_on: None, why: None }
}

pub(crate) fn tolerant(owed: Vec<OwedItem>) -> Command {
    let contact = "客户经理 13900139000".to_owned();
    Command::AcceptTolerant(lantian_domain::case::intake::AcceptTolerant {
        owed,
        contact,
        notice: None,
    })
}

/// Everything that is missing, the tolerable owed by the customer.
pub(crate) fn all_owed(office: &Office, id: RecordId) -> Vec<OwedItem> {
    let owed = |kind: &&lantian_domain::case::material::MaterialType| {
        let by = if kind.is_critical() { OwedBy::Manager } else { OwedBy::Customer };
        debt(kind.code, by, None)
    };
    missing(office.case(id)).iter().map(owed).collect()
}

pub(crate) fn verify(code: &str) -> Command {
    Command::VerifyMaterial(VerifyMaterial { code: code.to_owned() })
}

/// What a round of the server does at the office's present instant.
pub(crate) fn round(office: &mut Office, id: RecordId) -> Vec<RemindMaterial> {
    let due = steps_due(office.case(id), &office.rules.calendar, office.now);
    for step in &due {
        let now = office.now;
        office.must(Role::Integration, id, &Command::RemindMaterial(step.clone()));
        office.now = now;
    }
    due
}

pub(crate) fn item(
    office: &Office,
    id: RecordId,
    code: &str,
) -> lantian_domain::case::material::MaterialItem {
    office.case(id).materials.iter().find(|item| item.code == code).unwrap().clone()
}

pub(crate) fn told(office: &Office, id: RecordId, message: Message) -> usize {
    office.case(id).tolerance.told.iter().filter(|told| told.message == message).count()
}
