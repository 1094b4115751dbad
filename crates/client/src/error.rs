//! What can go wrong in the application, and its one outward form.
//!
//! Invariant: one exhaustive mapping turns an inner error into an
//! [`ApiError`]; neither carries personal data, and every sentence says what
//! to do.

use std::collections::BTreeMap;

use lantian_domain::{refusal::Refusal, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{transport::Failure, view::RefusalView};

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An act of the application failed; what was stored before stays stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule says no; nothing was stored.
    #[error("refused by rule {}", .0.code.as_str())]
    Refused(Box<Refusal>),
    /// The way to the server failed.
    #[error(transparent)]
    Way(#[from] Failure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] lantian_replica::Error),
    /// The input cannot be understood.
    #[error("{field}: {why}")]
    BadInput {
        /// Which input.
        field: String,
        /// What is expected.
        why: String,
    },
    /// There is no such thing here.
    #[error("no such {what}")]
    NotFound {
        /// Of which kind: `record`, `file`, `command`, `item`.
        what: &'static str,
    },
    /// No device is enrolled here.
    #[error("no device is enrolled here")]
    NotEnrolled,
    /// A device is enrolled here already.
    #[error("a device is enrolled here already")]
    Enrolled,
    /// The replica waits for its PIN.
    #[error("the replica is locked")]
    Locked,
    /// The lease is over: the device has to reach the server.
    #[error("the offline lease is over")]
    LeaseOver {
        /// Since when.
        until: Instant,
    },
    /// The account that signed in is not the one that this replica belongs to.
    #[error("the replica belongs to another account")]
    OtherAccount,
    /// A key store in a file was not named explicitly.
    #[error("the key store in a file was not named")]
    KeyStoreUnnamed,
    /// The application is shutting down.
    #[error("the application is shutting down")]
    Closing,
}

impl Error {
    pub(crate) fn bad_input(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::BadInput { field: field.into(), why: why.into() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// An error as front ends see it: they branch on `code`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ApiError {
    /// Stable code; `refused` carries a refusal.
    pub code: String,
    /// Parameters of the code, without personal data.
    pub params: BTreeMap<String, String>,
    /// What happened and what to do, in Chinese.
    pub message: String,
    /// The rule's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Box<RefusalView>>,
}

impl ApiError {
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            params: BTreeMap::new(),
            message: message.into(),
            refusal: None,
        }
    }

    /// A call whose arguments cannot be read; their text is not repeated.
    pub fn bad_call(fault: &impl std::fmt::Display) -> Self {
        let text = fault.to_string();
        let field = text.split('`').nth(1).unwrap_or("data");
        Self::new("bad_input", "请求内容无法读取").with("field", &field)
    }

    /// The outward form of a fault of the store.
    pub(crate) fn from_store(fault: &lantian_replica::Error) -> Self {
        of_store(fault)
    }

    fn with(mut self, key: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.params.insert(key.to_owned(), value.to_string());
        self
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refused(*refusal),
            Error::Way(failure) => of_failure(&failure),
            Error::Store(store) => of_store(&store),
            Error::BadInput { field, why } => {
                Self::new("bad_input", format!("输入有误（{field}）：{why}")).with("field", &field)
            }
            Error::NotFound { what } => {
                Self::new("not_found", "本机没有找到该内容；联网同步后再试").with("what", what)
            }
            Error::NotEnrolled => Self::new("not_enrolled", "本机尚未登记，请先联网登录"),
            Error::Enrolled => Self::new("enrolled", "本机已登记；请输入 PIN 解锁"),
            Error::Locked => Self::new("locked", "已锁定，请输入 PIN"),
            Error::LeaseOver { until } => Self::new(
                "lease_over",
                "离线使用期限已过，请连接网络后再解锁；未上传的内容仍在本机",
            )
            .with("until", &until),
            Error::OtherAccount => {
                Self::new("other_account", "本机数据属于另一账户；请用原账户登录，或换一个数据目录")
            }
            Error::KeyStoreUnnamed => Self::new(
                "key_store_unnamed",
                "本机的密钥保存在文件中，请用 --key-store file:路径 或 LANTIAN_KEY_STORE 指明",
            ),
            Error::Closing => Self::new("closing", "程序正在退出"),
        }
    }
}

fn refused(refusal: Refusal) -> ApiError {
    let view = RefusalView::from(refusal);
    ApiError {
        code: "refused".to_owned(),
        params: view.params.clone(),
        message: view.message.clone(),
        refusal: Some(Box::new(view)),
    }
}

fn of_failure(failure: &Failure) -> ApiError {
    let message = match failure {
        Failure::Offline => "当前离线，可继续填写；联网后自动上传",
        Failure::Timeout => "服务器没有及时应答，稍后自动重试；内容仍在本机",
        Failure::NotOurServer => "应答不是公司服务器发出的；请检查是否需要先登录该网络",
        Failure::Tls => "服务器证书不被信任；请检查本机日期，或联系管理员",
        Failure::SignInNeeded => "登录已过期，请重新登录；未上传的内容仍在本机",
        Failure::Revoked => "本设备已被停用，请联系管理员",
        Failure::Busy { .. } => "服务器繁忙，稍后自动重试",
        Failure::Server { .. } => "服务器出现故障，稍后自动重试；内容仍在本机",
        Failure::Denied(problem) => return denied(problem),
        Failure::Outdated { .. } => "程序版本过旧，请更新后再同步；内容仍在本机",
        Failure::Unreadable => "服务器的应答无法读取，稍后自动重试",
    };
    let error = ApiError::new(failure.code(), message);
    if let Failure::Busy { retry_after_ms: Some(ms) } = failure {
        return error.with("retry_after_ms", ms);
    }
    error
}

fn denied(problem: &lantian_protocol::Problem) -> ApiError {
    let message = match problem.code.as_str() {
        "bad_credentials" => "用户名或密码不正确".to_owned(),
        "password_expired" => "这是一次性密码，请设置新密码后登录".to_owned(),
        "second_factor_needed" => "此账号还需输入身份验证器上的动态码".to_owned(),
        "second_factor_setup" => {
            "此账号需要身份验证器：请添加密钥，再输入它显示的动态码".to_owned()
        }
        "second_factor_wrong" => "动态码不正确或已用过，请输入现在显示的".to_owned(),
        "forbidden" => "没有此项权限".to_owned(),
        "not_found" => "服务器上没有该内容".to_owned(),
        _ => problem.detail.clone(),
    };
    ApiError { code: problem.code.clone(), params: problem.params.clone(), message, refusal: None }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is beyond a person and worded once")]
fn of_store(error: &lantian_replica::Error) -> ApiError {
    use lantian_replica::Error as E;
    let new = |message: &str| ApiError::new(error.code(), message);
    let recovery =
        |message: &str| ApiError::new("recovery_needed", message).with("cause", error.code());
    match error {
        E::Held { by } => {
            let message = format!("另一个程序（{by}）正在使用这些数据，请先关闭它");
            ApiError::new("held_elsewhere", message).with("holder", by)
        }
        E::Exists => new("本机已有数据，不会覆盖"),
        E::Missing => new("本机尚无数据，请先登录"),
        E::Full => new("本机存储已满，请先清理空间；已保存的内容未受影响"),
        E::ReadOnly => new("数据目录不可写，请检查权限；已保存的内容未受影响"),
        E::Corrupt { what, .. } => {
            new("本机数据损坏，已停止以免扩大；请勿删除数据目录，联系管理员").with("what", what)
        }
        E::Locked => new("数据库正被其他程序占用（如杀毒或备份），请稍后再试"),
        E::TooNew { what, .. } => new("数据由更新的版本写入，请更新程序").with("what", what),
        E::KeyringEntryMissing { backend } => {
            recovery("密钥环中没有本机的密钥，请用恢复密钥打开").with("backend", backend)
        }
        E::KeyringEntryForeign { .. } => recovery("密钥环中的密钥不属于这些数据，请用恢复密钥打开"),
        E::KeyringUnavailable { .. } => new("系统密钥环不可用或已锁定，请解锁系统密钥环后重试"),
        E::WrongPin { failures, wait_s } => {
            new("PIN 不正确").with("failures", failures).with("wait_seconds", wait_s)
        }
        E::PinWait { failures, wait_s } => {
            new("错误次数过多，请稍候再试").with("failures", failures).with("wait_seconds", wait_s)
        }
        E::PinForm => new("PIN 须为 6 至 64 个字符"),
        E::WrongRecoveryKey => new("恢复密钥不正确"),
        E::WrongKey { what, .. } => {
            recovery("密钥打不开这些数据，请用恢复密钥打开").with("what", what)
        }
        E::NoRules => new("公司规则尚未下载，请先联网同步一次"),
        E::UnknownRecord(_) => new("本机没有该记录；联网同步后再试"),
        E::UnknownItem(_) => new("该事项不在待处理中"),
        E::FileMissing(_) => new("该文件尚未下载到本机，请联网后重试"),
        E::FileTooLarge { limit, .. } => new("文件过大").with("limit", limit),
        E::NoReceipt(_) => new("删除前需先送达"),
        _ => new("本机存储出错；已保存的内容未受影响，请重试或联系管理员"),
    }
}
