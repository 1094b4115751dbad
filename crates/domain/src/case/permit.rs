//! 许可代办: permits that the company files for the user (section g, R-42).
//! Here stands what holds construction shut: which permits are needed, and
//! how each stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, material::known_files},
    coded::coded,
    event::Event,
    ids::FileId,
    refusal::{Code, Refusal, require},
    time::Date,
};

coded! {
    /// Kinds of permits (g.1).
    PermitKind {
        /// 临时占用城市道路
        RoadOccupy = "road_occupy",
        /// 挖掘城市道路
        RoadDig = "road_dig",
        /// 依附城市道路建设管线
        PipeOnRoad = "pipe_on_road",
        /// 移植树木
        TreeMove = "tree_move",
        /// 砍伐树木
        TreeFell = "tree_fell",
        /// 临时占用绿地
        GreenOccupy = "green_occupy",
        /// 施工交通组织
        TrafficOrg = "traffic_org",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// How a filing stands (g.3).
    PermitState {
        /// 材料准备
        Drafting = "drafting",
        /// 已提交
        Filed = "filed",
        /// 补正
        Correction = "correction",
        /// 受理
        Accepted = "accepted",
        /// 不予受理
        RejectedIntake = "rejected_intake",
        /// 审查中
        Reviewing = "reviewing",
        /// 特别程序
        Special = "special",
        /// 准予
        Granted = "granted",
        /// 不予许可
        Refused = "refused",
        /// 撤回
        Withdrawn = "withdrawn",
        /// 恢复完成
        Restored = "restored",
        /// 核销
        Closed = "closed",
        /// 不需办理
        NotNeeded = "not_needed",
    }
}

impl PermitState {
    /// The states that may follow (g.3).
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Drafting => &[Self::Filed, Self::NotNeeded],
            Self::Filed => {
                &[Self::Accepted, Self::Correction, Self::RejectedIntake, Self::Withdrawn]
            }
            Self::Correction => &[Self::Accepted, Self::Withdrawn],
            Self::Accepted => &[Self::Reviewing, Self::Granted, Self::Refused, Self::Withdrawn],
            Self::Reviewing => &[Self::Special, Self::Granted, Self::Refused, Self::Withdrawn],
            Self::Special => &[Self::Reviewing, Self::Granted, Self::Refused],
            Self::Granted => &[Self::Restored, Self::Withdrawn],
            Self::RejectedIntake | Self::Refused | Self::Withdrawn | Self::NotNeeded => {
                &[Self::Drafting]
            }
            Self::Restored => &[Self::Closed],
            Self::Closed => &[],
        }
    }
}

/// How a permit stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permit {
    /// Which permit.
    pub kind: PermitKind,
    /// How it stands.
    pub state: PermitState,
    /// Whether construction waits for it.
    #[serde(default)]
    pub blocking: bool,
    /// 审批部门
    pub authority: String,
    /// 许可编号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// First day permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub permitted_from: Option<Date>,
    /// Last day permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub permitted_to: Option<Date>,
    /// The permit, or what was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:permit"))]
    pub file: Option<FileId>,
    /// 说明; needed where a permit is found not to be needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// Records how a permit stands.
pub type RecordPermit = Permit;

impl Permit {
    /// Whether the permit lets one dig on `day`.
    pub fn is_open(&self, day: Date) -> bool {
        match self.state {
            PermitState::NotNeeded => true,
            PermitState::Granted => {
                self.permitted_from.is_some_and(|from| from <= day)
                    && self.permitted_to.is_some_and(|to| day <= to)
            }
            PermitState::Drafting
            | PermitState::Filed
            | PermitState::Correction
            | PermitState::Accepted
            | PermitState::RejectedIntake
            | PermitState::Reviewing
            | PermitState::Special
            | PermitState::Refused
            | PermitState::Withdrawn
            | PermitState::Restored
            | PermitState::Closed => false,
        }
    }
}

pub(crate) fn record(case: &Case, permit: &RecordPermit) -> Result<Vec<Event>, Refusal> {
    require(!permit.authority.trim().is_empty(), || Refusal::field("authority", "missing"))?;
    let file: Vec<_> = permit.file.into_iter().collect();
    known_files(case, &file, "file")?;
    let before = case.permits.iter().find(|known| known.kind == permit.kind);
    let from: &[PermitState] = match before {
        None => &[PermitState::Drafting, PermitState::Filed, PermitState::NotNeeded],
        Some(known) if known.state == permit.state => &[],
        Some(known) => known.state.next(),
    };
    let corrected = before.is_some_and(|known| known.state == permit.state && known != permit);
    require(corrected || from.contains(&permit.state), || {
        let want: Vec<_> = from.iter().map(|state| state.as_str()).collect();
        Refusal::new(Code::State)
            .with("field", "state")
            .with("have", before.map_or("none", |known| known.state.as_str()))
            .with("want", want.join(","))
    })?;
    if permit.state == PermitState::Granted {
        let period = permit.permitted_from.zip(permit.permitted_to);
        require(period.is_some_and(|(from, to)| from <= to), || {
            Refusal::field("permitted_to", "first and last day, in this order")
        })?;
        require(permit.external_no.is_some(), || Refusal::field("external_no", "missing"))?;
    }
    let explained = permit.note.as_ref().is_some_and(|note| !note.trim().is_empty());
    require(permit.state != PermitState::NotNeeded || explained, || {
        Refusal::field("note", "say why the permit is not needed")
    })?;
    Ok(vec![Event::PermitRecorded(permit.clone())])
}

/// The permits that hold construction shut on `day`: those that the survey
/// asks for and those marked as blocking.
pub(crate) fn closed(case: &Case, day: Date) -> Vec<PermitKind> {
    let asked = case.survey.as_ref().map(|survey| survey.permits_needed()).unwrap_or_default();
    let blocking = case.permits.iter().filter(|permit| permit.blocking).map(|permit| permit.kind);
    let mut kinds: Vec<_> = asked.into_iter().chain(blocking).collect();
    kinds.sort();
    kinds.dedup();
    kinds.retain(|kind| {
        !case.permits.iter().any(|permit| permit.kind == *kind && permit.is_open(day))
    });
    kinds
}
