//! One responsible customer manager at any moment (R-13, SOD-7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::Case,
    context::{Context, View},
    event::Event,
    ids::UserId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

/// A period of responsibility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Assignment {
    /// The customer manager.
    pub manager: UserId,
    /// Since when.
    pub from: Instant,
    /// Until when; nothing while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
    /// Why it began.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Gives the case to another customer manager; no clock starts anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignManager {
    /// The customer manager.
    #[schemars(extend("x-widget" = "person:customer_manager"))]
    pub manager: UserId,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

pub(crate) fn assign(
    case: &Case,
    view: &View<'_>,
    given: &AssignManager,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    // The rule of sharing out gives a case its first manager, never another.
    require(cx.actor.is(Role::CmLead) || case.responsible().is_none(), || {
        Refusal::new(Code::Assigned).with("manager", case.manager)
    })?;
    active(view, given.manager, &[Role::CustomerManager, Role::CounterClerk], "manager")?;
    require(case.manager != given.manager, || {
        Refusal::new(Code::Assigned).with("manager", given.manager)
    })?;
    require(!given.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    Ok(vec![Event::ManagerAssigned(given.clone())])
}

/// Requires an account in use that holds one of `roles`.
pub(crate) fn active(
    view: &View<'_>,
    user: UserId,
    roles: &[Role],
    field: &str,
) -> Result<(), Refusal> {
    let person = view.person(user).ok_or_else(|| Refusal::field(field, "nobody with this id"))?;
    let fits = person.active && roles.iter().any(|role| person.roles.contains(role));
    require(fits, || {
        let wanted: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        Refusal::field(field, "not an active person of this role").with("want", wanted.join(","))
    })
}
