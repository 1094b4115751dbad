//! 风险: whether the gas will burn when the user needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{case::Case, time::Date};

/// A case that will be late for its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// When everything is to be installed, as planned.
    pub planned: Date,
    /// When the user needs it.
    pub needed: Date,
    /// Calendar days between the two.
    pub days_late: i64,
}

/// When everything is to be installed: by the order, else by the contract.
pub fn planned_completion(case: &Case) -> Option<Date> {
    let order = case.construction.as_ref().map(|build| build.order.planned_finish);
    let contract = case.contracts.install.as_ref().and_then(|contract| contract.completion_due);
    order.or(contract)
}

/// The risk of a case whose plan is later than its user's need; none once it
/// is installed.
pub fn risk(case: &Case) -> Option<Risk> {
    let done = case.construction.as_ref().is_some_and(|build| build.completed.is_some());
    if done || !case.state.is_active() {
        return None;
    }
    let (planned, needed) = (planned_completion(case)?, case.basic.need_date?);
    let days_late = (planned - needed).num_days();
    (days_late > 0).then_some(Risk { planned, needed, days_late })
}
