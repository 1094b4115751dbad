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
        /// 许可
        Permit = "permit",
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
    /// The pipe crosses a neighbour's or a shared part of an old estate.
    SharedParts,
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
    /// Working days to bring it; the policy's own where nothing is said (F-5).
    pub due_wd: Option<u32>,
    /// Where the company fetches it without asking the user.
    pub share: Option<&'static str>,
    /// Whether its content is sensitive personal information.
    pub sensitive: bool,
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
            When::SharedParts => basic.crosses_shared_parts,
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

macro_rules! share {
    (-) => {
        None
    };
    ($name:literal) => {
        Some($name)
    };
}

macro_rules! catalogue {
    ($($code:literal $name:literal $segments:ident $when:ident $legal:literal $technical:literal
        $gate:ident $due:expr, $share:tt $sensitive:literal;)+) => {
        /// Every kind of material.
        pub const CATALOGUE: &[MaterialType] = &[$(MaterialType {
            code: $code,
            name_zh: $name,
            segments: $segments,
            when: When::$when,
            affects_legality: $legal,
            affects_technical: $technical,
            gate: MaterialGate::$gate,
            due_wd: $due,
            share: share!($share),
            sensitive: $sensitive,
        },)+];
    };
}

// Code, name, segments, condition, legality, technical, gate, working days,
// where it is shared from, sensitive.
catalogue! {
    "MT01" "身份证明" SINGLE Always true false Contract None, "电子证照" true;
    "MT02" "房产证或购房合同" SINGLE Always true false Contract None, "不动产登记共享" true;
    "MT03" "营业执照" FIRMS Organization true false Contract None, "电子证照" false;
    "MT04" "用气地址产权资料或租赁合同和产权人同意书" BUSINESS Always true false Contract None, - false;
    "MT05" "法定代表人或经办人身份证明" FIRMS Organization true false Contract None, - true;
    "MT06" "授权委托书" ALL Agent true false Contract None, - true;
    "MT07" "建设工程规划许可证" PROJECTS NewBuilding true true Design None, "工改共享" false;
    "MT08" "小区总平面图" HOUSEHOLD Always false true Design None, - false;
    "MT09" "单体建筑施工图" HOUSEHOLD Always false true Design None, - false;
    "MT10" "综合管线图或物探资料" PROJECTS Always false true Design None, - false;
    "MT11" "户数与户型清单" HOUSEHOLD Always false false Design Some(5), - false;
    "MT12" "用气设备清单" BUSINESS Always false true Design None, - false;
    "MT13" "用气房间平面图" BUSINESS Always false true Design None, - false;
    "MT14" "户型草图" SINGLE Always false false Design Some(5), - false;
    "MT15" "城市配套费缴纳凭证" PROJECTS NewBuilding false false Contract Some(5), "财政非税共享" false;
    "MT16" "开户行与开票资料" FIRMS Organization false false Contract Some(5), - false;
    "MT17" "相邻权或共用部位使用同意" SINGLE SharedParts true false Construction None, - false;
    "MT18" "可燃气体报警装置安装证明" BUSINESS Alarm true true GasOn Some(20), - false;
    "MT19" "消防验收或备案凭证" BUSINESS FireChecked true false GasOn Some(20), - false;
    "MT20" "锅炉使用登记" BUSINESS Boiler true true GasOn Some(20), - false;
    "MT21" "立项批复或备案" PROJECTS NewBuilding false false Contract None, "工改共享" false;
    "MT22" "中小微或招商引资证明" FIRMS FourZero false false Contract None, "市场监管共享" false;
    "MT23" "备用电话和用气时间表" ALL Always false false Design Some(5), - false;
}
