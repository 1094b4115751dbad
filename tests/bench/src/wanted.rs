//! Which workloads are to be measured.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

/// Every workload, in the order of the report.
const ALL: [&str; 17] = [
    "R", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11", "W12", "W13", "W14",
    "W15", "W16",
];

/// The workloads that are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted(BTreeSet<&'static str>);

impl Wanted {
    /// Every one.
    pub(crate) fn all() -> Self {
        Self(ALL.into())
    }

    /// Those of a list with commas.
    pub(crate) fn parse(list: &str) -> Result<Self> {
        let mut wanted = BTreeSet::new();
        for name in list.split(',').map(str::trim) {
            match ALL.iter().find(|one| one.eq_ignore_ascii_case(name)) {
                Some(one) => wanted.insert(*one),
                None => bail!("{name} is no workload; they are {}", ALL.join(", ")),
            };
        }
        Ok(Self(wanted))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether every workload is measured.
    pub(crate) fn is_all(&self) -> bool {
        self.0.len() == ALL.len()
    }

    /// The place of a workload in the report.
    pub(crate) fn place(name: &str) -> usize {
        ALL.iter().position(|one| *one == name).unwrap_or(ALL.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_a_mistake_is_named() {
        let wanted = Wanted::parse("W7, w16").unwrap();
        assert!(wanted.has("W7") && wanted.has("W16") && !wanted.has("W1"));
        assert!(Wanted::parse("W77").unwrap_err().to_string().contains("W77"));
        assert!(Wanted::all().is_all() && !wanted.is_all());
        assert!(Wanted::place("W9") < Wanted::place("W10"));
    }
}
