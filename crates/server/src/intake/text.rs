//! From bytes to text: a byte-order mark wins, then valid UTF-8, then GB18030.
//!
//! Invariant: nothing is replaced silently; bytes that are neither are a fault.

use encoding_rs::GB18030;

use super::fault::{FileFault, FileResult};

/// Reads the bytes of a text file.
///
/// # Errors
/// [`FileFault`] when they are neither UTF-8 nor GB18030.
pub(crate) fn decode(bytes: &[u8]) -> FileResult<String> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return std::str::from_utf8(rest)
            .map(str::to_owned)
            .map_err(|_| FileFault::truncated("文本文件"));
    }
    if let Some(text) = decode_utf16(bytes)? {
        return Ok(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        // Valid to the last, unfinished character: UTF-8 that was cut off.
        Err(fault)
            if fault.error_len().is_none()
                && fault.valid_up_to() > 0
                && !bytes[..fault.valid_up_to()].is_ascii() =>
        {
            Err(FileFault::truncated("文本文件"))
        }
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(FileFault::foreign),
    }
}

/// Excel's "Unicode text" is UTF-16 with a mark.
fn decode_utf16(bytes: &[u8]) -> FileResult<Option<String>> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        _ => return Ok(None),
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes[2..])
        .map(|text| Some(text.into_owned()))
        .ok_or_else(|| FileFault::truncated("文本文件"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_recognised_by_content() {
        let (gb, _, _) = GB18030.encode("项目名称,示例家园");
        for bytes in [
            "\u{feff}项目名称,示例家园".as_bytes().to_vec(),
            "项目名称,示例家园".as_bytes().to_vec(),
            gb.into_owned(),
        ] {
            assert_eq!(decode(&bytes).unwrap(), "项目名称,示例家园");
        }
    }

    #[test]
    fn bytes_of_no_encoding_are_a_fault() {
        assert_eq!(decode(&[0x81, 0xFF, 0xFF, 0x00]).unwrap_err().code, "E_INTAKE_FORMAT");
        let cut = &"项目名称".as_bytes()[..10];
        assert_eq!(decode(cut).unwrap_err().code, "E_INTAKE_TRUNCATED");
    }
}
