//! T-01 and T-02: from heat to gas, from appliances to a peak.

use super::TechniqueRules;
use crate::money::{Quantity, Rate};

/// A rate of one, in its units.
const ONE: i128 = 1_000_000;

impl TechniqueRules {
    /// The gas that a heat load burns, m³/h: kW × 3.6 / LHV, half up (T-02);
    /// nothing beyond what a quantity holds, or without a heat value.
    pub fn flow_of_heat(&self, heat_kw: Quantity) -> Option<Quantity> {
        let heat = i128::from(self.heat_mj_m3.units());
        if heat <= 0 || heat_kw.units() < 0 {
            return None;
        }
        // Thousandths of kW × 3600 / thousandths of MJ/m³ are thousandths of m³/h.
        quantity(half_up(i128::from(heat_kw.units()) * 3_600, heat))
    }

    /// The part of all appliances of so many households that burns at once.
    ///
    /// Between two rows it is interpolated; the curve hangs below its chords,
    /// so what comes out is never too little. Beyond the last row it stays.
    pub fn simultaneity_of(&self, households: u32) -> Rate {
        let rows = &self.simultaneity;
        let after = rows.iter().position(|row| row.households >= households);
        let Some(place) = after else { return rows.last().map_or(whole(), |row| row.k) };
        let above = &rows[place];
        let below = place.checked_sub(1).and_then(|before| rows.get(before));
        let Some(below) = below.filter(|_| above.households > households) else { return above.k };
        let (k0, k1) = (i128::from(below.k.units()), i128::from(above.k.units()));
        let span = i128::from(above.households - below.households);
        let way = i128::from(households - below.households);
        rate_of(k0 - half_up((k0 - k1) * way, span))
    }

    /// The peak of appliances of which the part `k` burns at once, m³/h:
    /// k · Σ (N · q), half up (T-01).
    pub fn peak(
        appliances: impl IntoIterator<Item = (Quantity, u32)>,
        k: Rate,
    ) -> Option<Quantity> {
        let sum = appliances.into_iter().try_fold(0_i128, |sum, (flow, count)| {
            sum.checked_add(i128::from(flow.units()).checked_mul(i128::from(count))?)
        })?;
        quantity(half_up(sum.checked_mul(i128::from(k.units()))?, ONE))
    }

    /// Whether a stated flow is the one that the heat load comes to, within
    /// the tolerance.
    pub(super) fn is_near(&self, stated: Quantity, computed: Quantity) -> bool {
        let apart = i128::from((stated.units() - computed.units()).abs()) * ONE;
        apart <= i128::from(computed.units().abs()) * i128::from(self.flow_tolerance.units())
    }
}

/// All of them at once.
pub(super) fn whole() -> Rate {
    rate_of(ONE)
}

fn rate_of(units: i128) -> Rate {
    i64::try_from(units).ok().and_then(|units| Rate::from_units(units).ok()).unwrap_or_default()
}

fn quantity(units: i128) -> Option<Quantity> {
    i64::try_from(units).ok().and_then(|units| Quantity::from_units(units).ok())
}

/// Both are 0 or more, and the denominator is not 0.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    (numerator * 2 + denominator) / (denominator * 2)
}
