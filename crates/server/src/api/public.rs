//! `GET /public`, `GET /public.json`: what the company publishes to everybody
//! (L-02): scope, standard, steps, time limits, prices. No sign-in, and nothing
//! of any customer.

use std::{fmt::Write as _, sync::Arc};

use axum::{Json, extract::State, response::Html};
use lantian_domain::{
    period::Unit as Of,
    policy::{DeadlineRule, RuleId},
    price::Price,
    record::Rules,
};
use serde::Serialize;

use super::problem::Answer;
use crate::{
    pipeline::rules_of,
    serve::App,
    store::{Ledger as _, Unit},
};

/// The steps of a connection, as the user meets them.
const STEPS: [&str; 7] = [
    "提出用气需求",
    "受理",
    "压力核查、勘察设计",
    "费用对接、签订合同",
    "施工安装",
    "申请通气",
    "验收通气",
];
/// The deadlines that a user can count on.
const LIMITS: [RuleId; 11] = [
    RuleId::D02,
    RuleId::D08,
    RuleId::D09,
    RuleId::D03,
    RuleId::D04,
    RuleId::D05,
    RuleId::D06a,
    RuleId::D06b,
    RuleId::D06c,
    RuleId::D07,
    RuleId::D16,
];

/// What is published.
#[derive(Debug, Serialize)]
pub(super) struct Published {
    company: String,
    scope: &'static str,
    standard: String,
    effective: String,
    steps: [&'static str; 7],
    limits: Vec<Limit>,
    prices: Vec<Price>,
}

/// A time limit in words.
#[derive(Debug, Serialize)]
struct Limit {
    rule: &'static str,
    name: String,
    term: String,
    clause: String,
}

/// As data.
pub(super) async fn json(State(app): State<Arc<App>>) -> Answer<Json<Published>> {
    published(&app).await.map(Json)
}

/// As a page for people.
pub(super) async fn page(State(app): State<Arc<App>>) -> Answer<Html<String>> {
    published(&app).await.map(|all| Html(written(&all)))
}

async fn published(app: &App) -> Answer<Published> {
    let today = app.clock.now().date();
    Ok(app
        .store
        .read(move |unit: &Unit<'_>| {
            let rules = rules_of(unit)?;
            let mut prices = rules.prices.prices.clone();
            prices.retain(|price| {
                price.valid_from <= today && price.valid_to.is_none_or(|last| today <= last)
            });
            Ok(of(&rules, unit.org_row()?.name, prices))
        })
        .await?)
}

fn of(rules: &Rules, company: String, prices: Vec<Price>) -> Published {
    let policy = &rules.policy;
    Published {
        company,
        scope: "新郑市供气管网覆盖范围内的居民和非居民用户",
        standard: policy.label(),
        effective: policy.effective.to_string(),
        steps: STEPS,
        limits: LIMITS.iter().map(|rule| limit(policy.rule(*rule))).collect(),
        prices,
    }
}

fn limit(rule: &DeadlineRule) -> Limit {
    let count = rule.term.count;
    let term = match rule.term.unit {
        Of::Hour => format!("{count}小时"),
        Of::CalendarDay => format!("{count}日"),
        Of::WorkingDay => format!("{count}个工作日"),
        Of::ContractDate => "按合同约定".to_owned(),
        Of::MonthEnd => "每月".to_owned(),
    };
    Limit { rule: rule.rule.code(), name: rule.name_zh.clone(), term, clause: rule.clause.clone() }
}

fn written(all: &Published) -> String {
    let mut page = String::from("<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">");
    let title = format!("{} 用气报装服务公开", escaped(&all.company));
    // Writing to a string cannot fail.
    let _ = write!(page, "<title>{title}</title><h1>{title}</h1>");
    let _ = write!(page, "<p>服务范围：{}</p>", escaped(all.scope));
    let (standard, effective) = (escaped(&all.standard), escaped(&all.effective));
    let _ = write!(page, "<p>执行标准：{standard}，自 {effective} 起</p><h2>办理流程</h2><ol>");
    for step in all.steps {
        let _ = write!(page, "<li>{}</li>", escaped(step));
    }
    page.push_str("</ol><h2>办理时限</h2><ul>");
    for limit in &all.limits {
        let _ = write!(page, "<li>{}：{}</li>", escaped(&limit.name), escaped(&limit.term));
    }
    page.push_str("</ul><h2>收费标准</h2><ul>");
    for price in &all.prices {
        let (name, unit) = (escaped(&price.name), escaped(&price.unit));
        let (amount, document) = (price.unit_price.to_string(), escaped(&price.document));
        let _ = write!(page, "<li>{name}：{amount} 元/{unit}（{document}）</li>");
    }
    page.push_str("</ul></html>");
    page
}

/// Text of the rules as text of a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l_02_scope_standard_flow_limits_and_prices_are_published() {
        let price: Price = serde_json::from_value(serde_json::json!({
            "item": "P1", "name": "户内<安装>", "unit": "户", "unit_price": "2500",
            "valid_from": "2026-01-01", "document": "价目表 2026-1",
        }))
        .unwrap();
        let all = of(&Rules::seed(), "新郑蓝天".to_owned(), vec![price]);
        assert_eq!(all.standard, "XZLT-2022-16/1");
        assert_eq!((all.steps.len(), all.limits.len(), all.prices.len()), (7, 11, 1));
        let gas_on = all.limits.iter().find(|limit| limit.rule == "D-07").unwrap();
        assert_eq!((gas_on.term.as_str(), gas_on.clause.as_str()), ("24小时", "R-27"));
        let page = written(&all);
        for part in ["服务范围", "执行标准", "办理流程", "办理时限", "收费标准", "2500"]
        {
            assert!(page.contains(part), "{part}");
        }
        assert!(page.contains("户内&lt;安装&gt;"), "text stays text");
    }
}
