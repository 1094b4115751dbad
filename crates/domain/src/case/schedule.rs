//! 工程进度衔接: the stages of the user's own project and of the gas order,
//! side by side; when one of the project moves, what hangs on it moves along
//! and the people concerned are told.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, construction::Stage},
    coded::coded,
    event::Event,
    flow::Flow,
    ids::derived,
    notice::{self, About, Level, RaiseNotice, Recipient},
    record::RecordKind,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Date,
};

coded! {
    /// The stages of the user's project that gas works hang on.
    ProjectStage {
        /// 基础
        Foundation = "foundation",
        /// 主体
        MainStructure = "main_structure",
        /// 室外管网
        OutdoorPipes = "outdoor_pipes",
        /// 装修
        FitOut = "fit_out",
        /// 竣工
        Completion = "completion",
    }
}

/// Both schedules of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// The user's project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub project: Vec<ProjectDate>,
    /// The gas order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gas: Vec<GasDate>,
    /// What was moved, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<StageMoved>,
}

/// When a stage of the user's project is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProjectDate {
    /// 工程阶段
    pub stage: ProjectStage,
    /// 计划日期
    #[schemars(extend("x-widget" = "date"))]
    pub planned_on: Date,
}

/// When a stage of the gas order is proposed, and what it hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GasDate {
    /// 施工阶段
    pub stage: Stage,
    /// 建议日期
    #[schemars(extend("x-widget" = "date"))]
    pub proposed_on: Date,
    /// 随用户工程阶段
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<ProjectStage>,
}

/// The user's project is planned, or moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleProject {
    /// 用户工程进度; a stage that is not named stays.
    pub stages: Vec<ProjectDate>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// The gas order is planned along the user's project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleGas {
    /// 燃气施工进度
    pub stages: Vec<GasDate>,
}

/// A stage of the gas order moved with the user's project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageMoved {
    /// Which.
    pub stage: Stage,
    /// With which stage of the project.
    pub follows: ProjectStage,
    /// From.
    pub from: Date,
    /// To.
    pub to: Date,
}

impl StageMoved {
    /// What the people concerned are told.
    pub fn words(&self) -> String {
        let (stage, follows) = (self.stage.as_str(), self.follows.as_str());
        format!("{follows} → {stage}: {} → {}", self.from, self.to)
    }
}

/// A line of the two schedules side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// A stage of the project with its date; nothing for gas works that hang
    /// on none.
    pub project: Option<ProjectDate>,
    /// The gas works that hang on it.
    pub gas: Vec<GasDate>,
}

impl Schedule {
    /// Both schedules side by side, in the order of the project.
    pub fn side_by_side(&self) -> Vec<Row> {
        let of = |stage: Option<ProjectStage>| -> Vec<GasDate> {
            self.gas.iter().filter(|gas| gas.follows == stage).copied().collect()
        };
        let mut rows: Vec<Row> = self
            .project
            .iter()
            .map(|date| Row { project: Some(*date), gas: of(Some(date.stage)) })
            .collect();
        let free = of(None);
        if !free.is_empty() {
            rows.push(Row { project: None, gas: free });
        }
        rows
    }

    fn date(&self, stage: ProjectStage) -> Option<Date> {
        self.project.iter().find(|date| date.stage == stage).map(|date| date.planned_on)
    }

    pub(crate) fn put_project(&mut self, stages: &[ProjectDate]) {
        self.project.retain(|known| !stages.iter().any(|new| new.stage == known.stage));
        self.project.extend_from_slice(stages);
        self.project.sort_by_key(|date| date.stage);
    }

    pub(crate) fn put_move(&mut self, moved: StageMoved) {
        for gas in self.gas.iter_mut().filter(|gas| gas.stage == moved.stage) {
            gas.proposed_on = moved.to;
        }
        self.moves.push(moved);
    }
}

/// Plans the user's project; what hangs on a stage that moves is proposed as
/// many days later or earlier, and those who build are told.
pub(crate) fn project(
    case: &Case,
    asked: &ScheduleProject,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    require(!asked.stages.is_empty(), || Refusal::field("stages", "at least one stage"))?;
    once(asked.stages.iter().map(|date| date.stage.as_str()))?;
    let moves = moved(case, asked)?;
    flow.emit(Event::ProjectScheduled(asked.clone()));
    let before = case.schedule.as_ref().map_or(0, |schedule| schedule.moves.len());
    for (place, moved) in moves.into_iter().enumerate() {
        flow.emit(Event::GasStageMoved(moved));
        for to in concerned(case) {
            let label = format!("stage_moved {} {to:?}", before + place);
            let id = derived(case.id, &label);
            let raised = told(case, moved, to);
            for event in notice::raise(id, &raised, flow.cx)? {
                flow.emit_on(id, event);
            }
        }
    }
    Ok(())
}

/// The stages of the gas order that move along.
fn moved(case: &Case, asked: &ScheduleProject) -> Result<Vec<StageMoved>, Refusal> {
    let mut moves = Vec::new();
    let Some(known) = &case.schedule else { return Ok(moves) };
    for new in &asked.stages {
        let Some(before) = known.date(new.stage) else { continue };
        let by = new.planned_on - before;
        if by == TimeDelta::zero() {
            continue;
        }
        for gas in known.gas.iter().filter(|gas| gas.follows == Some(new.stage)) {
            let to = gas
                .proposed_on
                .checked_add_signed(by)
                .ok_or_else(|| Refusal::field("stages", "a date beyond the calendar"))?;
            let (stage, follows, from) = (gas.stage, new.stage, gas.proposed_on);
            moves.push(StageMoved { stage, follows, from, to });
        }
    }
    Ok(moves)
}

/// Who has to know of a move: the dispatchers, and the contractor once named.
fn concerned(case: &Case) -> Vec<Recipient> {
    let contractor = case.construction.as_ref().map(|build| Recipient::User(build.order.lead));
    std::iter::once(Recipient::Role(Role::EngDispatcher)).chain(contractor).collect()
}

fn told(case: &Case, moved: StageMoved, to: Recipient) -> RaiseNotice {
    let params = [
        ("stage", moved.stage.as_str().to_owned()),
        ("follows", moved.follows.as_str().to_owned()),
        ("from", moved.from.to_string()),
        ("to", moved.to.to_string()),
    ];
    RaiseNotice {
        to,
        level: Level::Info,
        about: About {
            record: case.id,
            kind: RecordKind::Case,
            no: case.no.clone(),
            rule: None,
            key: None,
            clause: Some("R-22".to_owned()),
        },
        text: "gas_stage_moved".to_owned(),
        params: params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    }
}

pub(crate) fn gas(case: &Case, asked: &ScheduleGas) -> Result<Vec<Event>, Refusal> {
    require(!asked.stages.is_empty(), || Refusal::field("stages", "at least one stage"))?;
    once(asked.stages.iter().map(|date| date.stage.as_str()))?;
    let known = case.schedule.clone().unwrap_or_default();
    for gas in &asked.stages {
        let Some(follows) = gas.follows else { continue };
        require(known.date(follows).is_some(), || {
            Refusal::field("follows", "not yet in the project's schedule")
                .with("stage", follows.as_str())
        })?;
    }
    Ok(vec![Event::GasScheduled(asked.clone())])
}

fn once<'a>(stages: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for stage in stages {
        require(!seen.contains(&stage), || Refusal::new(Code::Duplicate).with("stage", stage))?;
        seen.push(stage);
    }
    Ok(())
}
