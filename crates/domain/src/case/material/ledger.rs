//! 容缺 ledger: which material, who promised, until when, what stays blocked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    MaterialGate, MaterialState, OwedBy, Step, debt::open_clock, material, overdue::Overdue,
};
use crate::{
    case::{Case, CaseState, Segment},
    ids::{RecordId, UserId},
    period::on_time,
    time::{Date, Instant},
};

/// A debt, as the ledger shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DebtLine {
    /// The case.
    pub case: RecordId,
    /// Its number.
    pub no: String,
    /// The applicant.
    pub applicant: String,
    /// The kind of user.
    pub segment: Segment,
    /// Where the case stands.
    pub case_state: CaseState,
    /// Code in the catalogue.
    pub code: String,
    /// Name of the material.
    pub name: String,
    /// Where it stands.
    pub state: MaterialState,
    /// Which side brings it.
    pub owed_by: OwedBy,
    /// Who promised: the applicant's contact; nothing where the manager
    /// collects it himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<String>,
    /// The responsible manager.
    pub manager: UserId,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Whether its time was extended.
    pub extended: bool,
    /// Whether it is late at the moment of asking.
    pub late: bool,
    /// What stays shut without it; nothing for a tolerable paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<MaterialGate>,
    /// The last step that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// `tolerance_overdue` of its case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<Overdue>,
}

/// What is owed in `case` at `now`, the earliest last day first.
pub fn ledger(case: &Case, now: Instant) -> Vec<DebtLine> {
    if case.state.is_ended() {
        return Vec::new();
    }
    let mut lines: Vec<_> = case
        .materials
        .iter()
        .filter(|item| !item.is_settled())
        .filter_map(|item| {
            let (kind, owed_by) = (material(&item.code)?, item.owed_by?);
            let clock = open_clock(case, &item.code);
            let basic = &case.basic;
            Some(DebtLine {
                case: case.id,
                no: case.no.clone(),
                applicant: basic.name.clone(),
                segment: case.segment,
                case_state: case.state,
                code: item.code.clone(),
                name: kind.name_zh.to_owned(),
                state: item.state,
                owed_by,
                promised_by: (owed_by == OwedBy::Customer)
                    .then(|| basic.contact_name.clone().unwrap_or_else(|| basic.name.clone())),
                manager: case.manager,
                due_on: item.due_on,
                extended: clock.is_some_and(|clock| !clock.extensions.is_empty()),
                late: clock.is_some_and(|clock| !on_time(now, &clock.due())),
                blocks: (kind.is_critical() && item.is_open()).then_some(kind.gate),
                step: item.reminded.last().map(|done| done.step),
                overdue: case.tolerance.overdue,
            })
        })
        .collect();
    lines.sort_by(|a, b| (a.due_on, &a.code).cmp(&(b.due_on, &b.code)));
    lines
}
