//! Permits: filings of the survey's kinds through every state, a parallel
//! package, and acting for a user who cannot come himself.

use lantian_domain::{
    case::{
        Case,
        budget::Payer,
        permit::{
            AnswerCode, BanException, CommitmentTerms, DigMethod, DismissPermit, DraftPermit,
            FilePermit, GroupPermits, PermitDocument, PermitFee, PermitFiling, PermitKind,
            PermitPaper, PermitRules, PermitState, PermitStep, RecordLimit, RecordPermitAnswer,
            RecordPermitStep,
        },
        proxy::{AgreeProxy, Matter, POWER_TEXT, ProxyReason, SignPower},
    },
    command::Command,
    file::FileKind,
    ids::{FileId, FilingId, PowerId},
    money::Fen,
    time::{DAY_MS, Instant},
};
use uuid::Uuid;

use super::{
    agreement::signature,
    paper::Paper,
    scene::{Turn, decimal},
    story::Deed,
};
use crate::error::Result;

const AGENT: &str = "permit_agent1";

/// What the demonstration's city promises: shorter times, small works only
/// recorded, and commitment for the occupation of a road.
pub(super) fn rules() -> Result<PermitRules> {
    let mut rules = PermitRules::default();
    for (kind, promised) in [
        (PermitKind::RoadOccupy, 3),
        (PermitKind::RoadDig, 5),
        (PermitKind::TreeMove, 7),
        (PermitKind::GreenOccupy, 7),
    ] {
        let mut terms = rules.terms(kind).clone();
        terms.promised_days = Some(promised);
        let green = matches!(kind, PermitKind::TreeMove | PermitKind::GreenOccupy);
        let authority = if green { "新郑市园林中心" } else { "新郑市城市管理局" };
        authority.clone_into(&mut terms.authority);
        if kind == PermitKind::RoadOccupy {
            let length_m = Some(decimal("20")?);
            terms.record_within = Some(RecordLimit { length_m, area_m2: None, days: Some(90) });
            terms.commitment = Some(CommitmentTerms {
                text_version: "CN-2026-1".to_owned(),
                conditions: vec![
                    "围挡封闭施工,设置警示标志和夜间照明".to_owned(),
                    "完工当日清场并恢复路面".to_owned(),
                ],
            });
        }
        rules = rules.with_terms(terms);
    }
    Ok(rules)
}

fn filings(case: &Case, state: PermitState) -> Vec<PermitFiling> {
    case.permits.iter().filter(|filing| filing.state == state).cloned().collect()
}

/// Every proposed filing is prepared.
pub(super) fn draft(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let paper = turn.attach(AGENT, FileKind::Permit, Paper::Document)?;
    for filing in filings(&turn.case()?, PermitState::Proposed) {
        let plan = filled(turn, filing.plan, paper)?;
        turn.on_case(AGENT, Command::DraftPermit(Box::new(plan)))?;
    }
    Ok(())
}

/// What the survey does not know.
fn filled(turn: &Turn<'_, '_, '_>, mut plan: DraftPermit, paper: FileId) -> Result<DraftPermit> {
    plan.planned_from = Some(turn.at.date());
    plan.planned_to = Some(turn.at.plus_ms(80 * DAY_MS).date());
    let papers = [PermitPaper::ConstructionPlan, PermitPaper::TrafficPlan];
    plan.documents =
        papers.map(|paper_kind| PermitDocument { paper: paper_kind, file: paper }).to_vec();
    if plan.kind.is_road() {
        let road = plan.road.get_or_insert_default();
        road.planning_permit_no = Some(format!("建字第4101842026{:05}号", turn.story.serial));
        road.carriageway_width_m = Some(decimal("1.2")?);
        road.dig_depth_m = Some(decimal("1.5")?);
        road.method = Some(DigMethod::Drilling);
        road.built_on = "2016-10-01".parse().ok();
        plan.ban_exception = Some(BanException {
            approved_by: "新郑市人民政府".to_owned(),
            number: format!("新政函〔2026〕{}号", turn.story.serial),
        });
        plan.fees = vec![PermitFee {
            name: "城市道路掘动修复费".to_owned(),
            amount_fen: Fen(1_260_000),
            payer: Payer::Company,
            receipt_no: None,
        }];
    }
    for trees in &mut plan.trees {
        "悬铃木".clone_into(&mut trees.species);
        trees.dbh_cm = 22;
        trees.transplant_to = Some("溱水路苗圃".to_owned());
    }
    plan.restorer = Some("示例市政工程有限公司".to_owned());
    Ok(plan)
}

/// Every prepared filing is handed in.
pub(super) fn file(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    for filing in filings(&turn.case()?, PermitState::Drafting) {
        let filed = FilePermit {
            filing: filing.id,
            filed_at: None,
            gov_item_instance: Some(format!("410184-XK-{:04}-{}", turn.story.serial, filing.no)),
            receipt: None,
        };
        turn.on_case(AGENT, Command::FilePermit(filed))?;
    }
    Ok(())
}

/// The authority's answers to everything that lies with it, in this order.
pub(super) fn answers(turn: &mut Turn<'_, '_, '_>, codes: &[AnswerCode]) -> Result<()> {
    let case = turn.case()?;
    for filing in case.permits.iter().filter(|filing| filing.state.is_with_authority()) {
        for code in codes {
            answer(turn, filing, *code)?;
        }
    }
    Ok(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other answers need no note")]
fn answer(turn: &mut Turn<'_, '_, '_>, filing: &PermitFiling, code: AnswerCode) -> Result<()> {
    let grants = code.grants();
    let waits = turn.story.until == Deed::GrantPermit;
    let note = match code {
        AnswerCode::Correct => Some("请补充施工期间交通组织图"),
        AnswerCode::SpecialBegins => Some("组织现场勘验和专家论证"),
        AnswerCode::Refused => Some("道路大修未满三年,不予许可"),
        _ => None,
    };
    let filed_at = filing.filed.as_ref().map_or(turn.at, |filed| filed.at);
    let accepted_at = turn.at.plus_ms(-2 * DAY_MS).max(filed_at);
    let given = RecordPermitAnswer {
        filing: filing.id,
        code,
        answered_at: (code == AnswerCode::Accepted).then_some(accepted_at),
        permitted_from: grants.then(|| turn.at.date()),
        permitted_to: grants.then(|| turn.at.plus_ms(75 * DAY_MS).date()),
        external_no: (grants && !waits)
            .then(|| format!("新城管许〔2026〕{:03}-{}号", turn.story.serial, filing.no)),
        debts: Vec::new(),
        note: note.map(str::to_owned),
        file: None,
    };
    turn.on_case(AGENT, Command::RecordPermitAnswer(given))
}

/// A step of ours on every filing in `from`.
pub(super) fn step(turn: &mut Turn<'_, '_, '_>, from: PermitState, step: PermitStep) -> Result<()> {
    for filing in filings(&turn.case()?, from) {
        let photo = turn.attach(AGENT, FileKind::PhotoConstruction, Paper::Trench)?;
        let taken = RecordPermitStep {
            filing: filing.id,
            step,
            at: None,
            by: Some("市政管理科 王工".to_owned()),
            files: vec![photo],
            note: Some("现场查验".to_owned()),
        };
        turn.on_case(AGENT, Command::RecordPermitStep(taken))?;
    }
    Ok(())
}

/// A second filing, and both in one package; a third is found not needed.
pub(super) fn group(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let paper = turn.attach(AGENT, FileKind::Permit, Paper::Document)?;
    let case = turn.case()?;
    let Some(first) = case.permits.first() else { return Ok(()) };
    let mut more = Vec::new();
    for (kind, length) in [(PermitKind::RoadOccupy, "18"), (PermitKind::TrafficOrg, "18")] {
        let begun = DraftPermit { filing: FilingId(Uuid::now_v7()), kind, ..first.plan.clone() };
        let mut plan = filled(turn, begun, paper)?;
        plan.fees.clear();
        plan.ban_exception = None;
        plan.commitment_mode = kind == PermitKind::RoadOccupy;
        plan.road.get_or_insert_default().carriageway_len_m = Some(decimal(length)?);
        more.push(plan.filing);
        turn.on_case(AGENT, Command::DraftPermit(Box::new(plan)))?;
    }
    let reason = "全封闭顶管施工,不影响车行道通行".to_owned();
    turn.on_case(AGENT, Command::DismissPermit(DismissPermit { filing: more[1], reason }))?;
    file(turn)?;
    let filings = vec![first.id, more[0]];
    let name = "市政设施建设类并联审批".to_owned();
    turn.on_case(AGENT, Command::GroupPermits(GroupPermits { name, filings }))
}

/// The user cannot come himself and empowers the company.
pub(super) fn empower(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let manager = turn.story.manager;
    let matters = vec![Matter::Application, Matter::Permits, Matter::GasOn];
    let agreed = AgreeProxy { reason: ProxyReason::Frail, matters: matters.clone(), note: None };
    turn.on_case(manager, Command::AgreeProxy(agreed))?;
    let signature = Some(signature(turn, manager, POWER_TEXT.to_owned())?);
    let power = SignPower {
        power: PowerId(Uuid::now_v7()),
        principal: turn.story.name.to_owned(),
        agents: vec!["林悦".to_owned()],
        matters,
        powers: "代为提交申请、领取文书".to_owned(),
        valid_from: turn.at.date(),
        valid_to: in_half_a_year(turn.at),
        sealed: None,
        signature,
    };
    turn.on_case(manager, Command::SignPower(Box::new(power)))
}

fn in_half_a_year(at: Instant) -> lantian_domain::time::Date {
    at.plus_ms(180 * DAY_MS).date()
}
