//! A line of the budget: what, how much, who pays, by which rule (h.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    ids::UserId,
    money::{Fen, Quantity, Rate, UnitPrice},
};

coded! {
    /// The groups that the customer's sheet shows.
    FeeGroup {
        /// 设计
        Design = "design",
        /// 施工
        Construction = "construction",
        /// 安装
        Installation = "installation",
        /// 材料
        Material = "material",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// On which side of the property boundary something is.
    Boundary {
        /// 红线内
        Inside = "inside",
        /// 红线外
        Outside = "outside",
        /// 分界处; the rules treat it as outside.
        At = "at_boundary",
    }
}

coded! {
    /// Who pays.
    Payer {
        /// 用户
        Customer = "customer",
        /// 公司
        Company = "company",
        /// 政府
        Government = "government",
        /// 开发企业
        Developer = "developer",
    }
}

coded! {
    /// Why the customer pays nothing for a line.
    ZeroRule {
        /// H-6: outside the boundary.
        OutsideBoundary = "H-6",
        /// H-8: new commercial housing.
        NewHousing = "H-8",
    }
}

coded! {
    /// The kinds of cost (h.2).
    CostCategory {
        /// 工程费
        Civil = "civil_cost",
        /// 主材费
        Material = "material_cost",
        /// 监理费
        Supervision = "supervision_cost",
        /// 带气作业费
        LiveGas = "live_gas_cost",
        /// 设计费
        Design = "design_cost",
        /// 不可预见费
        Contingency = "contingency_cost",
        /// 报警器费用
        Alarm = "alarm_cost",
        /// 道路修复费
        RoadRestore = "road_restore_cost",
        /// 占道费
        RoadOccupy = "road_occupy_fee",
        /// 绿化补偿
        GreenCompensation = "green_compensation",
        /// 试验检测费
        Test = "test_cost",
        /// 表具
        Meter = "meter_cost",
        /// 调压设施
        Regulator = "regulator_cost",
        /// 土方
        Earthwork = "earthwork_cost",
        /// 居民安装费/户
        InstallPerHousehold = "install_fee_per_household",
        /// 措施费
        Measure = "measure_cost",
        /// 安全文明施工费
        SafetyCivilized = "safety_civilized_cost",
        /// 规费
        Statutory = "statutory_cost",
        /// 增值税
        Tax = "tax",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// The parts of a budget, in the order in which they stand (h.2).
    Section {
        /// 分部分项
        Divisional = "divisional",
        /// 措施项目
        Measures = "measures",
        /// 其他项目
        Others = "others",
        /// 规费
        Statutory = "statutory",
        /// 税金
        Tax = "tax",
    }
}

impl CostCategory {
    /// The part of the budget that lines of this kind stand in.
    pub fn section(self) -> Section {
        match self {
            Self::Measure | Self::SafetyCivilized => Section::Measures,
            Self::Contingency | Self::Other => Section::Others,
            Self::Statutory | Self::RoadOccupy | Self::GreenCompensation => Section::Statutory,
            Self::Tax => Section::Tax,
            Self::Civil
            | Self::Material
            | Self::Supervision
            | Self::LiveGas
            | Self::Design
            | Self::Alarm
            | Self::RoadRestore
            | Self::Test
            | Self::Meter
            | Self::Regulator
            | Self::Earthwork
            | Self::InstallPerHousehold => Section::Divisional,
        }
    }
}

coded! {
    /// Where a unit price comes from.
    PriceSource {
        /// 价目表
        PriceBook = "price_book",
        /// 定额
        Quota = "quota",
        /// 询价
        Quote = "quote",
        /// 自编
        Manual = "manual",
    }
}

/// Why a line is negative, and who allowed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Discount {
    /// 优惠原因
    pub reason: String,
    /// 批准人: a lead of the market department or of the company.
    #[schemars(extend("x-widget" = "person:cm_lead"))]
    pub approver: UserId,
}

/// A line of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostLine {
    /// 编码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// 名称
    pub name: String,
    /// 费用类型
    pub category: CostCategory,
    /// 费用类别
    pub group: FeeGroup,
    /// 红线内外
    pub boundary: Boundary,
    /// 单位
    pub unit: String,
    /// 数量
    #[schemars(extend("x-widget" = "quantity"))]
    pub qty: Quantity,
    /// 单价, yuan; tax included unless the next field says otherwise.
    #[schemars(extend("x-widget" = "quantity"))]
    pub unit_price: UnitPrice,
    /// 单价不含税
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub price_excludes_tax: bool,
    /// 税率
    #[serde(default)]
    #[schemars(extend("x-widget" = "quantity"))]
    pub rate: Rate,
    /// 承担方
    pub payer: Payer,
    /// 价格来源
    #[serde(default = "manual")]
    pub source: PriceSource,
    /// 价目编码: the item of the price book that sets the unit price (H-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_item: Option<String>,
    /// 收费依据: the granted ground on which a line outside is charged (H-6 b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// 自愿选购: the customer takes it or leaves it (H-11).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// 优惠: needed where the amount is negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// 用户可见; only what concerns nobody but the company may be hidden.
    #[serde(default = "shown")]
    pub visible_to_customer: bool,
    /// 金额, tax included; filled by the rulebook (H-2).
    #[serde(default)]
    #[schemars(extend("x-widget" = "hidden"))]
    pub amount_fen: Fen,
    /// 其中税额; filled by the rulebook (H-4).
    #[serde(default)]
    #[schemars(extend("x-widget" = "hidden"))]
    pub tax_fen: Fen,
    /// The rule that makes it free; filled by the rulebook (H-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub zero_rule: Option<ZeroRule>,
}

fn manual() -> PriceSource {
    PriceSource::Manual
}

fn shown() -> bool {
    true
}
