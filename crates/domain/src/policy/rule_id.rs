//! The names of the deadlines and what may pause each (CLK-3).

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// A deadline of the table in d.3.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        pub enum RuleId {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl RuleId {
            /// Every deadline, in the order of the table.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$name),+];

            /// The id as the specification writes it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

rules! {
    /// 线索传递.
    D01 = "D-01",
    /// 首次联系.
    D02 = "D-02",
    /// 压力核查.
    D03P = "D-03P",
    /// 勘察与施工图.
    D03 = "D-03",
    /// 费用对接.
    D04 = "D-04",
    /// 移交工程部.
    D05 = "D-05",
    /// 施工, 合同工期.
    D06a = "D-06a",
    /// 施工, 零星户.
    D06b = "D-06b",
    /// 施工, 小微商.
    D06c = "D-06c",
    /// 验收通气.
    D07 = "D-07",
    /// 受理.
    D08 = "D-08",
    /// 容缺补齐.
    D09 = "D-09",
    /// 台账销号.
    D10 = "D-10",
    /// 回访梳理.
    D11 = "D-11",
    /// 民用户回访.
    D12 = "D-12",
    /// 非居民用户回访.
    D13 = "D-13",
    /// 每日关注.
    D14 = "D-14",
    /// 许可代办.
    D15 = "D-15",
    /// 河南省外限.
    D16 = "D-16",
    /// 竣工验收备案.
    D17 = "D-17",
    /// 投诉首次答复.
    D18 = "D-18",
    /// 投诉查处.
    D19 = "D-19",
    /// 差评核实.
    D20 = "D-20",
    /// 督查整改.
    D21 = "D-21",
    /// 个人信息请求.
    D22 = "D-22",
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a clock stands still.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// 用户原因无法进场勘察: the site is inaccessible by the user's act.
    SiteInaccessible,
    /// 用户另约日期: the user asks for another date, consent recorded.
    CustomerOtherDate,
    /// 气象红色或橙色预警.
    WeatherAlert,
    /// 行政许可被暂停.
    PermitSuspended,
    /// 用户现场不具备条件.
    SiteNotReady,
    /// 政府停工令.
    GovernmentStop,
    /// 约定时间用户不在现场, photographed.
    CustomerAbsent,
    /// 用户侧耗时.
    CustomerSideTime,
    /// 特别程序: the authority's hearing, survey or notice; it comes with the
    /// authority's answer, so no form offers it.
    #[schemars(skip)]
    SpecialProcedure,
}

impl PauseReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::SiteInaccessible,
        Self::CustomerOtherDate,
        Self::WeatherAlert,
        Self::PermitSuspended,
        Self::SiteNotReady,
        Self::GovernmentStop,
        Self::CustomerAbsent,
        Self::CustomerSideTime,
        Self::SpecialProcedure,
    ];
}

impl RuleId {
    /// Whether this deadline may be paused for `reason` (CLK-3).
    pub fn pausable(self, reason: PauseReason) -> bool {
        use PauseReason as P;
        match reason {
            P::SiteInaccessible => self == Self::D03,
            P::CustomerOtherDate => self == Self::D04,
            P::WeatherAlert | P::PermitSuspended | P::SiteNotReady | P::GovernmentStop => {
                matches!(self, Self::D06a | Self::D06b | Self::D06c)
            }
            P::CustomerAbsent => self == Self::D07,
            P::CustomerSideTime => self == Self::D16,
            P::SpecialProcedure => self == Self::D15,
        }
    }
}
