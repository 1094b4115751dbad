//! The tables of the computations, as data: what is not law but practice can
//! be changed without a program (domain 0.1: such values never stand in code).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ground, Neighbour, PipeMaterial, SupplyUse};
use crate::money::{Quantity, Rate};

/// The tables. Part of the rules record; `lantian-server technique set` puts
/// others in force.
///
/// The figures are those of the norms that each row's rule names. The Technical
/// Department has to confirm them before they bind: until it does,
/// [`TechniqueRules::confirmed`] is false, and every screen that shows a
/// proposal says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TechniqueRules {
    /// 技术部是否已确认
    pub confirmed: bool,
    /// 低热值, MJ/m³ (T-02).
    pub heat_mj_m3: Quantity,
    /// 同时工作系数: stove and instant heater, by households (T-01).
    pub simultaneity: Vec<Simultaneity>,
    /// How far a stated flow may lie from the one that the heat load comes to.
    pub flow_tolerance: Rate,
    /// 表型, small ones first (T-03).
    pub meters: Vec<MeterSize>,
    /// 埋地管道与建构筑物、相邻管道的净距 (T-04).
    pub clearances: Vec<ClearanceRow>,
    /// 最小覆土深度 (T-05).
    pub cover: Vec<CoverRow>,
    /// 聚乙烯管最大设计压力 (T-06).
    pub pe: Vec<PeRow>,
    /// 用户处供气压力 (T-07).
    pub supply: Vec<SupplyRow>,
}

/// The part of all appliances that burns at once, from so many households on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Simultaneity {
    /// 户数
    pub households: u32,
    /// 同时工作系数
    pub k: Rate,
}

/// A size of meter with the flows between which it measures, m³/h.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeterSize {
    /// 表型
    pub size: String,
    /// 最大流量
    pub q_max: Quantity,
    /// 最小流量; unknown for rotary, turbine and ultrasonic meters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_min: Option<Quantity>,
}

/// The least clear distance to a neighbour, m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClearanceRow {
    /// What lies there.
    pub to: Neighbour,
    /// Beside a pipe of low pressure; nothing where none is prescribed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_m: Option<Quantity>,
    /// Beside a pipe of medium pressure B.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium_b_m: Option<Quantity>,
    /// Beside a pipe of medium pressure A.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium_a_m: Option<Quantity>,
    /// Above or below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vertical_m: Option<Quantity>,
}

/// The least earth above a pipe, m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoverRow {
    /// What it lies under.
    pub ground: Ground,
    /// How much.
    pub least_m: Quantity,
}

/// The most that a kind of polyethylene is designed for, kPa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PeRow {
    /// Which polyethylene.
    pub material: PipeMaterial,
    /// 标准尺寸比
    pub sdr: Quantity,
    /// 最大设计压力, kPa.
    pub max_kpa: Quantity,
}

/// Between which pressures a kind of user is supplied, kPa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupplyRow {
    /// Who.
    pub user: SupplyUse,
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_kpa: Option<Quantity>,
    /// At most.
    pub max_kpa: Quantity,
}

/// Households and 同时工作系数 in thousandths.
const SIMULTANEITY: [(u32, i64); 12] = [
    (1, 1_000),
    (2, 560),
    (3, 440),
    (4, 380),
    (5, 350),
    (10, 250),
    (20, 210),
    (50, 178),
    (100, 170),
    (200, 160),
    (500, 138),
    (1_000, 130),
];

/// Size, most and least flow in l/h.
const METERS: [(&str, i64, Option<i64>); 15] = [
    ("G1.6", 2_500, Some(16)),
    ("G2.5", 4_000, Some(25)),
    ("G4", 6_000, Some(40)),
    ("G6", 10_000, Some(60)),
    ("G10", 16_000, Some(100)),
    ("G16", 25_000, Some(160)),
    ("G25", 40_000, Some(250)),
    ("G40", 65_000, Some(400)),
    ("G65", 100_000, Some(650)),
    ("G100", 160_000, Some(1_000)),
    ("G160", 250_000, Some(1_600)),
    ("G250", 400_000, None),
    ("G400", 650_000, None),
    ("G650", 1_000_000, None),
    ("G1000", 1_600_000, None),
];

/// Neighbour; beside low, medium B, medium A; above or below; mm.
type Clear = (Neighbour, Option<[i64; 3]>, Option<i64>);

const CLEARANCES: [Clear; 14] = [
    (Neighbour::Building, Some([700, 1_000, 1_500]), None),
    (Neighbour::Water, Some([500, 500, 500]), Some(150)),
    (Neighbour::Sewer, Some([1_000, 1_200, 1_200]), Some(150)),
    (Neighbour::PowerDirect, Some([500, 500, 500]), Some(500)),
    (Neighbour::PowerDuct, Some([1_000, 1_000, 1_000]), Some(150)),
    (Neighbour::TelecomDirect, Some([500, 500, 500]), Some(500)),
    (Neighbour::TelecomDuct, Some([1_000, 1_000, 1_000]), Some(150)),
    (Neighbour::GasSmall, Some([400, 400, 400]), Some(150)),
    (Neighbour::GasLarge, Some([500, 500, 500]), Some(150)),
    (Neighbour::HeatDirect, Some([1_000, 1_000, 1_000]), Some(150)),
    (Neighbour::HeatChannel, Some([1_000, 1_500, 1_500]), Some(150)),
    (Neighbour::Pole, Some([1_000, 1_000, 1_000]), None),
    (Neighbour::Tree, Some([750, 750, 750]), None),
    (Neighbour::Rail, None, Some(1_200)),
];

const COVER: [(Ground, i64); 5] = [
    (Ground::Carriageway, 900),
    (Ground::Cycleway, 600),
    (Ground::Footway, 600),
    (Ground::NoVehicles, 300),
    (Ground::Paddy, 800),
];

/// Polyethylene, SDR in thousandths, kPa.
const PE: [(PipeMaterial, i64, i64); 4] = [
    (PipeMaterial::Pe100, 17_000, 400),
    (PipeMaterial::Pe100, 11_000, 700),
    (PipeMaterial::Pe80, 11_000, 500),
    (PipeMaterial::Pe80, 17_600, 300),
];

/// User, least in Pa, most in Pa.
const SUPPLY: [(SupplyUse, Option<i64>, i64); 4] = [
    (SupplyUse::Household, Some(1_500), 3_000),
    (SupplyUse::Public, None, 200_000),
    (SupplyUse::IndustryApart, None, 800_000),
    (SupplyUse::Industry, None, 400_000),
];

/// Thousandths as a quantity.
fn milli(units: i64) -> Quantity {
    Quantity::from_units(units).expect("a figure of the tables is within its limit")
}

/// Thousandths as a rate.
fn rate(thousandths: i64) -> Rate {
    Rate::from_units(thousandths * 1_000).expect("a coefficient up to one is within its limit")
}

impl Default for TechniqueRules {
    fn default() -> Self {
        let clear = |(to, beside, vertical): &Clear| ClearanceRow {
            to: *to,
            low_m: beside.map(|mm| milli(mm[0])),
            medium_b_m: beside.map(|mm| milli(mm[1])),
            medium_a_m: beside.map(|mm| milli(mm[2])),
            vertical_m: vertical.map(milli),
        };
        Self {
            confirmed: false,
            heat_mj_m3: milli(35_000),
            simultaneity: SIMULTANEITY
                .iter()
                .map(|(households, k)| Simultaneity { households: *households, k: rate(*k) })
                .collect(),
            flow_tolerance: rate(50),
            meters: METERS
                .iter()
                .map(|(size, most, least)| MeterSize {
                    size: (*size).to_owned(),
                    q_max: milli(*most),
                    q_min: least.map(milli),
                })
                .collect(),
            clearances: CLEARANCES.iter().map(clear).collect(),
            cover: COVER
                .iter()
                .map(|(ground, mm)| CoverRow { ground: *ground, least_m: milli(*mm) })
                .collect(),
            pe: PE
                .iter()
                .map(|(material, sdr, kpa)| PeRow {
                    material: *material,
                    sdr: milli(*sdr),
                    max_kpa: milli(kpa * 1_000),
                })
                .collect(),
            supply: SUPPLY
                .iter()
                .map(|(user, least, most)| SupplyRow {
                    user: *user,
                    min_kpa: least.map(milli),
                    max_kpa: milli(*most),
                })
                .collect(),
        }
    }
}
