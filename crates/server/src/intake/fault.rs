//! What is wrong with a pushed file or with one of its rows.
//!
//! Words: a *file fault* stops the whole file before any row is judged; a
//! *row fault* concerns one row and never the others. Both are values with a
//! stable code and a sentence that says what to do.

/// The result of reading a file.
pub(crate) type FileResult<T> = Result<T, FileFault>;

/// Why a whole file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FileFault {
    /// Stable code, as `E_INTAKE_TRUNCATED`.
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl FileFault {
    /// No rows at all.
    pub fn empty() -> Self {
        Self::new("E_INTAKE_EMPTY", "文件是空的,没有可导入的数据;请重新导出后再导入")
    }

    /// More bytes than allowed.
    pub fn too_large(limit_mb: usize) -> Self {
        Self::new("E_INTAKE_TOO_LARGE", &format!("文件超过 {limit_mb} MB;请分成几个文件导入"))
    }

    /// More rows than allowed.
    pub fn too_many_rows(limit: usize) -> Self {
        Self::new("E_INTAKE_TOO_MANY_ROWS", &format!("数据超过 {limit} 行;请分成几个文件导入"))
    }

    /// Cut off, or damaged so that it cannot be read to its end.
    pub fn truncated(what: &str) -> Self {
        Self::new("E_INTAKE_TRUNCATED", &format!("{what}不完整或已损坏;请重新下载或导出后再导入"))
    }

    /// Not a form that intake knows.
    pub fn foreign() -> Self {
        Self::new(
            "E_INTAKE_FORMAT",
            "不是可识别的文件:只接受 JSON、CSV(UTF-8 或 GB18030)和 XLSX;旧版 XLS 请另存为 XLSX",
        )
    }

    /// A table without the headers by which its columns are known.
    pub fn no_header(wanted: &str) -> Self {
        Self::new("E_INTAKE_HEADER", &format!("前 5 行内找不到表头;至少需要这些列:{wanted}"))
    }

    /// Two columns of one meaning.
    pub fn double_header(name: &str) -> Self {
        Self::new("E_INTAKE_HEADER", &format!("表头“{name}”出现了两次;请删去多余的一列"))
    }

    /// JSON of another form than the source's.
    pub fn json(detail: &str) -> Self {
        Self::new("E_INTAKE_FORMAT", &format!("JSON 结构不符合约定:{detail}"))
    }

    /// A file of one source offered as the other's.
    pub fn other_source(found: &str, asked: &str) -> Self {
        Self::new(
            "E_INTAKE_SOURCE",
            &format!("文件来源是 {found},却按 {asked} 导入;请选择正确的来源"),
        )
    }

    /// A table of one source offered as the other's.
    pub fn foreign_header(name: &str) -> Self {
        Self::new(
            "E_INTAKE_SOURCE",
            &format!("表头“{name}”属于另一个来源的表;请选择正确的来源后再导入"),
        )
    }

    /// A packed file that grows beyond measure.
    pub fn bomb() -> Self {
        Self::new("E_INTAKE_BOMB", "工作簿解压后过大,已拒绝;请只保留需要导入的第一张表")
    }

    /// Nobody to whom leads could be handed over.
    pub fn no_manager(asked: Option<&str>) -> Self {
        let who = asked
            .map_or("在用的客户经理".to_owned(), |login| format!("在用的客户经理“{login}”"));
        Self::new("E_INTAKE_MANAGER", &format!("找不到{who},未导入任何数据;请核对后重新导入"))
    }

    fn new(code: &'static str, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }
}

/// Why one row cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Stable code, as `E_V04`.
    pub code: &'static str,
    /// The field concerned, by its exchange name.
    pub field: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
    /// Whether the row isn't understood at all and is kept aside.
    pub quarantine: bool,
}

impl RowFault {
    /// The row breaks a rule of the field.
    pub fn rejected(code: &'static str, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, field, message: message.into(), quarantine: false }
    }

    /// A mandatory field is empty.
    pub fn missing(field: &'static str, name: &str) -> Self {
        Self::rejected("E_MISSING", field, format!("缺少{name};请补齐后再导入"))
    }

    /// The row is of a form that isn't understood.
    pub fn quarantined(field: &'static str, message: impl Into<String>) -> Self {
        Self { code: "E_FORMAT", field, message: message.into(), quarantine: true }
    }
}
