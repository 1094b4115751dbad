//! Gates: what must be there before something may happen (domain c.2). Each
//! says what is missing.

use crate::{
    case::{
        Case, contract, fee,
        material::{MaterialGate, missing_at},
        permit,
    },
    coded::coded,
    context::Context,
    money::Fen,
    record::Rules,
    refusal::{Code, Refusal, require},
    time::Instant,
};

coded! {
    /// The gates of a case.
    Gate {
        /// 基本信息完整
        Basic = "G-BASIC",
        /// 区域压力满足
        Pressure = "G-PRESSURE",
        /// 设计前置材料
        LegalDesign = "G-LEGAL-DESIGN",
        /// 费用确认有效
        Fee = "G-FEE",
        /// 施工合同已签
        Contract = "G-CONTRACT",
        /// 应付款已到
        Pay = "G-PAY",
        /// 许可齐备
        Permit = "G-PERMIT",
        /// 现场具备条件
        Site = "G-SITE",
        /// 材料到位
        Material = "G-MATERIAL",
        /// 通气前置材料
        LegalGas = "G-LEGAL-GAS",
        /// 试验和验收合格
        Test = "G-TEST",
        /// 供用气合同已签
        Supply = "G-SUPPLY",
        /// 燃气表已检定
        Meter = "G-METER",
        /// 报警器有效
        Alarm = "G-ALARM",
        /// 安全告知书已签
        Safety = "G-SAFETY",
    }
}

/// What holds `gate` shut at `now`; nothing when it is open.
pub fn missing(case: &Case, gate: Gate, now: Instant, rules: &Rules) -> Vec<String> {
    let unless = |open: bool, what: &str| {
        if open { Vec::new() } else { vec![what.to_owned()] }
    };
    let papers = |gate: MaterialGate| {
        missing_at(case, gate).into_iter().map(|kind| kind.code.to_owned()).collect::<Vec<_>>()
    };
    let build = case.construction.as_ref();
    let site = build.and_then(|build| build.site.as_ref());
    let ticket = case.gas.as_ref().and_then(|gas| gas.ticket.as_ref());
    match gate {
        Gate::Basic => case.basic.missing().into_iter().map(str::to_owned).collect(),
        Gate::Pressure => {
            // A verdict holds for its days; a survey done in time keeps it.
            let held = case.survey.is_some()
                || case.pressure.as_ref().is_some_and(|pressure| pressure.is_satisfied(now));
            unless(held, "pressure_check")
        }
        Gate::LegalDesign => papers(MaterialGate::Design),
        Gate::Fee => fee::missing(case, now).into_iter().map(str::to_owned).collect(),
        Gate::Contract => {
            let mut missing = unless(case.contracts.install.is_some(), "install_contract");
            missing.extend(papers(MaterialGate::Construction));
            missing
        }
        Gate::Pay => unless(paid(case), "payment"),
        Gate::Permit => permit::closed(case, now.date(), rules),
        Gate::Site => unless(site.is_some_and(|site| site.site_ready), "site"),
        Gate::Material => unless(site.is_some_and(|site| site.material_ready), "material"),
        Gate::LegalGas => papers(MaterialGate::GasOn),
        Gate::Test => {
            unless(case.acceptances.last().is_some_and(|result| result.passed), "acceptance")
        }
        Gate::Supply => unless(case.contracts.supply.is_some(), "supply_contract"),
        Gate::Meter => unless(ticket.is_some(), "meter"),
        Gate::Alarm => {
            let needless = !case.basic.use_kind.needs_alarm();
            unless(needless || ticket.is_some_and(|t| t.alarm_tested), "alarm")
        }
        Gate::Safety => unless(ticket.is_some(), "safety_notice"),
    }
}

/// Whether what is due by now was paid: before construction what the contract
/// says, before gas-on the customer's whole share.
fn paid(case: &Case) -> bool {
    let Some(fee) = case.confirmation() else { return false };
    let installed = case.construction.as_ref().is_some_and(|build| build.completed.is_some());
    let before_start = || {
        let contract = case.contracts.install.as_ref();
        contract.map_or(fee.customer_total_fen, |contract| contract.due_before_start_fen)
    };
    let due = if installed { contract::owed(case) } else { before_start() };
    case.contracts.paid().unwrap_or(Fen::ZERO) >= due
}

/// Requires that `gate` is open.
pub(crate) fn require_open(case: &Case, gate: Gate, cx: &Context<'_>) -> Result<(), Refusal> {
    let missing = missing(case, gate, cx.now, cx.rules);
    // A permit that is there, on a day on which it does not hold.
    let only_the_day = gate == Gate::Permit && missing.iter().all(|what| what.contains(':'));
    let code = if only_the_day { Code::PermitWindow } else { Code::Gate };
    require(missing.is_empty(), || {
        Refusal::new(code).with("gate", gate.as_str()).with("missing", missing.join(","))
    })
}
