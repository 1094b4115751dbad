//! Masks: one for each kind of datum (P-18).

use std::cmp::Reverse;

use super::field::Datum;

/// What stands for a hidden character.
const STAR: char = '*';

/// The text as somebody sees it who may not read it in clear.
pub fn mask(datum: Datum, text: &str) -> String {
    match datum {
        Datum::Name => name(text),
        Datum::Phone => phone(text),
        Datum::IdNo => id_no(text),
        Datum::Address => building(text),
        Datum::Words => String::new(),
    }
}

/// The first character and one `*`, which tells nothing of the length.
pub fn name(text: &str) -> String {
    text.trim().chars().next().map_or_else(String::new, |first| format!("{first}{STAR}"))
}

/// The first three and the last four digits; a shorter number keeps its last
/// two at the most.
pub fn phone(text: &str) -> String {
    keep(text, 3, 4)
}

/// The first three and the last two characters.
pub fn id_no(text: &str) -> String {
    keep(text, 3, 2)
}

/// The address up to its building: unit, floor and room are cut off. One that
/// names no building ends with its house number; one that has neither loses
/// every digit.
pub fn building(text: &str) -> String {
    const BUILDINGS: [&str; 4] = ["号楼", "栋", "幢", "座"];
    const NUMBERS: [&str; 3] = ["号院", "号", "村"];
    // The first of them, and of two that begin at one place the longer.
    let end = |words: &[&str]| {
        let found = words.iter().filter_map(|word| Some((text.find(word)?, word.len())));
        found.min_by_key(|(at, len)| (*at, Reverse(*len))).map(|(at, len)| at + len)
    };
    match end(&BUILDINGS).or_else(|| end(&NUMBERS)) {
        Some(end) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.chars().map(|c| if c.is_numeric() { STAR } else { c }).collect(),
    }
}

fn keep(text: &str, head: usize, tail: usize) -> String {
    let all: Vec<char> = text.trim().chars().collect();
    let (head, tail) = if all.len() > head + tail { (head, tail) } else { (0, all.len() / 4) };
    let hidden = head..all.len() - tail;
    all.iter().enumerate().map(|(n, c)| if hidden.contains(&n) { STAR } else { *c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_18_each_kind_of_datum_has_its_mask() {
        assert_eq!(name("王小明"), "王*");
        assert_eq!(name("阿卜杜拉·买买提"), "阿*");
        assert_eq!(phone("13800138000"), "138****8000");
        assert_eq!(id_no("410184199001011234"), "410*************34");
        assert_eq!(building("新郑市新华路66号院3号楼2单元501"), "新郑市新华路66号院3号楼");
        assert_eq!(building("新郑市新华路66号院"), "新郑市新华路66号院");
        assert_eq!(building("和庄镇2组5"), "和庄镇*组*");
    }

    #[test]
    fn p_18_a_short_number_is_not_shown_whole() {
        assert_eq!(phone("110"), "***");
        assert_eq!(phone("6268888"), "******8");
        assert_eq!(mask(Datum::Phone, ""), "");
        assert_eq!(mask(Datum::Name, ""), "");
    }
}
