//! The sheet that the customer reads: three groups, every line with who pays
//! it, what is free with 0.00 and the rule, and where the talk is held (R-18,
//! H-11, H-12).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TalkPlace, basis_with};
use crate::{
    case::{
        Case,
        budget::{CostLine, FeeGroup, Payer, Totals},
        permit::{PassThrough, pass_through},
    },
    money::Fen,
};

/// The customer's sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sheet {
    /// Version of the drawing.
    pub design_version: u32,
    /// Version of the budget.
    pub budget_version: u32,
    /// Where the talk is held, once it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<TalkPlace>,
    /// Design, construction and installation always; others when they have
    /// lines.
    pub groups: Vec<SheetGroup>,
    /// The sums, with the options that were chosen.
    pub totals: Totals,
    /// What goes to the authorities; in no sum, and nothing that is signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_through: Vec<PassThrough>,
    /// What a signature under it is bound to.
    pub basis: String,
}

/// A group of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SheetGroup {
    /// Which.
    pub group: FeeGroup,
    /// Its lines.
    pub lines: Vec<SheetLine>,
    /// What the customer pays in it, fen.
    pub customer_fen: Fen,
}

/// A line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SheetLine {
    /// Its place in the budget, from 1.
    pub no: u32,
    /// The line.
    pub line: CostLine,
    /// What the customer pays for it, fen: 0.00 where somebody else pays, or
    /// where it is an option that was not chosen.
    pub customer_fen: Fen,
    /// Whether an option was chosen.
    pub chosen: bool,
}

/// The sheet of the budget in force with the options at the places `chosen`.
pub fn sheet(case: &Case, chosen: &[u32]) -> Option<Sheet> {
    let (design, budget) = (case.design()?, case.budget()?);
    let lines: Vec<SheetLine> = budget
        .lines
        .iter()
        .zip(1_u32..)
        .filter(|(line, _)| line.visible_to_customer)
        .map(|(line, no)| {
            let picked = line.optional && chosen.contains(&no);
            let pays = line.payer == Payer::Customer && (picked || !line.optional);
            let customer_fen = if pays { line.amount_fen } else { Fen::ZERO };
            SheetLine { no, line: line.clone(), customer_fen, chosen: picked }
        })
        .collect();
    let place = case.negotiation.as_ref().and_then(|talk| talk.talk.as_ref()).map(|t| t.place);
    Some(Sheet {
        design_version: design.version,
        budget_version: budget.version,
        place: place.or_else(|| case.confirmation().map(|fee| fee.place)),
        groups: FeeGroup::ALL.iter().filter_map(|group| grouped(*group, &lines)).collect(),
        totals: Totals::of(&budget.lines, chosen).ok()?,
        pass_through: pass_through(case),
        basis: basis_with(case, chosen)?,
    })
}

fn grouped(group: FeeGroup, lines: &[SheetLine]) -> Option<SheetGroup> {
    let lines: Vec<_> = lines.iter().filter(|one| one.line.group == group).cloned().collect();
    let always =
        matches!(group, FeeGroup::Design | FeeGroup::Construction | FeeGroup::Installation);
    if lines.is_empty() && !always {
        return None;
    }
    let customer_fen = Fen::sum(lines.iter().map(|one| one.customer_fen)).ok()?;
    Some(SheetGroup { group, lines, customer_fen })
}
