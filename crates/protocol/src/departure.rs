//! 「可以离场」: the company's signed word that it holds a record and every file
//! that the record refers to (`POST /v1/records/{id}/departure`).
//!
//! Words: a *departure receipt* names the record, its version and digest, the
//! number of its files with a hash over theirs, and when this was so. It is
//! signed by the company's signing key, as drawn signatures are
//! (`lantian-signature.v1`), so that the company cannot disown it later.
//!
//! Invariant: what is signed is a text that can be checked without this
//! program: one line for each of the statement's parts.

use lantian_domain::{
    file::FileRef,
    ids::{DeviceId, FileId, RecordId},
    suite::Suite,
    time::Instant,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::suite::{self, verify};

/// The company's word on one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DepartureReceipt {
    /// The record.
    pub record: RecordId,
    /// How many events it has taken.
    pub version: u64,
    /// Digest of the record as this device is served it, hex.
    pub digest: String,
    /// How many files it refers to, all of them held and verified.
    pub files: u64,
    /// The hash over their hashes ([`files_hash`]).
    pub files_hash: String,
    /// The device that asked.
    pub device: DeviceId,
    /// The server store's epoch.
    pub epoch: u64,
    /// The server's time.
    pub at: Instant,
    /// By which suite it hashes and signs.
    pub suite: Suite,
    /// The public part of the signing key, hex; its name is the hash of it.
    pub public: String,
    /// Over [`DepartureReceipt::statement`], hex.
    pub signature: String,
}

impl DepartureReceipt {
    /// The text that is signed.
    pub fn statement(&self) -> String {
        format!(
            "lantian-departure.v1\nrecord {}\nversion {}\ndigest {}\nfiles {} {}\ndevice {}\n\
             epoch {}\nsuite {}\nat {}\n",
            self.record,
            self.version,
            self.digest,
            self.files,
            self.files_hash,
            self.device,
            self.epoch,
            self.suite.as_str(),
            self.at.0
        )
    }

    /// Whether the signature is the one of this statement by the key it names.
    pub fn holds(&self) -> bool {
        let (Ok(public), Ok(signature)) = (hex::decode(&self.public), hex::decode(&self.signature))
        else {
            return false;
        };
        verify(self.suite, &public, self.statement().as_bytes(), &signature)
    }
}

/// The hash over the files of a record, in the order of their identities: a
/// line each with identity and content hash.
pub fn files_hash(by: Suite, files: &[FileRef]) -> String {
    let mut lines: Vec<String> =
        files.iter().map(|file| format!("{} {}\n", file.id, file.sha256)).collect();
    lines.sort_unstable();
    suite::hex(by, lines.concat().as_bytes())
}

/// The answer to the question whether a device may leave a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DepartureAnswer {
    /// Files that the record refers to.
    pub files: u64,
    /// Of them those that the company does not hold.
    pub missing: Vec<FileId>,
    /// Present when none is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<DepartureReceipt>,
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};
    use uuid::Uuid;

    use super::*;

    fn receipt() -> DepartureReceipt {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut receipt = DepartureReceipt {
            record: RecordId(Uuid::from_u128(1)),
            version: 12,
            digest: "ab".repeat(16),
            files: 2,
            files_hash: files_hash(Suite::Standard, &[]),
            device: DeviceId(Uuid::from_u128(2)),
            epoch: 3,
            at: Instant(1_700_000_000_000),
            suite: Suite::Standard,
            public: hex::encode(key.verifying_key().as_bytes()),
            signature: String::new(),
        };
        receipt.signature = hex::encode(key.sign(receipt.statement().as_bytes()).to_bytes());
        receipt
    }

    #[test]
    fn one_changed_part_of_a_receipt_shows() {
        let whole = receipt();
        assert!(whole.holds());
        let other = RecordId(Uuid::from_u128(9));
        let changed = [
            DepartureReceipt { record: other, ..whole.clone() },
            DepartureReceipt { version: 13, ..whole.clone() },
            DepartureReceipt { digest: "ac".repeat(16), ..whole.clone() },
            DepartureReceipt { files: 3, ..whole.clone() },
            DepartureReceipt { files_hash: "00".to_owned(), ..whole.clone() },
            DepartureReceipt { device: DeviceId(Uuid::from_u128(3)), ..whole.clone() },
            DepartureReceipt { epoch: 4, ..whole.clone() },
            DepartureReceipt { at: Instant(0), ..whole.clone() },
            DepartureReceipt { suite: Suite::Guomi, ..whole.clone() },
            DepartureReceipt { public: "é".repeat(32), ..whole.clone() },
            DepartureReceipt { signature: "0".to_owned(), ..whole.clone() },
            DepartureReceipt { signature: whole.public.clone(), ..whole.clone() },
        ];
        for (n, one) in changed.iter().enumerate() {
            assert!(!one.holds(), "{n}");
        }
    }

    #[test]
    fn the_hash_over_files_knows_each_and_not_their_order() {
        let file = |n: u128, sha: &str| FileRef {
            id: FileId(Uuid::from_u128(n)),
            kind: lantian_domain::file::FileKind::PhotoSite,
            name: "a".to_owned(),
            mime: "image/jpeg".to_owned(),
            size: 1,
            sha256: sha.repeat(64),
            taken_at: None,
            geo: None,
        };
        let hash = |files: &[FileRef]| files_hash(Suite::Standard, files);
        let (one, two) = (file(1, "a"), file(2, "b"));
        let both = hash(&[one.clone(), two.clone()]);
        assert_eq!(both, hash(&[two.clone(), one.clone()]));
        assert_ne!(both, hash(std::slice::from_ref(&one)));
        assert_ne!(both, hash(&[one, file(2, "c")]));
    }
}
