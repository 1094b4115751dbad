//! T-04, T-05 and T-06: what lies beside a buried pipe, how deep it lies, and
//! where polyethylene may be. The technical sheet of a drawing (e.9).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Advice, AdviceCode, Rule, TechniqueRules};
use crate::{
    case::{
        pressure::PressureClass,
        survey::{RouteSegment, Surface, Zone},
    },
    coded::coded,
    money::Quantity,
};

coded! {
    /// What a pipe is made of.
    PipeMaterial {
        /// PE100
        Pe100 = "pe100",
        /// PE80
        Pe80 = "pe80",
        /// 钢管
        Steel = "steel",
        /// 热镀锌钢管
        Galvanised = "galvanised",
        /// 不锈钢管
        Stainless = "stainless",
        /// 其他
        Other = "other",
    }
}

impl PipeMaterial {
    fn is_polyethylene(self) -> bool {
        matches!(self, Self::Pe100 | Self::Pe80)
    }
}

coded! {
    /// How a pipe is laid.
    Laying {
        /// 直埋
        Buried = "buried",
        /// 顶管
        Jacked = "jacked",
        /// 定向钻
        Drilled = "drilled",
        /// 架空
        Aerial = "aerial",
        /// 明设
        Exposed = "exposed",
        /// 暗封
        Concealed = "concealed",
    }
}

impl Laying {
    /// Whether it lies in the earth outdoors.
    pub fn is_buried(self) -> bool {
        matches!(self, Self::Buried | Self::Jacked | Self::Drilled)
    }
}

coded! {
    /// What a buried pipe lies under.
    Ground {
        /// 机动车道
        Carriageway = "carriageway",
        /// 非机动车道
        Cycleway = "cycleway",
        /// 人行道
        Footway = "footway",
        /// 机动车不可能到达处
        NoVehicles = "no_vehicles",
        /// 水田
        Paddy = "paddy",
    }
}

coded! {
    /// What lies beside, above or below a buried pipe.
    Neighbour {
        /// 建筑物基础
        Building = "building",
        /// 给水管
        Water = "water",
        /// 污水、雨水管
        Sewer = "sewer",
        /// 直埋电力电缆
        PowerDirect = "power_direct",
        /// 导管内电力电缆
        PowerDuct = "power_duct",
        /// 直埋通信电缆
        TelecomDirect = "telecom_direct",
        /// 导管内通信电缆
        TelecomDuct = "telecom_duct",
        /// 其他燃气管，DN300及以下
        GasSmall = "gas_small",
        /// 其他燃气管，DN300以上
        GasLarge = "gas_large",
        /// 直埋热力管
        HeatDirect = "heat_direct",
        /// 管沟内热力管
        HeatChannel = "heat_channel",
        /// 电杆基础，35kV及以下
        Pole = "pole",
        /// 街树中心
        Tree = "tree",
        /// 铁路轨底
        Rail = "rail",
    }
}

/// A stretch of pipe of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DesignPipe {
    /// 管材
    pub material: PipeMaterial,
    /// 标准尺寸比, of polyethylene: 11, 17, 17.6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub sdr: Option<Quantity>,
    /// 管径
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dn: Option<u32>,
    /// 长度, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub length_m: Option<Quantity>,
    /// 红线内外
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// 敷设方式
    pub laying: Laying,
    /// 地面情况, of a buried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// 覆土深度, m, of a buried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub cover_m: Option<Quantity>,
}

/// What the drawing says lies near the pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DesignClearance {
    /// 相邻设施
    pub to: Neighbour,
    /// 水平净距, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub beside_m: Option<Quantity>,
    /// 垂直净距, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub crossing_m: Option<Quantity>,
}

/// Meters of a drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DesignMeter {
    /// 表型
    pub meter_size: String,
    /// 数量
    pub count: u32,
}

/// 技术数据: what of a drawing can be computed with (e.9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DesignSheet {
    /// 管道
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipes: Vec<DesignPipe>,
    /// 相邻设施净距
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clearances: Vec<DesignClearance>,
    /// 表具
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meters: Vec<DesignMeter>,
    /// 用户处供气压力, kPa.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub supply_kpa: Option<Quantity>,
    /// 独立单层厂房
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub single_storey: bool,
}

impl DesignSheet {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The first stretch of a survey's route that is said to be polyethylene where
/// none may be (T-06): indoors or above ground.
pub(crate) fn misplaced(route: &[RouteSegment]) -> Option<usize> {
    route.iter().position(|part| {
        let laying = part.laying.as_deref().unwrap_or_default().to_uppercase();
        let polyethylene =
            ["PE80", "PE100", "PE管", "聚乙烯"].iter().any(|name| laying.contains(name));
        polyethylene && matches!(part.surface, Surface::Indoor | Surface::Aerial)
    })
}

impl TechniqueRules {
    /// The least distance beside a pipe of this class, m; nothing where none
    /// is prescribed.
    ///
    /// # Errors
    /// When the table says nothing for the class.
    fn beside(&self, to: Neighbour, class: PressureClass) -> Result<Option<Quantity>, ()> {
        let Some(row) = self.clearances.iter().find(|row| row.to == to) else { return Err(()) };
        match class {
            PressureClass::Low => Ok(row.low_m),
            PressureClass::MediumB => Ok(row.medium_b_m),
            PressureClass::MediumA => Ok(row.medium_a_m),
            PressureClass::SubHighB
            | PressureClass::SubHighA
            | PressureClass::HighB
            | PressureClass::HighA => Err(()),
        }
    }

    pub(super) fn check_clearance(
        &self,
        path: &str,
        near: &DesignClearance,
        class: PressureClass,
        out: &mut Vec<Advice>,
    ) {
        let say = |code, field: &str| {
            Advice::new(Rule::T04, code, format!("{path}.{field}")).about(near.to.as_str())
        };
        if let Some(have) = near.beside_m {
            match self.beside(near.to, class) {
                Ok(Some(least)) if have < least => {
                    out.push(say(AdviceCode::ClearanceBelow, "beside_m").have(have).want(least));
                }
                Ok(_) => {}
                Err(()) => {
                    out.push(say(AdviceCode::ClearanceUnknown, "beside_m").have(class.as_str()));
                }
            }
        }
        let row = self.clearances.iter().find(|row| row.to == near.to);
        let least = row.and_then(|row| row.vertical_m);
        if let (Some(have), Some(least)) = (near.crossing_m, least)
            && have < least
        {
            out.push(say(AdviceCode::CrossingBelow, "crossing_m").have(have).want(least));
        }
    }

    pub(super) fn check_pipe(
        &self,
        path: &str,
        pipe: &DesignPipe,
        class: Option<PressureClass>,
        out: &mut Vec<Advice>,
    ) {
        self.check_cover(path, pipe, out);
        if !pipe.material.is_polyethylene() {
            return;
        }
        let say = |code, field: &str| {
            Advice::new(Rule::T06, code, format!("{path}.{field}")).about(pipe.material.as_str())
        };
        if !pipe.laying.is_buried() {
            out.push(say(AdviceCode::PeNotBuried, "laying").have(pipe.laying.as_str()));
        }
        let Some(sdr) = pipe.sdr else { return };
        let known = self.pe.iter().find(|row| row.material == pipe.material && row.sdr == sdr);
        let Some(row) = known else {
            out.push(say(AdviceCode::PeUnknown, "sdr").have(sdr));
            return;
        };
        if let Some(most) = class.and_then(PressureClass::upper_kpa)
            && most > row.max_kpa
        {
            out.push(say(AdviceCode::PePressure, "sdr").have(most).want(row.max_kpa));
        }
    }

    /// T-05; nothing above ground.
    fn check_cover(&self, path: &str, pipe: &DesignPipe, out: &mut Vec<Advice>) {
        let (Some(ground), Some(have)) = (pipe.ground, pipe.cover_m) else { return };
        let row = self.cover.iter().find(|row| row.ground == ground);
        if let Some(row) = row.filter(|row| pipe.laying.is_buried() && have < row.least_m) {
            let said = Advice::new(Rule::T05, AdviceCode::CoverBelow, format!("{path}.cover_m"));
            out.push(said.about(ground.as_str()).have(have).want(row.least_m));
        }
    }
}
