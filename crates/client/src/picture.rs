//! Small pictures of photos, for lists.
//!
//! Invariant: a picture is measured before it is decoded; one that is too
//! large, or no picture at all, has no preview and does no harm.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};

const EDGE: u32 = 480;
const QUALITY: u8 = 78;
const MAX_EDGE: u32 = 12_000;
const MAX_MEMORY: u64 = 256 << 20;

/// Whether files of this media type have previews.
pub fn has_preview(mime: &str) -> bool {
    format(mime).is_some()
}

/// Draws a small JPEG of a photo; nothing if it cannot be one.
pub fn preview(bytes: &[u8], mime: &str) -> Option<Vec<u8>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(mime)?);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let small = reader.decode().ok()?.thumbnail(EDGE, EDGE).to_rgb8();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&small).ok()?;
    Some(jpeg)
}

fn format(mime: &str) -> Option<ImageFormat> {
    match mime {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        _ => None,
    }
}

/// The media type of a file by its first bytes; the name decides only between
/// formats that share them.
pub fn media_type(bytes: &[u8], name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [b'A', b'C', b'1', b'0', ..] => "image/vnd.dwg",
        [b'P', b'K', 3, 4, ..] if ending == "xlsx" => {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
        [b'P', b'K', 3, 4, ..] if ending == "ofd" => "application/ofd",
        _ if ending == "dxf" => "image/vnd.dxf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_preview_is_small_and_keeps_its_shape() {
        let jpeg = preview(&png(2_000, 1_000), "image/png").unwrap();
        let small = image::load_from_memory(&jpeg).unwrap();
        assert_eq!((small.width(), small.height()), (480, 240));
    }

    #[test]
    fn what_claims_to_be_huge_is_not_decoded() {
        let mut bytes = png(8, 8);
        // The width and height of the header, with its checksum set right.
        bytes[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
        let mut crc = 0xFFFF_FFFF_u32;
        for byte in &bytes[12..29] {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
        assert!(preview(&bytes, "image/png").is_none());
    }

    #[test]
    fn what_is_no_picture_has_no_preview() {
        assert!(preview(b"%PDF-1.7", "image/png").is_none());
        assert!(preview(&png(8, 8), "application/pdf").is_none());
        assert!(!has_preview("image/svg+xml"));
    }

    #[test]
    fn content_decides_what_a_file_is() {
        assert_eq!(media_type(&png(1, 1), "a.jpg"), "image/png");
        assert_eq!(media_type(b"%PDF-1.4", "x.exe"), "application/pdf");
        assert_eq!(media_type(b"PK\x03\x04", "s.xlsx").len(), 65);
        assert_eq!(media_type(b"<html>", "a.png"), "application/octet-stream");
    }
}
