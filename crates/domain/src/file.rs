//! References to attachments (domain e.17). The content travels apart from
//! commands and is named by its hash.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{coded::coded, ids::FileId, time::Instant, validate::coordinates::GeoPoint};

/// The largest attachment, in bytes: 50 MB (domain e.17).
pub const MAX_SIZE: u64 = 50 << 20;

coded! {
    /// What an attachment shows or proves.
    FileKind {
        /// 现场环境
        PhotoSite = "photo_site",
        /// 接气点
        PhotoTieIn = "photo_tie_in",
        /// 燃气表位置
        PhotoMeter = "photo_meter",
        /// 用气设备
        PhotoAppliance = "photo_appliance",
        /// 路由
        PhotoRoute = "photo_route",
        /// 风险点
        PhotoRisk = "photo_risk",
        /// 施工
        PhotoConstruction = "photo_construction",
        /// 阀门
        PhotoValve = "photo_valve",
        /// 其他照片
        PhotoOther = "photo_other",
        /// 材料
        Material = "material",
        /// 施工图
        Drawing = "drawing",
        /// 造价预算书
        Budget = "budget",
        /// 签字
        Signature = "signature",
        /// 合同
        Contract = "contract",
        /// 许可证件
        Permit = "permit",
        /// 试验、验收记录
        TestRecord = "test_record",
        /// 通知、告知书
        Notice = "notice",
        /// 录音
        Recording = "recording",
        /// 其他
        Other = "other",
    }
}

/// An attachment as commands and records name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileRef {
    /// Its identity.
    pub id: FileId,
    /// What it shows.
    pub kind: FileKind,
    /// File name, at most 120 characters.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, 64 hex digits.
    pub sha256: String,
    /// When the picture was taken or the paper was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Instant>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<GeoPoint>,
}

impl FileRef {
    /// Whether the reference is well formed.
    pub fn is_valid(&self) -> bool {
        self.size > 0
            && self.size <= MAX_SIZE
            && !self.name.is_empty()
            && self.name.chars().count() <= 120
            && self.sha256.len() == 64
            && self.sha256.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
    }
}
