//! View models: what every front end shows, and nothing that it decides.
//!
//! Words: a *view* is computed at the moment it is asked for; instants are
//! RFC 3339 at +08:00, money is integer 分 (`*_fen`).
//!
//! Invariant: a view is complete. A front end that shows it needs no rule, no
//! clock arithmetic and no second question.
//!
//! Views hold personal data, so none of them derives `Debug` except those
//! without any.

pub mod admin;
pub mod archive;
pub mod attention;
pub mod calendar;
pub mod card;
pub mod cost;
pub mod departure;
pub mod file;
pub mod network;
pub mod offer;
pub mod permit;
pub mod readiness;
pub mod record;
pub mod report;
pub mod schema;
pub mod session;
pub mod sync;
pub mod technique;
pub mod tolerance;
pub mod work;

pub use lantian_protocol::{
    audit::{AuditCheck, AuditPage, AuditQuestion},
    channel::{ChannelChange, ChannelClient, ChannelSecret, Deliveries, Delivery, NewChannel},
    retention::Retention,
};

pub use admin::{AdminDevice, AdminUser, NewUser, UserChange, UserChanged, UserCreated};
pub use archive::{ArchiveProgress, ArchiveView};
pub use attention::{AttentionItem, Difference, ItemKind, PreviewItem, PreviewVerdict, Resolution};
pub use calendar::{DueQuestion, DueView};
pub use card::{CardView, PersonRef, SyncState};
pub use cost::{
    CostGroupView, CostLineView, CostView, EstimateLineView, EstimateTotalsView, EstimateView,
    PassThroughView,
};
pub use departure::{DepartureState, DepartureView};
pub use file::{FileContent, FileState, FileView, NewFile};
pub use network::{
    FileFault, FileOutcome, FilesCheck, HeldFile, Metered, NetworkRule, NetworkView,
};
pub use offer::{OfferView, RefusalView};
pub use permit::{ConditionView, PackageView, PermitCardView, PermitPage, PermitView};
pub use readiness::{Gap, ReadinessView, VisitDay, VisitReady};
pub use record::{
    ClockView, GateView, MaskedView, PendingView, RecordView, StepStatus, StepView, TrailView,
    WaitingClock, Warn,
};
pub use report::{
    CaseBehind, CasesQuestion, CasesView, DaysQuestion, ForecastView, KpiView, MonthQuestion,
    MonthView, NamedKey, SavedView, ThreatView,
};
pub use session::{DeviceRef, SessionState, SessionView, UserView};
pub use sync::{
    FirstSync, LogEntry, LogLevel, Online, RecordProgress, Storage, SyncReport, SyncStatus,
    Transfer,
};
pub use technique::AdviceView;
pub use tolerance::{DebtView, DebtsView};
pub use work::{
    Check, DoneView, DraftView, JudgeView, ListPage, ListQuestion, PersonView, TodayCounts,
    TodayView,
};
