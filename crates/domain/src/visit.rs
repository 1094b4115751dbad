//! 客户回访: the monthly plan of visits and each visit (domain i.1 to i.3,
//! R-43…R-48, V-1…V-6).

mod account;
mod month;
mod month_work;
pub mod questionnaire;
pub mod sample;
mod task;
mod task_work;

pub use account::Account;
pub(crate) use month::commit;
pub use month::{
    Basis, CommitVisitMonth, EndVisitMonth, Force, Forced, FreezeVisitMonth, Frozen, Missed,
    MonthEnded, MonthState, SegmentGroup, Task, TaskReplaced, TaskState, TaskUnreached,
    VisitCounted, VisitMonth, WarnVisitMonth, Warned, Why,
};
pub(crate) use month_work::from as month_from;
pub use task::{
    AllowSelfVisit, AssignVisit, AttemptResult, CancelVisit, CompleteVisit, NewItem, Replaced,
    SortVisit, Sorted, Unreached, Visit, VisitAttempt, VisitMode, VisitResult, VisitState,
};
pub(crate) use task_work::from as visit_from;
