//! What a filing says about the road, the trees and the green land (g.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::PermitRules;
use crate::{case::survey::Surface, coded::coded, money::Quantity, time::Date};

coded! {
    /// How a road is crossed.
    DigMethod {
        /// 开挖
        OpenCut = "open_cut",
        /// 顶管
        Jacking = "jacking",
        /// 定向钻
        Drilling = "drilling",
    }
}

/// The road (g.2); lengths and widths in m, areas in m².
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoadDetail {
    /// 规划许可证号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planning_permit_no: Option<String>,
    /// 路面类别
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// 车行道长度
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub carriageway_len_m: Option<Quantity>,
    /// 车行道宽度
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub carriageway_width_m: Option<Quantity>,
    /// 人行道长度
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub sidewalk_len_m: Option<Quantity>,
    /// 人行道宽度
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub sidewalk_width_m: Option<Quantity>,
    /// 挖掘深度, m
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub dig_depth_m: Option<Quantity>,
    /// 施工方式; jack or drill where possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<DigMethod>,
    /// 道路新建、改建竣工日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub built_on: Option<Date>,
    /// 道路大修竣工日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub overhauled_on: Option<Date>,
    /// 联系人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// 联系电话
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Trees of one species and size (g.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TreeDetail {
    /// 树种
    #[serde(default)]
    pub species: String,
    /// 常绿
    #[serde(default)]
    pub evergreen: bool,
    /// 株数
    pub count: u32,
    /// 胸径, cm
    #[serde(default)]
    pub dbh_cm: u32,
    /// 移植去向
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transplant_to: Option<String>,
    /// 补植方案
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replant_plan: Option<String>,
}

/// The green land (g.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GreenDetail {
    /// 面积, m²
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub area_m2: Option<Quantity>,
    /// 位置
    #[serde(default)]
    pub place: String,
}

impl RoadDetail {
    /// The length that is dug or occupied, thousandths of a metre.
    pub(super) fn length(&self) -> i64 {
        let of = |length: Option<Quantity>| length.map_or(0, Quantity::units);
        of(self.carriageway_len_m).saturating_add(of(self.sidewalk_len_m))
    }

    /// The area, thousandths of a square metre; nothing while a width is open.
    pub(super) fn area(&self) -> Option<i64> {
        let part = |length: Option<Quantity>, width: Option<Quantity>| match (length, width) {
            (None, _) => Some(0),
            (Some(length), Some(width)) => Some(length.units().checked_mul(width.units())? / 1_000),
            (Some(_), None) => None,
        };
        part(self.carriageway_len_m, self.carriageway_width_m)?
            .checked_add(part(self.sidewalk_len_m, self.sidewalk_width_m)?)
    }

    /// Whether the road is so new on `day` that digging needs the word of the
    /// government: within 5 years of building, 3 of an overhaul.
    pub fn is_new(&self, day: Date, rules: &PermitRules) -> bool {
        rests(self.built_on, rules.new_road_years, day)
    }

    /// Whether the road was overhauled so lately that it rests.
    pub fn is_overhauled(&self, day: Date, rules: &PermitRules) -> bool {
        rests(self.overhauled_on, rules.overhauled_road_years, day)
    }
}

fn rests(done_on: Option<Date>, years: u32, day: Date) -> bool {
    let months = chrono::Months::new(years.saturating_mul(12));
    done_on.and_then(|done| done.checked_add_months(months)).is_some_and(|free| day < free)
}

impl TreeDetail {
    /// Whether a tree of this size is protected: only major works move it.
    pub fn is_protected(&self, rules: &PermitRules) -> bool {
        self.dbh_cm >= rules.protected_from_cm(&self.species, self.evergreen)
    }
}
