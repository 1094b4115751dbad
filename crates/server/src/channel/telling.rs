//! Reading the fields of a request, whose names come as `serialId` or
//! `serial_id`; every fault is collected, so that a sender is told of all at
//! once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::reply::FieldFault;

/// Names that are whole words only by agreement with the older interface.
const ALSO: &[(&str, &str)] = &[
    ("device_list", "deviceList"),
    ("file_id_list", "fileIdList"),
    ("outside_system_name", "outsideSystemName"),
];
/// Bytes of one unknown field that are kept.
const RAW_FIELD: usize = 4 << 10;
/// Bytes of all unknown fields that are kept.
const RAW_TOTAL: usize = 32 << 10;

/// The fields of one object.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    read: BTreeSet<String>,
    faults: Vec<FieldFault>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, read: BTreeSet::new(), faults: Vec::new() }
    }

    fn value(&mut self, name: &str) -> Option<&'a Value> {
        let camel = camel(name);
        self.read.insert(name.to_owned());
        self.read.insert(camel.clone());
        let found = self.object.get(name).or_else(|| self.object.get(&camel));
        found.filter(|value| !value.is_null())
    }

    /// A field as trimmed text without control characters; nothing when it is
    /// absent or blank.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let text = match self.value(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return None;
            }
        };
        let clean: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let clean = clean.trim();
        (!clean.is_empty()).then(|| clean.to_owned())
    }

    /// A text of at most `most` characters.
    pub(super) fn short(&mut self, name: &str, most: usize) -> Option<String> {
        let text = self.text(name)?;
        if text.chars().count() > most {
            self.fault(name, "too_long", &format!("最多 {most} 个字"));
            return None;
        }
        Some(text)
    }

    /// A mandatory text; empty, with its fault noted, when it is missing.
    pub(super) fn need(&mut self, name: &str, most: usize) -> String {
        if self.text(name).is_none() {
            self.missing(name);
        }
        self.short(name, most).unwrap_or_default()
    }

    /// A field that is a list.
    pub(super) fn list(&mut self, name: &str) -> Option<&'a [Value]> {
        self.value(name)?.as_array().map(Vec::as_slice)
    }

    /// A field that is an object.
    pub(super) fn object(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        self.value(name)?.as_object()
    }

    pub(super) fn missing(&mut self, name: &str) {
        self.faults.push(FieldFault::missing(name));
    }

    pub(super) fn fault(&mut self, name: &str, code: &str, message: &str) {
        self.faults.push(FieldFault::new(name, code, message));
    }

    /// What is wrong so far.
    pub(super) fn faults(&mut self) -> Vec<FieldFault> {
        std::mem::take(&mut self.faults)
    }

    /// The fields that nobody has read, as text. What is too large stays with
    /// the request, which is kept whole.
    pub(super) fn rest(&self) -> BTreeMap<String, String> {
        let mut rest = BTreeMap::new();
        let mut total = 0;
        for (name, value) in self.object {
            if self.read.contains(name) || value.is_null() || name.len() > 64 {
                continue;
            }
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            total += name.len() + text.len();
            if text.len() <= RAW_FIELD && total <= RAW_TOTAL {
                rest.insert(name.clone(), text);
            }
        }
        rest
    }
}

/// `serial_id` as `serialId`.
fn camel(name: &str) -> String {
    if let Some((_, camel)) = ALSO.iter().find(|(snake, _)| *snake == name) {
        return (*camel).to_owned();
    }
    let mut camel = String::with_capacity(name.len());
    let mut high = false;
    for c in name.chars() {
        if c == '_' {
            high = true;
        } else {
            camel.push(if high { c.to_ascii_uppercase() } else { c });
            high = false;
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_manners_of_writing_are_read_and_the_rest_is_kept() {
        let value = json!({
            "serialId": " JB-1 ", "link_man": "张三", "number": 7, "consNo": null,
            "someOtherField": {"a": 1}, "blank": "  ",
        });
        let mut fields = Fields::of(value.as_object().unwrap());
        assert_eq!(fields.need("serial_id", 10), "JB-1");
        assert_eq!(fields.need("link_man", 10), "张三");
        assert_eq!(fields.text("number").as_deref(), Some("7"));
        assert_eq!(fields.need("phone", 10), "");
        assert_eq!(fields.short("blank", 10), None);
        let rest = fields.rest();
        assert_eq!(rest.keys().collect::<Vec<_>>(), ["someOtherField"]);
        let faults = fields.faults();
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("phone", "missing"));
    }
}
