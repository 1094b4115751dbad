//! What a filing still needs, what to beware of, and what holds construction
//! shut (G-PERMIT).

use std::collections::BTreeSet;

use super::{
    clock::PermitClock,
    detail::DigMethod,
    draft::EDITABLE,
    filing::PermitFiling,
    kind::{PermitKind as K, PermitPaper as Paper},
    state::PermitState as S,
};
use crate::{
    case::{Case, material},
    coded::coded,
    command::CommandName as C,
    file::FileKind,
    record::Rules,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

coded! {
    /// What a person who prepares or uses a permit has to beware of.
    PermitWarning {
        /// 计划日期落在冬季禁掘期
        Winter = "winter_ban",
        /// 计划日期落在节假日禁掘期
        Holiday = "holiday_ban",
        /// 计划日期落在重大活动禁掘期
        Event = "event_ban",
        /// 该年放假通知尚未发布
        Provisional = "provisional_ban",
        /// 新建、改建道路未满五年
        NewRoad = "new_road",
        /// 大修道路未满三年
        OverhauledRoad = "overhauled_road",
        /// 宜采用顶管或定向钻
        OpenCut = "open_cut_chosen",
        /// 受保护的树木
        ProtectedTree = "protected_tree",
        /// 许可即将到期
        EndsSoon = "ends_soon",
        /// 办理周期长, 列为风险
        LongLead = "long_lead",
        /// 承诺条件未落实
        ConditionsOpen = "conditions_open",
    }
}

/// The fields and the papers that the filing misses before it is handed in.
pub fn missing(case: &Case, filing: &PermitFiling, rules: &Rules) -> (Vec<String>, Vec<String>) {
    let plan = &filing.plan;
    let mut fields = BTreeSet::new();
    let mut need = |field: &str, there: bool| {
        if !there {
            fields.insert(field.to_owned());
        }
    };
    need("location", !plan.location.trim().is_empty());
    need("reason", !plan.reason.trim().is_empty());
    need("planned_from", plan.planned_from.is_some());
    need("planned_to", plan.planned_to.is_some());
    need("geo", plan.geo.is_some() || plan.sketch.is_some());
    if filing.kind == K::RoadDig || filing.kind == K::PipeOnRoad {
        let road = plan.road.as_ref();
        need("carriageway_len_m", road.is_some_and(|road| road.length() > 0));
        need("dig_depth_m", road.is_some_and(|road| road.dig_depth_m.is_some()));
        need("method", road.is_some_and(|road| road.method.is_some()));
    }
    if filing.kind.is_tree() {
        let trees = &plan.trees;
        need("trees", !trees.is_empty());
        need("species", trees.iter().all(|trees| !trees.species.trim().is_empty()));
        need("dbh_cm", trees.iter().all(|trees| trees.dbh_cm > 0));
    }
    if filing.kind == K::GreenOccupy {
        need("area_m2", plan.green.as_ref().is_some_and(|green| green.area_m2.is_some()));
    }
    (fields.into_iter().collect(), papers(case, filing, rules))
}

fn papers(case: &Case, filing: &PermitFiling, rules: &Rules) -> Vec<String> {
    let mut wanted = rules.permits.terms(filing.kind).papers.clone();
    if needs_government(filing, rules) {
        wanted.push(Paper::GovernmentApproval);
    }
    let missing = wanted.into_iter().filter(|paper| !is_there(case, filing, *paper, rules));
    missing.map(|paper| paper.as_str().to_owned()).collect()
}

/// Whether the paper goes along, or the case knows what it says.
fn is_there(case: &Case, filing: &PermitFiling, paper: Paper, rules: &Rules) -> bool {
    let plan = &filing.plan;
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let known = match paper {
        Paper::PlanningPermit => {
            plan.road.as_ref().is_some_and(|road| said(&road.planning_permit_no))
                || material::is_there(case, "MT07")
        }
        Paper::RangeSketch => plan.sketch.is_some() || case.design().is_some(),
        Paper::ContractorContract => case.contracts.install.is_some(),
        Paper::PowerOfAttorney => plan.poa.is_some(),
        Paper::Photos => {
            let seen = [FileKind::PhotoSite, FileKind::PhotoRoute];
            case.files.iter().any(|file| seen.contains(&file.kind))
        }
        Paper::TransplantPlan => plan.trees.iter().all(|trees| {
            let replant = trees.dbh_cm < rules.permits.replant_cm || said(&trees.replant_plan);
            if filing.kind == K::TreeFell { replant } else { said(&trees.transplant_to) }
        }),
        Paper::ApplicationForm
        | Paper::ApplicantLicence
        | Paper::ConstructionPlan
        | Paper::OwnerConsent
        | Paper::GreenRestoration
        | Paper::TrafficPlan
        | Paper::GovernmentApproval
        | Paper::Other => false,
    };
    known || plan.documents.iter().any(|document| document.paper == paper)
}

/// A young road and a protected tree take the word of the government.
fn needs_government(filing: &PermitFiling, rules: &Rules) -> bool {
    let plan = &filing.plan;
    let permits = &rules.permits;
    let young =
        plan.road.as_ref().zip(plan.planned_from).is_some_and(|(road, day)| {
            road.is_new(day, permits) || road.is_overhauled(day, permits)
        });
    let digs = permits.terms(filing.kind).digs;
    (digs && young) || plan.trees.iter().any(|trees| trees.is_protected(permits))
}

/// What to beware of with this filing at `now`.
pub fn warnings(filing: &PermitFiling, rules: &Rules, now: Instant) -> Vec<PermitWarning> {
    use PermitWarning as W;
    let (plan, permits) = (&filing.plan, &rules.permits);
    let mut found = BTreeSet::new();
    let mut warn = |warning: W, holds: bool| {
        if holds {
            found.insert(warning);
        }
    };
    let day = plan.planned_from.unwrap_or(now.date());
    let last = plan.planned_to.unwrap_or(day);
    if permits.terms(filing.kind).digs {
        let window = permits.ban.first_within(day, last.max(day), &rules.calendar);
        let cause = window.map(|window| window.cause);
        warn(W::Winter, cause == Some(super::BanCause::Winter));
        warn(W::Holiday, cause == Some(super::BanCause::Holiday));
        warn(W::Event, cause == Some(super::BanCause::Event));
        warn(W::Provisional, cause.is_none() && rules.calendar.is_provisional(last));
        let road = plan.road.as_ref();
        warn(W::NewRoad, road.is_some_and(|road| road.is_new(day, permits)));
        warn(W::OverhauledRoad, road.is_some_and(|road| road.is_overhauled(day, permits)));
        warn(W::OpenCut, road.is_some_and(|road| road.method == Some(DigMethod::OpenCut)));
    }
    warn(W::ProtectedTree, plan.trees.iter().any(|trees| trees.is_protected(permits)));
    warn(W::LongLead, filing.kind == K::Other);
    let in_force = matches!(filing.state, S::Granted | S::InUse);
    let ends = filing.grant.as_ref().map(|grant| Instant::start_of(grant.to));
    let week = 7 * crate::time::DAY_MS;
    warn(W::EndsSoon, in_force && ends.is_some_and(|ends| ends.since(now) <= week));
    let open =
        filing.commitment.as_ref().is_some_and(|c| c.conditions.iter().any(|c| c.met.is_none()));
    warn(W::ConditionsOpen, in_force && open);
    found.into_iter().collect()
}

/// Why nobody may work on this permit on `day`; nothing when one may.
pub(super) fn hindrance(filing: &PermitFiling, day: Date, rules: &Rules) -> Option<&'static str> {
    match filing.state {
        S::Granted | S::InUse if !filing.permits(day) => Some("outside_period"),
        S::Granted | S::InUse => {
            let bound =
                rules.permits.terms(filing.kind).digs && filing.plan.ban_exception.is_none();
            let ban = rules.permits.ban.on(day, &rules.calendar);
            ban.window.filter(|_| bound).map(|window| window.cause.as_str())
        }
        S::Restored | S::Closed | S::NotNeeded => None,
        S::Proposed
        | S::Drafting
        | S::Filed
        | S::Correction
        | S::CorrectionDone
        | S::Accepted
        | S::RejectedIntake
        | S::Reviewing
        | S::Special
        | S::Refused
        | S::Appealed
        | S::Withdrawn
        | S::Changed
        | S::Expired => Some("not_granted"),
    }
}

/// What holds construction shut on `day` (G-PERMIT): the permits that the
/// survey asks for and those marked as blocking, each by its kind; with
/// `:reason` where it is granted and the day is the hindrance.
pub(crate) fn closed(case: &Case, day: Date, rules: &Rules) -> Vec<String> {
    let asked = case.survey.as_ref().map(|survey| survey.permits_needed()).unwrap_or_default();
    let counts =
        |filing: &&PermitFiling| !case.is_replaced(filing.id) && filing.state != S::Changed;
    let mut shut = BTreeSet::new();
    for filing in case.permits.iter().filter(counts).filter(|f| f.plan.blocking) {
        let waits = filing.plan.changes.is_none() || filing.grant.is_some();
        if let Some(why) = hindrance(filing, day, rules).filter(|_| waits) {
            let needless = filing.state == S::Withdrawn && !asked.contains(&filing.kind);
            let kind = filing.kind.as_str();
            match why {
                "not_granted" if needless => {}
                "not_granted" => {
                    shut.insert(kind.to_owned());
                }
                why => {
                    shut.insert(format!("{kind}:{why}"));
                }
            }
        }
    }
    let unfiled = asked.iter().filter(|kind| !case.permits.iter().any(|f| f.kind == **kind));
    shut.extend(unfiled.map(|kind| kind.as_str().to_owned()));
    shut.into_iter().collect()
}

/// Whether some filing, power or service lets the command be given at all.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other commands hang on no permit")]
pub(crate) fn possible(case: &Case, command: C) -> Result<(), Refusal> {
    let some = |fits: &dyn Fn(&PermitFiling) -> bool| case.permits.iter().any(fits);
    let fits = match command {
        C::DismissPermit => some(&|f| matches!(f.state, S::Proposed | S::Drafting)),
        C::FilePermit => some(&|f| f.state == S::Drafting),
        C::RecordPermitAnswer => {
            some(&|f| f.state.is_with_authority() || matches!(f.state, S::Granted | S::InUse))
        }
        C::RecordPermitStep => some(&|f| {
            let waits = matches!(f.state, S::Filed | S::CorrectionDone);
            waits || matches!(f.state, S::Granted | S::InUse | S::Restored | S::Refused)
        }),
        C::GroupPermits => case.permits.iter().filter(|f| f.state.is_open()).count() >= 2,
        C::MeetPermitCondition => some(&|f| f.commitment.is_some()),
        C::EndProxy => case.proxy.service.as_ref().is_some_and(|s| s.ended.is_none()),
        C::AgreeProxy => case.proxy.service.as_ref().is_none_or(|s| s.ended.is_some()),
        C::RevokePower => case.proxy.powers.iter().any(|power| power.revoked.is_none()),
        _ => true,
    };
    require(fits, || Refusal::new(Code::State).with("open", 0))
}

impl PermitFiling {
    /// The commands that carry this filing on, the next one first.
    pub fn next_steps(&self) -> &'static [C] {
        match self.state {
            S::Proposed => &[C::DraftPermit, C::DismissPermit],
            S::Drafting => &[C::FilePermit, C::DraftPermit, C::DismissPermit],
            S::Filed => &[C::RecordPermitAnswer, C::RecordPermitStep],
            S::Correction => &[C::DraftPermit, C::RecordPermitAnswer],
            S::CorrectionDone | S::Accepted | S::Reviewing | S::Special | S::Appealed => {
                &[C::RecordPermitAnswer]
            }
            S::Granted | S::InUse => {
                &[C::RecordPermitStep, C::RecordPermitAnswer, C::MeetPermitCondition]
            }
            S::Restored | S::Refused => &[C::RecordPermitStep],
            S::RejectedIntake | S::Expired => &[C::DraftPermit],
            S::Withdrawn | S::Changed | S::Closed | S::NotNeeded => &[],
        }
    }

    /// Whether the draft may be worked on.
    pub fn is_editable(&self) -> bool {
        EDITABLE.contains(&self.state)
    }
}

impl Case {
    /// The open clock of a filing that ends first, with what it measures.
    pub fn urgent_permit_clock(
        &self,
        filing: &PermitFiling,
    ) -> Option<(PermitClock, &crate::clock::Clock)> {
        self.permit_clocks(filing.id)
            .filter(|(_, clock)| clock.state.is_open())
            .min_by_key(|(_, clock)| clock.due_at)
    }
}
