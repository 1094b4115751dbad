//! 回访台账: one matter of one user, solved and closed one by one (domain i.4,
//! LG-1…LG-8, R-47…R-49, D-10).

mod judge;
mod model;

pub(crate) use judge::{begin, from};
pub(crate) use model::clock_of;
pub use model::{
    AssignLedgerItem, CloseLedgerItem, Confirm, ConfirmAttempt, Draft, ItemKind, ItemSource,
    ItemState, LedgerItem, Outcome, Plan, PlanLedgerItem, RegisterLedgerItem, ReopenLedgerItem,
    Severity, SolveLedgerItem, SplitLedgerItem, StartLedgerItem,
};
