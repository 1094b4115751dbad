//! The demonstration company's price book. The prices are made up; a company
//! publishes its own.

use lantian_domain::{
    case::budget::CostCategory,
    event::{Change, Event},
    money::UnitPrice,
    price::{Price, PriceBook},
    record::{Record, Rules},
    time::{DAY_MS, Instant},
};

use super::permits;
use crate::{
    error::{Error, Result},
    identity::accounts::{By, administrative},
    pipeline::{Desk, find},
    store::Unit,
};

/// Item, name, unit, price in yuan, kind of cost.
pub(super) const PRICES: &[(&str, &str, &str, &str, CostCategory)] = &[
    ("P-PE110", "PE100燃气管 SDR11 dn110 敷设", "m", "186.0000", CostCategory::Civil),
    ("P-PE63", "PE100燃气管 SDR11 dn63 敷设", "m", "98.5000", CostCategory::Civil),
    ("P-STEEL25", "热镀锌钢管 DN25 户内安装", "m", "62.8000", CostCategory::Civil),
    ("P-STEEL50", "热镀锌钢管 DN50 室内安装", "m", "128.3333", CostCategory::Civil),
    ("P-TIE", "带气接线作业", "次", "2600.0000", CostCategory::LiveGas),
    ("P-RX100", "调压箱 RX100/0.4 含安装", "台", "12800.0000", CostCategory::Regulator),
    ("P-RX400", "调压柜 RX400/0.4 含安装", "台", "36500.0000", CostCategory::Regulator),
    ("P-HOME", "居民户内安装", "户", "1180.0000", CostCategory::InstallPerHousehold),
    ("P-G16", "物联网膜式燃气表 G1.6", "台", "386.0000", CostCategory::Meter),
    ("P-G6", "物联网膜式燃气表 G6", "台", "1280.0000", CostCategory::Meter),
    ("P-G40", "物联网膜式燃气表 G40", "台", "6800.0000", CostCategory::Meter),
    ("P-G160", "涡轮流量计 G160", "台", "21500.0000", CostCategory::Meter),
    ("P-ALARM", "可燃气体报警与紧急切断装置", "套", "1580.0000", CostCategory::Alarm),
    ("P-VALVE", "管道自闭阀(自愿选购)", "只", "98.0000", CostCategory::Other),
    ("P-DESIGN", "设计费", "项", "800.0000", CostCategory::Design),
    ("P-TEST", "强度与严密性试验", "项", "600.0000", CostCategory::Test),
    ("P-ROAD", "道路恢复", "m2", "218.5000", CostCategory::RoadRestore),
];

/// Publishes the prices, valid since a year ago.
///
/// # Errors
/// The store's.
pub(super) fn publish(unit: &Unit<'_>, at: Instant) -> Result<()> {
    let since = at.plus_ms(-400 * DAY_MS);
    let prices = PRICES
        .iter()
        .map(|(item, name, of, price, category)| {
            Ok(Price {
                segment: None,
                category: Some(*category),
                group: None,
                tax_excluded: false,
                rate: None,
                item: (*item).to_owned(),
                name: (*name).to_owned(),
                unit: (*of).to_owned(),
                unit_price: price
                    .parse::<UnitPrice>()
                    .map_err(|_| Error::damaged(format!("the demo's price of {item}")))?,
                valid_from: since.date(),
                valid_to: None,
                document: "演示价目表 2026-1".to_owned(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let before = match find(unit, Rules::ID)? {
        Some(Record::Rules(rules)) => rules,
        _ => Box::new(Rules::seed()),
    };
    let permits = permits::rules()?;
    let rules = Rules { prices: PriceBook { prices }, permits, ..*before };
    let mut desk = Desk::open(unit)?;
    let change = Change { record: Rules::ID, event: Event::RulesSaved(Box::new(rules)) };
    desk.append(change, &administrative(By::default(), since))?;
    desk.save()
}
