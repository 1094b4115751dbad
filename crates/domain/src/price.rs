//! 价目表: the published prices, with the document and the time that each is
//! valid for (H-10). No price stands in code.

use chrono::Days;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Segment,
        budget::{CostCategory, FeeGroup},
    },
    context::Context,
    event::Event,
    money::{Rate, UnitPrice},
    record::Rules,
    refusal::{Code, Refusal, require},
    time::Date,
};

/// The most prices of one publication.
const MOST: usize = 2_000;

/// The published prices.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PriceBook {
    /// The prices, those that ended too.
    #[serde(default)]
    pub prices: Vec<Price>,
}

/// A published price with its period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Price {
    /// Item code.
    pub item: String,
    /// Item name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// For which kind of user; for all when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// The kind of cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CostCategory>,
    /// The group on the customer's sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<FeeGroup>,
    /// Price per unit, yuan; tax included unless the next field says otherwise.
    pub unit_price: UnitPrice,
    /// Whether tax comes on top.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_excluded: bool,
    /// The tax rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// First day.
    pub valid_from: Date,
    /// Last day, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// The document that published it.
    pub document: String,
}

/// Publishes prices: later ones end the earlier of the same item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublishPrices {
    /// 文件编号
    pub document: String,
    /// 执行日期
    #[schemars(extend("x-widget" = "date"))]
    pub valid_from: Date,
    /// 截止日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub valid_to: Option<Date>,
    /// 价目
    pub prices: Vec<NewPrice>,
}

/// A price that is being published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewPrice {
    /// 价目编码
    pub item: String,
    /// 名称
    pub name: String,
    /// 单位
    pub unit: String,
    /// 适用用户
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// 费用类型
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CostCategory>,
    /// 费用类别
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<FeeGroup>,
    /// 单价, yuan.
    #[schemars(extend("x-widget" = "quantity"))]
    pub unit_price: UnitPrice,
    /// 单价不含税
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_excluded: bool,
    /// 税率
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "quantity"))]
    pub rate: Option<Rate>,
}

impl Price {
    /// Whether it is valid on `day`.
    pub fn is_valid(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

impl PriceBook {
    /// The price of `item` for a kind of user on `day`; one for that kind goes
    /// before one for all.
    pub fn price(&self, item: &str, segment: Segment, day: Date) -> Option<&Price> {
        let valid = |of: Option<Segment>| {
            self.prices.iter().rfind(|p| p.item == item && p.segment == of && p.is_valid(day))
        };
        valid(Some(segment)).or_else(|| valid(None))
    }

    /// The prices valid on `day` for a kind of user.
    pub fn on(&self, segment: Segment, day: Date) -> Vec<&Price> {
        self.prices
            .iter()
            .filter(|price| {
                self.price(&price.item, segment, day)
                    .is_some_and(|valid| std::ptr::eq(valid, *price))
            })
            .collect()
    }

    /// Takes a publication in: what it replaces ends the day before.
    pub(crate) fn publish(&mut self, publication: &PublishPrices) {
        let eve = publication.valid_from.checked_sub_days(Days::new(1)).unwrap_or(Date::MIN);
        for new in &publication.prices {
            let same = |p: &&mut Price| p.item == new.item && p.segment == new.segment;
            for known in self.prices.iter_mut().filter(same) {
                known.valid_to = Some(known.valid_to.map_or(eve, |last| last.min(eve)));
            }
            self.prices.push(Price {
                item: new.item.clone(),
                name: new.name.clone(),
                unit: new.unit.clone(),
                segment: new.segment,
                category: new.category,
                group: new.group,
                unit_price: new.unit_price,
                tax_excluded: new.tax_excluded,
                rate: new.rate,
                valid_from: publication.valid_from,
                valid_to: publication.valid_to,
                document: publication.document.clone(),
            });
        }
    }
}

/// Judges a publication.
pub(crate) fn publish(
    rules: &Rules,
    publication: &PublishPrices,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!publication.document.trim().is_empty(), || Refusal::field("document", "missing"))?;
    require((1..=MOST).contains(&publication.prices.len()), || {
        Refusal::field("prices", "1 to 2000 prices")
    })?;
    require(publication.valid_to.is_none_or(|last| publication.valid_from <= last), || {
        Refusal::field("valid_to", "before its beginning")
    })?;
    let known = rules.prices.prices.iter().any(|price| price.document == publication.document);
    require(!known, || Refusal::new(Code::Duplicate).with("document", &publication.document))?;
    for (place, price) in publication.prices.iter().enumerate() {
        new_price(rules, publication, price, cx).map_err(|no| no.with("line", place + 1))?;
        let again = publication.prices[..place]
            .iter()
            .any(|before| before.item == price.item && before.segment == price.segment);
        require(!again, || {
            Refusal::new(Code::Duplicate).with("item", &price.item).with("line", place + 1)
        })?;
    }
    Ok(vec![Event::PricesPublished(publication.clone())])
}

fn new_price(
    rules: &Rules,
    publication: &PublishPrices,
    new: &NewPrice,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    for (field, text) in [("item", &new.item), ("name", &new.name), ("unit", &new.unit)] {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    require(new.unit_price.units() > 0, || Refusal::field("unit_price", "more than 0"))?;
    if let Some(term) = cx.rules.cost.forbidden_in(&new.name) {
        return Err(Refusal::new(Code::ForbiddenFee).with("name", &new.name).with("term", term));
    }
    // What was valid on a day that is over stays what it was.
    let latest = rules
        .prices
        .prices
        .iter()
        .filter(|price| price.item == new.item && price.segment == new.segment)
        .map(|price| price.valid_from)
        .max();
    let Some(latest) = latest else { return Ok(()) };
    let earliest = latest.checked_add_days(Days::new(1)).unwrap_or(Date::MAX).max(cx.now.date());
    require(publication.valid_from >= earliest, || {
        Refusal::field("valid_from", "a price that was valid is not changed afterwards")
            .with("item", &new.item)
            .with("want", earliest)
    })
}
