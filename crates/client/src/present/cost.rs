//! The cost sheet that a customer signs, and a budget in the making: the
//! rulebook's own answers as a front end shows them.

use lantian_domain::{
    case::{
        Case,
        budget::{IssueBudget, LinePreview, Preview, Totals},
        fee::{self, Sheet, SheetGroup, SheetLine},
        permit::PassThrough,
    },
    ids::RecordId,
    record::Record,
    time::Instant,
};
use lantian_replica::Replica;

use crate::{
    error::{Error, Result},
    view::{
        CostGroupView, CostLineView, CostView, EstimateLineView, EstimateTotalsView, EstimateView,
        PassThroughView,
    },
};

/// The sheet of a case, with the options that are chosen.
pub(crate) fn cost(replica: &Replica, id: RecordId, chosen: &[u32]) -> Result<CostView> {
    let shown = replica.shown(id)?;
    let Some(Record::Case(case)) = shown.as_deref() else {
        return Err(Error::NotFound { what: "case" });
    };
    sheet(case, chosen).ok_or(Error::NotFound { what: "budget" })
}

/// The sheet of the budget in force, if there is one.
pub(crate) fn sheet(case: &Case, chosen: &[u32]) -> Option<CostView> {
    let sheet = fee::sheet(case, chosen)?;
    let confirmed = case.confirmation();
    let same = confirmed.filter(|fee| fee.budget_version == sheet.budget_version);
    let fee_type = same.map(|fee| fee.fee_type.as_str().to_owned()).unwrap_or_default();
    let agreed = confirmed.filter(|_| case.has_open_change());
    Some(view(sheet, fee_type, agreed.map(|fee| fee.customer_total_fen.0)))
}

/// What a budget that is being written comes to.
pub(crate) fn estimate(
    replica: &Replica,
    id: RecordId,
    budget: &IssueBudget,
    now: Instant,
) -> Result<EstimateView> {
    let Preview { lines, totals, margin_rate, pass_through, reviewer, problem } =
        replica.estimate(id, budget, now)?;
    Ok(EstimateView {
        lines: lines.into_iter().map(estimated).collect(),
        totals: totals.map(|totals| summed(&totals)),
        margin_rate: margin_rate.map(|rate| rate.to_string()),
        pass_through: pass_through.iter().map(passed).collect(),
        reviewer,
        refusal: problem.map(Into::into),
    })
}

fn view(sheet: Sheet, fee_type: String, agreed_total_fen: Option<i64>) -> CostView {
    let groups = sheet.groups.iter().map(|group| CostGroupView {
        group: group.group.as_str().to_owned(),
        customer_fen: group.customer_fen.0,
    });
    CostView {
        design_version: sheet.design_version,
        budget_version: sheet.budget_version,
        fee_type,
        place: sheet.place.map(|place| place.as_str().to_owned()),
        groups: groups.collect(),
        lines: sheet.groups.iter().flat_map(lines).collect(),
        customer_total_fen: sheet.totals.customer_fen.0,
        company_total_fen: sheet.totals.company_fen.0,
        government_total_fen: sheet.totals.government_fen.0,
        developer_total_fen: sheet.totals.developer_fen.0,
        agreed_total_fen,
        pass_through: sheet.pass_through.iter().map(passed).collect(),
        basis: sheet.basis,
    }
}

fn passed(line: &PassThrough) -> PassThroughView {
    PassThroughView {
        permit: line.permit.as_str().to_owned(),
        name: line.fee.name.clone(),
        amount_fen: line.fee.amount_fen.0,
        payer: line.fee.payer.as_str().to_owned(),
        receipt_no: line.fee.receipt_no.clone(),
    }
}

fn lines(group: &SheetGroup) -> Vec<CostLineView> {
    group.lines.iter().map(line).collect()
}

fn line(shown: &SheetLine) -> CostLineView {
    let line = &shown.line;
    CostLineView {
        no: shown.no,
        name: line.name.clone(),
        group: line.group.as_str().to_owned(),
        qty: line.qty.to_string(),
        unit: line.unit.clone(),
        unit_price: line.unit_price.to_string(),
        amount_fen: line.amount_fen.0,
        customer_fen: shown.customer_fen.0,
        payer: line.payer.as_str().to_owned(),
        boundary: line.boundary.as_str().to_owned(),
        optional: line.optional,
        chosen: shown.chosen,
        zero_rule: line.zero_rule.map(|rule| rule.as_str().to_owned()),
    }
}

fn estimated(line: LinePreview) -> EstimateLineView {
    EstimateLineView {
        amount_fen: line.amount_fen.map(|fen| fen.0),
        tax_fen: line.tax_fen.map(|fen| fen.0),
        zero_rule: line.zero_rule.map(|rule| rule.as_str().to_owned()),
        refusal: line.problem.map(Into::into),
    }
}

fn summed(totals: &Totals) -> EstimateTotalsView {
    EstimateTotalsView {
        incl_fen: totals.incl_fen.0,
        excl_fen: totals.excl_fen.0,
        tax_fen: totals.tax_fen.0,
        customer_fen: totals.customer_fen.0,
        company_fen: totals.company_fen.0,
        government_fen: totals.government_fen.0,
        developer_fen: totals.developer_fen.0,
        each_household_fen: totals.per_household.map(|shares| shares.each_fen.0),
        last_household_fen: totals.per_household.map(|shares| shares.last_fen.0),
    }
}
