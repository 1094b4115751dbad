//! Refusals: why the rulebook says no, and what is possible instead.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::command::CommandName;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $zh:literal;)*) => {
        /// Stable refusal codes (domain c.3).
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl Code {
            /// The code as scripts see it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What it means, in the words of the users.
            pub fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }
        }
    };
}

codes! {
    /// The record's state does not allow the command.
    State = "E_STATE", "当前状态不能进行此操作";
    /// A gate is closed.
    Gate = "E_GATE", "前置条件未满足";
    /// No permission.
    Role = "E_ROLE", "没有此项权限";
    /// Separation of duty.
    Sod = "E_SOD", "职责须分离，请由他人办理";
    /// A second active manager, or somebody else's case.
    Assigned = "E_ASSIGNED", "该案件由他人负责";
    /// The policy has not been confirmed as read.
    PolicyUnread = "E_POLICY_UNREAD", "请先阅读并确认现行方案";
    /// Basic information is missing.
    BasicMissing = "E_BASIC_MISSING", "基本信息不完整";
    /// A material that cannot be owed.
    NotTolerable = "E_NOT_TOLERABLE", "该材料不适用容缺";
    /// A four-zero customer may not be asked for this.
    FourZero = "E_FOUR_ZERO", "四零服务用户不得由用户承担此项";
    /// A newer drawing or budget exists.
    StaleDesign = "E_STALE_DESIGN", "所依据的图纸或预算已有新版本";
    /// A forbidden fee.
    ForbiddenFee = "E_FORBIDDEN_FEE", "该费用属于禁止收取项目";
    /// A line that the customer must not pay.
    ZeroCost = "E_ZERO_COST", "红线外接入费用不得由用户承担";
    /// No valid price.
    PriceMissing = "E_PRICE_MISSING", "价目表中没有有效价格";
    /// No valid power of attorney.
    Poa = "E_POA", "缺少有效的授权委托书";
    /// Outside the permitted time or place.
    PermitWindow = "E_PERMIT_WINDOW", "不在许可期限或处于禁掘期";
    /// A qualification is missing or ends too early.
    Qualification = "E_QUALIFICATION", "资质无效或将在工期内到期";
    /// More than one item at once.
    BulkClose = "E_BULK_CLOSE", "须逐条销号";
    /// Evidence is missing.
    Evidence = "E_EVIDENCE", "缺少证明或记录";
    /// The reason does not pause any running clock.
    PauseNotAllowed = "E_PAUSE_NOT_ALLOWED", "该原因不能暂停计时";
    /// Changed meanwhile.
    Version = "E_VERSION", "内容已被他人更改";
    /// Exists already.
    Duplicate = "E_DUPLICATE", "已存在相同记录";
    /// A field is missing or malformed.
    Format = "E_FORMAT", "填写内容不符合要求";
    /// A signature is missing or void.
    Signature = "E_SIGNATURE", "签字缺失或无效";
    /// The clock of the device cannot be trusted.
    ClockSkew = "E_CLOCK_SKEW", "设备时间异常";
    /// The record has as much in it as a record may have.
    TooLarge = "E_TOO_LARGE", "该记录内容已达上限，不能再添加";
    /// The record does not exist in the actor's scope.
    Unknown = "E_UNKNOWN", "找不到该记录";
}

/// The rulebook's no. A value, not an error: the user reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// Stable code.
    pub code: Code,
    /// What the code is about: `field`, `gate`, `missing`, `have`, `want` …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The state found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What the actor can do now on this record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub now_possible: Vec<CommandName>,
}

impl Refusal {
    /// A refusal with nothing but its code.
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new(), state: None, now_possible: Vec::new() }
    }

    /// Names what the refusal is about.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a literal reads better than a borrow")]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }

    /// A field that is missing or malformed.
    pub fn field(field: &str, why: impl ToString) -> Self {
        Self::new(Code::Format).with("field", field).with("why", why)
    }

    /// The sentence that a Chinese reader gets where no screen words it.
    pub fn message_zh(&self) -> String {
        let mut text = self.code.zh().to_owned();
        for (key, value) in &self.params {
            text.push('；');
            text.push_str(key);
            text.push('=');
            text.push_str(value);
        }
        text
    }
}

impl From<crate::validate::Fault> for Refusal {
    fn from(fault: crate::validate::Fault) -> Self {
        Self::field(&fault.field, fault.code)
    }
}

/// Refuses unless `holds`.
pub(crate) fn require(holds: bool, refusal: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal()) }
}
