//! The clauses, and the codes by which tests name them.

use std::fmt;

use anyhow::{Context, Result, ensure};
use toml::Value;

const LIST: &str = include_str!("clauses.toml");

/// The families of clauses with their last number and their name.
pub(crate) const FAMILIES: [(&str, usize, &str); 4] = [
    ("R", 55, "The company's plan"),
    ("L", 16, "Laws"),
    ("K", 36, "Indicators"),
    ("P", 22, "Privacy, security, records"),
];

/// The code of a clause or of another numbered rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code {
    /// The letters before the dash.
    pub(crate) family: &'static str,
    /// The number as written.
    pub(crate) number: String,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.family, self.number)
    }
}

/// One promise.
pub(crate) struct Clause {
    /// Its code.
    pub(crate) code: Code,
    /// What it says, shortly.
    pub(crate) title: String,
    /// Why no program can meet it, if none can.
    pub(crate) outside: Option<String>,
}

/// Every clause, family by family.
pub(crate) fn clauses() -> Result<Vec<Clause>> {
    let table: toml::Table = LIST.parse().context("reading clauses.toml")?;
    let mut clauses = Vec::new();
    for (family, last, _) in FAMILIES {
        for number in 1..=last {
            let code = Code { family, number: format!("{number:02}") };
            let value = table
                .get(&code.to_string())
                .with_context(|| format!("clauses.toml lacks {code}"))?;
            clauses.push(clause(code, value)?);
        }
    }
    ensure!(clauses.len() == table.len(), "clauses.toml names clauses of no family");
    Ok(clauses)
}

fn clause(code: Code, value: &Value) -> Result<Clause> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let title = text(Some(value)).or_else(|| text(value.get("title")));
    let outside = text(value.get("outside"));
    ensure!(value.is_str() || outside.is_some(), "{code}: a table says why in `outside`");
    let title = title.with_context(|| format!("{code} has no title"))?;
    Ok(Clause { code, title, outside })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(clauses().unwrap().len(), 55 + 16 + 36 + 22);
    }

    #[test]
    fn what_is_outside_says_why() {
        let code = || Code { family: "P", number: "07".to_owned() };
        let table: Value = toml::from_str("title = 'a'").unwrap();
        assert!(clause(code(), &table).is_err());
        let table: Value = toml::from_str("title = 'a'\noutside = 'b'").unwrap();
        assert_eq!(clause(code(), &table).unwrap().outside.as_deref(), Some("b"));
    }
}
