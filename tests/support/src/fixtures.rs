//! The real files of tests/fixtures, and pictures made from them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file of tests/fixtures, as `intake/gonggai-100.xlsx`.
pub fn path(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    assert!(file.is_file(), "the fixture {name} is missing");
    file
}

/// Its content.
pub fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).expect("the fixture can be read")
}

/// The expectation beside an intake file.
pub fn expected(name: &str) -> Value {
    let text = bytes(&format!("{name}.expected.json"));
    serde_json::from_slice(&text).expect("the expectation is JSON")
}

/// A JPEG that carries `comment` among its own data, as cameras write names
/// and remarks.
pub fn photo_with_comment(name: &str, comment: &str) -> Vec<u8> {
    let photo = bytes(name);
    assert!(photo.starts_with(&[0xff, 0xd8]), "{name} is no JPEG");
    let length = u16::try_from(comment.len() + 2).expect("a short comment");
    let mut marked = vec![0xff, 0xd8, 0xff, 0xfe];
    marked.extend(length.to_be_bytes());
    marked.extend(comment.as_bytes());
    marked.extend(&photo[2..]);
    marked
}

/// The hash by which attachments are named.
pub fn sha256(content: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(content))
}
