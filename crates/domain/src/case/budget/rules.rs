//! What the company publishes about costs besides prices: forbidden fees, tax
//! rates, limits. Part of the rules record, so that a change is data (H-7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CostCategory;
use crate::{money::Rate, time::Date, validate::half_width};

/// The rules of cost as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CostRules {
    /// Names under which no customer may be charged (H-7).
    pub forbidden: Vec<String>,
    /// Goods and services that a customer may always do without (H-11).
    pub optional_goods: Vec<String>,
    /// Tax rates by kind of cost and time (H-4).
    pub taxes: Vec<TaxRate>,
    /// The most that 不可预见费 may be of the other lines.
    pub contingency_max: Rate,
    /// The margin on cost above which the company's leader decides (H-9).
    pub margin_max: Rate,
    /// How far a settlement may lie above the budget (H-14).
    pub settlement_over: Rate,
    /// Days that a confirmation holds when nothing else was agreed.
    pub confirmation_days: u32,
}

/// A rate of value-added tax with its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxRate {
    /// 税率
    pub rate: Rate,
    /// The kinds of cost that it may apply to; every kind when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CostCategory>,
    /// First day.
    pub valid_from: Date,
    /// Last day, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

const FORBIDDEN: [&str; 15] = [
    "开口费",
    "初装费",
    "开户费",
    "接口费",
    "接入费",
    "入网费",
    "增压费",
    "增容费",
    "碰口费",
    "清管费",
    "通气费",
    "点火费",
    "验收费",
    "开通费",
    "调试费",
];

const OPTIONAL_GOODS: [&str; 8] =
    ["灶具", "热水器", "壁挂炉", "保险", "户内改造", "橱柜", "自闭阀", "延保"];

/// Ten-thousandths, kinds: works, design and supervision, goods; simplified.
const TAXES: [(i64, &[CostCategory]); 4] = [
    (
        900,
        &[
            CostCategory::Civil,
            CostCategory::LiveGas,
            CostCategory::RoadRestore,
            CostCategory::Earthwork,
            CostCategory::InstallPerHousehold,
            CostCategory::Measure,
            CostCategory::SafetyCivilized,
            CostCategory::Contingency,
            CostCategory::Statutory,
            CostCategory::Other,
        ],
    ),
    (
        600,
        &[
            CostCategory::Design,
            CostCategory::Supervision,
            CostCategory::Test,
            CostCategory::Contingency,
            CostCategory::Other,
        ],
    ),
    (
        1_300,
        &[
            CostCategory::Material,
            CostCategory::Alarm,
            CostCategory::Meter,
            CostCategory::Regulator,
            CostCategory::Other,
        ],
    ),
    (300, &[]),
];

impl Default for CostRules {
    fn default() -> Self {
        let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
        let rate = |ten_thousandths: i64| {
            Rate::from_units(ten_thousandths * 100).expect("a rate below one is within its limit")
        };
        let valid_from = Date::from_ymd_opt(2019, 4, 1).expect("2019-04-01 is a date");
        let tax = |(part, kinds): &(i64, &[CostCategory])| TaxRate {
            rate: rate(*part),
            categories: kinds.to_vec(),
            valid_from,
            valid_to: None,
        };
        Self {
            forbidden: words(&FORBIDDEN),
            optional_goods: words(&OPTIONAL_GOODS),
            taxes: TAXES.iter().map(tax).collect(),
            contingency_max: rate(500),
            margin_max: rate(1_000),
            settlement_over: rate(1_000),
            confirmation_days: 90,
        }
    }
}

impl CostRules {
    /// The forbidden term that a fee's name is or contains, if any (H-7).
    pub fn forbidden_in(&self, name: &str) -> Option<&str> {
        contained(&self.forbidden, name)
    }

    /// The term that makes a line optional goods, if any (H-11).
    pub fn optional_in(&self, name: &str) -> Option<&str> {
        contained(&self.optional_goods, name)
    }

    /// The tax rates that a line of this kind may bear on `day`, the usual one
    /// first; none when the table says nothing.
    pub fn rates(&self, category: CostCategory, day: Date) -> Vec<Rate> {
        self.taxes
            .iter()
            .filter(|tax| tax.categories.is_empty() || tax.categories.contains(&category))
            .filter(|tax| tax.valid_from <= day && tax.valid_to.is_none_or(|last| day <= last))
            .map(|tax| tax.rate)
            .collect()
    }
}

fn contained<'a>(terms: &'a [String], name: &str) -> Option<&'a str> {
    let name = normal(name);
    terms
        .iter()
        .find(|term| {
            let term = normal(term);
            !term.is_empty() && name.contains(&term)
        })
        .map(String::as_str)
}

/// Letters and digits alone, half-width and in lower case: what stays of a
/// name however it is spaced, punctuated or bracketed.
fn normal(name: &str) -> String {
    half_width(name).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_7_a_forbidden_name_is_found_however_it_is_written() {
        let rules = CostRules::default();
        for name in [
            "初装费",
            "燃气 初装费",
            "初·装-费",
            "（初装费）",
            "户内初装费（一次性）",
            "初　装　费",
        ] {
            assert_eq!(rules.forbidden_in(name), Some("初装费"), "{name}");
        }
        for name in ["户内燃气管道安装", "带气接线作业", "强度与严密性试验", ""]
        {
            assert_eq!(rules.forbidden_in(name), None, "{name}");
        }
        assert_eq!(rules.forbidden.len(), 15);
        let more = CostRules { forbidden: vec!["ABC费".to_owned()], ..rules };
        assert_eq!(more.forbidden_in("ａｂｃ 费"), Some("ABC费"), "the list is data");
    }

    #[test]
    fn h_4_tax_rates_follow_kind_and_day() {
        let rules = CostRules::default();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let rates = |category, on: &str| -> Vec<String> {
            rules.rates(category, day(on)).iter().map(ToString::to_string).collect()
        };
        assert_eq!(rates(CostCategory::Civil, "2026-03-05"), ["0.090000", "0.030000"]);
        assert_eq!(rates(CostCategory::Design, "2026-03-05"), ["0.060000", "0.030000"]);
        assert_eq!(rates(CostCategory::Meter, "2026-03-05"), ["0.130000", "0.030000"]);
        assert!(rates(CostCategory::Civil, "2019-03-31").is_empty(), "not yet in force");
    }
}
