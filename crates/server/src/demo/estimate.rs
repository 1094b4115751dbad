//! The budget's lines, from the price book.

use lantian_domain::{
    case::budget::{
        Boundary::{self, Inside, Outside},
        CostLine,
        FeeGroup::{self, Construction, Design, Installation, Material, Other},
        IssueBudget,
        Payer::{self, Company, Customer, Developer},
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

const HOME: &[Line] = &[
    ("P-HOME", Installation, Inside, "1", "0.09", Customer),
    ("P-G16", Material, Inside, "1", "0.13", Customer),
    ("P-STEEL25", Installation, Inside, "12", "0.09", Customer),
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
        lines: lines.iter().map(cost).collect::<Result<_>>()?,
        file: None,
        note: None,
    };
    turn.on_case("estimator1", Command::IssueBudget(issue))
}

fn cost(line: &Line) -> Result<CostLine> {
    let (item, group, boundary, qty, rate, payer) = *line;
    let (_, name, unit, price) = PRICES
        .iter()
        .find(|(known, ..)| *known == item)
        .ok_or_else(|| Error::damaged(format!("the demo has no price of {item}")))?;
    Ok(CostLine {
        name: (*name).to_owned(),
        group,
        boundary,
        unit: (*unit).to_owned(),
        qty: decimal(qty)?,
        unit_price: decimal(price)?,
        rate: decimal(rate)?,
        payer,
        price_item: Some(item.to_owned()),
        amount_fen: Fen::ZERO,
        zero_rule: None,
    })
}
