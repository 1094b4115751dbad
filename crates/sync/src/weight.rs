//! Which files wait for a network that costs nothing.
//!
//! Invariant: what a step of the procedure needs (a signature, a scan, a
//! drawing, a permit) never waits; only the large originals of photos and
//! recordings do.

use lantian_domain::file::FileKind;
use lantian_protocol::file::CHUNK;
use serde::{Deserialize, Serialize};

/// How heavy a file is for a network that is paid by the byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// Goes over any network.
    Light,
    /// The original of a photo or a recording, larger than a chunk: waits
    /// where the person's rule says so.
    Original,
}

impl Weight {
    /// The weight of a file of this kind and so many bytes.
    pub fn of(kind: FileKind, size: u64) -> Self {
        match kind {
            FileKind::PhotoSite
            | FileKind::PhotoTieIn
            | FileKind::PhotoMeter
            | FileKind::PhotoAppliance
            | FileKind::PhotoRoute
            | FileKind::PhotoRisk
            | FileKind::PhotoConstruction
            | FileKind::PhotoValve
            | FileKind::PhotoOther
            | FileKind::Recording => {
                if size > CHUNK as u64 {
                    Self::Original
                } else {
                    Self::Light
                }
            }
            FileKind::Material
            | FileKind::Drawing
            | FileKind::Budget
            | FileKind::Signature
            | FileKind::Contract
            | FileKind::Permit
            | FileKind::TestRecord
            | FileKind::Notice
            | FileKind::Other => Self::Light,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_photos_and_recordings_wait() {
        let large = 3 << 20;
        for kind in FileKind::ALL.iter().copied() {
            let named = kind.as_str();
            let heavy = named.starts_with("photo_") || named == "recording";
            assert_eq!(Weight::of(kind, large) == Weight::Original, heavy, "{named}");
            assert_eq!(Weight::of(kind, CHUNK as u64), Weight::Light, "{named}");
        }
    }
}
