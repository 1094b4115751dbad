//! T-07: at what pressure a user is supplied.

use super::{Advice, AdviceCode, Rule, TechniqueRules};
use crate::{case::basic::UseKind, coded::coded, money::Quantity};

coded! {
    /// Users by the pressure that may come to them.
    SupplyUse {
        /// 家庭燃具
        Household = "household",
        /// 商业、公共建筑
        Public = "public",
        /// 工业，独立单层厂房
        IndustryApart = "industry_apart",
        /// 其他工业
        Industry = "industry",
    }
}

impl SupplyUse {
    /// The user of this kind; industry in a separate single-storey building
    /// has a limit of its own.
    pub fn of(kind: UseKind, apart: bool) -> Self {
        match kind {
            UseKind::Dwelling => Self::Household,
            UseKind::Industry if apart => Self::IndustryApart,
            UseKind::Industry => Self::Industry,
            UseKind::Catering
            | UseKind::School
            | UseKind::Hospital
            | UseKind::Hotel
            | UseKind::Canteen
            | UseKind::Boiler
            | UseKind::Other => Self::Public,
        }
    }
}

impl TechniqueRules {
    /// What there is to say of the pressure in `field`.
    pub(super) fn check_supply(
        &self,
        field: &str,
        user: SupplyUse,
        pressure_kpa: Quantity,
        out: &mut Vec<Advice>,
    ) {
        let Some(row) = self.supply.iter().find(|row| row.user == user) else { return };
        let say = |code, limit: Quantity| {
            Advice::new(Rule::T07, code, field).about(user.as_str()).have(pressure_kpa).want(limit)
        };
        if pressure_kpa > row.max_kpa {
            out.push(say(AdviceCode::SupplyAbove, row.max_kpa));
        } else if let Some(least) = row.min_kpa.filter(|least| pressure_kpa < *least) {
            out.push(say(AdviceCode::SupplyBelow, least));
        }
    }
}
