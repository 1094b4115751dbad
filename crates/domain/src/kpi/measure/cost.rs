//! What the fees of a case count for: K-33, K-35.

use crate::{
    case::{
        Case,
        budget::{Boundary, Payer},
        fee::FeeConfirmation,
    },
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
    money::Fen,
};

/// Gives the samples of a case's fees: those of the confirmation in force.
pub(super) fn measure(case: &Case, dims: &Dims<'_>, sink: &mut impl Sink) {
    let Some(confirmed) = case.confirmation() else { return };
    let at = confirmed.settled_at;
    let mut take = |figure, amount| {
        sink.take(&Sample { figure, record: case.id, at, dims: *dims, amount });
    };
    let [inside, outside] = paid(case, confirmed);
    take(Figure::Cost, Amount::Value(confirmed.customer_total_fen.0));
    take(Figure::CostInside, Amount::Value(inside));
    take(Figure::CostOutside, Amount::Value(outside));
    if outside > 0 {
        take(Figure::OutsidePaid, Amount::Count(1));
    }
}

/// What the user pays inside and outside the boundary, fen; what lies at the
/// boundary is outside.
fn paid(case: &Case, confirmed: &FeeConfirmation) -> [i64; 2] {
    let budget = case.budgets.iter().find(|budget| budget.version == confirmed.budget_version);
    let lines = budget.map(|budget| budget.lines.as_slice()).unwrap_or_default();
    let mut paid = [0, 0];
    for line in lines.iter().filter(|line| line.payer == Payer::Customer) {
        let Fen(amount) = line.amount_fen;
        paid[usize::from(line.boundary != Boundary::Inside)] += amount;
    }
    paid
}
