//! `cargo xtask trace`: which test proves which clause.
//!
//! Words: a *clause* is one numbered promise (R, L, K, P) of `clauses.toml`; a
//! *proof* is a test whose name begins with codes. Invariants: the page is
//! made from the names of tests alone; a name with an unknown code is an
//! error, and so is a clause without a proof, unless it says why no program
//! can meet it.

mod clause;
mod page;
mod proof;

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::tidy;
use crate::workspace::Workspace;

use clause::{Clause, clauses};
use proof::{Proof, proofs};

const PAGE: &str = "docs/TRACEABILITY.md";

/// What to do with clauses that have no test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaps {
    /// They are named.
    Report,
    /// They are an error.
    Fail,
}

/// Writes the page.
pub(crate) fn run(workspace: &Workspace, gaps: Gaps) -> Result<()> {
    let (clauses, proofs) = read(workspace)?;
    fs::write(workspace.path(PAGE), page::page(&clauses, &proofs))
        .with_context(|| format!("writing {PAGE}"))?;
    answer(&clauses, &proofs, gaps)
}

/// Compares the page with what the tests say, and changes nothing.
pub(crate) fn verify(workspace: &Workspace) -> Result<()> {
    let (clauses, proofs) = read(workspace)?;
    let committed = fs::read_to_string(workspace.path(PAGE)).unwrap_or_default();
    ensure!(
        committed == page::page(&clauses, &proofs),
        "{PAGE} is not up to date: run `cargo xtask trace` and commit it"
    );
    answer(&clauses, &proofs, Gaps::Fail)
}

fn read(workspace: &Workspace) -> Result<(Vec<Clause>, Vec<Proof>)> {
    let clauses = clauses()?;
    let proofs = proofs(&tidy::read_sources(workspace)?);
    let unknown: Vec<String> = unknown(&clauses, &proofs);
    ensure!(unknown.is_empty(), "names of tests with unknown clauses: {}", unknown.join(", "));
    Ok((clauses, proofs))
}

fn unknown(clauses: &[Clause], proofs: &[Proof]) -> Vec<String> {
    proofs
        .iter()
        .filter(|proof| {
            let code = &proof.code;
            clause::FAMILIES.iter().any(|(family, ..)| code.family == *family)
                && !clauses.iter().any(|clause| clause.code == *code)
        })
        .map(|proof| format!("{} in {}", proof.test, proof.path))
        .collect()
}

fn answer(clauses: &[Clause], proofs: &[Proof], gaps: Gaps) -> Result<()> {
    let open = page::unproven(clauses, proofs);
    for line in page::sums(clauses, proofs) {
        println!("trace: {line}");
    }
    let names: Vec<String> = open.iter().map(|clause| clause.code.to_string()).collect();
    if !names.is_empty() {
        println!("trace: without a test: {}", names.join(" "));
    }
    match gaps {
        Gaps::Report => Ok(()),
        Gaps::Fail => {
            ensure!(names.is_empty(), "{} clauses have no test", names.len());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::clause::Code;
    use super::*;
    use crate::tidy::Source;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_code_that_is_no_clause_is_found() {
        let clauses = clauses().unwrap();
        let text = "#[test]\nfn r_56_too_far() {}\n#[test]\nfn r_55_the_last() {}\n";
        let proofs = proofs(&[source("crates/a/tests/a.rs", text)]);
        assert_eq!(unknown(&clauses, &proofs), ["r_56_too_far in crates/a/tests/a.rs"]);
    }

    #[test]
    fn a_clause_without_a_test_fails_where_it_must() {
        let clauses = vec![Clause {
            code: Code { family: "R", number: "01".to_owned() },
            title: "one".to_owned(),
            outside: None,
        }];
        assert!(answer(&clauses, &[], Gaps::Fail).is_err());
        assert!(answer(&clauses, &[], Gaps::Report).is_ok());
        let proven = proofs(&[source("a.rs", "#[test]\nfn r_01_holds() {}\n")]);
        assert!(answer(&clauses, &proven, Gaps::Fail).is_ok());
    }
}
