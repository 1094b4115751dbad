//! A 工改 project (domain j.1, e.3): its table headers and its normal form.

use lantian_domain::{
    lead::Source,
    time::Instant,
    validate::{CrsSource, project_code, region},
};
use serde_json::Value;

use super::{
    fault::RowFault,
    push::{self, Push},
    row::Row,
    table::{Layout, RawRow},
};

/// The table form of the push.
pub(crate) const LAYOUT: Layout = Layout {
    headers: &[
        ("项目代码", "xmdm"),
        ("工程代码", "gcdm"),
        ("项目名称", "xmmc"),
        ("建设单位", "jsdw"),
        ("统一社会信用代码", "jsdwdm"),
        ("联系人", "contact"),
        ("联系电话", "phone"),
        ("建设地点", "jsdd"),
        ("经度", "lon"),
        ("纬度", "lat"),
        ("建设规模及内容", "jsgmjnr"),
        ("用地面积", "ydmj"),
        ("建筑面积", "jzmj"),
        ("审批阶段", "stage"),
        ("拟开工时间", "nkgsj"),
        ("拟建成时间", "njcsj"),
        ("总投资(万元)", "ztze"),
        ("推送时间", "pushed_at"),
        ("行政区划代码", "xzqhdm"),
        ("建设地点行政区划", "jsddxzqh"),
        ("更新时间", "gxsj"),
        ("数据有效标识", "sjyxbs"),
        ("坐标系", "crs"),
    ],
    wanted: &["项目代码", "项目名称"],
    foreign: &["意见编号"],
};

/// Normalises a project.
///
/// # Errors
/// [`RowFault`] when a mandatory field is missing or wrong.
pub(crate) fn normalise(raw: &RawRow, batch_pushed_at: Option<Instant>) -> Result<Push, RowFault> {
    let mut row = Row::of(raw);
    let code = row.project_code()?;
    let works = row.text("gcdm");
    let name = row.need("xmmc", "项目名称", 200)?;
    let own_pushed_at = row.instant("pushed_at", "推送时间")?;
    let pushed_at = push::pushed_at(own_pushed_at, batch_pushed_at)?;
    let key = format!("{code}/{}", works.as_deref().unwrap_or_default());
    let mut data = push::blank(Source::Gonggai, key, pushed_at, name);
    // A table has no time of change: its push is the change.
    data.updated_at = row.instant("gxsj", "更新时间")?.or(own_pushed_at);
    data.valid = is_valid(&mut row)?;
    data.site_address = row.text("jsdd");
    data.region_code = row.region("xzqhdm")?;
    data.site_region = row.region("jsddxzqh")?;
    if data.region_code.is_none() {
        if raw.line.is_none() {
            return Err(RowFault::missing("xzqhdm", "行政区划代码"));
        }
        data.region_code = region_of_table(&code, data.site_address.as_deref());
    }
    data.builder_name = row.text("jsdw");
    data.builder_uscc = row.uscc("jsdwdm");
    let (contact, phone) = first_contact(raw);
    data.contact_name = row.text("contact").or(contact);
    data.contact_phone = row.phone("phone").or(phone);
    data.geo = point(&mut row);
    data.planned_start = row.date("nkgsj", "拟开工时间");
    data.planned_finish = row.date("njcsj", "拟建成时间");
    data.scale_note = row.text("jsgmjnr");
    data.est_households = data.scale_note.as_deref().and_then(households);
    data.est_area_m2 = row.decimal("jzmj", "建筑面积");
    data.stage_code = row.text("stage");
    data.project_code = Some(code);
    data.works_code = works;
    data.raw = row.rest();
    data.warnings = row.warnings.iter().map(|warning| warning.code.to_owned()).collect();
    Ok(Push { data, warnings: row.warnings })
}

fn is_valid(row: &mut Row<'_>) -> Result<bool, RowFault> {
    match row.text("sjyxbs").as_deref() {
        None | Some("1" | "有效" | "是") => Ok(true),
        Some("0" | "无效" | "否") => Ok(false),
        Some(_) => {
            Err(RowFault::rejected("E_FORMAT", "sjyxbs", "数据有效标识只能是 1(有效)或 0(无效)"))
        }
    }
}

/// Tables have no column for the region: the project code tells it, except
/// for codes of the province, the city or a ministry, which say nothing.
fn region_of_table(code: &str, address: Option<&str>) -> Option<String> {
    let part = project_code::region_part(code)?;
    let unspecific = part.starts_with("00") || part.ends_with("0000") || part == region::ZHENGZHOU;
    let at_home = part == region::XINZHENG || address.is_some_and(|text| text.contains("新郑"));
    if at_home {
        Some(region::XINZHENG.to_owned())
    } else if unspecific {
        None
    } else {
        Some(part.to_owned())
    }
}

/// The contact of the first unit that names one.
fn first_contact(raw: &RawRow) -> (Option<String>, Option<String>) {
    let units = raw.fields.get("units").and_then(Value::as_array);
    let of = |name: &str| {
        units?.iter().find_map(|unit| {
            let text = unit.get(name)?.as_str()?.trim();
            (!text.is_empty()).then(|| text.chars().take(50).collect())
        })
    };
    (of("contact"), of("phone"))
}

fn point(row: &mut Row<'_>) -> Option<lantian_domain::validate::GeoPoint> {
    let crs = match row.text("crs").as_deref() {
        Some("wgs84") => CrsSource::Wgs84,
        Some("gcj02") => CrsSource::Gcj02,
        Some("bd09") => CrsSource::Bd09,
        Some("cgcs2000_gk38") => CrsSource::Cgcs2000Gk38,
        _ => CrsSource::Cgcs2000,
    };
    if let Some(pair) = row.text("xmjwdzb") {
        let mut parts = pair.split([',', '\u{ff0c}', ';', ' ']).filter(|part| !part.is_empty());
        let (Some(lon), Some(lat)) = (parts.next(), parts.next()) else {
            row.warn("E_V06", "xmjwdzb", "坐标应为“经度,纬度”,未采用");
            return None;
        };
        return row.point("xmjwdzb", lon, lat, crs);
    }
    match (row.text("lon"), row.text("lat")) {
        (Some(lon), Some(lat)) => row.point("lon", &lon, &lat, crs),
        (None, None) => None,
        _ => {
            row.warn("E_V06", "lon", "经度和纬度缺一,未采用");
            None
        }
    }
}

/// The number that stands before 户 in the description.
fn households(note: &str) -> Option<u32> {
    let before = &note[..note.find('户')?];
    let digits: Vec<char> = before.chars().rev().take_while(char::is_ascii_digit).collect();
    digits.into_iter().rev().collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::table::Part;
    use serde_json::json;

    fn record(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> RawRow {
        let mut fields = json!({
            "dfsjzj": "a3f0c1d2-0001", "xzqhdm": "410184",
            "xmdm": "2611-410184-04-01-000001", "gcdm": "2611-410184-04-01-000001-001",
            "xmmc": "示例家园一期", "stage": "1", "splclx": 3, "nkgsj": "2027-03-01",
            "njcsj": "2028-12-31", "jsddxzqh": "410184", "jsdd": "新郑市示例路与样板街交叉口",
            "xmjwdzb": "113.7400000,34.3950000", "crs": "cgcs2000",
            "jsgmjnr": "住宅楼6栋,约420户", "jzmj": "58000.00", "jsdw": "示例置业有限公司",
            "jsdwdm": "91410184MA00000TAA", "sjyxbs": 1, "gxsj": "2026-11-23T09:10:00+08:00",
            "units": [{"dwmc": "示例置业有限公司", "contact": "张三", "phone": "13800000000"}],
            "blr": "李四"
        })
        .as_object()
        .unwrap()
        .clone();
        change(&mut fields);
        RawRow { row: 1, line: None, part: Part::Records, fields }
    }

    fn at() -> Option<Instant> {
        Instant::parse("2026-11-23T09:12:05+08:00")
    }

    #[test]
    fn a_record_of_the_specification_is_normalised() {
        let push = normalise(&record(|_| ()), at()).unwrap();
        let data = push.data;
        assert_eq!(push.warnings, []);
        assert_eq!(data.source_key, "2611-410184-04-01-000001/2611-410184-04-01-000001-001");
        assert_eq!(data.est_households, Some(420));
        assert_eq!(data.contact_phone.as_deref(), Some("13800000000"));
        assert_eq!(data.geo.unwrap().lon_e7.to_string(), "113.7400000");
        assert_eq!(data.raw["splclx"], "3");
        assert!(data.valid && !data.raw.contains_key("blr"));
    }

    #[test]
    fn hard_faults_name_the_field() {
        let cases: [(&str, Value, &str); 6] = [
            ("xmdm", json!("2611-410184-04-01"), "E_V04"),
            ("xmmc", json!(" "), "E_MISSING"),
            ("xzqhdm", json!(null), "E_MISSING"),
            ("xzqhdm", json!("41018x"), "E_V03"),
            ("sjyxbs", json!(7), "E_FORMAT"),
            ("gxsj", json!("昨天"), "E_DATE"),
        ];
        for (field, value, code) in cases {
            let raw = record(|fields| {
                fields.insert(field.to_owned(), value);
            });
            let fault = normalise(&raw, at()).unwrap_err();
            assert_eq!((fault.field, fault.code), (field, code));
        }
        assert_eq!(normalise(&record(|_| ()), None).unwrap_err().field, "pushed_at");
    }

    #[test]
    fn doubtful_fields_are_warnings() {
        let cases: [(&str, Value, &str); 5] = [
            ("jsdwdm", json!("91350211M0000XUF46"), "E_V02"),
            ("jsdwdm", json!("0371"), "E_V02"),
            ("xmjwdzb", json!("113.1,34.3950000"), "E_V06"),
            ("xmjwdzb", json!("38512345.6,3807654.2"), "E_V06"),
            ("njcsj", json!("年底"), "E_V10"),
        ];
        for (field, value, code) in cases {
            let raw = record(|fields| {
                fields.insert(field.to_owned(), value);
            });
            let push = normalise(&raw, at()).unwrap();
            assert_eq!(push.warnings.iter().map(|w| w.code).collect::<Vec<_>>(), [code]);
        }
    }

    #[test]
    fn projected_metres_are_kept_as_they_came() {
        let raw = record(|fields| {
            fields.insert("xmjwdzb".to_owned(), json!("38473512.35,3808211.20"));
            fields.insert("crs".to_owned(), json!("cgcs2000_gk38"));
        });
        let push = normalise(&raw, at()).unwrap();
        assert_eq!((push.warnings.len(), push.data.geo), (0, None));
        assert_eq!(push.data.raw["xmjwdzb"], "38473512.35,3808211.20");
    }

    #[test]
    fn a_table_row_takes_its_region_from_code_or_address() {
        let check = |code: &str, address: &str, expected: Option<&str>| {
            assert_eq!(
                region_of_table(code, Some(address)).as_deref(),
                expected,
                "{code} {address}"
            );
        };
        check("2611-410184-04-01-000001", "", Some("410184"));
        check("2611-410122-04-01-000001", "中牟县", Some("410122"));
        check("2611-410000-04-01-000001", "某处", None);
        check("2611-000000-04-01-000001", "某处", None);
        check("2611-410100-04-01-000001", "新郑市龙湖镇", Some("410184"));
    }
}
