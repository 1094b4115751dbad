//! The budget's lines, from the price book.

use lantian_domain::{
    case::budget::{
        Boundary::{self, Inside, Outside},
        BudgetStructure, CostLine,
        FeeGroup::{self, Construction, Design, Installation, Material, Other},
        IssueBudget,
        Payer::{self, Company, Customer, Developer},
        PriceSource,
    },
    command::Command,
    money::Fen,
};

use super::{
    prices::PRICES,
    scene::{Turn, decimal},
    story::Kind,
};
use crate::error::{Error, Result};

/// Item, group, boundary, quantity, tax rate, payer.
type Line = (&'static str, FeeGroup, Boundary, &'static str, &'static str, Payer);

/// What a household may take or leave.
const OPTION: &str = "P-VALVE";

const HOME: &[Line] = &[
    ("P-HOME", Installation, Inside, "1", "0.09", Customer),
    ("P-G16", Material, Inside, "1", "0.13", Customer),
    ("P-STEEL25", Installation, Inside, "12", "0.09", Customer),
    (OPTION, Other, Inside, "1", "0.13", Customer),
    ("P-PE63", Construction, Outside, "14.5", "0.09", Company),
    ("P-TIE", Construction, Outside, "1", "0.09", Company),
];
const DINER: &[Line] = &[
    ("P-STEEL50", Installation, Inside, "37.455", "0.09", Customer),
    ("P-G6", Material, Inside, "1", "0.13", Customer),
    ("P-ALARM", Material, Inside, "1", "0.13", Customer),
    ("P-TEST", Other, Inside, "1", "0.06", Customer),
    ("P-PE63", Construction, Outside, "22", "0.09", Company),
    ("P-TIE", Construction, Outside, "1", "0.09", Company),
];
const ESTATE: &[Line] = &[
    ("P-PE110", Construction, Outside, "45", "0.09", Company),
    ("P-ROAD", Construction, Outside, "31.5", "0.09", Company),
    ("P-TIE", Construction, Outside, "1", "0.09", Company),
    ("P-RX400", Material, Inside, "1", "0.13", Developer),
    ("P-PE110", Construction, Inside, "86.5", "0.09", Developer),
    ("P-HOME", Installation, Inside, "240", "0.09", Developer),
    ("P-G16", Material, Inside, "240", "0.13", Developer),
];
const LARGE: &[Line] = &[
    ("P-DESIGN", Design, Inside, "1", "0.06", Customer),
    ("P-PE110", Construction, Inside, "86.5", "0.09", Customer),
    ("P-RX100", Material, Inside, "1", "0.13", Customer),
    ("P-G160", Material, Inside, "1", "0.13", Customer),
    ("P-STEEL50", Installation, Inside, "60", "0.09", Customer),
    ("P-ALARM", Material, Inside, "2", "0.13", Customer),
    ("P-PE110", Construction, Outside, "45", "0.09", Company),
    ("P-ROAD", Construction, Outside, "31.5", "0.09", Company),
    ("P-TIE", Construction, Outside, "1", "0.09", Company),
];

/// The estimator proposes the budget of the drawing in force.
pub(super) fn propose(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let lines = match turn.story.kind {
        Kind::Home => HOME,
        Kind::Diner => DINER,
        Kind::Estate => ESTATE,
        Kind::Factory | Kind::School | Kind::Hospital | Kind::Hotel | Kind::Boiler => LARGE,
    };
    let issue = IssueBudget {
        design_version: turn.case()?.design().map_or(0, |design| design.version),
        structure: BudgetStructure::PriceBook,
        lines: lines.iter().map(cost).collect::<Result<_>>()?,
        cost_fen: None,
        households: (turn.story.kind == Kind::Estate).then_some(240),
        live_gas_times: Some(1),
        file: None,
        note: None,
    };
    turn.on_case("estimator1", Command::IssueBudget(issue))
}

fn cost(line: &Line) -> Result<CostLine> {
    let (item, group, boundary, qty, rate, payer) = *line;
    let (_, name, unit, price, category) = PRICES
        .iter()
        .find(|(known, ..)| *known == item)
        .ok_or_else(|| Error::damaged(format!("the demo has no price of {item}")))?;
    Ok(CostLine {
        code: None,
        name: (*name).to_owned(),
        category: *category,
        group,
        boundary,
        unit: (*unit).to_owned(),
        qty: decimal(qty)?,
        unit_price: decimal(price)?,
        price_excludes_tax: false,
        rate: decimal(rate)?,
        payer,
        source: PriceSource::PriceBook,
        price_item: Some(item.to_owned()),
        legal_basis: None,
        optional: item == OPTION,
        discount: None,
        visible_to_customer: true,
        amount_fen: Fen::ZERO,
        tax_fen: Fen::ZERO,
        zero_rule: None,
    })
}
