//! 前期项目线索: early project information on its way to a case (domain c.1, e.4).

mod apply;
mod judge;
mod model;
mod work;

pub(crate) use apply::apply;
pub(crate) use judge::{from, judge, possible, receive};
pub use model::{
    CloseLead, CloseReason, ContactAttempt, ContactChannel, ContactResult, ConvertLead, Converted,
    HandOverLead, Lead, LeadState, MarkUnreachable, Opinion, ReassignLead, ReceivePush, ReopenLead,
    Retracted, Source,
};
