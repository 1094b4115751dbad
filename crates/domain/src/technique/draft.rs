//! What a form says so far, what there is to say to it, and to what a case
//! holds already.

use serde::Deserialize;

use super::{
    Advice, AdviceCode, DesignSheet, Rule, TechniqueRules, demand::whole, supply::SupplyUse,
};
use crate::{
    case::{
        Case,
        basic::UseKind,
        design::{CheckAnswer, CheckItem, Design, IssueDesign},
        pressure::PressureClass,
        survey::Survey,
    },
    command::{Command, CommandName},
    money::{Quantity, Rate},
    refusal::{Refusal, require},
};

/// The fields of a form that the computations read, by the names that the
/// commands give them; all of them may be missing while it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// 户数
    pub households: Option<u32>,
    /// 用气设备
    pub appliances: Vec<Appliance>,
    /// 同时工作系数
    pub simultaneity: Option<Rate>,
    /// 高峰用气量 of a survey.
    pub peak_demand_m3h: Option<Quantity>,
    /// 用气量 of the question to the Technical Department.
    pub demand_m3h: Option<Quantity>,
    /// 设计压力级制
    pub pressure_class: Option<PressureClass>,
    /// 技术数据 of a drawing.
    pub sheet: DesignSheet,
    /// 表型 of a ticket.
    pub meter_size: Option<String>,
}

/// An appliance of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Appliance {
    /// 额定热负荷, kW each.
    pub rated_heat_kw: Option<Quantity>,
    /// 额定流量, m³/h each.
    pub rated_m3h: Option<Quantity>,
    /// 数量; one while nothing is said.
    pub count: Option<u32>,
}

/// What there is to say to a form of `command` on `case`.
pub fn advise(
    case: &Case,
    command: CommandName,
    draft: &Draft,
    rules: &TechniqueRules,
) -> Vec<Advice> {
    let mut out = Vec::new();
    #[expect(clippy::wildcard_enum_match_arm, reason = "most commands have nothing technical")]
    match command {
        CommandName::PushToTech => {
            let asked = Draft { appliances: asked_for(case), ..draft.clone() };
            demand(case, &asked, "demand_m3h", draft.demand_m3h, rules, &mut out);
        }
        CommandName::CompleteSurvey => {
            flows(draft, rules, &mut out);
            demand(case, draft, "peak_demand_m3h", draft.peak_demand_m3h, rules, &mut out);
        }
        CommandName::IssueDesign => drawing(case, draft, rules, &mut out),
        CommandName::TurnGasOn => {
            if let Some(peak) = peak_of_a_meter(case) {
                let smallest = smallest(case);
                let size = draft.meter_size.as_deref();
                rules.check_meter("meter_size", size, peak, smallest, &mut out);
            }
        }
        _ => {}
    }
    out
}

/// What there is to warn of in what the case holds: its survey, its drawing,
/// a drawing that waits for the reviewer, its ticket.
pub fn of_case(case: &Case, rules: &TechniqueRules) -> Vec<Advice> {
    let mut out = Vec::new();
    if let Some(survey) = &case.survey {
        out.extend(advise(case, CommandName::CompleteSurvey, &Draft::from(&**survey), rules));
    }
    let waiting = case.approvals.iter().filter(|one| one.decided.is_none());
    let waiting = waiting.filter_map(|one| {
        if let Command::IssueDesign(issue) = &one.command { Some(Draft::from(issue)) } else { None }
    });
    let drawings: Vec<Draft> = case.design().map(Draft::from).into_iter().chain(waiting).collect();
    for drawing in &drawings {
        out.extend(advise(case, CommandName::IssueDesign, drawing, rules));
    }
    let ticket = case.gas.as_ref().and_then(|gas| gas.ticket.as_ref());
    if let Some(size) = ticket.and_then(|ticket| ticket.meter_size.clone()) {
        let draft = Draft { meter_size: Some(size), ..Draft::default() };
        out.extend(advise(case, CommandName::TurnGasOn, &draft, rules));
    }
    out.retain(|said| !said.proposal);
    out.dedup();
    out
}

impl From<&Survey> for Draft {
    fn from(survey: &Survey) -> Self {
        let appliances = survey.appliances.iter().map(|one| Appliance {
            rated_heat_kw: one.rated_heat_kw,
            rated_m3h: Some(one.rated_m3h),
            count: Some(one.count),
        });
        Self {
            households: Some(survey.households),
            appliances: appliances.collect(),
            simultaneity: survey.simultaneity,
            peak_demand_m3h: Some(survey.peak_demand_m3h),
            ..Self::default()
        }
    }
}

impl From<&IssueDesign> for Draft {
    fn from(issue: &IssueDesign) -> Self {
        let (pressure_class, sheet) = (Some(issue.pressure_class), issue.sheet.clone());
        Self { pressure_class, sheet, ..Self::default() }
    }
}

impl From<&Design> for Draft {
    fn from(design: &Design) -> Self {
        let (pressure_class, sheet) = (Some(design.pressure_class), design.sheet.clone());
        Self { pressure_class, sheet, ..Self::default() }
    }
}

/// What may not be drawn whatever is said for it (T-06).
///
/// # Errors
/// `E_FORMAT` for polyethylene that is not buried outdoors.
pub(crate) fn refused(
    case: &Case,
    issue: &IssueDesign,
    rules: &TechniqueRules,
) -> Result<(), Refusal> {
    let said = advise(case, CommandName::IssueDesign, &issue.into(), rules);
    let bad = said.into_iter().find(|said| said.code == AdviceCode::PeNotBuried);
    bad.map_or(Ok(()), |said| {
        Err(Refusal::field(&said.field, "polyethylene lies buried outdoors, never elsewhere")
            .with("rule", said.rule.as_str())
            .with("clause", said.clause)
            .with("have", said.have.unwrap_or_default()))
    })
}

/// A drawing with a warning is not issued before the designer has said why, in
/// the item of the checklist that the warning is about.
///
/// # Errors
/// `E_FORMAT` with the first warning that has no word to it.
pub fn unexplained(
    case: &Case,
    issue: &IssueDesign,
    rules: &TechniqueRules,
) -> Result<(), Refusal> {
    let explained = |item| {
        let said =
            |answer: &CheckAnswer| answer.note.as_ref().is_some_and(|n| !n.trim().is_empty());
        issue.checklist.iter().any(|answer| answer.item == item && said(answer))
    };
    let said = advise(case, CommandName::IssueDesign, &issue.into(), rules);
    for warning in said.iter().filter(|said| !said.proposal) {
        let item = item_of(warning.rule);
        require(explained(item), || {
            let none = String::new();
            Refusal::field("checklist", "say why it may be so")
                .with("missing", item.as_str())
                .with("rule", warning.rule.as_str())
                .with("clause", &warning.clause)
                .with("at", &warning.field)
                .with("have", warning.have.as_ref().unwrap_or(&none))
                .with("want", warning.want.as_ref().unwrap_or(&none))
        })?;
    }
    Ok(())
}

/// The item of the checklist that a computation belongs to.
fn item_of(rule: Rule) -> CheckItem {
    match rule {
        Rule::T04 => CheckItem::Clearance,
        Rule::T05 => CheckItem::CoverDepth,
        Rule::T06 => CheckItem::PipeMaterial,
        Rule::T01 | Rule::T02 | Rule::T03 | Rule::T07 => CheckItem::Metering,
    }
}

/// What the applicant said that is to burn, where a channel asked.
fn asked_for(case: &Case) -> Vec<Appliance> {
    let all = case.intake.appliances.iter().map(|one| Appliance {
        rated_heat_kw: one.heat_kw,
        rated_m3h: one.rate_m3h,
        count: Some(one.quantity),
    });
    all.collect()
}

/// T-02: each appliance's flow against its heat load.
fn flows(draft: &Draft, rules: &TechniqueRules, out: &mut Vec<Advice>) {
    for (place, one) in draft.appliances.iter().enumerate() {
        let Some(flow) = one.rated_heat_kw.and_then(|heat| rules.flow_of_heat(heat)) else {
            continue;
        };
        let field = format!("appliances.{place}.rated_m3h");
        let say = |code| Advice::new(Rule::T02, code, field.clone()).want(flow);
        match one.rated_m3h {
            None => out.push(say(AdviceCode::FlowProposed)),
            Some(have) if !rules.is_near(have, flow) => {
                out.push(say(AdviceCode::FlowDiffers).have(have));
            }
            Some(_) => {}
        }
    }
}

/// T-01: the peak of the appliances, against what `field` says.
fn demand(
    case: &Case,
    draft: &Draft,
    field: &str,
    have: Option<Quantity>,
    rules: &TechniqueRules,
    out: &mut Vec<Advice>,
) {
    let Some((peak, k)) = peak(case, draft, rules) else { return };
    let say = |code| Advice::new(Rule::T01, code, field).want(peak).about(k);
    match have.filter(|have| have.units() > 0) {
        None => out.push(say(AdviceCode::DemandProposed)),
        Some(have) if have < peak => out.push(say(AdviceCode::DemandBelow).have(have)),
        Some(_) => {}
    }
}

/// The peak and the part that burns at once: by the table for households, by
/// the designer's word for others, all at once where there is none.
fn peak(case: &Case, draft: &Draft, rules: &TechniqueRules) -> Option<(Quantity, Rate)> {
    let flow = |one: &Appliance| {
        let flow = one.rated_m3h.or_else(|| rules.flow_of_heat(one.rated_heat_kw?))?;
        Some((flow, one.count.unwrap_or(1)))
    };
    let all: Vec<(Quantity, u32)> = draft.appliances.iter().filter_map(flow).collect();
    if all.is_empty() || all.len() < draft.appliances.len() {
        return None;
    }
    let most = all.iter().map(|(_, count)| *count).max().unwrap_or(1);
    let households = draft.households.filter(|n| *n > 0).unwrap_or(most);
    let by_table = case.segment.is_household() && draft.simultaneity.is_none();
    let k = if by_table {
        rules.simultaneity_of(households)
    } else {
        draft.simultaneity.unwrap_or_else(whole)
    };
    Some((TechniqueRules::peak(all, k)?, k))
}

fn drawing(case: &Case, draft: &Draft, rules: &TechniqueRules, out: &mut Vec<Advice>) {
    let sheet = &draft.sheet;
    for (place, pipe) in sheet.pipes.iter().enumerate() {
        rules.check_pipe(&format!("sheet.pipes.{place}"), pipe, draft.pressure_class, out);
    }
    for (place, near) in sheet.clearances.iter().enumerate() {
        if let Some(class) = draft.pressure_class {
            rules.check_clearance(&format!("sheet.clearances.{place}"), near, class, out);
        }
    }
    if let Some(peak) = peak_of_a_meter(case) {
        for (place, meter) in sheet.meters.iter().enumerate() {
            // Several meters share what one alone has to pass.
            let alone = sheet.meters.len() == 1 && meter.count <= 1;
            let peak = if alone { peak } else { Quantity::default() };
            let field = format!("sheet.meters.{place}.meter_size");
            rules.check_meter(&field, Some(&meter.meter_size), peak, smallest(case), out);
        }
        if sheet.meters.is_empty() {
            rules.check_meter("sheet.meters", None, peak, smallest(case), out);
        }
    }
    if let Some(pressure) = sheet.supply_kpa {
        let user = SupplyUse::of(use_kind(case), sheet.single_storey);
        rules.check_supply("sheet.supply_kpa", user, pressure, out);
    }
}

fn use_kind(case: &Case) -> UseKind {
    case.survey.as_ref().map_or(case.basic.use_kind, |survey| survey.use_kind)
}

/// What one meter of the case has to pass: the peak of the survey, unless many
/// households share it.
fn peak_of_a_meter(case: &Case) -> Option<Quantity> {
    let survey = case.survey.as_ref()?;
    (survey.households <= 1).then_some(survey.peak_demand_m3h)
}

/// The smallest appliance of the survey.
fn smallest(case: &Case) -> Option<Quantity> {
    case.survey.as_ref()?.appliances.iter().map(|one| one.rated_m3h).min()
}
