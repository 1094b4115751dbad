//! Sums of a budget: every total is the sum of rounded lines (H-3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CostCategory, CostLine, Payer, Section};
use crate::money::{Fen, MAX_SHARES, MoneyError, Rate, allocate};

/// Sums of rounded lines (H-3), fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// 用户承担
    pub customer_fen: Fen,
    /// 公司承担
    pub company_fen: Fen,
    /// 政府承担
    pub government_fen: Fen,
    /// 开发企业承担
    pub developer_fen: Fen,
    /// 其中税额
    pub tax_fen: Fen,
    /// 含税合计
    #[serde(default)]
    pub incl_fen: Fen,
    /// 不含税合计
    #[serde(default)]
    pub excl_fen: Fen,
    /// 各部分小计, in the order of the budget.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<SectionTotal>,
    /// 每户分摊
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_household: Option<Shares>,
}

/// What a part of the budget comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SectionTotal {
    /// Which part.
    pub section: Section,
    /// Its lines together, fen.
    pub amount_fen: Fen,
}

/// An amount over households: all but the last bear the same (H-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shares {
    /// How many.
    pub households: u32,
    /// What each but the last bears, fen.
    pub each_fen: Fen,
    /// What the last bears, fen.
    pub last_fen: Fen,
}

impl Totals {
    /// The sums of `lines`; an optional line counts when its place, from 1, is
    /// among `chosen`.
    ///
    /// # Errors
    /// [`MoneyError`] for a total below 0.00 or beyond the limit.
    pub fn of(lines: &[CostLine], chosen: &[u32]) -> Result<Self, MoneyError> {
        let counted: Vec<&CostLine> = counted(lines, chosen).collect();
        let of = |payer: Payer| {
            Fen::total(counted.iter().filter(|line| line.payer == payer).map(|l| l.amount_fen))
        };
        let incl_fen = Fen::total(counted.iter().map(|line| line.amount_fen))?;
        let tax_fen = Fen::sum(counted.iter().map(|line| line.tax_fen))?;
        let mut sections = Vec::new();
        for section in Section::ALL {
            let mut part = counted.iter().filter(|l| l.category.section() == *section).peekable();
            if part.peek().is_some() {
                let amount_fen = Fen::sum(part.map(|line| line.amount_fen))?;
                sections.push(SectionTotal { section: *section, amount_fen });
            }
        }
        Ok(Self {
            customer_fen: of(Payer::Customer)?,
            company_fen: of(Payer::Company)?,
            government_fen: of(Payer::Government)?,
            developer_fen: of(Payer::Developer)?,
            tax_fen,
            incl_fen,
            excl_fen: incl_fen.checked_sub(tax_fen)?,
            sections,
            per_household: None,
        })
    }

    /// What others than the company pay.
    pub fn charged(&self) -> Fen {
        Fen(self.incl_fen.0 - self.company_fen.0)
    }
}

/// The lines that count, with those options that were chosen.
fn counted<'a>(lines: &'a [CostLine], chosen: &'a [u32]) -> impl Iterator<Item = &'a CostLine> {
    lines
        .iter()
        .zip(1_u32..)
        .filter(|(line, no)| !line.optional || chosen.contains(no))
        .map(|(l, _)| l)
}

impl Shares {
    /// What each of `households` bears of `total`.
    ///
    /// # Errors
    /// [`MoneyError::Shares`] for none or more than [`MAX_SHARES`].
    pub fn of(total: Fen, households: u32) -> Result<Self, MoneyError> {
        let count = usize::try_from(households).unwrap_or(MAX_SHARES + 1);
        let shares = allocate(total, count)?;
        let (first, last) = (shares[0], shares[shares.len() - 1]);
        let each_fen = if households > 1 { first } else { last };
        Ok(Self { households, each_fen, last_fen: last })
    }
}

/// Whether `part` is more than `most` of `whole`; exact.
pub(crate) fn exceeds(part: Fen, whole: Fen, most: Rate) -> bool {
    i128::from(part.0) * 1_000_000 > i128::from(whole.0) * i128::from(most.units())
}

/// 不可预见费 and the sum of what it may be measured by.
pub(crate) fn contingency(lines: &[CostLine]) -> Result<(Fen, Fen), MoneyError> {
    let is = |line: &&CostLine| line.category == CostCategory::Contingency;
    let of = |wanted: bool| {
        Fen::sum(lines.iter().filter(|line| is(line) == wanted).map(|line| line.amount_fen))
    };
    Ok((of(true)?, of(false)?))
}

/// `(price − cost) / cost`, cut off after six decimals (H-9).
///
/// # Errors
/// [`MoneyError::Overflow`] for a cost of 0.00 or less, or a margin beyond the
/// limit of a rate.
pub fn margin(price: Fen, cost: Fen) -> Result<Rate, MoneyError> {
    if cost <= Fen::ZERO {
        return Err(MoneyError::Overflow);
    }
    let parts = (i128::from(price.0) - i128::from(cost.0)) * 1_000_000 / i128::from(cost.0);
    Rate::from_units(i64::try_from(parts).map_err(|_| MoneyError::Overflow)?)
}
