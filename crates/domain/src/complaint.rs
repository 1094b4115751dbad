//! 投诉: received, answered in a day, found out by somebody outside the
//! department, and what follows for the person in charge (domain e.15, c.3,
//! D-18, D-19, R-54).

mod judge;
mod model;

pub(crate) use judge::{begin, from};
pub use model::{
    AnswerComplaint, AppealComplaint, AssignComplaint, CloseComplaint, Complaint, ComplaintChannel,
    ComplaintKind, ComplaintState, Contentment, DecideComplaint, Decision, FileComplaint, Finding,
    HandleComplaint, ReExamineComplaint,
};
