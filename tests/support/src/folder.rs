//! Folders: copied whole, and searched for bytes that must not be there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;

/// Copies `from` with everything in it to `to`.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the copy's folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the system knows the kind").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

/// Every file below `folder`.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The forms in which `text` would stand in a file if it stood there in the
/// clear.
pub fn plain_forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let escaped: String = text
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
        ("hex", hex.into_bytes()),
    ];
    if !text.is_ascii() {
        forms.push(("JSON", escaped.clone().into_bytes()));
        forms.push((
            "JSON",
            escaped.replace("\\u", "\\U").to_uppercase().replace("\\U", "\\u").into_bytes(),
        ));
    }
    forms
}

/// Where one of `texts` stands in the clear below `folder`: file, text, form.
pub fn in_the_clear(folder: &Path, texts: &[String]) -> Vec<String> {
    let forms: Vec<_> = texts
        .iter()
        .flat_map(|text| {
            plain_forms(text).into_iter().map(move |(form, bytes)| (text, form, bytes))
        })
        .collect();
    let wanted = AhoCorasick::new(forms.iter().map(|(.., bytes)| bytes)).expect("few texts");
    let mut found = Vec::new();
    for file in files(folder) {
        let content = fs::read(&file).expect("the file can be read");
        let name = file.to_string_lossy().into_owned();
        let held: BTreeSet<_> = wanted
            .find_overlapping_iter(&content)
            .chain(wanted.find_overlapping_iter(&name))
            .map(|place| place.pattern())
            .collect();
        found.extend(held.into_iter().map(|pattern| {
            let (text, form, _) = &forms[pattern];
            format!("{}: {text} as {form}", file.display())
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plain_form_is_found_and_a_sealed_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let texts = vec!["新郑张三".to_owned(), "13800000001".to_owned()];
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/sealed"), b"\x01\x02\x03").unwrap();
        assert!(in_the_clear(folder.path(), &texts).is_empty());
        for (form, bytes) in texts.iter().flat_map(|text| plain_forms(text)) {
            let mut content = b"....".to_vec();
            content.extend(&bytes);
            content.extend(b"....");
            fs::write(folder.path().join("deep/open"), &content).unwrap();
            let found = in_the_clear(folder.path(), &texts);
            assert_eq!(found.len(), 1, "{form}: {found:?}");
        }
    }
}
