//! Basic information: the six fields that must be there (f.1), and what else
//! is known of applicant and premises (e.1, e.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, CaseState, Segment},
    coded::coded,
    event::Event,
    money::Quantity,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
    validate::{self, LicencePhoto, coordinates::GeoPoint},
};

coded! {
    /// 客户类别
    PartyType {
        /// 个人
        Person = "person",
        /// 单位
        Organization = "organization",
    }
}

coded! {
    /// What the user wants.
    Want {
        /// 新装
        New = "new",
        /// 扩容
        Extension = "extension",
        /// 改装
        Change = "change",
        /// 仅通气
        GasOnOnly = "gas_on_only",
    }
}

coded! {
    /// What the gas is used for (e.2).
    UseKind {
        /// 住宅
        Dwelling = "dwelling",
        /// 餐饮
        Catering = "catering",
        /// 学校
        School = "school",
        /// 医院
        Hospital = "hospital",
        /// 宾馆
        Hotel = "hotel",
        /// 食堂
        Canteen = "canteen",
        /// 锅炉房
        Boiler = "boiler",
        /// 工业
        Industry = "industry",
        /// 其他
        Other = "other",
    }
}

impl UseKind {
    /// Whether the law asks for a combustible-gas alarm (安全生产法 36).
    pub fn needs_alarm(self) -> bool {
        matches!(self, Self::Catering | Self::Canteen | Self::Hotel | Self::School | Self::Hospital)
    }

    /// Whether the place is a crowded one, checked by the fire authority.
    pub fn is_crowded(self) -> bool {
        matches!(self, Self::School | Self::Hospital | Self::Hotel)
    }
}

coded! {
    /// 企业规模
    EnterpriseSize {
        /// 微型
        Micro = "micro",
        /// 小型
        Small = "small",
        /// 中型
        Medium = "medium",
        /// 大型
        Large = "large",
    }
}

coded! {
    /// 企业性质
    Ownership {
        /// 民营
        Private = "private",
        /// 国有
        State = "state",
        /// 集体
        Collective = "collective",
        /// 外资
        Foreign = "foreign",
        /// 其他
        Other = "other",
    }
}

/// The user's consent to the processing of personal information (f.1 no. 6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Consent {
    /// Which text was shown.
    pub text_version: String,
    /// When the user agreed.
    pub at: Instant,
    /// When the user took it back; what the contract needs goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub withdrawn_at: Option<Instant>,
}

/// Applicant and premises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Basic {
    /// 客户类别
    pub party_type: PartyType,
    /// 姓名或单位名称, at most 100 characters.
    pub name: String,
    /// 手机或电话 (E-V05).
    #[schemars(extend("x-widget" = "phone"))]
    pub phone: String,
    /// 用气地址: town or street, and detail.
    pub address: String,
    /// 用气类别
    pub use_kind: UseKind,
    /// 办理内容
    pub want: Want,
    /// 个人信息处理告知同意; asked for with the notice in force (P-02).
    #[schemars(extend("x-widget" = "consent", "x-notice" = crate::privacy::notice::in_force()))]
    pub consent: Consent,
    /// 联系人, where the applicant is an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// 经办人: somebody acts for the applicant (needs MT06).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// 小区或项目
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<String>,
    /// 统一社会信用代码 (E-V02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
    /// 坐标
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: Option<GeoPoint>,
    /// 户数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub households: Option<u32>,
    /// 用气量, m³/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub demand_m3h: Option<Quantity>,
    /// 需要用气的日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub need_date: Option<Date>,
    /// 企业规模
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise_size: Option<EnterpriseSize>,
    /// 企业性质
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// 招商引资项目
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub investment_promotion: bool,
    /// 位于城镇规划建设用地范围内 (H-6).
    #[serde(default = "inside")]
    pub in_planned_area: bool,
    /// 依法纳入城市基础设施配套费: what lies outside is paid by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub infrastructure_fee: bool,
    /// 新建建筑
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_building: bool,
    /// 新建商品房 (H-8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_housing: bool,
    /// 四零认定依据: the document or register entry that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub four_zero_proof: Option<String>,
    /// 管线经过相邻住户或共用部位 (needs MT17).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crosses_shared_parts: bool,
    /// 备注
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub remark: Option<String>,
}

fn inside() -> bool {
    true
}

impl Basic {
    /// 中小微民营企业 (e.1: size up to medium, and private).
    pub fn is_private_sme(&self) -> bool {
        self.party_type == PartyType::Organization
            && self.ownership == Some(Ownership::Private)
            && self.enterprise_size.is_some_and(|size| size <= EnterpriseSize::Medium)
    }

    /// The basic fields that are missing (G-BASIC).
    pub fn missing(&self) -> Vec<&'static str> {
        [
            ("name", &self.name),
            ("phone", &self.phone),
            ("address", &self.address),
            ("consent", &self.consent.text_version),
        ]
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(field, _)| field)
        .collect()
    }
}

/// Completes or corrects basic information; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateBasic {
    /// 姓名或单位名称
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 手机或电话
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "phone"))]
    pub phone: Option<String>,
    /// 用气地址
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// 联系人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// 经办人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// 统一社会信用代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
    /// 坐标
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: Option<GeoPoint>,
    /// 户数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub households: Option<u32>,
    /// 用气量, m³/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub demand_m3h: Option<Quantity>,
    /// 需要用气的日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub need_date: Option<Date>,
    /// 企业规模
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise_size: Option<EnterpriseSize>,
    /// 企业性质
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// 用户类别: refined until the fee is settled (f.1 no. 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// 招商引资项目
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub investment_promotion: Option<bool>,
    /// 四零认定依据
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub four_zero_proof: Option<String>,
    /// 依法纳入城市基础设施配套费
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infrastructure_fee: Option<bool>,
    /// 位于城镇规划建设用地范围内
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_planned_area: Option<bool>,
    /// 新建商品房
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_housing: Option<bool>,
    /// 备注
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub remark: Option<String>,
}

/// Checks what a new case is told of applicant and premises, and brings
/// telephone and code to their normal form.
pub(crate) fn check(basic: &Basic) -> Result<Basic, Refusal> {
    let missing = basic.missing();
    require(missing.is_empty(), || {
        Refusal::new(Code::BasicMissing).with("missing", missing.join(","))
    })?;
    require(basic.name.chars().count() <= 100, || {
        Refusal::field("name", "at most 100 characters")
    })?;
    require(basic.address.chars().count() >= 4, || {
        Refusal::field("address", "street or town with detail")
    })?;
    let mut clean = basic.clone();
    if basic.party_type == PartyType::Person {
        clean.name = validate::person_name(&basic.name).map_err(Refusal::from)?.value;
    }
    clean.phone = validate::phone(&basic.phone).map_err(Refusal::from)?.value.number;
    if let Some(code) = &basic.uscc {
        let code = validate::uscc(code, LicencePhoto::Absent).map_err(Refusal::from)?;
        clean.uscc = Some(code.value);
    }
    if let Some(point) = basic.geo {
        validate::coordinates(point).map_err(Refusal::from)?;
    }
    Ok(clean)
}

/// The change of a case's basic information; the kind of user is refined only
/// until the fee is settled, for clocks and contract hang on it.
pub(crate) fn update(case: &Case, update: &UpdateBasic) -> Result<Vec<Event>, Refusal> {
    updated(&case.basic, update)?;
    let refined = update.segment.is_some_and(|segment| segment != case.segment);
    require(!refined || case.state < CaseState::FeeConfirmed, || {
        Refusal::new(Code::State).with("field", "segment")
    })?;
    Ok(vec![Event::BasicUpdated(update.clone())])
}

/// `basic` with the changes of `update`, checked.
pub(crate) fn updated(basic: &Basic, update: &UpdateBasic) -> Result<Basic, Refusal> {
    require(*update != UpdateBasic::default(), || Refusal::field("data", "nothing to change"))?;
    check(&merged(basic, update))
}

/// `basic` with the changes of `update`.
pub(crate) fn merged(basic: &Basic, update: &UpdateBasic) -> Basic {
    let update = update.clone();
    let before = basic.clone();
    Basic {
        name: update.name.unwrap_or(before.name),
        phone: update.phone.unwrap_or(before.phone),
        address: update.address.unwrap_or(before.address),
        contact_name: update.contact_name.or(before.contact_name),
        agent: update.agent.or(before.agent),
        uscc: update.uscc.or(before.uscc),
        geo: update.geo.or(before.geo),
        households: update.households.or(before.households),
        demand_m3h: update.demand_m3h.or(before.demand_m3h),
        need_date: update.need_date.or(before.need_date),
        enterprise_size: update.enterprise_size.or(before.enterprise_size),
        ownership: update.ownership.or(before.ownership),
        investment_promotion: update.investment_promotion.unwrap_or(before.investment_promotion),
        four_zero_proof: update.four_zero_proof.or(before.four_zero_proof),
        infrastructure_fee: update.infrastructure_fee.unwrap_or(before.infrastructure_fee),
        in_planned_area: update.in_planned_area.unwrap_or(before.in_planned_area),
        new_housing: update.new_housing.unwrap_or(before.new_housing),
        remark: update.remark.or(before.remark),
        ..before
    }
}
