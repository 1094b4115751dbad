//! A record's line in a list, and what search finds it by.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "reference data have lines of their own; work answers for itself"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, Segment,
        basic::PartyType,
        four_zero, material,
        permit::{PermitClock, PermitFiling, PermitKind, PermitState},
        risk::risk,
    },
    clock::{Clock, ClockState, RuleId},
    ids::{FilingId, RecordId, UserId},
    lead::{Lead, Source},
    notice::Notice,
    privacy::{mask, register::PiRegister, request::PiRequest},
    record::{Record, RecordKind},
    role::OrgUnit,
    time::Instant,
    watch::Watch,
    work::Work,
};

/// One line of a list; computed once when the record changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// Which record.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number.
    pub no: String,
    /// Project or applicant.
    pub title: String,
    /// Address.
    pub subtitle: String,
    /// The state's code.
    pub state: String,
    /// The kind of user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// When its most urgent running clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// Which clock that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<RuleId>,
    /// The department in charge of that clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgUnit>,
    /// The person named on that clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<UserId>,
    /// The customer manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<UserId>,
    /// Marks: `suspended`, `owed`, `approval`, `retracted`, `four_zero`,
    /// `material_overdue`, `tolerance_overdue`, `decide_overdue`, `help_apply`,
    /// `trips`, `zero_trip_broken`, `risk`, `unassigned`, and of a case the code
    /// of its channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// The filings of permits that something is still to be done about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<PermitLine>,
    /// What search looks through, in lower case.
    pub search: String,
}

/// A filing of a permit as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitLine {
    /// Which filing.
    pub filing: FilingId,
    /// Number within the case.
    pub no: u32,
    /// Which permit.
    pub kind: PermitKind,
    /// How it stands.
    pub state: PermitState,
    /// When its most urgent running clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// What that clock measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PermitClock>,
}

impl Card {
    /// Urgency rank: the due instant in ms; last when nothing runs.
    pub fn due_ms(&self) -> i64 {
        self.due_at.map_or(i64::MAX, |at| at.0)
    }
}

/// The line of `record`.
pub fn card(record: &Record) -> Card {
    match record {
        Record::Person(person) => Card {
            title: person.name.clone(),
            no: person.login.clone(),
            subtitle: person
                .policy_read
                .as_ref()
                .map_or_else(String::new, |read| read.policy.clone()),
            state: if person.active { "active" } else { "inactive" }.to_owned(),
            flags: flags(&[("policy_unread", person.active && person.policy_read.is_none())]),
            search: haystack(&[&person.name, &person.login]),
            ..blank(person.id, RecordKind::Person)
        },
        Record::Rules(rules) => Card {
            title: rules.policy.label(),
            state: "in_force".to_owned(),
            flags: flags(&[("approval", rules.approvals.iter().any(|a| a.decided.is_none()))]),
            ..blank(rules.id, RecordKind::Rules)
        },
        work => {
            let card = work.work().map_or_else(|| blank(work.id(), work.kind()), Work::card);
            let clock = urgent(work.clocks());
            Card {
                org: clock.map(|clock| OrgUnit::parse(&clock.org).unwrap_or(OrgUnit::Office)),
                holder: clock.and_then(|clock| clock.person),
                ..card
            }
        }
    }
}

/// An empty line.
pub(crate) fn blank(id: RecordId, kind: RecordKind) -> Card {
    Card {
        id,
        kind,
        no: String::new(),
        title: String::new(),
        subtitle: String::new(),
        state: String::new(),
        segment: None,
        due_at: None,
        clock: None,
        org: None,
        holder: None,
        manager: None,
        flags: Vec::new(),
        permits: Vec::new(),
        search: String::new(),
    }
}

pub(crate) fn of_lead(lead: &Lead) -> Card {
    let push = &lead.push;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let urgent = urgent(&lead.clocks);
    Card {
        no: push.project_code.clone().unwrap_or_else(|| push.source_key.clone()),
        title: push.project_name.clone(),
        subtitle: text(&push.site_address),
        state: lead.state.as_str().to_owned(),
        due_at: urgent.map(|clock| clock.due_at),
        clock: urgent.map(|clock| clock.rule),
        manager: lead.manager,
        flags: flags(&[
            ("approval", lead.approvals.iter().any(|a| a.decided.is_none())),
            ("retracted", lead.retracted),
        ]),
        search: haystack(&[
            &push.project_name,
            &push.source_key,
            &text(&push.project_code),
            &text(&push.site_address),
            &text(&push.builder_name),
            &text(&push.contact_name),
            &text(&push.contact_phone),
        ]),
        ..blank(lead.id, RecordKind::Lead)
    }
}

pub(crate) fn of_case(case: &Case) -> Card {
    let basic = &case.basic;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let urgent = urgent(&case.clocks);
    let personal = basic.party_type == PartyType::Person;
    let owed = case.materials.iter().any(|item| item.owed_by.is_some() && !item.is_settled());
    let overdue = case.tolerance.overdue;
    Card {
        no: case.no.clone(),
        title: if personal { mask::name(&basic.name) } else { basic.name.clone() },
        subtitle: if personal { mask::building(&basic.address) } else { basic.address.clone() },
        state: case.state.as_str().to_owned(),
        segment: Some(case.segment),
        due_at: urgent.map(|clock| clock.due_at),
        clock: urgent.map(|clock| clock.rule),
        manager: case.responsible(),
        // The channel stands last: it is what the case never loses.
        flags: marked(
            &[
                ("suspended", case.suspended.is_some()),
                ("owed", owed),
                ("approval", case.approvals.iter().any(|a| a.decided.is_none())),
                ("four_zero", case.four_zero()),
                ("unassigned", case.responsible().is_none()),
                ("material_overdue", material::overdue::is_noted(case)),
                ("tolerance_overdue", overdue.is_some()),
                ("decide_overdue", overdue.is_some_and(|mark| mark.to_decide_since.is_some())),
                (
                    "help_apply",
                    case.gas.as_ref().is_some_and(super::case::gas_on::GasOn::wants_help),
                ),
                ("trips", case.user_side.is_over_one()),
                ("zero_trip_broken", four_zero::has_finding(case)),
                ("risk", risk(case).is_some()),
            ],
            case.channel.as_str(),
        ),
        permits: permits(case),
        search: haystack(&[
            &case.no,
            &basic.name,
            &basic.phone,
            &basic.address,
            &text(&basic.contact_name),
            &text(&basic.community),
            &text(&basic.uscc),
            &text(&case.external_serial),
        ]),
        ..blank(case.id, RecordKind::Case)
    }
}

pub(crate) fn of_request(request: &PiRequest) -> Card {
    let urgent = urgent(&request.clocks);
    Card {
        no: request.received_at.date().to_string(),
        title: mask::name(&request.asked.name),
        subtitle: request.asked.kind.zh().to_owned(),
        state: request.state.as_str().to_owned(),
        due_at: urgent.map(|clock| clock.due_at),
        clock: urgent.map(|clock| clock.rule),
        search: haystack(&[&request.asked.name, &request.asked.phone]),
        ..blank(request.id, RecordKind::PiRequest)
    }
}

pub(crate) fn of_register(register: &PiRegister) -> Card {
    Card {
        title: "个人信息保护台账".to_owned(),
        subtitle: register
            .assessments
            .iter()
            .map(|one| one.valid_to)
            .min()
            .map(|day| format!("影响评估有效至 {day}"))
            .unwrap_or_default(),
        state: register.state().to_owned(),
        due_at: register.renew_by(),
        search: "个人信息保护台账".to_owned(),
        ..blank(register.id, RecordKind::PiRegister)
    }
}

pub(crate) fn of_watch(watch: &Watch) -> Card {
    let urgent = urgent(&watch.clocks);
    let title = match watch.source {
        Source::Gonggai => "“工改”系统每日关注",
        Source::Duogui => "“多规合一”平台每日关注",
        Source::Referral | Source::Patrol | Source::Other => "每日关注",
    };
    let last = watch.checks.last();
    Card {
        title: title.to_owned(),
        subtitle: last.map(|check| check.day.to_string()).unwrap_or_default(),
        state: watch.state().to_owned(),
        due_at: urgent.map(|clock| clock.due_at),
        clock: urgent.map(|clock| clock.rule),
        search: haystack(&[title]),
        ..blank(watch.id, RecordKind::Watch)
    }
}

/// The title is the code of the text, which screens word; what waits to be
/// read longest stands first.
pub(crate) fn of_notice(notice: &Notice) -> Card {
    let about = &notice.raised.about;
    Card {
        no: about.no.clone(),
        title: notice.raised.text.clone(),
        state: notice.state().to_owned(),
        due_at: notice.receipts.is_empty().then_some(notice.raised_at),
        clock: about.rule,
        flags: vec![notice.raised.level.as_str().to_owned()],
        search: haystack(&[&about.no, about.rule.map_or("", RuleId::code)]),
        ..blank(notice.id, RecordKind::Notice)
    }
}

/// The running clock that ends first.
fn permits(case: &Case) -> Vec<PermitLine> {
    let line = |filing: &PermitFiling| {
        let urgent = case.urgent_permit_clock(filing);
        PermitLine {
            filing: filing.id,
            no: filing.no,
            kind: filing.kind,
            state: filing.state,
            due_at: urgent.map(|(_, clock)| clock.due_at),
            part: urgent.map(|(part, _)| part),
        }
    };
    case.permits.iter().filter(|filing| filing.state.is_open()).map(line).collect()
}

pub(crate) fn urgent(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().filter(|c| c.state == ClockState::Running).min_by_key(|clock| clock.due_at)
}

/// The names of the marks that are set.
pub(crate) fn flags(marks: &[(&str, bool)]) -> Vec<String> {
    marks.iter().filter(|(_, set)| *set).map(|(mark, _)| (*mark).to_owned()).collect()
}

/// The flags that are set, and a mark that always is.
fn marked(marks: &[(&str, bool)], mark: &str) -> Vec<String> {
    let mut all = flags(marks);
    all.push(mark.to_owned());
    all
}

/// The fields on lines of their own, so that no match spans two of them.
pub(crate) fn haystack(fields: &[&str]) -> String {
    let fields: Vec<_> = fields.iter().filter(|f| !f.is_empty()).copied().collect();
    fields.join("\n").to_lowercase()
}
