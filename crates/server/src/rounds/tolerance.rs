//! 容缺: what time does to a debt — the applicant is reminded, the manager has
//! to go there, the lead has to decide (F-6, F-7, R-40). Warnings and breaches
//! of the debt's clock are the escalation's; here is what only a debt knows.

use std::collections::BTreeMap;

use lantian_domain::{
    case::{
        Case,
        material::{RemindMaterial, Step, overdue::steps_due},
    },
    command::Command,
    ids::derived,
    notice::{About, Level, RaiseNotice, Recipient},
    policy::RuleId,
    record::{Record, RecordKind},
    role::Role,
    time::Instant,
};

use super::Deed;
use crate::{
    error::Result,
    pipeline::{find, rules_of},
    store::{Ledger as _, Scopes as _, Unit},
};

/// The steps that are reached, each with the notice that belongs to it.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let rules = rules_of(unit)?;
    let mut deeds = Vec::new();
    for id in unit.urgent()? {
        let Some(Record::Case(case)) = find(unit, id)? else { continue };
        for step in steps_due(&case, &rules.calendar, now) {
            let raised = notice(&case, &step);
            let label = name(&case, &step);
            let command = Command::RemindMaterial(step);
            deeds.push(Deed { record: case.id, command, label: label.clone() });
            let notice = derived(case.id, &label);
            if let Some(raised) = raised
                && unit.record(notice)?.is_none()
            {
                let command = Command::RaiseNotice(Box::new(raised));
                deeds.push(Deed { record: notice, command, label: "raise".to_owned() });
            }
        }
    }
    Ok(deeds)
}

/// A step is taken once for each last day that was agreed.
fn name(case: &Case, step: &RemindMaterial) -> String {
    let item = case.materials.iter().find(|item| item.code == step.code);
    let due = item.and_then(|item| item.due_on).map(|day| day.to_string()).unwrap_or_default();
    format!("tolerance {} {} {due}", step.code, step.step.as_str())
}

/// Who has to act on the step, besides what the debt's clock says anyway.
fn notice(case: &Case, step: &RemindMaterial) -> Option<RaiseNotice> {
    let (to, level, text) = match step.step {
        Step::Visit => (Recipient::User(case.manager), Level::Warning, "tolerance_visit"),
        Step::Decide => (Recipient::Role(Role::CmLead), Level::DeptLead, "tolerance_decide"),
        Step::Before | Step::DueDay | Step::Overdue => return None,
    };
    let about = About {
        record: case.id,
        kind: RecordKind::Case,
        no: case.no.clone(),
        rule: Some(RuleId::D09),
        key: Some(step.code.clone()),
        clause: Some("R-40".to_owned()),
    };
    let params = BTreeMap::from([("material".to_owned(), step.code.clone())]);
    Some(RaiseNotice { to, level, about, text: text.to_owned(), params })
}
