//! Attachments at rest: whole, damaged, cut, resumed.

use lantian_domain::{file::FileKind, ids::FileId};
use uuid::Uuid;

use super::*;

fn cache(dir: &Path) -> Cache {
    Cache::open(dir, DataKey::from_slice(&[9; 32]).unwrap()).unwrap()
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|i| u8::try_from(i * 31 % 251).unwrap()).collect()
}

fn reference(content: &[u8]) -> FileRef {
    FileRef {
        id: FileId(Uuid::from_u128(1)),
        kind: FileKind::PhotoSite,
        name: "现场.jpg".to_owned(),
        mime: "image/jpeg".to_owned(),
        size: content.len() as u64,
        sha256: hex::encode(Sha256::digest(content)),
        taken_at: None,
        geo: None,
    }
}

#[test]
fn a_content_of_any_size_comes_back_whole_and_in_parts() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(dir.path());
    for size in [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
        let content = content(size);
        let file = reference(&content);
        assert_eq!(cache.store(&content).unwrap(), file.sha256);
        assert_eq!(cache.read(&file.sha256, file.size).unwrap().unwrap(), content);
        for (offset, len) in [(0, 1), (0, CHUNK), (size / 2, CHUNK), (size - 1, 10)] {
            let got = cache.read_range(&file, offset as u64, len as u64).unwrap();
            assert_eq!(got, content[offset..(offset + len).min(size)], "{size} {offset} {len}");
        }
    }
}

#[test]
fn t15_every_flipped_byte_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(dir.path());
    let content = content(500);
    let file = reference(&content);
    cache.store(&content).unwrap();
    let path = cache.path(&file.sha256, "");
    let sealed = std::fs::read(&path).unwrap();
    for at in 0..sealed.len() {
        let mut bad = sealed.clone();
        bad[at] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        assert!(matches!(
            cache.read(&file.sha256, file.size),
            Err(Error::Corrupt { what: "file", .. })
        ));
    }
    for cut in [0, 1, 40, sealed.len() - 1] {
        std::fs::write(&path, &sealed[..cut]).unwrap();
        assert!(cache.read(&file.sha256, file.size).is_err());
    }
}

#[test]
fn t15_chunks_cannot_change_places() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(dir.path());
    let content = vec![7; 2 * CHUNK];
    let file = reference(&content);
    cache.store(&content).unwrap();
    let path = cache.path(&file.sha256, "");
    let sealed = std::fs::read(&path).unwrap();
    let swapped = [&sealed[STRIDE..], &sealed[..STRIDE]].concat();
    std::fs::write(&path, swapped).unwrap();
    assert!(cache.read(&file.sha256, file.size).is_err());
}

#[test]
fn a_download_resumes_after_a_cut_and_refuses_another_content() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(dir.path());
    let content = content(2 * CHUNK + 100);
    let file = reference(&content);
    assert_eq!(cache.append(&file, 0, &content[..CHUNK]).unwrap(), CHUNK as u64);
    // A torn chunk after a crash is not counted and is written again.
    let part = cache.path(&file.sha256, ".part");
    OpenOptions::new().append(true).open(&part).unwrap().write_all(&[1, 2, 3]).unwrap();
    assert_eq!(cache.downloaded(&file), CHUNK as u64);
    // A piece for another place changes nothing.
    assert_eq!(cache.append(&file, 5, &content[5..10]).unwrap(), CHUNK as u64);
    cache.append(&file, CHUNK as u64, &content[CHUNK..2 * CHUNK]).unwrap();
    assert!(!cache.has(&file.sha256));
    let mut wrong = content[2 * CHUNK..].to_vec();
    wrong[3] ^= 1;
    assert!(cache.append(&file, 2 * CHUNK as u64, &wrong).is_err());
    assert_eq!(cache.downloaded(&file), 0);
    for (index, chunk) in content.chunks(CHUNK).enumerate() {
        cache.append(&file, (index * CHUNK) as u64, chunk).unwrap();
    }
    assert_eq!(cache.read(&file.sha256, file.size).unwrap().unwrap(), content);
}

#[test]
fn t01_neither_content_nor_hash_is_readable_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let cache = cache(dir.path());
    let content = b"canary \xE6\xBC\xB3\xE6\xB2\xB3 13912345678".repeat(20);
    let sha256 = cache.store(&content).unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert!(!entry.file_name().to_string_lossy().contains(&sha256[..8]));
        let bytes = std::fs::read(entry.path()).unwrap();
        assert!(memchr::memmem::find(&bytes, b"canary").is_none());
    }
}
