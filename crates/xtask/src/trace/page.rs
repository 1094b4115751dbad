//! The page: each clause with its tests.

use std::fmt::Write as _;

use super::clause::{Clause, Code, FAMILIES};
use super::proof::Proof;

const HEAD: &str = "\
# Traceability

Made by `cargo xtask trace` from the names of the tests; never edited by hand.
A test that proves a clause begins with its code: `r_12_…` in Rust, `R-09 …` in TypeScript.
The titles are short; the acceptance statement that a test asserts stands in the specification.
";

/// The clauses that need a test and have none.
pub(crate) fn unproven<'a>(clauses: &'a [Clause], proofs: &[Proof]) -> Vec<&'a Clause> {
    clauses
        .iter()
        .filter(|clause| clause.outside.is_none() && of(proofs, &clause.code).next().is_none())
        .collect()
}

/// One line per family: how many of how many have a test.
pub(crate) fn sums(clauses: &[Clause], proofs: &[Proof]) -> Vec<String> {
    FAMILIES
        .iter()
        .map(|(family, ..)| {
            let all = || clauses.iter().filter(|clause| clause.code.family == *family);
            // A test of what lies around a clause outside proves no part of it.
            let wanted = || all().filter(|clause| clause.outside.is_none());
            let outside = all().count() - wanted().count();
            let proven = wanted().filter(|clause| of(proofs, &clause.code).next().is_some());
            let (proven, wanted) = (proven.count(), wanted().count());
            let rest = if outside == 0 {
                String::new()
            } else {
                format!("; {outside} outside what a program can do")
            };
            format!("{family}: {proven} of {wanted} with a test{rest}")
        })
        .collect()
}

/// The whole page.
pub(crate) fn page(clauses: &[Clause], proofs: &[Proof]) -> String {
    let mut page = HEAD.to_owned();
    page.push('\n');
    for line in sums(clauses, proofs) {
        let _ = writeln!(page, "- {line}");
    }
    for (family, _, name) in FAMILIES {
        let _ = write!(
            page,
            "\n## {family}: {name}\n\n| clause | what | tests |\n| --- | --- | --- |\n"
        );
        for clause in clauses.iter().filter(|clause| clause.code.family == family) {
            let tests = match &clause.outside {
                Some(why) => match of(proofs, &clause.code).next() {
                    Some(_) => format!("outside: {why}<br>{}", cell(proofs, &clause.code)),
                    None => format!("outside: {why}"),
                },
                None => cell(proofs, &clause.code),
            };
            let _ = writeln!(page, "| {} | {} | {tests} |", clause.code, clause.title);
        }
    }
    page.push_str("\n## Other numbered rules\n\n| rule | tests |\n| --- | --- |\n");
    let mut others: Vec<&Code> = proofs
        .iter()
        .map(|proof| &proof.code)
        .filter(|code| FAMILIES.iter().all(|(family, ..)| *family != code.family))
        .collect();
    others.sort_by_key(|code| (code.family, code.number.parse::<u32>().unwrap_or(u32::MAX)));
    others.dedup();
    for code in others {
        let _ = writeln!(page, "| {code} | {} |", cell(proofs, code));
    }
    page
}

fn cell(proofs: &[Proof], code: &Code) -> String {
    let tests: Vec<String> =
        of(proofs, code).map(|proof| format!("`{}` › {}", proof.path, escaped(proof))).collect();
    if tests.is_empty() { "**none**".to_owned() } else { tests.join("<br>") }
}

fn escaped(proof: &Proof) -> String {
    proof.test.replace('|', "\\|")
}

fn of<'a>(proofs: &'a [Proof], code: &Code) -> impl Iterator<Item = &'a Proof> {
    proofs.iter().filter(move |proof| proof.code == *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_is_proven_and_what_is_not() {
        let code = |number: &str| Code { family: "R", number: number.to_owned() };
        let clause = |number: &str, outside: Option<&str>| Clause {
            code: code(number),
            title: "a title".to_owned(),
            outside: outside.map(str::to_owned),
        };
        let clauses = [clause("01", None), clause("02", None), clause("03", Some("paper"))];
        let proof = |number: &str, test: &str| Proof {
            code: code(number),
            path: "a.rs".to_owned(),
            test: test.to_owned(),
        };
        let proofs = [proof("01", "r_01_holds"), proof("03", "r_03_is_kept_as_paper")];
        let page = page(&clauses, &proofs);
        assert!(page.contains("| R-01 | a title | `a.rs` › r_01_holds |"), "{page}");
        assert!(page.contains("| R-02 | a title | **none** |"), "{page}");
        let outside = "| R-03 | a title | outside: paper<br>`a.rs` › r_03_is_kept_as_paper |";
        assert!(page.contains(outside), "{page}");
        assert!(page.contains("- R: 1 of 2 with a test; 1 outside"), "{page}");
        assert_eq!(unproven(&clauses, &proofs).len(), 1);
    }
}
