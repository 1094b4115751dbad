//! Tests that name what they prove.
//!
//! A Rust test is `r_12_…`, with several codes `r_43_r_44_…`; a TypeScript
//! test has a title that begins `R-09 …`.

use crate::tidy::Source;
use crate::tidy::scan::code_only;

use super::clause::Code;

/// What a name may begin with: letters of a test, family, digits of a clause
/// of two digits or none.
const PREFIXES: [(&str, &str, Option<usize>); 10] = [
    ("r", "R", Some(2)),
    ("l", "L", Some(2)),
    ("k", "K", Some(2)),
    ("p", "P", Some(2)),
    ("f", "F", None),
    ("h", "H", None),
    ("v", "V", None),
    ("lg", "LG", None),
    ("clk", "CLK", None),
    ("sod", "SOD", None),
];
/// The clocks of a permit are numbered apart: `permit_p1_…`.
const PERMIT: (&str, &str) = ("permit", "permit P");

/// A test and one code of its name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Proof {
    /// What it proves.
    pub(crate) code: Code,
    /// Its file.
    pub(crate) path: String,
    /// Its name or title.
    pub(crate) test: String,
}

/// Every proof, in the order of code, file and name.
pub(crate) fn proofs(sources: &[Source]) -> Vec<Proof> {
    let mut proofs = Vec::new();
    for source in sources {
        let tests = match source.extension() {
            "rs" => rust_tests(&source.text),
            "ts" | "mts" if source.is_test() => titles(&source.text),
            _ => continue,
        };
        for (test, codes) in tests {
            proofs.extend(codes.into_iter().map(|code| Proof {
                code,
                path: source.path.clone(),
                test: test.clone(),
            }));
        }
    }
    proofs.sort();
    proofs.dedup();
    proofs
}

fn rust_tests(text: &str) -> Vec<(String, Vec<Code>)> {
    let code = code_only(text);
    let mut found = Vec::new();
    let mut is_test = false;
    for line in code.lines().map(str::trim) {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) else { continue };
        is_test = false;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        let codes = codes_of_name(name);
        if !codes.is_empty() {
            found.push((name.to_owned(), codes));
        }
    }
    found
}

fn codes_of_name(name: &str) -> Vec<Code> {
    let words: Vec<&str> = name.split('_').collect();
    let mut codes = Vec::new();
    let mut at = 0;
    while let [word, number, ..] = words[at..] {
        let Some(code) = code(word, number) else { break };
        codes.push(code);
        at += 2;
    }
    codes
}

fn code(word: &str, number: &str) -> Option<Code> {
    if word == PERMIT.0 {
        let digits = number.strip_prefix('p')?;
        return numeric(digits).then(|| Code { family: PERMIT.1, number: digits.to_owned() });
    }
    let (_, family, width) = PREFIXES.iter().find(|(prefix, ..)| *prefix == word)?;
    let fits = numeric(number) && width.is_none_or(|width| number.len() == width);
    fits.then(|| Code { family, number: number.to_owned() })
}

fn numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn titles(text: &str) -> Vec<(String, Vec<Code>)> {
    let mut found = Vec::new();
    for call in ["it(", "test("] {
        for (at, _) in text.match_indices(call) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
                continue;
            }
            let rest = text[at + call.len()..].trim_start();
            let Some(quote) = rest.chars().next().filter(|c| ['\'', '"', '`'].contains(c)) else {
                continue;
            };
            let Some(title) = rest[1..].split(quote).next() else { continue };
            let codes = codes_of_title(title);
            if !codes.is_empty() {
                found.push((title.to_owned(), codes));
            }
        }
    }
    found
}

fn codes_of_title(title: &str) -> Vec<Code> {
    title
        .split_whitespace()
        .map_while(|word| {
            let (family, number) = word.split_once('-')?;
            let prefix = family.to_lowercase();
            (prefix.to_uppercase() == family).then(|| code(&prefix, number)).flatten()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(codes: &[Code]) -> String {
        codes.iter().map(Code::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_name_gives_its_codes() {
        let check = |name: &str, expected: &str| assert_eq!(shown(&codes_of_name(name)), expected);
        check("r_12_two_calls_do_not_stop_the_clock", "R-12");
        check("r_43_r_44_quotas", "R-43 R-44");
        check("clk_5_clk_10_rates", "CLK-5 CLK-10");
        check("permit_p1_is_filed_in_two_days", "permit P-1");
        check("p_1_is_no_clause", "");
        check("f08_a_page_from_elsewhere", "");
        check("rates_are_rates", "");
    }

    #[test]
    fn a_function_is_a_test_by_its_attribute() {
        let text = "/// #[test]\nfn r_01_no() {}\n#[test]\n#[expect(x)]\nfn r_02_yes() {}\n\
                    fn r_03_no() {}\n#[tokio::test]\nasync fn r_04_yes() {}\n";
        let names: Vec<String> = rust_tests(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["r_02_yes", "r_04_yes"]);
    }

    #[test]
    fn a_title_gives_its_codes() {
        let text = "it('R-09 R-13 one page', () => {})\nedit('R-01 no')\n it(\"two\")\n\
                    test(`K-36 readers`, f)\n";
        let found = titles(text);
        assert_eq!(found.len(), 2);
        assert_eq!(shown(&found[0].1), "R-09 R-13");
        assert_eq!(found[1].0, "K-36 readers");
    }
}
