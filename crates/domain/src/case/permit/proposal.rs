//! What the survey leads to: filings proposed from the route and the
//! trees, prefilled with what is known; 备案 or 审批 by rule; fees of the
//! authorities as lines of the cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    detail::{GreenDetail, RoadDetail, TreeDetail},
    draft::PermitFee,
    draft::{DraftPermit, PermitApplicant},
    filing::PermitFiling,
    kind::{PermitKind as K, Procedure},
    rules::PermitRules,
    state::PermitState,
};
use crate::{
    case::{
        Case, CaseState,
        survey::{Surface, Survey, Zone},
    },
    context::Context,
    event::Event,
    ids::{FilingId, derived},
    money::Quantity,
    time::{DAY_MS, Instant},
};

/// What follows from a survey: a filing for each permit that the route asks
/// for and that nobody has begun.
pub(crate) fn proposed(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let Some(survey) = case.survey.as_deref().filter(|_| case.state < CaseState::Installed) else {
        return Vec::new();
    };
    let open = survey
        .permits_needed()
        .into_iter()
        .filter(|kind| !case.permits.iter().any(|filing| filing.kind == *kind));
    let mut no = u32::try_from(case.permits.len()).unwrap_or(u32::MAX);
    open.map(|kind| {
        no = no.saturating_add(1);
        let filing = PermitFiling::new(plan(case, survey, kind), PermitState::Proposed, no, cx.now);
        Event::PermitProposed(Box::new(filing))
    })
    .collect()
}

/// The draft as far as the survey knows it.
fn plan(case: &Case, survey: &Survey, kind: K) -> DraftPermit {
    DraftPermit {
        filing: FilingId(derived(case.id, &format!("permit:{}", kind.as_str())).0),
        kind,
        applicant: PermitApplicant::Company,
        poa: None,
        authority: None,
        commitment_mode: false,
        blocking: true,
        location: case.basic.address.clone(),
        geo: Some(survey.geo),
        sketch: None,
        reason: "天然气管道接入工程".to_owned(),
        planned_from: None,
        planned_to: None,
        ban_exception: None,
        road: kind.is_road().then(|| road(survey)),
        trees: if kind.is_tree() { trees(survey) } else { Vec::new() },
        green: (kind == K::GreenOccupy)
            .then(|| GreenDetail { area_m2: None, place: case.basic.address.clone() }),
        restorer: None,
        restoration_due: None,
        fees: Vec::new(),
        documents: Vec::new(),
        replaces: None,
        changes: None,
    }
}

fn road(survey: &Survey) -> RoadDetail {
    let length = |surfaces: &[Surface]| {
        let parts = survey
            .route
            .iter()
            .filter(|part| part.zone == Zone::Outside && surfaces.contains(&part.surface));
        let units = parts.fold(0, |sum: i64, part| sum.saturating_add(part.length_m.units()));
        Quantity::from_units(units).ok().filter(|length| length.units() > 0)
    };
    let carriageway = [Surface::Asphalt, Surface::Concrete];
    let surface = survey.route.iter().map(|part| part.surface).find(|s| carriageway.contains(s));
    RoadDetail {
        surface,
        carriageway_len_m: length(&carriageway),
        sidewalk_len_m: length(&[Surface::Paving]),
        ..RoadDetail::default()
    }
}

fn trees(survey: &Survey) -> Vec<TreeDetail> {
    vec![TreeDetail {
        species: String::new(),
        evergreen: false,
        count: survey.trees,
        dbh_cm: 0,
        transplant_to: None,
        replant_plan: None,
    }]
}

/// Whether the authority approves or only records what is planned.
pub(super) fn procedure(plan: &DraftPermit, rules: &PermitRules) -> Procedure {
    let Some(limit) = &rules.terms(plan.kind).record_within else { return Procedure::Approval };
    let road = plan.road.as_ref();
    let area = || match &plan.green {
        Some(green) => green.area_m2.map(Quantity::units),
        None => road.and_then(RoadDetail::area),
    };
    let days = || {
        let (from, to) = plan.planned_from.zip(plan.planned_to)?;
        Some(Instant::start_of(to).since(Instant::start_of(from)) / DAY_MS + 1)
    };
    let within = |most: Option<i64>, have: &dyn Fn() -> Option<i64>| {
        most.is_none_or(|most| have().is_some_and(|have| have <= most))
    };
    let small = within(limit.length_m.map(Quantity::units), &|| road.map(RoadDetail::length))
        && within(limit.area_m2.map(Quantity::units), &area)
        && within(limit.days.map(i64::from), &days);
    if small { Procedure::Record } else { Procedure::Approval }
}

/// A fee of an authority as a line of the cost: it passes through the
/// company's books and is none of the user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassThrough {
    /// The permit that it is paid for.
    pub permit: K,
    /// The filing's number within the case.
    pub no: u32,
    /// 费用
    #[serde(flatten)]
    pub fee: PermitFee,
}

/// The fees of the authorities that this case carries: lines that pass
/// through, outside the boundary (g.3, h.4). Budget, customer's sheet and
/// settlement show them beside their own lines; no sum of theirs holds them.
pub fn pass_through(case: &Case) -> Vec<PassThrough> {
    let counts = |filing: &&PermitFiling| filing.state != PermitState::NotNeeded;
    let filings = case.permits.iter().filter(counts);
    let lines = filings.flat_map(|filing| {
        let (permit, no) = (filing.kind, filing.no);
        filing.plan.fees.iter().map(move |fee| PassThrough { permit, no, fee: fee.clone() })
    });
    lines.collect()
}
