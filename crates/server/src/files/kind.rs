//! What a file really is, by its first bytes.
//!
//! Invariant: what a browser or an office machine could run is never taken,
//! whatever it calls itself; a picture or paper is what it claims to be.

/// Bytes looked at.
pub(crate) const HEAD: usize = 4096;

/// Marks of programs.
const PROGRAMS: &[&[u8]] = &[b"MZ", b"\x7FELF", b"#!", b"\xCA\xFE\xBA\xBE", b"\xCF\xFA\xED\xFE"];
/// What a page with scripts begins with.
const PAGES: &[&str] = &["<!doctype", "<html", "<svg", "<script", "<?xml", "<head", "<body"];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KindFault {
    /// A program or a page with scripts.
    Active,
    /// Not what it claims to be.
    Unlike,
}

/// Whether files that claim this media type are taken at all.
pub(crate) fn is_welcome(mime: &str) -> bool {
    let essence = mime.split(';').next().unwrap_or_default().trim();
    let plain = !essence.is_empty()
        && essence.len() <= 120
        && essence.bytes().all(|b| b.is_ascii_graphic())
        && essence.contains('/');
    let active = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript"]
        .iter()
        .any(|mime| essence.eq_ignore_ascii_case(mime));
    plain && !active
}

/// Checks the first bytes of a file against what it claims to be.
///
/// # Errors
/// [`KindFault`].
pub(crate) fn check(head: &[u8], mime: &str) -> Result<(), KindFault> {
    if is_active(head) {
        return Err(KindFault::Active);
    }
    let fits = match mime {
        "image/jpeg" => head.starts_with(b"\xFF\xD8\xFF"),
        "image/png" => head.starts_with(b"\x89PNG\r\n\x1A\n"),
        "image/webp" => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        "image/heic" | "image/heif" => head.get(4..8) == Some(b"ftyp"),
        "application/pdf" => head.starts_with(b"%PDF-"),
        "image/vnd.dwg" => head.starts_with(b"AC10"),
        "image/vnd.dxf" => is_dxf(head),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" | "application/ofd" => {
            head.starts_with(b"PK\x03\x04")
        }
        _ => true,
    };
    if fits { Ok(()) } else { Err(KindFault::Unlike) }
}

fn is_active(head: &[u8]) -> bool {
    if PROGRAMS.iter().any(|mark| head.starts_with(mark)) {
        return true;
    }
    let text: String = String::from_utf8_lossy(&head[..head.len().min(512)])
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .to_ascii_lowercase();
    PAGES.iter().any(|mark| text.starts_with(mark))
}

/// A text drawing begins with a group code, or a comment (999); a binary one
/// names itself.
fn is_dxf(head: &[u8]) -> bool {
    if head.starts_with(b"AutoCAD Binary DXF") {
        return true;
    }
    let first = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    matches!(first, Some(b"0" | b"999"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_files_are_what_they_claim_to_be() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/files/");
        for (name, mime) in [
            ("kitchen.jpg", "image/jpeg"),
            ("drawing.pdf", "application/pdf"),
            ("plan-gbk.dxf", "image/vnd.dxf"),
            ("budget.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let bytes = std::fs::read(format!("{folder}{name}")).unwrap();
            assert_eq!(check(&bytes[..HEAD.min(bytes.len())], mime), Ok(()), "{name}");
            let other = if mime == "image/png" { "image/jpeg" } else { "image/png" };
            assert_eq!(check(&bytes, other), Err(KindFault::Unlike), "{name}");
        }
    }

    #[test]
    fn what_could_be_run_is_never_taken() {
        for head in [
            "MZ\u{90}",
            "\u{7f}ELF",
            "#!/bin/sh",
            "<html>",
            " \n<!DOCTYPE html>",
            "\u{feff}<svg ",
            "<?xml ",
        ] {
            for mime in ["application/octet-stream", "image/png", "text/plain"] {
                assert_eq!(check(head.as_bytes(), mime), Err(KindFault::Active), "{head}");
            }
        }
        for mime in ["text/html", "IMAGE/SVG+XML; charset=utf-8", "", "png", "a b/c"] {
            assert!(!is_welcome(mime), "{mime}");
        }
        assert!(is_welcome("image/jpeg") && is_welcome("application/octet-stream"));
    }
}
