//! The cost sheet that a customer signs: the budget in force, and what a
//! signature under it is bound to.

use lantian_domain::{
    case::{Case, budget::CostLine, fee},
    ids::RecordId,
    record::Record,
};
use lantian_replica::Replica;

use crate::{
    error::{Error, Result},
    view::{CostLineView, CostView},
};

/// The sheet of a case.
pub(crate) fn cost(replica: &Replica, id: RecordId) -> Result<CostView> {
    match replica.shown(id)?.as_deref() {
        Some(Record::Case(case)) => sheet(case).ok_or(Error::NotFound { what: "budget" }),
        _ => Err(Error::NotFound { what: "case" }),
    }
}

/// The sheet of the budget in force, if there is one.
pub(crate) fn sheet(case: &Case) -> Option<CostView> {
    let (design, budget) = (case.design()?, case.budget()?);
    let confirmed = case.confirmation().filter(|fee| fee.budget_version == budget.version);
    Some(CostView {
        design_version: design.version,
        budget_version: budget.version,
        fee_type: confirmed.map(|fee| fee.fee_type.as_str().to_owned()).unwrap_or_default(),
        lines: budget.lines.iter().map(line).collect(),
        customer_total_fen: budget.totals.customer_fen.0,
        company_total_fen: budget.totals.company_fen.0,
        government_total_fen: budget.totals.government_fen.0,
        developer_total_fen: budget.totals.developer_fen.0,
        basis: fee::basis(case)?,
    })
}

fn line(line: &CostLine) -> CostLineView {
    CostLineView {
        name: line.name.clone(),
        group: line.group.as_str().to_owned(),
        qty: line.qty.to_string(),
        unit: line.unit.clone(),
        unit_price: line.unit_price.to_string(),
        amount_fen: line.amount_fen.0,
        payer: line.payer.as_str().to_owned(),
        boundary: line.boundary.as_str().to_owned(),
        zero_rule: line.zero_rule.map(|rule| rule.as_str().to_owned()),
    }
}
