//! Who may depend on whom, read from manifests and from the code itself.
//!
//! `domain ← protocol ← sync ← replica ← client ← {cli, src-tauri}`; `server`
//! stands on `domain` and `protocol` alone; only `src-tauri` names Tauri; only
//! `ui/src/bridge` imports `@tauri-apps`; `domain` and `sync` know no clock,
//! no chance, no runtime and no hash order.

use super::scan::{code_only, line_of, test_parts};
use super::{Finding, Source};

const RULE: &str = "arrow";

/// The crates of ours that each crate may name.
const ARROWS: [(&str, &[&str]); 12] = [
    ("crates/domain/", &[]),
    ("crates/protocol/", &["domain"]),
    ("crates/sync/", &["domain", "protocol"]),
    ("crates/replica/", &["domain", "protocol", "sync"]),
    ("crates/documents/", &["domain"]),
    ("crates/client/", &["domain", "protocol", "sync", "replica", "documents"]),
    ("crates/cli/", &["domain", "client"]),
    ("crates/server/", &["domain", "protocol"]),
    ("crates/xtask/", &[]),
    ("src-tauri/", &["client", "domain", "desktop"]),
    ("tests/", &["domain", "protocol", "sync", "replica", "client", "server", "tests"]),
    ("Cargo.toml", &["client", "domain"]),
];

/// Words that make a crate impure.
const IMPURE: [&str; 9] = [
    "tokio",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "rand::",
    "getrandom",
    "HashMap",
    "HashSet",
];

const DOMAIN_DEPENDENCIES: usize = 8;

/// Checks one source.
pub(crate) fn check(source: &Source, findings: &mut Vec<Finding>) {
    if source.path.ends_with("Cargo.toml") {
        manifest(source, findings);
    } else if source.extension() == "rs" {
        rust(source, findings);
    } else if source.path.starts_with("ui/src/") {
        ui(source, findings);
    }
}

fn manifest(source: &Source, findings: &mut Vec<Finding>) {
    let table: toml::Table = match source.text.parse() {
        Ok(table) => table,
        Err(error) => {
            findings.push(Finding::new(source, 1, RULE, format!("it cannot be read: {error}")));
            return;
        }
    };
    let names: Vec<&String> = table
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(toml::Table::keys)
        .collect();
    for name in &names {
        let line = line_with(&source.text, name);
        if let Some(crate_name) = name.strip_prefix("lantian-") {
            refuse_crate(source, line, crate_name, findings);
        }
        if name.starts_with("tauri") && source.path != "Cargo.toml" {
            findings.push(Finding::new(source, line, RULE, only_shell(name)));
        }
    }
    if source.path == "crates/domain/Cargo.toml" && names.len() > DOMAIN_DEPENDENCIES {
        let mend = format!(
            "{} direct dependencies; the rulebook has at most {DOMAIN_DEPENDENCIES}",
            names.len()
        );
        findings.push(Finding::new(source, 1, RULE, mend));
    }
}

fn rust(source: &Source, findings: &mut Vec<Finding>) {
    let code = code_only(&source.text);
    for (position, _) in code.match_indices("lantian_") {
        if is_word_start(&code, position) {
            let rest = &code[position + "lantian_".len()..];
            let end = rest.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(rest.len());
            // Only a path names a crate; a variable may be called lantian_x.
            if rest[end..].starts_with("::") {
                refuse_crate(source, line_of(&code, position), &rest[..end], findings);
            }
        }
    }
    for word in ["tauri::", "tauri_build::", "tauri_plugin"] {
        if source.path.starts_with("src-tauri/") {
            break;
        }
        for line in lines_naming(&code, word) {
            findings.push(Finding::new(source, line, RULE, only_shell(word)));
        }
    }
    if source.path.starts_with("crates/domain/src/") || source.path.starts_with("crates/sync/src/")
    {
        pure(source, &code, findings);
    }
}

/// Domain and sync are pure; their tests may use what they like.
fn pure(source: &Source, code: &str, findings: &mut Vec<Finding>) {
    let tests = test_parts(code);
    for word in IMPURE {
        for (position, _) in code.match_indices(word) {
            let in_test = source.is_test() || tests.iter().any(|part| part.contains(&position));
            if in_test || !is_word_start(code, position) {
                continue;
            }
            let mend = format!(
                "`{word}` makes the crate impure: take it as an argument, or use an ordered map"
            );
            findings.push(Finding::new(source, line_of(code, position), "pure", mend));
        }
    }
}

fn ui(source: &Source, findings: &mut Vec<Finding>) {
    if source.path.starts_with("ui/src/bridge/") {
        return;
    }
    for (number, line) in source.text.lines().enumerate() {
        if line.contains("@tauri-apps") {
            let mend = "only ui/src/bridge imports @tauri-apps: ask the bridge".to_owned();
            findings.push(Finding::new(source, number + 1, RULE, mend));
        }
    }
}

fn refuse_crate(source: &Source, line: usize, named: &str, findings: &mut Vec<Finding>) {
    let place = ARROWS.iter().find(|(place, _)| source.path.starts_with(place));
    let Some((place, allowed)) = place else { return };
    let own = place.trim_start_matches("crates/").trim_end_matches('/');
    // A test may bring the other side along; a manifest's ordinary
    // dependencies may not.
    if named == own || allowed.contains(&named) || source.is_test() {
        return;
    }
    let may = if allowed.is_empty() { "none of ours".to_owned() } else { allowed.join(", ") };
    let mend = format!("{own} may not depend on lantian-{named} (it may on: {may})");
    findings.push(Finding::new(source, line, RULE, mend));
}

fn only_shell(name: &str) -> String {
    format!("only src-tauri names Tauri, not `{name}`: put it behind the client")
}

fn lines_naming<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .filter(|(position, _)| is_word_start(code, *position))
        .map(|(position, _)| line_of(code, position))
}

fn is_word_start(code: &str, position: usize) -> bool {
    let before = code[..position].chars().next_back();
    !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

fn line_with(text: &str, word: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(word)).map_or(1, |line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::check;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        findings_of(check, path, text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_manifest_may_only_name_what_its_arrow_allows() {
        let text =
            "[dependencies]\nlantian-domain.workspace = true\nlantian-replica.workspace = true\n";
        assert_eq!(lines("crates/server/Cargo.toml", text), [3]);
        assert!(lines("crates/client/Cargo.toml", text).is_empty());
        assert_eq!(lines("crates/xtask/Cargo.toml", text), [2, 3]);
    }

    #[test]
    fn code_may_only_name_what_its_arrow_allows() {
        let text = "use lantian_sync::Engine;\n// lantian_replica::x\nlet lantian_client = 1;\n";
        assert_eq!(lines("crates/server/src/a.rs", text), [1]);
        assert!(lines("crates/replica/src/a.rs", text).is_empty());
    }

    #[test]
    fn only_the_shell_names_tauri() {
        assert_eq!(lines("crates/client/src/a.rs", "fn a(app: tauri::AppHandle) {}\n"), [1]);
        assert!(lines("src-tauri/lib.rs", "fn a(app: tauri::AppHandle) {}\n").is_empty());
        assert_eq!(lines("crates/client/Cargo.toml", "[dependencies]\ntauri = \"2\"\n"), [2]);
    }

    #[test]
    fn only_the_bridge_imports_tauri() {
        let text = "import { invoke } from '@tauri-apps/api/core'\n";
        assert_eq!(lines("ui/src/screens/today.ts", text), [1]);
        assert!(lines("ui/src/bridge/tauri.ts", text).is_empty());
    }

    #[test]
    fn the_rulebook_is_pure_but_its_tests_are_free() {
        let text = "use std::time::SystemTime;\nfn a(b: &MyHashMap) {}\n#[cfg(test)]\nmod tests {\n use std::collections::HashMap;\n}\n";
        assert_eq!(findings_of(check, "crates/domain/src/a.rs", text), [(1, "pure")]);
        assert!(findings_of(check, "crates/server/src/a.rs", text).is_empty());
    }

    #[test]
    fn the_rulebook_has_few_dependencies() {
        let text = "[dependencies]\na = \"1\"\nb = \"1\"\nc = \"1\"\nd = \"1\"\ne = \"1\"\nf = \"1\"\ng = \"1\"\nh = \"1\"\n";
        assert!(lines("crates/domain/Cargo.toml", text).is_empty());
        assert_eq!(lines("crates/domain/Cargo.toml", &format!("{text}i = \"1\"\n")), [1]);
    }

    #[test]
    fn an_unreadable_manifest_is_a_finding() {
        assert_eq!(lines("crates/client/Cargo.toml", "[dependencies\n"), [1]);
    }
}
