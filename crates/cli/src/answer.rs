//! The one document on stdout.
//!
//! A script gets JSON; a person at a terminal gets the same content laid out
//! for reading, unless `--json` asks for JSON.

use std::{
    fmt::Write as _,
    io::{IsTerminal as _, Write as _},
};

use lantian_client::{ApiError, Error};
use serde_json::{Value, json};

use crate::exit;

/// What a command answers, and with which exit code.
pub(crate) struct Answer {
    /// The document.
    pub(crate) value: Value,
    /// The exit code.
    pub(crate) code: u8,
}

impl Answer {
    /// Done, with this document.
    ///
    /// # Errors
    /// [`Error::BadInput`] never in practice: views are plain data.
    pub(crate) fn done(value: &impl serde::Serialize) -> Result<Self, Error> {
        let value = serde_json::to_value(value).map_err(|_| Error::Closing)?;
        Ok(Self { value, code: exit::DONE })
    }

    /// Done, with nothing more to say.
    pub(crate) fn silent() -> Self {
        Self { value: Value::Null, code: exit::DONE }
    }
}

/// Whether a person reads stdout.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints the outcome and gives its exit code.
pub(crate) fn print(outcome: Result<Answer, Error>, json: bool) -> u8 {
    let (value, code) = match outcome {
        Ok(answer) => (answer.value, answer.code),
        Err(error) => {
            let code = exit::of(&error);
            let value = failure(error);
            let _ = writeln!(std::io::stderr(), "lantian: {}", text(&value["message"]));
            (value, code)
        }
    };
    if value.is_null() {
        return code;
    }
    let text = if json { format!("{value}\n") } else { layout(&value) };
    let mut stdout = std::io::stdout().lock();
    // A closed pipe is the reader's wish, not a failure of the work.
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    code
}

/// An error as scripts see it: a refusal by the rulebook's own code.
pub(crate) fn failure(error: Error) -> Value {
    let error = ApiError::from(error);
    let (code, now_possible) = match &error.refusal {
        Some(refusal) => (json!(refusal.code), json!(refusal.now_possible)),
        None => (json!(error.code), json!([])),
    };
    let state = error.refusal.as_ref().and_then(|refusal| refusal.state.clone());
    let mut value = json!({
        "code": code,
        "params": error.params,
        "message": error.message,
        "now_possible": now_possible,
    });
    if let Some(state) = state {
        value["state"] = json!(state);
    }
    value
}

fn layout(value: &Value) -> String {
    let mut out = String::new();
    if let Some(items) = value["items"].as_array().or(value.as_array()) {
        for item in items {
            line(item, &mut out);
        }
    } else if let Some(fields) = value.as_object() {
        for (key, value) in fields {
            field(key, value, &mut out);
        }
    } else {
        line(value, &mut out);
    }
    out
}

fn field(key: &str, value: &Value, out: &mut String) {
    let body = if value.is_array() || value.is_object() {
        let body = serde_json::to_string_pretty(value).unwrap_or_default();
        body.replace('\n', "\n                  ")
    } else {
        text(value)
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{key:>16}  {body}");
}

fn line(item: &Value, out: &mut String) {
    let plain = |value: &Value| !value.is_array() && !value.is_object() && !value.is_null();
    let cells: Vec<String> = match item.as_object() {
        Some(fields) => fields.values().filter(|value| plain(value)).map(text).collect(),
        None => vec![text(item)],
    };
    out.push_str(&cells.join("  "));
    out.push('\n');
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lantian_client::domain::refusal::{Code, Refusal};

    #[test]
    fn a_refusal_has_the_keys_of_the_contract() {
        let refusal = Refusal::new(Code::Gate).with("gate", "G-FEE");
        let value = failure(refusal.into());
        assert_eq!(value["code"], "E_GATE");
        assert_eq!(value["params"]["gate"], "G-FEE");
        assert!(value["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(value["now_possible"].is_array());
    }

    #[test]
    fn a_list_is_laid_out_a_line_for_each_item() {
        let value = json!({"items": [{"no": "A", "title": "甲", "flags": []}, {"no": "B"}]});
        assert_eq!(layout(&value), "A  甲\nB\n");
        assert_eq!(layout(&json!({"pending": 3})), "         pending  3\n");
    }
}
