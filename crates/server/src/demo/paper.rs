//! The attachments of the demonstration: a few pictures and papers that many
//! cases share. Nothing in them is real.

use lantian_domain::{
    file::{FileKind, FileRef},
    ids::FileId,
    time::Instant,
};
use lantian_protocol::fresh;
use sha2::{Digest as _, Sha256};

use crate::{error::Result, files::Shared, store::Store};

/// The papers and pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    /// 现场
    Site,
    /// 接气点
    TieIn,
    /// 燃气表位置
    Meter,
    /// 厨房
    Kitchen,
    /// 沟槽
    Trench,
    /// 阀门
    Valve,
    /// 材料复印件
    Document,
    /// 试验记录
    Test,
    /// 签字
    Signature,
    /// 施工图
    Drawing,
}

impl Paper {
    const ALL: [Self; 10] = [
        Self::Site,
        Self::TieIn,
        Self::Meter,
        Self::Kitchen,
        Self::Trench,
        Self::Valve,
        Self::Document,
        Self::Test,
        Self::Signature,
        Self::Drawing,
    ];

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Site => include_bytes!("../../demo/site.jpg"),
            Self::TieIn => include_bytes!("../../demo/tie_in.jpg"),
            Self::Meter => include_bytes!("../../demo/meter.jpg"),
            Self::Kitchen => include_bytes!("../../demo/kitchen.jpg"),
            Self::Trench => include_bytes!("../../demo/trench.jpg"),
            Self::Valve => include_bytes!("../../demo/valve.jpg"),
            Self::Document => include_bytes!("../../demo/paper.jpg"),
            Self::Test => include_bytes!("../../demo/test.jpg"),
            Self::Signature => include_bytes!("../../demo/signature.png"),
            Self::Drawing => include_bytes!("../../demo/drawing.pdf"),
        }
    }

    fn mime(self) -> &'static str {
        match self {
            Self::Signature => "image/png",
            Self::Drawing => "application/pdf",
            Self::Site
            | Self::TieIn
            | Self::Meter
            | Self::Kitchen
            | Self::Trench
            | Self::Valve
            | Self::Document
            | Self::Test => "image/jpeg",
        }
    }

    /// The name that a new attachment of this content gets.
    fn name(self, at: Instant) -> String {
        let (what, ending) = match self {
            Self::Site => ("现场环境", "jpg"),
            Self::TieIn => ("接气点", "jpg"),
            Self::Meter => ("燃气表位置", "jpg"),
            Self::Kitchen => ("用气房间", "jpg"),
            Self::Trench => ("沟槽", "jpg"),
            Self::Valve => ("阀门", "jpg"),
            Self::Document => ("材料复印件", "jpg"),
            Self::Test => ("试验记录", "jpg"),
            Self::Signature => ("签字", "png"),
            Self::Drawing => ("施工图", "pdf"),
        };
        format!("{what}-{}.{ending}", at.china().format("%Y%m%d-%H%M"))
    }

    /// A new attachment of this content.
    pub(super) fn attachment(self, kind: FileKind, at: Instant) -> FileRef {
        FileRef {
            id: FileId(fresh::uuid()),
            kind,
            name: self.name(at),
            mime: self.mime().to_owned(),
            size: self.bytes().len() as u64,
            sha256: hex::encode(Sha256::digest(self.bytes())),
            taken_at: Some(at),
            geo: None,
        }
    }
}

/// Puts the contents into the data folder.
///
/// # Errors
/// The store's.
pub(super) fn lay_out(store: &Store) -> Result<()> {
    let shared = Shared::of(store);
    Paper::ALL.into_iter().try_for_each(|paper| shared.put(paper.bytes()))
}
