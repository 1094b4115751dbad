//! The town or street at the head of an address (E-V07).

/// What province, city and district are written as; they are the same for all.
const FIXED: [&str; 4] = ["河南省", "郑州市", "新郑市", " "];
/// What the name of a town or street ends with.
const ENDS: [&str; 4] = ["街道办事处", "街道", "镇", "乡"];
/// The longest name of a town, in characters.
const LONGEST: usize = 12;

/// The town or street of an address; `None` where none is written.
pub fn town(address: &str) -> Option<&str> {
    let mut rest = address.trim();
    while let Some(shorter) = FIXED.iter().find_map(|fixed| rest.strip_prefix(fixed)) {
        rest = shorter;
    }
    let end = ENDS.iter().filter_map(|end| rest.find(end).map(|at| at + end.len())).min()?;
    // «街道» ends where «街道办事处» goes on.
    let name = &rest[..end];
    (name.chars().count() <= LONGEST && name.chars().count() > 1).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::town;

    #[test]
    fn the_town_is_read_from_the_address() {
        assert_eq!(town("河南省郑州市新郑市龙湖镇示例路8号"), Some("龙湖镇"));
        assert_eq!(town("新郑市新华路街道中兴路1号"), Some("新华路街道"));
        assert_eq!(town("新郑市 新建路街道办事处"), Some("新建路街道"));
        assert_eq!(town("新华路66号院3号楼"), None);
    }
}
