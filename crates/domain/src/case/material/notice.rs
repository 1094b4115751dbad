//! What the applicant is told about materials, kept as it was told: the
//! one-time notice, reminders, confirmations (F-4, F-6, F-12, L-11).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Because, MaterialGate, OwedBy, OwedItem, material, overdue::Overdue};
use crate::{
    case::{Case, Channel, Segment},
    coded::coded,
    context::Context,
    event::Event,
    ids::{FileId, UserId},
    time::{Date, Instant},
};

/// Everything about tolerance that is not a single paper's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tolerance {
    /// The notices given, the first one first; each after it is a second
    /// notice (K-14).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<OneTimeNotice>,
    /// Everything else that the applicant was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// `tolerance_overdue`, as long as it lasts (F-7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<Overdue>,
}

impl Tolerance {
    /// Whether nothing was told yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many notices came after the first one (K-14).
    pub fn second_notices(&self) -> usize {
        self.notices.len().saturating_sub(1)
    }
}

/// 一次性告知书, as it was told (F-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OneTimeNotice {
    /// 1 for the first; a second one counts against the company.
    pub no: u32,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: UserId,
    /// Through the applicant's own channel.
    pub channel: Channel,
    /// Whom the applicant can ask.
    pub contact: String,
    /// The kind of user that it was written for.
    pub segment: Segment,
    /// The version of the drawing at that moment; 0 before the first.
    pub design_version: u32,
    /// Everything that was missing.
    pub items: Vec<NoticeItem>,
    /// What made a further notice necessary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The applicant's signature on it, where he was present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<FileId>,
}

/// A line of the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeItem {
    /// Code in the catalogue.
    pub code: String,
    /// Name of the material.
    pub name: String,
    /// Who brings it.
    pub owed_by: OwedBy,
    /// The last day.
    pub due_on: Date,
    /// Why it is asked for.
    pub why: String,
    /// How it is supplied.
    pub how: String,
    /// What waits for it.
    pub blocks: MaterialGate,
}

coded! {
    /// What a message to the applicant is about.
    Message {
        /// 一次性告知
        OneTimeNotice = "one_time_notice",
        /// 再次告知
        SecondNotice = "second_notice",
        /// 到期提醒
        Reminder = "reminder",
        /// 逾期提醒
        Overdue = "overdue",
        /// 已收到材料
        Received = "received",
        /// 材料已齐
        Complete = "complete",
        /// 改由公司收集
        TakenOver = "taken_over",
        /// 延期
        Extended = "extended",
    }
}

/// A message to the applicant, on his own channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// What it is about.
    pub message: Message,
    /// The material, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The last day that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Through which channel.
    pub channel: Channel,
    /// When.
    pub at: Instant,
}

/// The event of telling the applicant something.
pub(crate) fn tell(
    case: &Case,
    message: Message,
    code: Option<&String>,
    cx: &Context<'_>,
) -> Event {
    let due_on = code.and_then(|code| super::item(case, code)).and_then(|item| item.due_on);
    Event::ApplicantTold(Told {
        message,
        code: code.cloned(),
        due_on,
        channel: case.channel,
        at: cx.now,
    })
}

/// The notice that lists these debts, all of them.
pub(crate) fn written(
    case: &Case,
    owed: &[OwedItem],
    contact: &str,
    signed: Option<FileId>,
    cx: &Context<'_>,
) -> OneTimeNotice {
    let given = u32::try_from(case.tolerance.notices.len()).unwrap_or(u32::MAX);
    OneTimeNotice {
        no: given.saturating_add(1),
        at: cx.now,
        by: cx.actor.user,
        channel: case.channel,
        contact: contact.to_owned(),
        segment: case.segment,
        design_version: case.design().map_or(0, |design| design.version),
        items: owed.iter().filter_map(|debt| line(debt, cx)).collect(),
        because: None,
        reason: None,
        signed,
    }
}

fn line(debt: &OwedItem, cx: &Context<'_>) -> Option<NoticeItem> {
    let kind = material(&debt.code)?;
    let why = match (kind.affects_legality, kind.affects_technical) {
        (true, true) => "关系项目合法性和技术可靠性",
        (true, false) => "关系项目合法性",
        (false, true) => "关系技术可靠性",
        (false, false) => "办理所需，可限期补齐",
    };
    let how = match (debt.owed_by, kind.share) {
        (OwedBy::Customer, _) => "拍照发给客户经理或由原申请渠道上传，也可由客户经理上门收取",
        (OwedBy::Manager, Some(_)) => "由公司通过数据共享获取，您无需提供",
        (OwedBy::Manager, None) => "由客户经理上门采集核对，您无需送交",
    };
    let said = debt.why.as_ref().filter(|text| !text.trim().is_empty());
    Some(NoticeItem {
        code: debt.code.clone(),
        name: kind.name_zh.to_owned(),
        owed_by: debt.owed_by,
        due_on: debt.due_on.unwrap_or_else(|| cx.now.date()),
        why: why.to_owned(),
        how: said.cloned().unwrap_or_else(|| how.to_owned()),
        blocks: kind.gate,
    })
}
