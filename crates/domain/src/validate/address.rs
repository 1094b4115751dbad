//! E-V07: the gas address and its normalised key for finding duplicates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Checked, Fault, FaultCode, width::half_width};

/// Most characters of one part.
pub const MAX_PART: usize = 100;

/// A gas address in 河南省郑州市新郑市; the three are fixed and not stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Address {
    /// 乡镇/街道.
    pub town: String,
    /// 路/村.
    pub road: String,
    /// 号.
    pub number: String,
    /// 小区.
    pub estate: String,
    /// 楼栋.
    pub building: String,
    /// 单元.
    pub unit: String,
    /// 楼层.
    pub floor: String,
    /// 室.
    pub room: String,
}

impl Address {
    /// The key by which two writings of one place are found equal.
    pub fn key(&self) -> String {
        let plain = [&self.town, &self.road, &self.number, &self.estate];
        let counted = [(&self.building, BUILDING), (&self.unit, UNIT), (&self.room, ROOM)];
        let plain = plain.into_iter().map(|part| fold(part));
        let counted = counted.into_iter().map(|(part, words)| fold_counted(part, words));
        plain.chain(counted).collect::<Vec<_>>().join("|")
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { town, road, number, estate, building, unit, floor, room } = self;
        write!(f, "河南省郑州市新郑市{town}{road}{number}{estate}{building}{unit}{floor}{room}")
    }
}

/// Words that may follow the number of a building, a unit, a room.
const BUILDING: &[&str] = &["号楼", "幢", "栋", "座", "楼", "号"];
const UNIT: &[&str] = &["单元", "号"];
const ROOM: &[&str] = &["号室", "室", "号", "房"];

/// Checks an address and brings its parts to normal form.
///
/// # Errors
/// [`Fault`] when the town or every detail after it is missing, or a part is
/// too long.
pub fn address(from: &Address) -> Result<Checked<Address>, Fault> {
    let tidy = Address {
        town: part(&from.town, "address.town")?,
        road: part(&from.road, "address.road")?,
        number: part(&from.number, "address.number")?,
        estate: part(&from.estate, "address.estate")?,
        building: part(&from.building, "address.building")?,
        unit: part(&from.unit, "address.unit")?,
        floor: part(&from.floor, "address.floor")?,
        room: part(&from.room, "address.room")?,
    };
    if tidy.town.is_empty() {
        return Err(Fault::new(FaultCode::Missing, "address.town"));
    }
    if tidy.road.is_empty() && tidy.estate.is_empty() {
        return Err(Fault::new(FaultCode::Missing, "address.road"));
    }
    Ok(Checked::clean(tidy))
}

fn part(text: &str, field: &str) -> Result<String, Fault> {
    let text = half_width(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().any(char::is_control) {
        return Err(Fault::new(FaultCode::Character, field));
    }
    if text.chars().count() > MAX_PART {
        return Err(Fault::new(FaultCode::TooLong, field));
    }
    Ok(text)
}

/// Half width, no space, upper case.
fn fold(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// Besides, Chinese numerals as digits and the counting word dropped.
fn fold_counted(text: &str, words: &[&str]) -> String {
    let folded = digits_of_numerals(&fold(text));
    let bare = words.iter().find_map(|word| folded.strip_suffix(word));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(&folded).to_owned()
}

/// Replaces every run of Chinese numerals by its Arabic number.
fn digits_of_numerals(text: &str) -> String {
    let mut out = String::new();
    let mut run: Vec<char> = Vec::new();
    for c in text.chars() {
        if digit_of(c).is_some() || place_of(c).is_some() {
            run.push(c);
        } else {
            out.push_str(&number_of(&run));
            run.clear();
            out.push(c);
        }
    }
    out.push_str(&number_of(&run));
    out
}

/// `一二〇一` → `1201`, `十二` → `12`, `三百零五` → `305`.
fn number_of(run: &[char]) -> String {
    if run.iter().all(|c| place_of(*c).is_none()) {
        return run.iter().filter_map(|c| digit_of(*c)).map(|d| d.to_string()).collect();
    }
    let (mut sum, mut digit) = (0_u64, None);
    for c in run {
        if let Some(place) = place_of(*c) {
            sum += digit.take().unwrap_or(1) * place;
        } else {
            digit = digit_of(*c).filter(|digit| *digit > 0);
        }
    }
    (sum + digit.unwrap_or(0)).to_string()
}

fn digit_of(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn place_of(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(building: &str, unit: &str, room: &str) -> Address {
        Address {
            town: "新建路街道".into(),
            road: "示例街".into(),
            number: "18号".into(),
            estate: "示例小区".into(),
            building: building.into(),
            unit: unit.into(),
            floor: String::new(),
            room: room.into(),
        }
    }

    #[test]
    fn two_writings_of_one_place_have_one_key() {
        let key = home("3号楼", "2单元", "1201室").key();
        assert_eq!(home("三号楼", "二单元", "一二〇一").key(), key);
        assert_eq!(home("３ 幢", "２ 单元", "１２０１室").key(), key);
        assert_eq!(home("3栋", "2", "1201号").key(), key);
        let mut spaced = home("3", "2", "1201");
        spaced.estate = " 示例 小区".into();
        assert_eq!(spaced.key(), key);
    }

    #[test]
    fn different_places_have_different_keys() {
        let key = home("3号楼", "2单元", "1201室").key();
        assert_ne!(home("13号楼", "2单元", "1201室").key(), key);
        assert_ne!(home("3号楼", "", "21201室").key(), key);
        assert_ne!(home("A座", "2单元", "1201室").key(), key);
    }

    #[test]
    fn chinese_numerals() {
        for (text, digits) in [
            ("十", "10"),
            ("十二", "12"),
            ("二十", "20"),
            ("三百零五", "305"),
            ("一千零二十", "1020"),
            ("一二〇一", "1201"),
            ("东三", "东3"),
            ("〇三", "03"),
        ] {
            assert_eq!(digits_of_numerals(text), digits, "{text}");
        }
    }

    #[test]
    fn the_road_keeps_its_numerals() {
        let mut one = home("1", "1", "101");
        one.road = "三里岗路".into();
        assert!(one.key().contains("三里岗路"));
    }

    #[test]
    fn town_and_one_detail_are_needed() {
        let missing = |from: &Address| address(from).unwrap_err().field;
        let mut from = home("3", "2", "1201");
        assert_eq!(address(&from).unwrap().value.building, "3");
        from.road.clear();
        assert!(address(&from).is_ok());
        from.estate = "　".into();
        assert_eq!(missing(&from), "address.road");
        from.town.clear();
        assert_eq!(missing(&from), "address.town");
        from.room = "9".repeat(101);
        assert_eq!(address(&from).unwrap_err().code, FaultCode::TooLong);
    }
}
