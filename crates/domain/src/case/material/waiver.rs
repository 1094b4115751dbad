//! A paper that need not come: never by the manager alone (F-2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MaterialState, blank, is_there, item, material};
use crate::{
    case::Case,
    context::{Actor, Context},
    event::{ClockStop, Event, Stop},
    flow::stop_key,
    refusal::{Code, Refusal, require},
    role::Role,
};

/// Does without a material, with reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiveMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// Why the connection is lawful and sound without it.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// Whose word a waiver needs first: for what touches the law the leader's, for
/// what touches technique the technical lead's, else the department lead's.
/// The lead who waives a tolerable paper needs nobody.
pub(crate) fn word(waived: &WaiveMaterial, actor: &Actor) -> Option<Role> {
    let kind = material(&waived.code);
    match kind.map(|kind| (kind.affects_technical, kind.affects_legality)) {
        Some((true, _)) => Some(Role::TechLead),
        Some((false, true)) => Some(Role::Leader),
        _ if actor.is(Role::CmLead) => None,
        _ => Some(Role::CmLead),
    }
}

/// Whose word it needs besides, once `given` has said yes.
pub(crate) fn further_word(waived: &WaiveMaterial, given: Role) -> Option<Role> {
    let legal = material(&waived.code).is_some_and(|kind| kind.affects_legality);
    (given == Role::TechLead && legal).then_some(Role::Leader)
}

/// A waiver; `proposed` when it is decided on what the lead proposed.
pub(crate) fn waive(
    case: &Case,
    waived: &WaiveMaterial,
    proposed: bool,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = material(&waived.code).ok_or_else(|| Refusal::field("code", "no such material"))?;
    require(!waived.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    require(proposed || !kind.is_critical() || cx.actor.is(Role::CmLead), || {
        Refusal::new(Code::NotTolerable).with("code", kind.code).with("want", Role::CmLead.as_str())
    })?;
    let known = item(case, kind.code).is_some_and(|item| !item.is_settled());
    let needed = known || (kind.applies(case) && !is_there(case, kind.code));
    require(needed, || Refusal::field("code", "this material is not missing"))?;
    let mut events = vec![Event::MaterialWaived(waived.clone())];
    // A debt that need not be paid is nobody's fault (CLK-7).
    events.extend(
        stop_key(&case.clocks, crate::policy::RuleId::D09, kind.code, cx.now).into_iter().map(
            |event| {
                if let Event::ClockStopped(stop) = event {
                    Event::ClockStopped(ClockStop { how: Stop::Excused, ..stop })
                } else {
                    event
                }
            },
        ),
    );
    Ok(events)
}

/// Applies a waiver.
pub(crate) fn put(case: &mut Case, waived: &WaiveMaterial) {
    let mut now = item(case, &waived.code).cloned().unwrap_or_else(|| blank(&waived.code));
    now.state = MaterialState::Waived;
    now.waived_because = Some(waived.reason.clone());
    case.materials.retain(|item| item.code != waived.code);
    case.materials.push(now);
}
