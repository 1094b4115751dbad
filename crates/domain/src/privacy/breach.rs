//! 个人信息安全事件: what happened, and the notices that the law wants
//! (个人信息保护法 57; P-08).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    context::Context,
    ids::UserId,
    refusal::{Refusal, require},
    time::Instant,
};

/// Personal information was leaked, altered or lost, or may have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordBreach {
    /// 发现时间
    #[schemars(extend("x-widget" = "instant"))]
    pub found_at: Instant,
    /// 涉及的信息种类, as 姓名、手机号码.
    pub kinds: String,
    /// 涉及人数; 0 while unknown.
    pub persons: u32,
    /// 原因
    #[schemars(extend("x-widget" = "text"))]
    pub cause: String,
    /// 可能造成的危害
    #[schemars(extend("x-widget" = "text"))]
    pub harm: String,
    /// 已采取的补救措施
    #[schemars(extend("x-widget" = "text"))]
    pub measures: String,
    /// 个人可以采取的减轻危害的措施
    #[schemars(extend("x-widget" = "text"))]
    pub advice: String,
    /// 联系方式, of the company.
    pub contact: String,
}

/// An incident with the drafts of its notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Breach {
    /// Its number, from 1.
    pub no: u32,
    /// What happened.
    pub what: RecordBreach,
    /// The notices, ready to be checked and sent.
    pub drafts: Vec<Draft>,
    /// Who recorded it.
    pub by: UserId,
    /// When it was recorded.
    pub at: Instant,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// A notice as it can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// To whom.
    pub to: String,
    /// Its title.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// An incident is dealt with: the notices were sent, or why none was needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseBreach {
    /// Which incident.
    pub no: u32,
    /// 已通知履行个人信息保护职责的部门
    pub authority_told: bool,
    /// 已通知个人
    pub persons_told: bool,
    /// 结论
    #[schemars(extend("x-widget" = "text"))]
    pub note: String,
}

/// How an incident ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Closed {
    /// How.
    pub how: CloseBreach,
    /// When.
    pub at: Instant,
}

/// Checks an incident and writes the drafts.
///
/// # Errors
/// `E_FORMAT` when a thing that the notices must say is missing.
pub(crate) fn record(no: u32, what: &RecordBreach, cx: &Context<'_>) -> Result<Breach, Refusal> {
    for (field, text) in [
        ("kinds", &what.kinds),
        ("cause", &what.cause),
        ("harm", &what.harm),
        ("measures", &what.measures),
        ("advice", &what.advice),
        ("contact", &what.contact),
    ] {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    require(what.found_at <= cx.now, || Refusal::field("found_at", "in the future"))?;
    Ok(Breach {
        no,
        what: what.clone(),
        drafts: drafts(what),
        by: cx.actor.user,
        at: cx.now,
        closed: None,
    })
}

/// The notices to the authority and to the persons, with all that 个人信息保护法
/// 57 asks for: kinds, cause and harm; remedies and what the person can do;
/// how to reach the company.
pub fn drafts(what: &RecordBreach) -> Vec<Draft> {
    let RecordBreach { kinds, persons, cause, harm, measures, advice, contact, .. } = what;
    let day = what.found_at.date();
    let number = if *persons == 0 { "正在核实".to_owned() } else { format!("{persons} 人") };
    let authority = format!(
        "我公司于 {day} 发现个人信息安全事件，报告如下：\n一、信息种类：{kinds}\n二、涉及人数：{number}\n\
         三、原因：{cause}\n四、可能造成的危害：{harm}\n五、已采取的补救措施：{measures}\n\
         六、建议个人采取的措施：{advice}\n七、联系方式：{contact}"
    );
    let persons = format!(
        "尊敬的用户：我公司于 {day} 发现涉及您个人信息的安全事件。\n信息种类：{kinds}\n原因：{cause}\n\
         可能造成的危害：{harm}\n我公司已采取的补救措施：{measures}\n您可以采取的措施：{advice}\n\
         联系方式：{contact}"
    );
    vec![
        Draft {
            to: "履行个人信息保护职责的部门".to_owned(),
            subject: "个人信息安全事件报告".to_owned(),
            text: authority,
        },
        Draft {
            to: "受影响的个人".to_owned(),
            subject: "个人信息安全事件告知".to_owned(),
            text: persons,
        },
    ]
}
