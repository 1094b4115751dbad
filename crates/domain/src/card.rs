//! A record's line in a list, and what search finds it by.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Segment, material},
    clock::{Clock, ClockState, RuleId},
    ids::{RecordId, UserId},
    lead::{Lead, Source},
    record::{Record, RecordKind},
    time::Instant,
    watch::Watch,
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
    /// The customer manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<UserId>,
    /// Marks: `suspended`, `owed`, `approval`, `retracted`, `four_zero`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// What search looks through, in lower case.
    pub search: String,
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
        Record::Lead(lead) => of_lead(lead),
        Record::Case(case) => of_case(case),
        Record::Watch(watch) => of_watch(watch),
        Record::Person(person) => Card {
            title: person.name.clone(),
            no: person.login.clone(),
            state: if person.active { "active" } else { "inactive" }.to_owned(),
            search: haystack(&[&person.name, &person.login]),
            ..blank(person.id, RecordKind::Person)
        },
        Record::Rules(rules) => Card {
            title: rules.policy.label(),
            state: "in_force".to_owned(),
            ..blank(rules.id, RecordKind::Rules)
        },
    }
}

fn blank(id: RecordId, kind: RecordKind) -> Card {
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
        manager: None,
        flags: Vec::new(),
        search: String::new(),
    }
}

fn of_lead(lead: &Lead) -> Card {
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

fn of_case(case: &Case) -> Card {
    let basic = &case.basic;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let urgent = urgent(&case.clocks);
    let owed = case
        .materials
        .iter()
        .any(|item| item.owed_by.is_some() && item.state != material::MaterialState::Verified);
    Card {
        no: case.no.clone(),
        title: basic.name.clone(),
        subtitle: basic.address.clone(),
        state: case.state.as_str().to_owned(),
        segment: Some(case.segment),
        due_at: urgent.map(|clock| clock.due_at),
        clock: urgent.map(|clock| clock.rule),
        manager: Some(case.manager),
        flags: flags(&[
            ("suspended", case.suspended.is_some()),
            ("owed", owed),
            ("approval", case.approvals.iter().any(|a| a.decided.is_none())),
            ("four_zero", case.four_zero()),
        ]),
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

fn of_watch(watch: &Watch) -> Card {
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

fn urgent(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().filter(|c| c.state == ClockState::Running).min_by_key(|clock| clock.due_at)
}

fn flags(marks: &[(&str, bool)]) -> Vec<String> {
    marks.iter().filter(|(_, set)| *set).map(|(mark, _)| (*mark).to_owned()).collect()
}

/// The fields on lines of their own, so that no match spans two of them.
fn haystack(fields: &[&str]) -> String {
    let fields: Vec<_> = fields.iter().filter(|f| !f.is_empty()).copied().collect();
    fields.join("\n").to_lowercase()
}
