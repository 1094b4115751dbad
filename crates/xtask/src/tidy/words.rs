//! Words that may not stand in the tree, headers that must, and names.

use super::{Finding, Source};

/// What says that something is unfinished; written in two halves so that this
/// list is no finding of its own.
const UNFINISHED: [(&str, &str); 9] = [
    ("todo", "!("),
    ("unimplemented", "!("),
    ("FIX", "ME"),
    ("TO", "DO:"),
    ("TO", "DO("),
    ("#[ign", "ore"),
    ("lorem ", "ipsum"),
    ("placeholder ", "data"),
    ("not ", "implemented yet"),
];

/// What switches a UI test off.
const SWITCHED_OFF: [(&str, &str); 5] = [
    ("it.sk", "ip("),
    ("test.sk", "ip("),
    ("describe.sk", "ip("),
    ("it.on", "ly("),
    ("test.on", "ly("),
];

const NAMELESS: [&str; 5] = ["utils", "util", "helpers", "common", "misc"];
const CODE: [&str; 10] = ["rs", "ts", "vue", "js", "mjs", "sql", "sh", "py", "css", "toml"];

/// Checks one source; `parent` is the folder in which this work tree lies.
pub(crate) fn check(source: &Source, parent: &str, findings: &mut Vec<Finding>) {
    if CODE.contains(&source.extension()) {
        unfinished(source, findings);
        name(source, findings);
    }
    if source.extension() == "rs" {
        header(source, findings);
    }
    machine_paths(source, parent, findings);
}

fn unfinished(source: &Source, findings: &mut Vec<Finding>) {
    let is_ui = source.path.starts_with("ui/");
    for (number, line) in source.text.lines().enumerate() {
        for (first, second) in UNFINISHED {
            let word = format!("{first}{second}");
            if line.contains(&word) {
                let mend = format!("`{word}`: finish it, or take it out and file an issue");
                findings.push(Finding::new(source, number + 1, "unfinished", mend));
            }
        }
        for (first, second) in SWITCHED_OFF.iter().filter(|_| is_ui) {
            let word = format!("{first}{second}");
            if line.contains(&word) {
                let mend = format!("`{word}` switches tests off: mend the test");
                findings.push(Finding::new(source, number + 1, "unfinished", mend));
            }
        }
    }
}

fn name(source: &Source, findings: &mut Vec<Finding>) {
    let stem_of = |part: &str| part.split('.').next().unwrap_or_default().to_owned();
    if let Some(part) =
        source.path.split('/').find(|part| NAMELESS.contains(&stem_of(part).as_str()))
    {
        let mend = format!("`{part}` names nothing: call it by the noun it is about");
        findings.push(Finding::new(source, 1, "name", mend));
    }
}

fn header(source: &Source, findings: &mut Vec<Finding>) {
    let first = source.text.lines().find(|line| !line.trim().is_empty());
    if !first.is_some_and(|line| line.starts_with("//!") || line.starts_with("#![doc")) {
        let mend = "begin with `//!`: what it is for, its words, its invariant".to_owned();
        findings.push(Finding::new(source, 1, "header", mend));
    }
}

fn machine_paths(source: &Source, parent: &str, findings: &mut Vec<Finding>) {
    let own = format!("{}/", parent.trim_end_matches('/'));
    let homes = [concat!("/ro", "ot/."), concat!("/Us", "ers/")];
    for (number, line) in source.text.lines().enumerate() {
        let is_own = own.len() > 2 && line.contains(&own);
        if is_own || homes.iter().any(|home| line.contains(home)) {
            let mend = "a path of one machine: use a path from the root".to_owned();
            findings.push(Finding::new(source, number + 1, "machine path", mend));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;

    fn found(path: &str, text: &str) -> Vec<(usize, &'static str)> {
        findings_of(|source, findings| super::check(source, "/srv/builds", findings), path, text)
    }

    #[test]
    fn unfinished_work_is_found_where_it_stands() {
        let text = format!("//! a\nfn a() {{\n    {}{})\n}}\n", "todo", "!(");
        assert_eq!(found("crates/a/src/a.rs", &text), [(3, "unfinished")]);
        let text = format!("//! a\n{}{}]\n", "#[ign", "ore");
        assert_eq!(found("crates/a/src/a.rs", &text), [(2, "unfinished")]);
    }

    #[test]
    fn an_iterator_may_skip_and_a_ui_test_may_not() {
        assert!(found("crates/a/src/a.rs", "//! a\nlet b = it.skip(1);\n").is_empty());
        let text = format!("{}{}'x')\n", "it.sk", "ip(");
        assert_eq!(found("ui/src/a.test.ts", &text), [(1, "unfinished")]);
    }

    #[test]
    fn a_rust_file_begins_with_what_it_is_for() {
        assert_eq!(found("a.rs", "fn a() {}\n"), [(1, "header")]);
        assert!(found("a.rs", "\n//! What a is for.\nfn a() {}\n").is_empty());
    }

    #[test]
    fn modules_have_names_that_say_something() {
        assert_eq!(found("crates/a/src/utils.rs", "//! a\n"), [(1, "name")]);
        assert_eq!(found("ui/src/common/a.ts", "a\n"), [(1, "name")]);
        assert!(found("crates/a/src/commons.rs", "//! a\n").is_empty());
    }

    #[test]
    fn paths_of_a_machine_do_not_enter() {
        assert_eq!(found("README.md", "see /srv/builds/lantian\n"), [(1, "machine path")]);
        assert!(found("README.md", "see docs/adr\n").is_empty());
    }
}
