//! Every dependency is named in a decision (docs/adr) before it enters.
//!
//! Read are the workspace's list in the root manifest and the UI's
//! package.json; a member that names a version of its own goes round the list.

use super::{Finding, Source};

const RULE: &str = "dependency";

/// Checks the lists against the decisions.
pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let decisions: String = sources
        .iter()
        .filter(|source| source.path.starts_with("docs/adr/"))
        .map(|source| source.text.as_str())
        .collect();
    let mut findings = Vec::new();
    for source in sources {
        let names = match source.path.as_str() {
            "Cargo.toml" => workspace_names(source),
            "ui/package.json" => package_names(source),
            path if path.ends_with("/Cargo.toml") => {
                own_versions(source, &mut findings);
                continue;
            }
            _ => continue,
        };
        for name in names.iter().filter(|name| !is_named(&decisions, name)) {
            let mend = format!("`{name}` is in no decision: say in docs/adr what it is taken for");
            findings.push(Finding::new(source, line_with(&source.text, name), RULE, mend));
        }
    }
    findings
}

fn workspace_names(source: &Source) -> Vec<String> {
    let table: toml::Table = source.text.parse().unwrap_or_default();
    let names = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(toml::Value::as_table);
    let names = names.into_iter().flat_map(toml::Table::keys);
    names.filter(|name| !name.starts_with("lantian-")).cloned().collect()
}

fn package_names(source: &Source) -> Vec<String> {
    let manifest: serde_json::Value = serde_json::from_str(&source.text).unwrap_or_default();
    ["dependencies", "devDependencies"]
        .iter()
        .filter_map(|kind| manifest[kind].as_object())
        .flat_map(|names| names.keys().cloned())
        .collect()
}

/// A member takes its dependencies from the workspace.
fn own_versions(source: &Source, findings: &mut Vec<Finding>) {
    let table: toml::Table = source.text.parse().unwrap_or_default();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let listed = table.get(kind).and_then(toml::Value::as_table);
        for (name, value) in listed.into_iter().flatten() {
            let from_workspace = value.get("workspace").and_then(toml::Value::as_bool);
            if from_workspace != Some(true) {
                let mend = format!("`{name}`: write `{name}.workspace = true`");
                findings.push(Finding::new(source, line_with(&source.text, name), RULE, mend));
            }
        }
    }
}

/// Whether `name` stands in the text as a word of its own.
fn is_named(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_/@".contains(letter);
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn line_with(text: &str, name: &str) -> usize {
    text.lines()
        .position(|line| line.trim_start().trim_start_matches('"').starts_with(name))
        .map_or(1, |line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mends(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        check(&sources).into_iter().map(|finding| finding.mend).collect()
    }

    #[test]
    fn a_dependency_without_a_decision_is_found() {
        let manifest =
            "[workspace.dependencies]\nserde = \"1\"\ntoml = \"1\"\nlantian-a = { path = \"a\" }\n";
        let decision = "| forms | serde, serde_json, toml-edit |\n";
        let found = mends(&[("Cargo.toml", manifest), ("docs/adr/0001-a.md", decision)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("`toml` is in no decision"), "{found:?}");
    }

    #[test]
    fn the_interface_has_decisions_too() {
        let manifest =
            r#"{ "dependencies": { "vue": "^3" }, "devDependencies": { "vite": "^8" } }"#;
        let found = mends(&[("ui/package.json", manifest), ("docs/adr/0001-a.md", "vue 3\n")]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_member_has_no_versions_of_its_own() {
        let manifest = "[dependencies]\nserde.workspace = true\ntoml = \"1\"\n";
        assert_eq!(
            mends(&[("crates/a/Cargo.toml", manifest)]),
            ["`toml`: write `toml.workspace = true`"]
        );
    }
}
