//! The technical computations T-01 to T-07 (domain e.8): what a household
//! draws at its peak, what a heat load is in gas, which meter fits, how far a
//! buried pipe keeps away from what lies beside it, how deep it lies, where
//! polyethylene may be, at what pressure a user is supplied.
//!
//! They propose and they warn ([`Advice`]); what the law leaves no room for is
//! refused (T-06). A warning is never silent: the form shows it, the case's
//! page shows it, and a drawing with one is not issued before the designer has
//! said why ([`unexplained`]).
//!
//! All of it is whole-number arithmetic over [`TechniqueRules`], which are
//! data of the company.

mod advice;
mod demand;
mod draft;
mod meter;
mod pipe;
mod supply;
mod table;

#[cfg(test)]
mod tests;

pub use advice::{Advice, AdviceCode, Rule};
pub(crate) use draft::refused;
pub use draft::{Draft, advise, of_case, unexplained};
pub(crate) use pipe::misplaced;
pub use pipe::{
    DesignClearance, DesignMeter, DesignPipe, DesignSheet, Ground, Laying, Neighbour, PipeMaterial,
};
pub use supply::SupplyUse;
pub use table::{
    ClearanceRow, CoverRow, MeterSize, PeRow, Simultaneity, SupplyRow, TechniqueRules,
};
