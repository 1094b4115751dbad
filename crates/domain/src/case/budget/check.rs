//! Whether a line may stand in a budget, and what it comes to (H-2…H-12).
//!
//! Invariant: a line that this lets pass never makes the customer pay what
//! lies outside the boundary and is covered.

use super::{Boundary, CostCategory, CostLine, Payer, PriceSource, ZeroRule};
use crate::{
    case::{Case, Segment},
    context::Context,
    money::{Fen, Quantity, UnitPrice, line_amount, tax_excluded_add, tax_included_split},
    refusal::{Code, Refusal, require},
};

/// The line with its amount, its tax, and the rule that makes it free.
///
/// # Errors
/// The refusal that the line meets.
pub(crate) fn check_line(
    case: &Case,
    line: &CostLine,
    cx: &Context<'_>,
) -> Result<CostLine, Refusal> {
    require(!line.name.trim().is_empty(), || Refusal::field("name", "missing"))?;
    require(!line.unit.trim().is_empty(), || Refusal::field("unit", "missing"))?;
    require(line.qty.units() > 0, || Refusal::field("qty", "more than 0"))?;
    let (amount_fen, tax_fen) = amounts(line)?;
    discounted(line, amount_fen)?;
    taxed(line, cx)?;
    priced(case, line, cx)?;
    let zero_rule = zero_rule(case, line.boundary);
    if line.payer == Payer::Customer {
        chargeable(case, line, amount_fen, zero_rule, cx)?;
    }
    optional(case, line, cx)?;
    let concerns = line.payer != Payer::Company || zero_rule.is_some();
    require(line.visible_to_customer || !concerns, || {
        Refusal::field("visible_to_customer", "the customer sees what others pay and what is free")
    })?;
    Ok(CostLine { amount_fen, tax_fen, zero_rule, ..line.clone() })
}

/// What a line comes to, tax included, and the tax in it (H-2, H-4).
fn amounts(line: &CostLine) -> Result<(Fen, Fen), Refusal> {
    let no = |error| Refusal::field("unit_price", error);
    let amount = line_amount(line.qty, line.unit_price).map_err(no)?;
    if line.category == CostCategory::Tax {
        return Ok((amount, amount));
    }
    let (tax, rest) = if line.price_excludes_tax {
        tax_excluded_add(amount, line.rate).map_err(no)?
    } else {
        tax_included_split(amount, line.rate).map_err(no)?
    };
    Ok((if line.price_excludes_tax { rest } else { amount }, tax))
}

/// The amount of a line for a quantity that was found in the end (H-14).
pub(crate) fn amount_of(line: &CostLine, qty: Quantity) -> Result<(Fen, Fen), Refusal> {
    amounts(&CostLine { qty, ..line.clone() })
}

/// A discount is a negative line with its reason and who allowed it.
fn discounted(line: &CostLine, amount: Fen) -> Result<(), Refusal> {
    match &line.discount {
        None => require(amount >= Fen::ZERO, || {
            Refusal::field("discount", "a negative line needs reason and approver")
        }),
        Some(discount) => {
            require(amount < Fen::ZERO, || Refusal::field("discount", "the line is not negative"))?;
            require(!discount.reason.trim().is_empty(), || {
                Refusal::field("discount", "reason missing")
            })
        }
    }
}

/// The rate is one of those in force for the kind of cost, or none at all.
fn taxed(line: &CostLine, cx: &Context<'_>) -> Result<(), Refusal> {
    let rates = cx.rules.cost.rates(line.category, cx.now.date());
    let free = line.rate.units() == 0;
    require(free || rates.is_empty() || rates.contains(&line.rate), || {
        let want: Vec<_> = rates.iter().map(ToString::to_string).collect();
        Refusal::field("rate", "not a rate in force for this kind of cost")
            .with("want", want.join(","))
    })
}

/// A line of the price book costs what the price book says; the price of a
/// household's installation is always one of the price book (H-10).
fn priced(case: &Case, line: &CostLine, cx: &Context<'_>) -> Result<(), Refusal> {
    let fixed = line.category == CostCategory::InstallPerHousehold && case.segment.is_household();
    let booked = line.source == PriceSource::PriceBook || fixed;
    let Some(item) = &line.price_item else {
        return require(!booked, || {
            Refusal::new(Code::PriceMissing).with("field", "price_item").with("name", &line.name)
        });
    };
    let price = cx
        .rules
        .prices
        .price(item, case.segment, cx.now.date())
        .ok_or_else(|| Refusal::new(Code::PriceMissing).with("item", item))?;
    let same = price.unit_price == line.unit_price && price.tax_excluded == line.price_excludes_tax;
    require(same, || {
        Refusal::field("unit_price", "not the published price")
            .with("item", item)
            .with("want", price.unit_price)
    })
}

/// The rule that makes a line free for the customer: what lies at the boundary
/// counts as outside.
fn zero_rule(case: &Case, boundary: Boundary) -> Option<ZeroRule> {
    let outside = matches!(boundary, Boundary::Outside | Boundary::At);
    if outside && (case.is_covered() || case.basic.in_planned_area) {
        Some(ZeroRule::OutsideBoundary)
    } else if !outside && case.basic.new_housing {
        Some(ZeroRule::NewHousing)
    } else {
        None
    }
}

/// H-6 to H-8: whether the customer may be charged.
fn chargeable(
    case: &Case,
    line: &CostLine,
    amount: Fen,
    rule: Option<ZeroRule>,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    if let Some(term) = cx.rules.cost.forbidden_in(&line.name) {
        return Err(Refusal::new(Code::ForbiddenFee).with("name", &line.name).with("term", term));
    }
    let Some(rule) = rule.filter(|_| amount != Fen::ZERO) else { return Ok(()) };
    require(is_granted(case, line, rule), || {
        Refusal::new(Code::ZeroCost)
            .with("name", &line.name)
            .with("rule", rule.as_str())
            .with("override", way_out(case, rule))
    })
}

/// The command that could grant an exception, if one exists at all.
fn way_out(case: &Case, rule: ZeroRule) -> &'static str {
    let none = rule != ZeroRule::OutsideBoundary || case.is_covered();
    if none { "none" } else { "allow_outside_cost" }
}

/// Whether an exception lets the customer be charged in spite of `rule`.
fn is_granted(case: &Case, line: &CostLine, rule: ZeroRule) -> bool {
    rule == ZeroRule::OutsideBoundary
        && !case.is_covered()
        && line.legal_basis.as_ref().is_some_and(|basis| case.exception(basis).is_some())
}

/// Whether the customer would pay for what is free by the case as it stands.
pub(crate) fn is_overcharged(case: &Case, line: &CostLine) -> bool {
    line.payer == Payer::Customer
        && line.amount_fen != Fen::ZERO
        && zero_rule(case, line.boundary).is_some_and(|rule| !is_granted(case, line, rule))
}

/// H-11: what a customer may do without is offered, never built into the
/// price; what the law demands is no option (L-07).
fn optional(case: &Case, line: &CostLine, cx: &Context<'_>) -> Result<(), Refusal> {
    let charged = line.payer == Payer::Customer;
    if let Some(term) = cx.rules.cost.optional_in(&line.name).filter(|_| charged) {
        require(line.optional, || {
            Refusal::field("optional", "the customer chooses this or leaves it").with("term", term)
        })?;
    }
    if !line.optional {
        return Ok(());
    }
    require(charged, || Refusal::field("optional", "only what the customer pays"))?;
    let demanded = line.category == CostCategory::Alarm && case.basic.use_kind.needs_alarm();
    require(!demanded, || Refusal::field("optional", "the law demands it").with("rule", "L-07"))
}

/// Whether the charge of a line is checked against its cost (H-9): what others
/// than the company pay of a non-residential installation, unless the price
/// book sets it.
pub(crate) fn needs_cost(case: &Case, line: &CostLine) -> bool {
    let business = matches!(case.segment, Segment::NonResidential | Segment::Micro);
    business
        && line.payer != Payer::Company
        && line.source != PriceSource::PriceBook
        && line.price_item.is_none()
        && line.unit_price > UnitPrice::default()
}
