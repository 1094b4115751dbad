//! The base catalogue of materials (domain f.4).

use crate::{
    case::{
        Case,
        Segment::{self, Micro, NonResidential, Residential, Scattered},
        basic::{PartyType, UseKind},
    },
    coded::coded,
};

coded! {
    /// What a critical material holds shut while it is missing.
    MaterialGate {
        /// 设计
        Design = "design",
        /// 合同
        Contract = "contract",
        /// 施工
        Construction = "construction",
        /// 通气
        GasOn = "gas_on",
    }
}

/// On what a material depends besides the segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// The applicant is an organisation.
    Organization,
    /// Somebody acts for the applicant.
    Agent,
    /// The building is new.
    NewBuilding,
    /// A use that needs a combustible-gas alarm (L-07).
    Alarm,
    /// A boiler room or a crowded place.
    FireChecked,
    /// A boiler.
    Boiler,
    /// A four-zero applicant.
    FourZero,
}

/// A kind of material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaterialType {
    /// Code, `MT01` to `MT23`.
    pub code: &'static str,
    /// Name.
    pub name_zh: &'static str,
    /// Which users it is asked of.
    pub segments: &'static [Segment],
    /// On what else it depends.
    pub when: When,
    /// Whether the connection would be unlawful without it.
    pub affects_legality: bool,
    /// Whether the connection would be technically unsound without it.
    pub affects_technical: bool,
    /// What it holds shut.
    pub gate: MaterialGate,
}

impl MaterialType {
    /// Class M2: never owed by the customer (F-2).
    pub fn is_critical(&self) -> bool {
        self.affects_legality || self.affects_technical
    }

    /// Whether the case needs it.
    pub fn applies(&self, case: &Case) -> bool {
        let basic = &case.basic;
        let when = match self.when {
            When::Always => true,
            When::Organization => basic.party_type == PartyType::Organization,
            When::Agent => basic.agent.is_some(),
            When::NewBuilding => basic.new_building || case.segment == Residential,
            When::Alarm => basic.use_kind.needs_alarm(),
            When::FireChecked => basic.use_kind.is_crowded() || basic.use_kind == UseKind::Boiler,
            When::Boiler => basic.use_kind == UseKind::Boiler,
            When::FourZero => case.four_zero(),
        };
        when && self.segments.contains(&case.segment)
    }
}

/// The kind of material with this code.
pub fn material(code: &str) -> Option<&'static MaterialType> {
    CATALOGUE.iter().find(|kind| kind.code == code)
}

const ALL: &[Segment] = &[Residential, Scattered, NonResidential, Micro];
const HOUSEHOLD: &[Segment] = &[Residential];
const SINGLE: &[Segment] = &[Scattered];
const BUSINESS: &[Segment] = &[NonResidential, Micro];
const FIRMS: &[Segment] = &[Residential, NonResidential, Micro];
const PROJECTS: &[Segment] = &[Residential, NonResidential];

macro_rules! catalogue {
    ($($code:literal $name:literal $segments:ident $when:ident $legal:literal $technical:literal $gate:ident;)+) => {
        /// Every kind of material.
        pub const CATALOGUE: &[MaterialType] = &[$(MaterialType {
            code: $code,
            name_zh: $name,
            segments: $segments,
            when: When::$when,
            affects_legality: $legal,
            affects_technical: $technical,
            gate: MaterialGate::$gate,
        },)+];
    };
}

catalogue! {
    "MT01" "身份证明" SINGLE Always true false Contract;
    "MT02" "房产证或购房合同" SINGLE Always true false Contract;
    "MT03" "营业执照" FIRMS Organization true false Contract;
    "MT04" "用气地址产权资料或租赁合同和产权人同意书" BUSINESS Always true false Contract;
    "MT05" "法定代表人或经办人身份证明" FIRMS Organization true false Contract;
    "MT06" "授权委托书" ALL Agent true false Contract;
    "MT07" "建设工程规划许可证" PROJECTS NewBuilding true true Design;
    "MT08" "小区总平面图" HOUSEHOLD Always false true Design;
    "MT09" "单体建筑施工图" HOUSEHOLD Always false true Design;
    "MT10" "综合管线图或物探资料" PROJECTS Always false true Design;
    "MT11" "户数与户型清单" HOUSEHOLD Always false false Design;
    "MT12" "用气设备清单" BUSINESS Always false true Design;
    "MT13" "用气房间平面图" BUSINESS Always false true Design;
    "MT14" "户型草图" SINGLE Always false false Design;
    "MT15" "城市配套费缴纳凭证" PROJECTS NewBuilding false false Contract;
    "MT16" "开户行与开票资料" FIRMS Organization false false Contract;
    "MT18" "可燃气体报警装置安装证明" BUSINESS Alarm true true GasOn;
    "MT19" "消防验收或备案凭证" BUSINESS FireChecked true false GasOn;
    "MT20" "锅炉使用登记" BUSINESS Boiler true true GasOn;
    "MT21" "立项批复或备案" PROJECTS NewBuilding false false Contract;
    "MT22" "中小微或招商引资证明" FIRMS FourZero false false Contract;
    "MT23" "备用电话和用气时间表" ALL Always false false Design;
}
