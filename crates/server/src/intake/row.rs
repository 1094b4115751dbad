//! Reading the fields of one raw row, collecting warnings on the way.
//!
//! Words: a field is named as in the exchange standard (`xmdm`, `jsdwdm` …).

use std::collections::BTreeMap;

use lantian_domain::{
    time::{Date, Instant},
    validate::{
        self, CrsSource, Degrees, FaultCode, GeoPoint, LicencePhoto,
        coordinates::{self, coordinates},
    },
};
use serde_json::Value;

use super::{fault::RowFault, result::Warning, table::RawRow, value};

/// Bytes kept of one unknown field, and of all of them.
const RAW_FIELD: usize = 16 << 10;
const RAW_TOTAL: usize = 64 << 10;
/// Names of officials: personal data of third persons, dropped (domain e.3).
const DROPPED: &[&str] = &["blr", "办理人", "经办人"];

/// One row in reading.
pub(crate) struct Row<'a> {
    raw: &'a RawRow,
    read: Vec<&'static str>,
    kept: Vec<&'static str>,
    /// What was doubtful so far.
    pub warnings: Vec<Warning>,
}

impl<'a> Row<'a> {
    /// Begins to read a row.
    pub(crate) fn of(raw: &'a RawRow) -> Self {
        Self { raw, read: Vec::new(), kept: Vec::new(), warnings: Vec::new() }
    }

    /// A field as text; control characters are dropped.
    pub(crate) fn text(&mut self, field: &'static str) -> Option<String> {
        self.read.push(field);
        let text = value::text(&self.raw.fields, field)?;
        let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let clean = clean.trim().to_owned();
        (!clean.is_empty()).then_some(clean)
    }

    /// A field as it stands.
    pub(crate) fn value(&mut self, field: &'static str) -> Option<&'a Value> {
        self.read.push(field);
        self.raw.fields.get(field).filter(|value| !value.is_null())
    }

    /// A mandatory text of at most `most` characters.
    pub(crate) fn need(
        &mut self,
        field: &'static str,
        name: &str,
        most: usize,
    ) -> Result<String, RowFault> {
        let text = self.text(field).ok_or_else(|| RowFault::missing(field, name))?;
        if text.chars().count() > most {
            return Err(RowFault::rejected("E_TOO_LONG", field, format!("{name}超过 {most} 个字")));
        }
        Ok(text)
    }

    /// The project code (E-V04).
    pub(crate) fn project_code(&mut self) -> Result<String, RowFault> {
        let text = self.need("xmdm", "项目代码", 64)?;
        validate::project_code(&text).map(|code| code.value).map_err(|_| {
            RowFault::rejected(
                "E_V04",
                "xmdm",
                "项目代码格式不对;应为 24 位,如 2611-410184-04-01-000001,请向推送方核对",
            )
        })
    }

    /// The credit code (E-V02), kept whatever it is.
    pub(crate) fn uscc(&mut self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        match validate::uscc(&text, LicencePhoto::Absent) {
            Ok(code) => Some(code.value),
            Err(fault) => {
                let message = if fault.code == FaultCode::CheckDigit {
                    "统一社会信用代码校验位不符,请与营业执照核对"
                } else {
                    "统一社会信用代码格式不对,请与营业执照核对"
                };
                self.warn("E_V02", field, message);
                Some(text.to_uppercase())
            }
        }
    }

    /// A telephone number (E-V05), kept whatever it is.
    pub(crate) fn phone(&mut self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        if let Ok(phone) = validate::phone(&text) {
            return Some(phone.value.number);
        }
        self.warn("E_V05", field, "联系电话不是手机或固定电话号码,请核对");
        Some(text.chars().take(50).collect())
    }

    /// An instant; one that cannot be read is a fault.
    pub(crate) fn instant(
        &mut self,
        field: &'static str,
        name: &str,
    ) -> Result<Option<Instant>, RowFault> {
        let Some(text) = self.text(field) else { return Ok(None) };
        value::instant(&text).map(Some).ok_or_else(|| {
            RowFault::rejected(
                "E_DATE",
                field,
                format!("{name}不是可识别的时间;请写成 2026-11-23 09:12:05"),
            )
        })
    }

    /// A date; one that cannot be read is a warning.
    pub(crate) fn date(&mut self, field: &'static str, name: &str) -> Option<Date> {
        let text = self.text(field)?;
        let date = value::date(&text);
        if date.is_none() {
            self.warn("E_V10", field, format!("{name}不是可识别的日期,未采用"));
        }
        date
    }

    /// A decimal; one that cannot be read is a warning.
    pub(crate) fn decimal(&mut self, field: &'static str, name: &str) -> Option<String> {
        let text = self.text(field)?;
        let number = value::decimal(&text);
        if number.is_none() {
            self.warn("E_NUMBER", field, format!("{name}不是数字,未采用"));
        }
        number
    }

    /// A region code (E-V03).
    pub(crate) fn region(&mut self, field: &'static str) -> Result<Option<String>, RowFault> {
        let Some(text) = self.text(field) else { return Ok(None) };
        validate::region(&text).map(|code| Some(code.value)).map_err(|_| {
            RowFault::rejected("E_V03", field, "行政区划代码不是 6 位数字,请向推送方核对")
        })
    }

    /// A point from two texts (E-V06); doubtful ones are warnings.
    pub(crate) fn point(
        &mut self,
        field: &'static str,
        lon: &str,
        lat: &str,
        crs: CrsSource,
    ) -> Option<GeoPoint> {
        let (Ok(lon), Ok(lat)) = (lon.parse::<Degrees>(), lat.parse::<Degrees>()) else {
            self.warn("E_V06", field, "坐标不是数字,未采用");
            return None;
        };
        if coordinates::is_projected(lon) {
            self.kept.push(field);
            if crs != CrsSource::Cgcs2000Gk38 {
                self.warn("E_V06", field, "坐标是投影平面坐标,已留存原值,未换算");
            }
            return None;
        }
        let Ok(point) = coordinates(GeoPoint::new(lon.0, lat.0, crs)) else {
            self.warn("E_V06", field, "坐标超出经纬度范围,未采用");
            return None;
        };
        if !point.cautions.is_empty() {
            self.warn_once("E_V06", field, "坐标不在新郑市大致范围内,请核对");
        }
        Some(point.value)
    }

    /// Adds a warning.
    pub(crate) fn warn(
        &mut self,
        code: &'static str,
        field: &'static str,
        message: impl Into<String>,
    ) {
        self.warnings.push(Warning::new(code, field, message));
    }

    fn warn_once(&mut self, code: &'static str, field: &'static str, message: &str) {
        if !self.warnings.iter().any(|w| w.code == code && w.field == field) {
            self.warn(code, field, message);
        }
    }

    /// The fields that nothing has read, as text; officials' names are
    /// dropped at every depth.
    pub(crate) fn rest(&mut self) -> BTreeMap<String, String> {
        let mut rest = BTreeMap::new();
        let (mut total, mut cut) = (0, false);
        for (field, value) in &self.raw.fields {
            let used = self.read.contains(&field.as_str()) && !self.kept.contains(&field.as_str());
            if used || DROPPED.contains(&field.as_str()) {
                continue;
            }
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    without_officials(value).to_string()
                }
            };
            if text.len() > RAW_FIELD || total + text.len() > RAW_TOTAL {
                cut = true;
                continue;
            }
            total += text.len();
            rest.insert(field.chars().take(64).collect(), text);
        }
        if cut {
            self.warn("E_RAW", "raw", "附加字段过大,只随原文件留存");
        }
        rest
    }
}

fn without_officials(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(without_officials).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter(|(name, _)| !DROPPED.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), without_officials(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
