//! Sizes of files.
//!
//! A file over its limit needs a line `tidy: allow-size — reason`; no reason
//! carries a Rust file past 800 lines.

use super::{Finding, Source};

const RULE: &str = "size";
const ALLOW: &str = "tidy: allow-size — ";
const HARD: usize = 800;

/// Checks one source.
pub(crate) fn check(source: &Source, findings: &mut Vec<Finding>) {
    if is_generated(source) {
        return;
    }
    let Some(limit) = limit(source) else { return };
    let lines = source.text.lines().count();
    let allowed = source
        .text
        .lines()
        .any(|line| line.split_once(ALLOW).is_some_and(|(_, reason)| !reason.trim().is_empty()));
    if lines > HARD.max(limit) {
        let mend = format!(
            "{lines} lines; {} is the end, with any reason: split where the words change",
            HARD.max(limit)
        );
        findings.push(Finding::new(source, lines, RULE, mend));
    } else if lines > limit && !allowed {
        let mend = format!(
            "{lines} lines, at most {limit}: split where the words change, or say why in a line `{ALLOW}…`"
        );
        findings.push(Finding::new(source, lines, RULE, mend));
    }
}

fn limit(source: &Source) -> Option<usize> {
    match source.extension() {
        "rs" if source.is_test() => Some(HARD),
        "rs" => Some(500),
        "vue" => Some(250),
        "ts" | "mts" | "js" | "mjs" => Some(400),
        _ => None,
    }
}

fn is_generated(source: &Source) -> bool {
    source.path.ends_with("/generated.ts") || source.path.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::check;

    fn found(path: &str, lines: usize, head: &str) -> usize {
        findings_of(check, path, &format!("{head}{}", "x\n".repeat(lines))).len()
    }

    #[test]
    fn each_kind_of_file_has_its_limit() {
        assert_eq!(found("crates/a/src/a.rs", 500, ""), 0);
        assert_eq!(found("crates/a/src/a.rs", 501, ""), 1);
        assert_eq!(found("ui/src/a.vue", 250, ""), 0);
        assert_eq!(found("ui/src/a.vue", 251, ""), 1);
        assert_eq!(found("ui/src/a.ts", 401, ""), 1);
        assert_eq!(found("ui/src/bridge/generated.ts", 5_000, ""), 0);
        assert_eq!(found("crates/a/src/a/tests.rs", 700, ""), 0);
    }

    #[test]
    fn a_reason_carries_up_to_the_end_and_an_empty_one_nowhere() {
        assert_eq!(found("a.rs", 600, "// tidy: allow-size — one table of codes\n"), 0);
        assert_eq!(found("a.rs", 900, "// tidy: allow-size — one table of codes\n"), 1);
        assert_eq!(found("a.rs", 600, "// tidy: allow-size — \n"), 1);
    }
}
