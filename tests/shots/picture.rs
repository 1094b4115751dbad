//! A picture on disk, and whether it shows something.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Colours that a page with words has at the least.
const COLOURS: usize = 24;

/// Writes a picture; one that is blank is no picture.
pub fn keep(out: &Path, name: &str, png: &[u8]) {
    let shown = image::load_from_memory(png).expect("the driver gives a PNG").to_rgb8();
    let mut colours: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in shown.pixels() {
        *colours.entry(pixel.0).or_default() += 1;
    }
    let most = colours.values().max().copied().unwrap_or_default();
    let all = shown.pixels().len();
    assert!(colours.len() >= COLOURS && most * 1000 < all * 995, "{name} shows nothing");
    let file = out.join(format!("{name}.png"));
    fs::write(&file, png).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    println!("    {} ({} × {})", file.display(), shown.width(), shown.height());
}
