//! What the two contracts say (e.10, L-04, L-08, L-12). What nobody filled in
//! is written by the rulebook from the case; what the law asks for is checked
//! in the text as it will be signed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Instalment, SignContract, instalments};
use crate::{
    case::{
        Case, Segment,
        basic::UseKind,
        fee::{FeeConfirmation, FeeType},
        pressure::PressureClass,
    },
    coded::coded,
    context::Context,
    money::{Fen, tax_included_split},
    refusal::{Refusal, require},
    time::Date,
};

/// The version of the standard texts below.
pub const SUPPLY_TEXT: &str = "GYQ-2026-1";
const COMPANY: &str = "新郑蓝天燃气有限公司";

coded! {
    /// What the installation contract is for.
    ContractType {
        /// 民用
        Civil = "civil",
        /// 公建
        Public = "public",
        /// 改管
        Rerouting = "rerouting",
        /// 干线
        Trunk = "trunk",
    }
}

/// 施工(安装)合同: fields of a gas company's own form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InstallTerms {
    /// 合同类型
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_type: Option<ContractType>,
    /// 工程编号
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project_no: String,
    /// 工程名称
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project_name: String,
    /// 工程地址
    #[serde(skip_serializing_if = "String::is_empty")]
    pub project_addr: String,
    /// 规模说明
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scale_note: String,
    /// 燃气用户
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gas_user: String,
    /// 联系方式
    #[serde(skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// 经办人
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agent: String,
    /// 燃气公司
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gas_company: String,
    /// 工程内容
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// 用气设备
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gas_equipment: String,
    /// 职责与义务
    #[serde(skip_serializing_if = "String::is_empty")]
    pub duties: String,
    /// 工期, days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit_days: Option<u32>,
    /// 计划开工
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub planned_start: Option<Date>,
    /// 确定总造价, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "money"))]
    pub confirmed_cost_fen: Option<Fen>,
    /// 每户金额, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "money"))]
    pub amount_per_household_fen: Option<Fen>,
    /// 合同金额, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "money"))]
    pub contract_amount_fen: Option<Fen>,
    /// 预算制度
    #[serde(skip_serializing_if = "String::is_empty")]
    pub budget_rule: String,
    /// 付款方式
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pay_mode: String,
    /// 付款计划: first, second, third payment …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Instalment>,
    /// 增值税金额, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "money"))]
    pub vat_amount_fen: Option<Fen>,
    /// 发票类型
    #[serde(skip_serializing_if = "String::is_empty")]
    pub invoice_type: String,
    /// 开户银行
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bank: String,
    /// 账号
    #[serde(skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// 份数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<u32>,
    /// 签订日期
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub sign_date: Option<Date>,
    /// 其他约定
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(extend("x-widget" = "text"))]
    pub other_terms: String,
    /// 计价方式
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_kind: Option<FeeType>,
}

/// 供用气合同: what it has to say (民法典 649, 656).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SupplyTerms {
    /// 合同文本版本
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text_version: String,
    /// 供气人
    #[serde(skip_serializing_if = "String::is_empty")]
    pub supplier: String,
    /// 用气人
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// 用气地址
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// 用气性质
    #[serde(skip_serializing_if = "String::is_empty")]
    pub use_nature: String,
    /// 气质
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gas_quality: String,
    /// 供气压力
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pressure: String,
    /// 用气量
    #[serde(skip_serializing_if = "String::is_empty")]
    pub volume: String,
    /// 计量方式
    #[serde(skip_serializing_if = "String::is_empty")]
    pub metering: String,
    /// 价格及调整
    #[serde(skip_serializing_if = "String::is_empty")]
    pub price_clause: String,
    /// 气费结算
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payment: String,
    /// 产权与维护责任分界
    #[serde(skip_serializing_if = "String::is_empty")]
    pub border: String,
    /// 安全责任
    #[serde(skip_serializing_if = "String::is_empty")]
    pub safety_duties: String,
    /// 停气通知
    #[serde(skip_serializing_if = "String::is_empty")]
    pub interruption_notice: String,
    /// 书面送达
    #[serde(skip_serializing_if = "String::is_empty")]
    pub paper_notice: String,
    /// 设备与材料自主选择
    #[serde(skip_serializing_if = "String::is_empty")]
    pub free_choice: String,
    /// 违约责任
    #[serde(skip_serializing_if = "String::is_empty")]
    pub liability: String,
    /// 合同期限
    #[serde(skip_serializing_if = "String::is_empty")]
    pub term: String,
    /// 争议解决
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dispute: String,
}

fn or(written: &str, standard: impl FnOnce() -> String) -> String {
    if written.trim().is_empty() { standard() } else { written.to_owned() }
}

impl InstallTerms {
    /// The terms as they will be signed: blanks filled from the case.
    pub(crate) fn filled(
        &self,
        case: &Case,
        contract: &SignContract,
        fee: &FeeConfirmation,
        cx: &Context<'_>,
    ) -> Result<Self, Refusal> {
        let amount = self.contract_amount_fen.unwrap_or(fee.customer_total_fen);
        require(amount == fee.customer_total_fen, || {
            Refusal::field("contract_amount_fen", "not the confirmed total")
                .with("want", fee.customer_total_fen)
        })?;
        let plan = instalments(&self.instalments, contract.due_before_start_fen, amount)?;
        let basic = &case.basic;
        let person = || basic.contact_name.clone().unwrap_or_else(|| basic.name.clone());
        let days = contract.completion_due.map(|due| (due - cx.now.date()).num_days().max(0));
        Ok(Self {
            contract_type: self.contract_type.or(Some(kind_of(case.segment))),
            project_no: or(&self.project_no, || case.no.clone()),
            project_name: or(&self.project_name, || basic.name.clone()),
            project_addr: or(&self.project_addr, || basic.address.clone()),
            gas_user: or(&self.gas_user, || basic.name.clone()),
            contact: or(&self.contact, || format!("{} {}", person(), basic.phone)),
            agent: or(&self.agent, || contract.signature.signer.clone()),
            gas_company: or(&self.gas_company, || COMPANY.to_owned()),
            scope: or(&self.scope, || scope(fee)),
            duties: or(&self.duties, || DUTIES.to_owned()),
            time_limit_days: self.time_limit_days.or(days.and_then(|d| u32::try_from(d).ok())),
            confirmed_cost_fen: self.confirmed_cost_fen.or(Some(total(fee))),
            amount_per_household_fen: self.amount_per_household_fen.or(per_household(case, fee)),
            contract_amount_fen: Some(amount),
            instalments: plan,
            vat_amount_fen: Some(vat(fee)),
            copies: self.copies.or(Some(2)),
            sign_date: self.sign_date.or(Some(cx.now.date())),
            price_kind: self.price_kind.or(Some(fee.fee_type)),
            ..self.clone()
        })
    }
}

fn kind_of(segment: Segment) -> ContractType {
    if segment.is_household() { ContractType::Civil } else { ContractType::Public }
}

fn scope(fee: &FeeConfirmation) -> String {
    let names: Vec<_> = fee.lines.iter().map(|line| line.name.as_str()).collect();
    names.join("、")
}

fn total(fee: &FeeConfirmation) -> Fen {
    Fen(fee.customer_total_fen.0
        + fee.company_total_fen.0
        + fee.government_total_fen.0
        + fee.developer_total_fen.0)
}

fn per_household(case: &Case, fee: &FeeConfirmation) -> Option<Fen> {
    let shares = case.budget().and_then(|budget| budget.totals.per_household);
    let one = fee.fee_type == FeeType::PerHousehold && case.segment == Segment::Scattered;
    shares.map(|shares| shares.each_fen).or(one.then_some(fee.customer_total_fen))
}

/// The tax in what the customer pays.
fn vat(fee: &FeeConfirmation) -> Fen {
    let sheet = fee.lines.iter().zip(1_u32..).filter(|(line, no)| {
        line.payer == crate::case::budget::Payer::Customer
            && (!line.optional || fee.chosen.contains(no))
    });
    let taxes = sheet.map(|(line, _)| {
        if line.tax_fen == Fen::ZERO {
            tax_included_split(line.amount_fen, line.rate).map_or(Fen::ZERO, |(tax, _)| tax)
        } else {
            line.tax_fen
        }
    });
    Fen::sum(taxes).unwrap_or(Fen::ZERO)
}

const DUTIES: &str = "燃气公司按审定施工图组织施工并对质量负责，设备安装工程保修期二年；用户提供进场条件。\
    用户可自行选购符合国家标准的燃气器具和材料，燃气公司不指定品牌和供应商。";
const QUALITY: &str = "天然气，质量符合GB 17820，加臭符合规范要求";
const PRICE: &str = "执行政府价格主管部门公布的价格；价格调整时自公布的执行之日起按新价格结算";
const PAYMENT: &str = "按计量表具读数结算，用户按时足额缴纳气费";
const BORDER_HOUSEHOLD: &str = "分界点为用户燃气器具连接管前的灶前阀：灶前阀及以前的燃气设施由燃气公司维护、更新，阀后由用户负责";
const BORDER_OTHER: &str = "分界点为计量表出口阀门：阀门及以前由燃气公司维护，阀后由用户负责";
const SAFETY: &str =
    "用户按《用气安全须知》使用；燃气公司定期入户安全检查，发现隐患书面告知并督促整改";
const INTERRUPTION: &str = "因施工、检修等原因需要停气的，提前48小时公告或书面通知用户；突发事故停气的，及时告知并尽快恢复";
const PAPER: &str = "停止供气的通知以纸质书面形式送达用户，不以电子数据代替";
const CHOICE: &str =
    "用户有权自主选购符合国家标准的燃气器具和材料，燃气公司不指定品牌、型号和供应商";
const LIABILITY: &str = "任何一方违反约定造成对方损失的，依法承担赔偿责任";
const TERM: &str = "自双方签字之日起生效，至用户销户之日止";
const DISPUTE: &str = "协商解决；协商不成的，向用气地人民法院起诉";

impl SupplyTerms {
    /// The terms as they will be signed: blanks filled from the case.
    pub(crate) fn filled(&self, case: &Case) -> Self {
        let basic = &case.basic;
        let low = case.design().is_none_or(|d| d.pressure_class == PressureClass::Low);
        let household = case.segment.is_household();
        let border = if household { BORDER_HOUSEHOLD } else { BORDER_OTHER };
        let pressure =
            if low { "低压，用户处2.0 kPa" } else { "中压进户，调压后供气" };
        let volume = || match basic.demand_m3h {
            Some(demand) => format!("小时用气量 {demand} m³/h"),
            None => "按用气设备核定".to_owned(),
        };
        Self {
            text_version: or(&self.text_version, || SUPPLY_TEXT.to_owned()),
            supplier: or(&self.supplier, || COMPANY.to_owned()),
            user: or(&self.user, || basic.name.clone()),
            place: or(&self.place, || basic.address.clone()),
            use_nature: or(&self.use_nature, || nature(basic.use_kind).to_owned()),
            gas_quality: or(&self.gas_quality, || QUALITY.to_owned()),
            pressure: or(&self.pressure, || pressure.to_owned()),
            volume: or(&self.volume, volume),
            metering: or(&self.metering, || "经首次检定合格的燃气表计量".to_owned()),
            price_clause: or(&self.price_clause, || PRICE.to_owned()),
            payment: or(&self.payment, || PAYMENT.to_owned()),
            border: or(&self.border, || border.to_owned()),
            safety_duties: or(&self.safety_duties, || SAFETY.to_owned()),
            interruption_notice: or(&self.interruption_notice, || INTERRUPTION.to_owned()),
            paper_notice: or(&self.paper_notice, || PAPER.to_owned()),
            free_choice: or(&self.free_choice, || CHOICE.to_owned()),
            liability: or(&self.liability, || LIABILITY.to_owned()),
            term: or(&self.term, || TERM.to_owned()),
            dispute: or(&self.dispute, || DISPUTE.to_owned()),
        }
    }

    /// Requires what the law asks for, in the text as it will be signed.
    pub(crate) fn lawful(&self, case: &Case) -> Result<(), Refusal> {
        let no =
            |field: &str, rule: &str| Refusal::field(field, "as the law asks").with("rule", rule);
        let paper = ["纸质", "书面"].iter().any(|word| self.paper_notice.contains(word));
        require(paper && self.paper_notice.contains("停"), || no("paper_notice", "L-12"))?;
        require(self.interruption_notice.contains("48"), || no("interruption_notice", "L-04"))?;
        let border = !case.segment.is_household() || self.border.contains("灶前阀");
        require(border, || no("border", "L-08"))?;
        let forced = ["必须购买", "指定购买"].iter().any(|w| self.free_choice.contains(w));
        require(self.free_choice.contains("不指定") && !forced, || no("free_choice", "L-09"))
    }
}

fn nature(kind: UseKind) -> &'static str {
    if kind == UseKind::Dwelling { "居民生活用气" } else { "非居民用气" }
}
