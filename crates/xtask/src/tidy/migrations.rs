//! Migrations: their names, their order, and that none is ever edited.
//!
//! A folder `migrations` holds `NNNN_verb_noun.sql` numbered from 0001 without
//! a gap, and `CHECKSUMS` in the form of sha256sum. Invariant: a recorded
//! checksum is never changed by this program; `tidy --bless` only adds.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::{Finding, Source};
use crate::workspace::Workspace;

const RULE: &str = "migration";
const CHECKSUMS: &str = "CHECKSUMS";

/// Computes the SHA-256 of a source as stored.
pub(crate) type Digest<'a> = &'a dyn Fn(&Source) -> Result<String>;

/// Checks the migration folders among `sources`.
pub(crate) fn check(sources: &[Source], digest: Digest<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (folder, files) in folders(sources) {
        let recorded = recorded(sources, &folder);
        for (index, file) in files.iter().enumerate() {
            let name = name_of(file);
            if !is_well_named(name, index + 1) {
                let mend =
                    format!("name it {:04}_verb_noun.sql: numbered without a gap", index + 1);
                findings.push(Finding::new(file, 1, RULE, mend));
            }
            let mend = match recorded.get(name) {
                None => "it has no checksum: run `cargo xtask tidy --bless`".to_owned(),
                Some(known) if *known != digest(file)? => {
                    "it was edited after it was recorded: restore it and write a further migration"
                        .to_owned()
                }
                Some(_) => continue,
            };
            findings.push(Finding::new(file, 1, RULE, mend));
        }
        let missing =
            recorded.keys().find(|name| !files.iter().any(|file| name_of(file) == **name));
        if let (Some(name), Some(file)) = (missing, files.first()) {
            findings.push(Finding::new(
                file,
                1,
                RULE,
                format!("{name} is recorded but gone: restore it"),
            ));
        }
    }
    Ok(findings)
}

/// Records the checksums of migrations that have none.
pub(crate) fn bless(workspace: &Workspace, sources: &[Source]) -> Result<()> {
    for (folder, files) in folders(sources) {
        let known = recorded(sources, &folder);
        let path = workspace.path(&format!("{folder}/{CHECKSUMS}"));
        let mut lines = fs::read_to_string(&path).unwrap_or_default();
        for file in files.iter().filter(|file| !known.contains_key(name_of(file))) {
            let digest = super::digest(workspace, file)?;
            println!("recorded {}", file.path);
            lines.extend([digest.as_str(), "  ", name_of(file), "\n"]);
        }
        fs::write(&path, lines).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// The migrations by folder, in order.
fn folders(sources: &[Source]) -> BTreeMap<String, Vec<&Source>> {
    let mut folders: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.extension() == "sql") {
        if let Some((folder, _)) = source.path.rsplit_once('/')
            && folder.split('/').any(|part| part == "migrations")
        {
            folders.entry(folder.to_owned()).or_default().push(source);
        }
    }
    for files in folders.values_mut() {
        files.sort_by(|left, right| left.path.cmp(&right.path));
    }
    folders
}

fn recorded<'a>(sources: &'a [Source], folder: &str) -> BTreeMap<&'a str, &'a str> {
    let path = format!("{folder}/{CHECKSUMS}");
    let text = sources.iter().find(|source| source.path == path).map_or("", |source| &source.text);
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name, digest))
        .collect()
}

fn name_of(source: &Source) -> &str {
    source.path.rsplit('/').next().unwrap_or_default()
}

fn is_well_named(name: &str, number: usize) -> bool {
    let Some((digits, rest)) = name.strip_suffix(".sql").and_then(|stem| stem.split_once('_'))
    else {
        return false;
    };
    let words: Vec<&str> = rest.split('_').collect();
    let is_word = |word: &&str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    digits == format!("{number:04}") && words.len() >= 2 && words.iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mends(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(name, text)| Source {
                path: format!("a/migrations/{name}"),
                text: (*text).to_owned(),
            })
            .collect();
        let digest = |source: &Source| Ok(format!("sum-of-{}", source.text));
        let findings = check(&sources, &digest).unwrap();
        findings.into_iter().map(|finding| finding.mend).collect()
    }

    #[test]
    fn recorded_and_unchanged_migrations_pass() {
        let sums = "sum-of-a  0001_create_records.sql\nsum-of-b  0002_add_search.sql\n";
        let files =
            [("CHECKSUMS", sums), ("0001_create_records.sql", "a"), ("0002_add_search.sql", "b")];
        assert_eq!(mends(&files), Vec::<String>::new());
    }

    #[test]
    fn an_edited_migration_is_found() {
        let files = [
            ("CHECKSUMS", "sum-of-a  0001_create_records.sql\n"),
            ("0001_create_records.sql", "A"),
        ];
        assert!(mends(&files)[0].starts_with("it was edited"));
    }

    #[test]
    fn one_without_a_checksum_is_found() {
        assert!(mends(&[("0001_create_records.sql", "a")])[0].starts_with("it has no checksum"));
    }

    #[test]
    fn a_recorded_one_that_is_gone_is_found() {
        let sums = "sum-of-a  0001_create_records.sql\nsum-of-b  0002_add_search.sql\n";
        let files = [("CHECKSUMS", sums), ("0001_create_records.sql", "a")];
        assert_eq!(mends(&files), ["0002_add_search.sql is recorded but gone: restore it"]);
    }

    #[test]
    fn names_have_a_number_without_a_gap_a_verb_and_a_noun() {
        assert!(is_well_named("0001_create_records.sql", 1));
        assert!(!is_well_named("0003_create_records.sql", 2));
        assert!(!is_well_named("0001_records.sql", 1));
        assert!(!is_well_named("1_create_records.sql", 1));
        assert!(!is_well_named("0001_Create_records.sql", 1));
    }
}
