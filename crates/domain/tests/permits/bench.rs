//! What the tests of permits share: a surveyed case and the steps of a filing.

use lantian_domain::{
    case::{
        CaseState, gate,
        permit::*,
        survey::{RouteSegment, Survey},
    },
    clock::Clock,
    command::Command,
    event::Event,
    file::FileKind,
    ids::{FilingId, RecordId},
    refusal::Refusal,
    role::Role,
    time::{Date, Instant},
};

use crate::office::{Office, samples};

pub(crate) const AGENT: Role = Role::PermitAgent;
pub(crate) const MANAGER: Role = Role::CustomerManager;

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}:00+08:00")).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The survey of a case: 12 m of carriageway are dug, 2 trees moved.
pub(crate) fn survey(office: &mut Office, id: RecordId) -> Box<Survey> {
    let Command::CompleteSurvey(mut survey) = samples::survey(office, id) else { unreachable!() };
    let outside = serde_json::json!({
        "zone": "outside_boundary", "surface": "asphalt", "length_m": "12",
    });
    survey.route.push(serde_json::from_value::<RouteSegment>(outside).unwrap());
    survey.trees = 2;
    survey
}

/// A case whose survey asks for a road and a tree.
pub(crate) fn surveyed(office: &mut Office) -> RecordId {
    let id = samples::case_in(office, CaseState::SurveyDesign);
    let survey = survey(office, id);
    office.must(Role::Surveyor, id, &Command::CompleteSurvey(survey));
    id
}

pub(crate) fn designed(office: &mut Office) -> RecordId {
    let id = surveyed(office);
    let design = samples::design(office, id);
    office.approved(Role::Designer, Role::TechLead, id, &design);
    id
}

pub(crate) fn of(office: &Office, id: RecordId, kind: PermitKind) -> PermitFiling {
    let found = office.case(id).permits.iter().rev().find(|filing| filing.kind == kind);
    found.unwrap_or_else(|| panic!("a filing for {kind:?}")).clone()
}

pub(crate) fn state(office: &Office, id: RecordId, filing: FilingId) -> PermitState {
    office.case(id).filing(filing).unwrap().state
}

pub(crate) fn clock(office: &Office, id: RecordId, filing: FilingId, part: PermitClock) -> Clock {
    let found = office.case(id).permit_clocks(filing).filter(|(of, _)| *of == part).last();
    found.unwrap_or_else(|| panic!("a clock {part:?}")).1.clone()
}

pub(crate) fn refused(answer: Result<Vec<Event>, Refusal>) -> Refusal {
    answer.expect_err("a refusal")
}

/// Everything that a filing needs besides what the survey knows.
pub(crate) fn filled(office: &mut Office, id: RecordId, mut plan: DraftPermit) -> DraftPermit {
    let file = office.attach(AGENT, id, FileKind::Permit);
    "新华路66号院门前".clone_into(&mut plan.location);
    "天然气管道接入工程".clone_into(&mut plan.reason);
    plan.geo = office.case(id).survey.as_ref().map(|survey| survey.geo);
    plan.planned_from = Some(day("2026-05-11"));
    plan.planned_to = Some(day("2026-06-03"));
    let papers =
        [PermitPaper::ConstructionPlan, PermitPaper::GreenRestoration, PermitPaper::OwnerConsent];
    plan.documents = papers.map(|paper| PermitDocument { paper, file }).to_vec();
    if plan.kind.is_road() {
        let road = plan.road.get_or_insert_default();
        road.planning_permit_no = Some("建字第410184202600018号".to_owned());
        road.carriageway_len_m = Some("12".parse().unwrap());
        road.dig_depth_m = Some("1.2".parse().unwrap());
        road.method = Some(DigMethod::Drilling);
    }
    for trees in &mut plan.trees {
        "国槐".clone_into(&mut trees.species);
        trees.dbh_cm = 18;
        trees.transplant_to = Some("溱水路苗圃".to_owned());
        trees.replant_plan = Some("原址补植".to_owned());
    }
    if plan.kind == PermitKind::GreenOccupy {
        plan.green.get_or_insert_default().area_m2 = Some("20".parse().unwrap());
    }
    plan
}

pub(crate) fn draft(
    office: &mut Office,
    id: RecordId,
    plan: DraftPermit,
) -> Result<Vec<Event>, Refusal> {
    office.give(AGENT, id, &Command::DraftPermit(Box::new(plan)))
}

pub(crate) fn fresh(office: &mut Office, kind: PermitKind) -> DraftPermit {
    let Command::DraftPermit(plan) = samples::draft_permit(kind) else { unreachable!() };
    DraftPermit { filing: FilingId(office.id()), ..*plan }
}

/// Prepares and files the permit of this kind.
pub(crate) fn filed(office: &mut Office, id: RecordId, kind: PermitKind) -> FilingId {
    let known = office.case(id).permits.iter().any(|filing| filing.kind == kind);
    let plan = if known { of(office, id, kind).plan } else { fresh(office, kind) };
    let plan = filled(office, id, plan);
    let filing = plan.filing;
    draft(office, id, plan).unwrap();
    office.must(AGENT, id, &samples::file_permit(filing));
    filing
}

pub(crate) fn answer(
    office: &mut Office,
    id: RecordId,
    filing: FilingId,
    code: &str,
) -> Vec<Event> {
    let code = AnswerCode::parse(code).unwrap();
    office.must(AGENT, id, &samples::answer(filing, code))
}

pub(crate) fn step(
    office: &mut Office,
    id: RecordId,
    filing: FilingId,
    step: PermitStep,
) -> Result<Vec<Event>, Refusal> {
    office.give(AGENT, id, &samples::permit_step(filing, step))
}

pub(crate) fn granted(office: &mut Office, id: RecordId, kind: PermitKind) -> FilingId {
    let filing = filed(office, id, kind);
    for code in ["3", "8", "11"] {
        answer(office, id, filing, code);
    }
    filing
}

pub(crate) fn shut(office: &Office, id: RecordId) -> Vec<String> {
    gate::missing(office.case(id), gate::Gate::Permit, office.now, &office.rules)
}
