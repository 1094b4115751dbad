//! What an outside system is answered: `errcode`, `errmsg`, `data`.
//!
//! | errcode | means | HTTP |
//! | --- | --- | --- |
//! | 0 | done, or done before (`duplicate`) | 200 |
//! | 4001 | fields are missing or wrong: see `fields` | 400 |
//! | 4002 | the body cannot be read | 400 |
//! | 4011 | client or signature is not accepted | 401 |
//! | 4012 | the timestamp is more than five minutes off | 401 |
//! | 4013 | the nonce was used already | 401 |
//! | 4031 | the address, or the client itself, is not admitted | 403 |
//! | 4041 | there is no such case, account or file of this client | 404 |
//! | 4091 | the case's state does not allow it | 409 |
//! | 4131 | the request is too large | 413 |
//! | 4151 | papers of this type are not taken | 415 |
//! | 4291 | too many requests: wait | 429 |
//! | 5001, 5031 | the server failed, or is busy: send the same again | 500, 503 |

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lantian_domain::refusal::{Code, Refusal};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Error;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct FieldFault {
    /// The field, by its name in the request.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What to do.
    pub message: String,
}

impl FieldFault {
    pub(super) fn new(field: &str, code: &str, message: &str) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() }
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::new(field, "missing", "必填项缺失,请补充后重新提交")
    }
}

/// Every answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Reply<T> {
    /// `0`, or what stands against it.
    pub errcode: String,
    /// The same in words.
    pub errmsg: String,
    /// The answer itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// The same request was done before; nothing was done now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldFault>,
}

impl<T> Reply<T> {
    /// It was done.
    pub(super) fn done(data: T) -> Self {
        Self {
            errcode: "0".to_owned(),
            errmsg: "ok".to_owned(),
            data: Some(data),
            duplicate: false,
            fields: Vec::new(),
        }
    }

    /// It was done before.
    pub(super) fn before(data: T) -> Self {
        Self { duplicate: true, ..Self::done(data) }
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Why a request is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    status: u16,
    errcode: u16,
    errmsg: String,
    fields: Vec<FieldFault>,
    wait_s: Option<i64>,
}

impl Rejected {
    fn new(status: u16, errcode: u16, errmsg: &str) -> Self {
        let errmsg = errmsg.to_owned();
        Self { status, errcode, errmsg, fields: Vec::new(), wait_s: None }
    }

    pub(super) fn fields(fields: Vec<FieldFault>) -> Self {
        Self { fields, ..Self::new(400, 4001, "字段缺失或有误,请按 fields 逐项更正") }
    }

    pub(super) fn unreadable() -> Self {
        Self::new(400, 4002, "请求正文不是 UTF-8 编码的 JSON 对象")
    }

    pub(super) fn cut() -> Self {
        Self::new(400, 4002, "请求正文未传完,请重发")
    }

    pub(super) fn unsigned() -> Self {
        Self::new(401, 4011, "客户端标识或签名不被接受")
    }

    pub(super) fn stale() -> Self {
        Self::new(401, 4012, "时间戳与服务器相差超过 5 分钟,请校准时钟后重新签名")
    }

    pub(super) fn replayed() -> Self {
        Self::new(401, 4013, "随机数已使用,请换用新的随机数重新签名")
    }

    pub(super) fn not_admitted() -> Self {
        Self::new(403, 4031, "该客户端或来源地址未获准入")
    }

    pub(super) fn unknown(what: &str) -> Self {
        Self::new(404, 4041, what)
    }

    pub(super) fn state(what: &str) -> Self {
        Self::new(409, 4091, what)
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(413, 4131, &format!("请求超过 {limit} 字节,请减小后重发"))
    }

    pub(super) fn paper(why: &str) -> Self {
        Self::new(415, 4151, why)
    }

    pub(super) fn too_many(wait_ms: i64) -> Self {
        let wait_s = (wait_ms.max(0) + 999) / 1_000;
        Self { wait_s: Some(wait_s), ..Self::new(429, 4291, "请求过于频繁,请稍后重试") }
    }

    /// What the rulebook says, in the names of the request.
    pub(super) fn refused(no: &Refusal) -> Self {
        let message = no.message_zh();
        let named = no.params.get("missing").or_else(|| no.params.get("field"));
        match (no.code, named) {
            (Code::Format | Code::BasicMissing, Some(names)) => Self::fields(
                names
                    .split(',')
                    .map(|name| FieldFault::new(outward(name), no.code.as_str(), &message))
                    .collect(),
            ),
            _ => Self::state(&message),
        }
    }

    /// `errcode` as a number.
    pub(super) fn code(&self) -> u16 {
        self.errcode
    }

    /// The first fault, for the result of a row.
    pub(super) fn first(&self) -> (String, Option<String>, String) {
        self.fields.first().map_or_else(
            || (self.errcode.to_string(), None, self.errmsg.clone()),
            |fault| (fault.code.clone(), Some(fault.field.clone()), fault.message.clone()),
        )
    }
}

/// The name that a field of the rulebook has in the request.
fn outward(field: &str) -> &str {
    match field {
        "name" => "party_name",
        "appliances" => "devices",
        "external_serial" => "serial_id",
        "account" => "account_id",
        "consumer_no" => "cons_no",
        other => other,
    }
}

impl From<Error> for Rejected {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Stopped | Error::DiskFull) {
            let busy = Self::new(503, 5031, "服务器繁忙,请稍后重发同一请求");
            return Self { wait_s: Some(2), ..busy };
        }
        tracing::error!(%error, "a channel's request failed");
        Self::new(500, 5001, "服务器内部错误,未作任何更改,请稍后重发同一请求")
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let reply = Reply::<()> {
            errcode: self.errcode.to_string(),
            errmsg: self.errmsg,
            data: None,
            duplicate: false,
            fields: self.fields,
        };
        let mut response = (status, Json(reply)).into_response();
        if let Some(wait) = self.wait_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}
