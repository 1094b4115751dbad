//! A drawn signature, and what it holds for. A signature under costs is bound
//! to drawing, budget, options and total; newer ones make it void.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, budget::Totals, material::known_files},
    coded::coded,
    file::FileKind,
    ids::FileId,
    refusal::{Code, Refusal, require},
};

coded! {
    /// Who signs, seen from the applicant.
    Relation {
        /// 本人
        Applicant = "applicant",
        /// 经办人
        Agent = "agent",
        /// 法定代表人
        LegalRepresentative = "legal_representative",
        /// 家属
        Family = "family",
    }
}

/// A drawn signature, bound to what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Who signs.
    pub signer: String,
    /// Who that is.
    pub relation: Relation,
    /// The drawn picture.
    #[schemars(extend("x-widget" = "signature"))]
    pub file: FileId,
    /// What was shown: for costs as [`basis`] writes it, else the text's version.
    #[schemars(extend("x-widget" = "hidden"))]
    pub basis: String,
}

/// What a signature under the costs in force is bound to, if there are costs
/// to sign: the case, the versions and the customer's total in fen; no option
/// is chosen.
pub fn basis(case: &Case) -> Option<String> {
    basis_with(case, &[])
}

/// As [`basis`], with the optional lines at the places `chosen`, from 1.
pub fn basis_with(case: &Case, chosen: &[u32]) -> Option<String> {
    let (design, budget) = (case.design()?, case.budget()?);
    let total = Totals::of(&budget.lines, chosen).ok()?.customer_fen.0;
    let shown = format!("{}/design {}/budget {}", case.id, design.version, budget.version);
    let options = match chosen {
        [] => String::new(),
        chosen => {
            let places: Vec<_> = chosen.iter().map(u32::to_string).collect();
            format!("/options {}", places.join(","))
        }
    };
    Some(format!("{shown}{options}/total {total}"))
}

/// Requires a drawn signature that was given on exactly `basis`.
pub(crate) fn signed(case: &Case, signature: &Signature, basis: &str) -> Result<(), Refusal> {
    let no = |why: &str| Refusal::new(Code::Signature).with("field", "signature").with("why", why);
    require(!signature.signer.trim().is_empty(), || no("who signs is missing"))?;
    known_files(case, &[signature.file], "signature")?;
    let drawn = case.file(signature.file).is_some_and(|f| matches!(f.kind, FileKind::Signature));
    require(drawn, || no("not a signature"))?;
    require(signature.basis == basis, || {
        no("given on something else").with("have", &signature.basis).with("want", basis)
    })
}
