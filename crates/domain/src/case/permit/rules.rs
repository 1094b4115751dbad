//! What the permits need, as data of the company's rules (g.1, Q-09).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    ban::DigBanCalendar,
    kind::{PermitKind as K, PermitPaper as P},
};
use crate::money::Quantity;

/// The terms of every kind of permit, the dig ban, and the sizes that the law
/// watches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Unchecked")]
pub struct PermitRules {
    kinds: Vec<KindTerms>,
    /// When nobody digs.
    pub ban: DigBanCalendar,
    /// Working days from the issued drawing to our filing (P-1).
    pub filing_days: u32,
    /// Years that a new or rebuilt road rests.
    pub new_road_years: u32,
    /// Years that an overhauled road rests.
    pub overhauled_road_years: u32,
    /// Trees that are protected from this size on, by species.
    pub protected: Vec<ProtectedTree>,
    /// Trunk from which any evergreen is protected, cm.
    pub evergreen_cm: u32,
    /// Trunk from which every other tree is protected, cm.
    pub tree_cm: u32,
    /// Trunk from which a felled tree is replaced, cm.
    pub replant_cm: u32,
}

/// The rules as they come from outside, before they are checked.
#[derive(Deserialize, JsonSchema)]
struct Unchecked {
    kinds: Vec<KindTerms>,
    ban: DigBanCalendar,
    filing_days: u32,
    new_road_years: u32,
    overhauled_road_years: u32,
    protected: Vec<ProtectedTree>,
    evergreen_cm: u32,
    tree_cm: u32,
    replant_cm: u32,
}

/// A kind of permit without terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the rules have no terms for the permit {}", kind.as_str())]
pub struct PermitRulesError {
    /// Which.
    pub kind: K,
}

impl TryFrom<Unchecked> for PermitRules {
    type Error = PermitRulesError;

    fn try_from(from: Unchecked) -> Result<Self, PermitRulesError> {
        let kinds = from.kinds;
        match K::ALL.iter().find(|kind| kinds.iter().all(|terms| terms.kind != **kind)) {
            Some(kind) => Err(PermitRulesError { kind: *kind }),
            None => Ok(Self {
                kinds,
                ban: from.ban,
                filing_days: from.filing_days,
                new_road_years: from.new_road_years,
                overhauled_road_years: from.overhauled_road_years,
                protected: from.protected,
                evergreen_cm: from.evergreen_cm,
                tree_cm: from.tree_cm,
                replant_cm: from.replant_cm,
            }),
        }
    }
}

/// The terms of one kind of permit; days are working days unless said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KindTerms {
    /// Which kind.
    pub kind: K,
    /// The law that asks for it.
    pub law: String,
    /// The authority that decides.
    pub authority: String,
    /// Statutory time to decide, from acceptance (P-3).
    pub decision_days: u32,
    /// By how much the authority may extend it, with notice (P-3).
    pub extension_days: u32,
    /// What the authority promises, where it promises anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_days: Option<u32>,
    /// Time to say once what is missing, else it is deemed accepted (P-2).
    pub correction_days: u32,
    /// Time from the decision to the certificate (P-4).
    pub certificate_days: u32,
    /// Longest use, in calendar days (P-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_days: Option<u32>,
    /// Whether the ground is opened, so that the dig ban counts.
    pub digs: bool,
    /// Up to which size it is only recorded (备案), where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_within: Option<RecordLimit>,
    /// What is promised under notice-and-commitment, where that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentTerms>,
    /// The papers that the filing brings along.
    pub papers: Vec<P>,
}

/// The size up to which a filing is only recorded; every limit that is set
/// has to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordLimit {
    /// Longest trench or occupation, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_m: Option<Quantity>,
    /// Largest area, m².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_m2: Option<Quantity>,
    /// Longest time, calendar days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// The text that the applicant commits to, and its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitmentTerms {
    /// The version of the text.
    pub text_version: String,
    /// Its conditions, each an item of construction's checklist.
    pub conditions: Vec<String>,
}

/// A species with the size from which it is protected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProtectedTree {
    /// The species, as a part of its name.
    pub species: String,
    /// Trunk at breast height, cm.
    pub dbh_cm: u32,
}

impl PermitRules {
    /// The terms of `kind`.
    ///
    /// # Panics
    /// Never: rules without terms for every kind are not read.
    pub fn terms(&self, kind: K) -> &KindTerms {
        let found = self.kinds.iter().find(|terms| terms.kind == kind);
        found.expect("rules have terms for every kind")
    }

    /// These rules with other terms for one kind.
    #[must_use]
    pub fn with_terms(mut self, terms: KindTerms) -> Self {
        self.kinds.retain(|known| known.kind != terms.kind);
        self.kinds.push(terms);
        self
    }

    /// The trunk from which a tree of `species` is protected, cm.
    pub fn protected_from_cm(&self, species: &str, evergreen: bool) -> u32 {
        let known = self.protected.iter().find(|tree| species.contains(&tree.species));
        let other = if evergreen { self.evergreen_cm } else { self.tree_cm };
        known.map_or(other, |tree| tree.dbh_cm)
    }
}

impl Default for PermitRules {
    /// The law's own terms; what a city promises is configuration.
    fn default() -> Self {
        let tree = |species: &str, dbh_cm| ProtectedTree { species: species.to_owned(), dbh_cm };
        Self {
            kinds: K::ALL.iter().map(|kind| statutory(*kind)).collect(),
            ban: DigBanCalendar::default(),
            filing_days: 2,
            new_road_years: 5,
            overhauled_road_years: 3,
            protected: vec![tree("法桐", 40), tree("泡桐", 60), tree("梧桐", 60), tree("杨", 60)],
            evergreen_cm: 30,
            tree_cm: 50,
            replant_cm: 5,
        }
    }
}

/// Working days of the statutory decision on roads, and on green.
const ROAD_DAYS: u32 = 20;
const GREEN_DAYS: u32 = 15;

fn statutory(kind: K) -> KindTerms {
    let road = "城市道路主管部门";
    let green = "园林绿化主管部门";
    let (law, authority, decision_days, papers): (_, _, _, &[P]) = match kind {
        K::RoadOccupy => {
            ("城市道路管理条例第三十、三十一条", road, ROAD_DAYS, &[P::ConstructionPlan])
        }
        K::RoadDig => (
            "城市道路管理条例第三十三条",
            road,
            ROAD_DAYS,
            &[P::PlanningPermit, P::RangeSketch, P::ConstructionPlan],
        ),
        K::PipeOnRoad => {
            ("城市道路管理条例第二十九条", road, ROAD_DAYS, &[P::PlanningPermit, P::RangeSketch])
        }
        K::TreeMove => ("城市绿化条例第二十条", green, GREEN_DAYS, &[P::Photos, P::TransplantPlan]),
        K::TreeFell => (
            "城市绿化条例第二十条",
            green,
            GREEN_DAYS,
            &[P::Photos, P::TransplantPlan, P::OwnerConsent],
        ),
        K::GreenOccupy => ("城市绿化条例第十九条", green, GREEN_DAYS, &[P::GreenRestoration]),
        K::TrafficOrg => ("道路交通安全法", "公安交通管理部门", ROAD_DAYS, &[P::TrafficPlan]),
        K::Other => ("专门法律", "专门主管部门", ROAD_DAYS, &[P::ConstructionPlan]),
    };
    KindTerms {
        kind,
        law: law.to_owned(),
        authority: authority.to_owned(),
        decision_days,
        extension_days: 10,
        promised_days: None,
        correction_days: 5,
        certificate_days: 10,
        longest_days: (kind == K::GreenOccupy).then_some(365),
        digs: matches!(kind, K::RoadDig | K::PipeOnRoad),
        record_within: None,
        commitment: None,
        papers: papers.to_vec(),
    }
}
