//! 现场勘察: what is found on site, C09 (e.8, R-17). Recorded offline.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, basic::UseKind, material::known_files, permit::PermitKind},
    coded::coded,
    context::Context,
    event::Event,
    file::FileKind,
    ids::FileId,
    money::{Quantity, Rate},
    refusal::{Code, Refusal, require},
    technique::misplaced,
    time::Instant,
    validate::coordinates::GeoPoint,
};

coded! {
    /// On which side of the property boundary a route runs.
    Zone {
        /// 红线内
        Inside = "inside_boundary",
        /// 红线外
        Outside = "outside_boundary",
    }
}

coded! {
    /// What a route is laid under.
    Surface {
        /// 沥青
        Asphalt = "asphalt",
        /// 水泥
        Concrete = "concrete",
        /// 花砖
        Paving = "paving",
        /// 绿化
        Green = "green",
        /// 土路
        Earth = "earth",
        /// 室内
        Indoor = "indoor",
        /// 架空
        Aerial = "aerial",
    }
}

coded! {
    /// Whether gas can be brought.
    Feasible {
        /// 可行
        Yes = "yes",
        /// 有条件可行
        Conditional = "conditional",
        /// 不可行
        No = "no",
    }
}

coded! {
    /// How heavy a risk is.
    RiskLevel {
        /// 重大
        Major = "major",
        /// 较大
        Considerable = "considerable",
        /// 一般
        Ordinary = "ordinary",
    }
}

/// A stretch of the route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteSegment {
    /// 红线内外
    pub zone: Zone,
    /// 路面
    pub surface: Surface,
    /// 长度, m.
    #[schemars(extend("x-widget" = "quantity"))]
    pub length_m: Quantity,
    /// 管径
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dn: Option<u32>,
    /// 管材与敷设方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laying: Option<String>,
}

/// An appliance that will burn gas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplianceDemand {
    /// 设备
    pub kind: String,
    /// 型号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// 额定热负荷, kW each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub rated_heat_kw: Option<Quantity>,
    /// 额定流量, m³/h each.
    #[schemars(extend("x-widget" = "quantity"))]
    pub rated_m3h: Quantity,
    /// 数量, of all households together.
    pub count: u32,
    /// 熄火保护
    #[serde(default)]
    pub flame_failure_device: bool,
}

/// Something dangerous or difficult on site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RiskPoint {
    /// What it is: 占压, 密闭空间, 第二气源 …
    pub kind: String,
    /// How heavy.
    pub level: RiskLevel,
    /// What is done about it.
    pub measure: String,
    /// Its photo.
    #[schemars(extend("x-widget" = "file:photo_risk"))]
    pub photo: FileId,
}

/// The survey sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Survey {
    /// When the site was surveyed.
    #[schemars(extend("x-widget" = "instant"))]
    pub survey_at: Instant,
    /// Where; within 50 m, else the reason below.
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: GeoPoint,
    /// Why the position is less exact than 50 m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inaccurate_because: Option<String>,
    /// 现场代表
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_rep: Option<String>,
    /// 用气类别
    pub use_kind: UseKind,
    /// 户数
    #[serde(default)]
    pub households: u32,
    /// 用气设备
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appliances: Vec<ApplianceDemand>,
    /// 同时工作系数, where the designer gives one (T-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simultaneity: Option<Rate>,
    /// 高峰用气量, m³/h.
    #[schemars(extend("x-widget" = "quantity"))]
    pub peak_demand_m3h: Quantity,
    /// 接气点
    pub connection_point: String,
    /// 至干管距离, m.
    #[schemars(extend("x-widget" = "quantity"))]
    pub distance_to_main_m: Quantity,
    /// 路由
    pub route: Vec<RouteSegment>,
    /// 树木移植或砍伐, how many.
    #[serde(default)]
    pub trees: u32,
    /// 进场条件
    pub approach_ready: bool,
    /// 风险点
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<RiskPoint>,
    /// 踏勘结果, at most 2,000 characters.
    #[schemars(extend("x-widget" = "text"))]
    pub result: String,
    /// 可行性
    pub feasible: Feasible,
    /// Photos: site, tie-in and meter place at least.
    #[schemars(extend("x-widget" = "files:photo_site,photo_tie_in,photo_meter,photo_route"))]
    pub photos: Vec<FileId>,
    /// 用户或现场代表签字
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "signature"))]
    pub signature: Option<FileId>,
    /// Why nobody signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsigned_because: Option<String>,
}

/// The kinds of photos that every survey needs.
pub const REQUIRED_PHOTOS: [FileKind; 3] =
    [FileKind::PhotoSite, FileKind::PhotoTieIn, FileKind::PhotoMeter];

/// The worst accuracy that needs no reason, decimetres.
const ACCURACY_DM: u32 = 500;

impl Survey {
    /// The permits that the route asks for (g.1); each blocks construction.
    pub fn permits_needed(&self) -> Vec<PermitKind> {
        let public = |surfaces: &[Surface]| {
            self.route
                .iter()
                .any(|part| part.zone == Zone::Outside && surfaces.contains(&part.surface))
        };
        let mut kinds = Vec::new();
        if public(&[Surface::Asphalt, Surface::Concrete, Surface::Paving]) {
            kinds.push(PermitKind::RoadDig);
        }
        if public(&[Surface::Green]) {
            kinds.push(PermitKind::GreenOccupy);
        }
        if self.trees > 0 {
            kinds.push(PermitKind::TreeMove);
        }
        kinds
    }
}

pub(crate) fn complete(
    case: &Case,
    survey: &Survey,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(survey.survey_at <= cx.now, || Refusal::field("survey_at", "in the future"))?;
    let exact = survey.geo.accuracy_dm.is_none_or(|accuracy| accuracy <= ACCURACY_DM);
    require(exact || survey.inaccurate_because.is_some(), || {
        Refusal::field("inaccurate_because", "the position is less exact than 50 m")
    })?;
    require(survey.peak_demand_m3h.units() > 0, || {
        Refusal::field("peak_demand_m3h", "more than 0")
    })?;
    for (field, text) in
        [("connection_point", &survey.connection_point), ("result", &survey.result)]
    {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    require(survey.result.chars().count() <= 2_000, || {
        Refusal::field("result", "at most 2000 characters")
    })?;
    let measured = survey.route.iter().all(|part| part.length_m.units() > 0);
    require(!survey.route.is_empty() && measured, || {
        Refusal::field("route", "at least one stretch, each longer than 0")
    })?;
    require(misplaced(&survey.route).is_none(), || {
        Refusal::field("route", "polyethylene lies buried outdoors, never elsewhere")
            .with("rule", "T-06")
            .with("line", misplaced(&survey.route).map_or(0, |place| place + 1))
    })?;
    require(survey.appliances.iter().all(|one| one.count > 0), || {
        Refusal::field("appliances", "count at least 1")
    })?;
    let part = survey.simultaneity.map_or(1, Rate::units);
    require((1..=1_000_000).contains(&part), || {
        Refusal::field("simultaneity", "more than 0, at most 1")
    })?;
    let signed = survey.signature.is_some() || survey.unsigned_because.is_some();
    require(signed, || {
        Refusal::new(Code::Signature).with("field", "signature").with("why", "sign or say why not")
    })?;
    photographed(case, survey)?;
    Ok(vec![Event::SurveyCompleted(Box::new(survey.clone()))])
}

fn photographed(case: &Case, survey: &Survey) -> Result<(), Refusal> {
    let risks = survey.risks.iter().map(|risk| risk.photo);
    let all: Vec<FileId> =
        survey.photos.iter().copied().chain(survey.signature).chain(risks).collect();
    known_files(case, &all, "photos")?;
    for kind in REQUIRED_PHOTOS {
        let there = survey.photos.iter().filter_map(|id| case.file(*id)).any(|f| f.kind == kind);
        require(there, || {
            Refusal::new(Code::Evidence).with("field", "photos").with("want", kind.as_str())
        })?;
    }
    Ok(())
}
