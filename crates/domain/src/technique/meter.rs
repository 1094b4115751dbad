//! T-03: which meter fits.

use super::{Advice, AdviceCode, MeterSize, Rule, TechniqueRules};
use crate::money::Quantity;

impl TechniqueRules {
    /// The smallest meter that passes the peak and, where there is one, feels
    /// the smallest appliance; nothing beyond the largest.
    pub fn meter_for(&self, peak: Quantity, smallest: Option<Quantity>) -> Option<&MeterSize> {
        let mut passing = self.meters.iter().filter(|meter| meter.q_max >= peak);
        let first = passing.clone().next();
        let Some(flow) = smallest else { return first };
        // A size of which nobody says what it feels is no answer to that.
        passing.find(|meter| meter.q_min.is_some_and(|least| least <= flow)).or(first)
    }

    /// The size of this name, however it is written.
    pub fn meter(&self, name: &str) -> Option<&MeterSize> {
        let plain = |text: &str| text.trim().to_uppercase();
        self.meters.iter().find(|meter| plain(&meter.size) == plain(name))
    }

    /// What there is to say of the meter in `field`.
    pub(super) fn check_meter(
        &self,
        field: &str,
        size: Option<&str>,
        peak: Quantity,
        smallest: Option<Quantity>,
        out: &mut Vec<Advice>,
    ) {
        let fits = self.meter_for(peak, smallest);
        let say = |code| {
            let said = Advice::new(Rule::T03, code, field).about(peak);
            match fits {
                Some(meter) => said.want(&meter.size),
                None => said,
            }
        };
        let Some(size) = size.filter(|size| !size.trim().is_empty()) else {
            out.extend(fits.map(|_| say(AdviceCode::MeterProposed)));
            return;
        };
        match self.meter(size) {
            None => out.push(say(AdviceCode::MeterUnknown).have(size)),
            Some(meter) if meter.q_max < peak => {
                out.push(say(AdviceCode::MeterSmall).have(size));
            }
            // Where no meter feels it either, this one is as good as any.
            Some(meter) if !feels(meter, smallest) && fits.is_some_and(|m| feels(m, smallest)) => {
                out.push(say(AdviceCode::MeterCoarse).have(size));
            }
            Some(_) => {}
        }
    }
}

fn feels(meter: &MeterSize, smallest: Option<Quantity>) -> bool {
    match (meter.q_min, smallest) {
        (Some(least), Some(flow)) => least <= flow,
        _ => true,
    }
}
