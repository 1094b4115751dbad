//! 许可代办: permits that the company files for the user (section g, R-42).
//!
//! A filing begins with the survey's proposal or by hand, is drafted, filed,
//! and answered by the authority; what is granted is used, restored and
//! inspected. What each kind of permit needs and how long it may take is data
//! of the rules ([`PermitRules`]), so that another city changes no code.

mod answer;
mod apply;
mod ban;
mod check;
mod clock;
mod commitment;
mod detail;
mod draft;
mod file;
mod filing;
mod kind;
mod package;
mod proposal;
mod rules;
mod state;
mod step;

pub use answer::{PermitAnswered, RecordPermitAnswer};
pub use ban::{BanCause, BanDay, BanEvent, BanWindow, DigBanCalendar};
pub use check::{PermitWarning, missing, warnings};
pub use clock::{ClockKey, PermitClock};
pub use commitment::{Commitment, Condition, MeetPermitCondition, Met};
pub use detail::{DigMethod, GreenDetail, RoadDetail, TreeDetail};
pub use draft::{
    BanException, DismissPermit, DraftPermit, PermitApplicant, PermitDocument, PermitDrafted,
    PermitFee,
};
pub use file::{FilePermit, PermitFiled};
pub use filing::{Certificate, Grant, PermitFiling};
pub use kind::{PermitKind, PermitPaper, Procedure};
pub use package::{GroupPermits, ParallelPackage, PermitsGrouped, latest_due};
pub use proposal::{PassThrough, pass_through};
pub use rules::{
    CommitmentTerms, KindTerms, PermitRules, PermitRulesError, ProtectedTree, RecordLimit,
};
pub use state::{AnswerCode, PermitState};
pub use step::{PermitStep, PermitStepped, RecordPermitStep};

pub(crate) use answer::answer;
pub(crate) use apply::apply;
pub(crate) use check::{closed, possible};
pub(crate) use clock::due_to_file;
pub(crate) use commitment::{meet, unmet};
pub(crate) use draft::{dismiss, draft};
pub(crate) use file::file;
pub(crate) use package::group;
pub(crate) use proposal::proposed;
pub(crate) use step::{begin_use, step};
