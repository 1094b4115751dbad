//! 代办: acting for a user who cannot apply himself, and the power of attorney
//! that it rests on (R-41, e.19; 民法典 165).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case,
        fee::{Signature, signed},
        material::known_files,
    },
    coded::coded,
    context::Context,
    event::Event,
    ids::{FileId, PowerId},
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

/// The version of the text of a power of attorney, as it is signed.
pub const POWER_TEXT: &str = "POA-2026-1";

coded! {
    /// Why the user cannot apply himself.
    ProxyReason {
        /// 老弱病残
        Frail = "frail",
        /// 外地
        Elsewhere = "elsewhere",
        /// 企业委托
        Enterprise = "enterprise",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// What somebody is empowered for.
    Matter {
        /// 报装申请
        Application = "application",
        /// 材料提交与领取
        Materials = "materials",
        /// 合同签订
        Contract = "contract",
        /// 行政许可申报
        Permits = "permits",
        /// 验收通气
        GasOn = "gas_on",
    }
}

coded! {
    /// How a proxy service stands.
    ProxyState {
        /// 待申请人签章
        AwaitingSignature = "awaiting_signature",
        /// 代办中
        Acting = "acting",
        /// 代办办结
        Done = "done",
        /// 代办终止
        Stopped = "stopped",
    }
}

/// What a case holds about acting for the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proxy {
    /// The service that was agreed last; it costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ProxyService>,
    /// The powers of attorney, every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub powers: Vec<PowerOfAttorney>,
}

/// A proxy service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProxyService {
    /// What was agreed.
    pub agreed: AgreeProxy,
    /// Since when.
    pub since: Instant,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<ProxyEnded>,
}

/// Agrees to act for the user, free of charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgreeProxy {
    /// 代办原因
    pub reason: ProxyReason,
    /// 代办事项
    pub matters: Vec<Matter>,
    /// 说明; needed for another reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// Ends the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndProxy {
    /// 已办结; otherwise it is stopped.
    pub done: bool,
    /// 说明
    #[schemars(extend("x-widget" = "text"))]
    pub note: String,
}

/// The service ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProxyEnded {
    /// Whether everything was done.
    pub done: bool,
    /// 说明
    pub note: String,
    /// When.
    pub at: Instant,
}

/// Takes a power of attorney: who empowers whom, for what, how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignPower {
    /// Its identity.
    #[schemars(extend("x-widget" = "new_record"))]
    pub power: PowerId,
    /// 委托人
    pub principal: String,
    /// 代理人
    pub agents: Vec<String>,
    /// 委托事项
    pub matters: Vec<Matter>,
    /// 委托权限
    #[schemars(extend("x-widget" = "text"))]
    pub powers: String,
    /// 有效期自
    #[schemars(extend("x-widget" = "date"))]
    pub valid_from: Date,
    /// 有效期至
    #[schemars(extend("x-widget" = "date"))]
    pub valid_to: Date,
    /// 盖章件; in place of a drawn signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:material"))]
    pub sealed: Option<FileId>,
    /// 委托人签字; given on [`POWER_TEXT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// A power of attorney.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PowerOfAttorney {
    /// What was signed.
    pub signed: SignPower,
    /// When.
    pub at: Instant,
    /// When and why it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<PowerRevoked>,
}

/// Takes a power of attorney back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevokePower {
    /// Which.
    #[schemars(extend("x-widget" = "power"))]
    pub power: PowerId,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// A power of attorney was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PowerRevoked {
    /// Which.
    pub power: PowerId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
}

impl Proxy {
    /// Whether nothing was agreed or signed.
    pub fn is_empty(&self) -> bool {
        self.service.is_none() && self.powers.is_empty()
    }

    /// The power of attorney with this id.
    pub fn power(&self, id: PowerId) -> Option<&PowerOfAttorney> {
        self.powers.iter().find(|power| power.signed.power == id)
    }

    /// How the service stands on `day`; nothing when none was agreed.
    pub fn state(&self, day: Date) -> Option<ProxyState> {
        let service = self.service.as_ref()?;
        Some(match &service.ended {
            Some(ended) if ended.done => ProxyState::Done,
            Some(_) => ProxyState::Stopped,
            None => {
                let covered = |matter: &Matter| {
                    self.powers.iter().any(|power| power.lacks(*matter, day).is_none())
                };
                let all = service.agreed.matters.iter().all(covered);
                if all { ProxyState::Acting } else { ProxyState::AwaitingSignature }
            }
        })
    }
}

impl PowerOfAttorney {
    /// Why it does not cover `matter` on `day`; nothing when it does.
    pub fn lacks(&self, matter: Matter, day: Date) -> Option<&'static str> {
        if self.revoked.is_some() {
            return Some("revoked");
        }
        if !self.signed.matters.contains(&matter) {
            return Some("not within its scope");
        }
        if day < self.signed.valid_from || self.signed.valid_to < day {
            return Some("not within its period");
        }
        None
    }
}

/// Requires a power of attorney for `matter` on `day`: the one named, else
/// any of the case.
pub(crate) fn require_power(
    case: &Case,
    named: Option<PowerId>,
    matter: Matter,
    day: Date,
) -> Result<(), Refusal> {
    let fits = |power: &&PowerOfAttorney| named.is_none_or(|id| power.signed.power == id);
    let mut lacks = None;
    for power in case.proxy.powers.iter().filter(fits) {
        match power.lacks(matter, day) {
            None => return Ok(()),
            why => lacks = why,
        }
    }
    Err(Refusal::new(Code::Poa)
        .with("item", matter.as_str())
        .with("why", lacks.unwrap_or("no power of attorney is signed")))
}

/// Requires a power of attorney where staff act for the user by agreement.
pub(crate) fn require_if_proxied(case: &Case, matter: Matter, day: Date) -> Result<(), Refusal> {
    let acting =
        case.proxy.service.as_ref().is_some_and(|service| {
            service.ended.is_none() && service.agreed.matters.contains(&matter)
        });
    if acting { require_power(case, None, matter, day) } else { Ok(()) }
}

pub(crate) fn agree(agreed: &AgreeProxy) -> Result<Vec<Event>, Refusal> {
    require(!agreed.matters.is_empty(), || Refusal::field("matters", "one at least"))?;
    let said = agreed.note.as_ref().is_some_and(|note| !note.trim().is_empty());
    require(agreed.reason != ProxyReason::Other || said, || {
        Refusal::field("note", "say what the reason is")
    })?;
    Ok(vec![Event::ProxyAgreed(agreed.clone())])
}

pub(crate) fn end(ended: &EndProxy, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    require(!ended.note.trim().is_empty(), || Refusal::field("note", "missing"))?;
    let (done, note) = (ended.done, ended.note.clone());
    Ok(vec![Event::ProxyEnded(ProxyEnded { done, note, at: cx.now })])
}

pub(crate) fn sign(
    case: &Case,
    power: &SignPower,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(case.proxy.power(power.power).is_none(), || {
        Refusal::new(Code::Duplicate).with("field", "power")
    })?;
    for (field, text) in [("principal", &power.principal), ("powers", &power.powers)] {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    let named = power.agents.iter().any(|name| !name.trim().is_empty());
    require(named, || Refusal::field("agents", "one at least"))?;
    require(!power.matters.is_empty(), || Refusal::field("matters", "one at least"))?;
    require(power.valid_from <= power.valid_to, || Refusal::field("valid_to", "before its start"))?;
    require(cx.now.date() <= power.valid_to, || Refusal::field("valid_to", "in the past"))?;
    match (&power.signature, power.sealed) {
        (Some(signature), _) => signed(case, signature, POWER_TEXT)?,
        (None, Some(sealed)) => known_files(case, &[sealed], "sealed")?,
        (None, None) => {
            return Err(Refusal::new(Code::Signature)
                .with("field", "signature")
                .with("why", "sign it or attach the sealed paper"));
        }
    }
    Ok(vec![Event::PowerSigned(Box::new(power.clone()))])
}

pub(crate) fn revoke(
    case: &Case,
    asked: &RevokePower,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let power = case
        .proxy
        .power(asked.power)
        .ok_or_else(|| Refusal::field("power", "no such power of attorney"))?;
    require(power.revoked.is_none(), || Refusal::new(Code::Duplicate).with("field", "power"))?;
    require(!asked.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let (power, reason) = (asked.power, asked.reason.clone());
    Ok(vec![Event::PowerRevoked(PowerRevoked { power, reason, at: cx.now })])
}

/// Applies an event that is about acting for the user.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]
pub(crate) fn apply(case: &mut Case, event: &Event, at: Instant) {
    let proxy = &mut case.proxy;
    match event {
        Event::ProxyAgreed(agreed) => {
            let agreed = agreed.clone();
            proxy.service = Some(ProxyService { agreed, since: at, ended: None });
        }
        Event::ProxyEnded(ended) => {
            if let Some(service) = &mut proxy.service {
                service.ended = Some(ended.clone());
            }
        }
        Event::PowerSigned(signed) => {
            let signed = (**signed).clone();
            proxy.powers.push(PowerOfAttorney { signed, at, revoked: None });
        }
        Event::PowerRevoked(revoked) => {
            let mut all = proxy.powers.iter_mut();
            if let Some(power) = all.find(|power| power.signed.power == revoked.power) {
                power.revoked = Some(revoked.clone());
            }
        }
        _ => {}
    }
}
