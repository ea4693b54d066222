//! Lists of what a measurement may find in the core, each entry with its reason: `coverage.json`
//! and `mutants.json`.

use alloc::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// What every entry has, beside what its list wants.
const ALWAYS: [&str; 2] = ["file", "reason"];

/// One entry: its keys and their texts.
pub(crate) type Entry = BTreeMap<String, String>;

/// Reads a list: an array of objects that have the keys `file` and `reason`, and some of `others`.
pub(crate) fn read(path: &Path, others: &[&str]) -> Result<Vec<Entry>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text, others).with_context(|| format!("{} is no list of entries", path.display()))
}

fn parse(text: &str, others: &[&str]) -> Result<Vec<Entry>> {
    let Value::Array(list) = serde_json::from_str(text)? else {
        bail!("it is no array");
    };
    let mut entries = Vec::new();
    for (number, entry) in (1..).zip(list) {
        let Value::Object(object) = entry else {
            bail!("entry {number} is no object");
        };
        let mut texts = Entry::new();
        for (key, value) in object {
            ensure!(
                ALWAYS.contains(&key.as_str()) || others.contains(&key.as_str()),
                "entry {number} has the unknown key `{key}`"
            );
            let Value::String(value) = value else {
                bail!("`{key}` of entry {number} is no text");
            };
            texts.insert(key, value);
        }
        for key in ALWAYS {
            ensure!(
                texts.get(key).is_some_and(|text| !text.trim().is_empty()),
                "entry {number} has no `{key}`"
            );
        }
        entries.push(texts);
    }
    Ok(entries)
}

/// What was found and is not listed, and what is listed and was not found. What was found twice is to
/// be listed twice.
pub(crate) fn compare<T: PartialEq>(found: Vec<T>, mut listed: Vec<T>) -> (Vec<T>, Vec<T>) {
    let mut unlisted = Vec::new();
    for one in found {
        match listed.iter().position(|other| *other == one) {
            Some(at) => {
                listed.remove(at);
            }
            None => unlisted.push(one),
        }
    }
    (unlisted, listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_a_file_and_a_reason_and_no_unknown_key() {
        let list = r#"[{"file": "a.rs", "line": "x", "reason": "why"}]"#;
        let entries = parse(list, &["line"]).expect("valid");
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0]["line"], "x");
        for (wrong, complaint) in [
            ("{}", "no array"),
            ("[1]", "entry 1 is no object"),
            (r#"[{"file": "a.rs"}]"#, "entry 1 has no `reason`"),
            (
                r#"[{"file": "a.rs", "reason": " "}]"#,
                "entry 1 has no `reason`",
            ),
            (r#"[{"reason": "why"}]"#, "entry 1 has no `file`"),
            (
                r#"[{"file": "a.rs", "reason": 1}]"#,
                "`reason` of entry 1 is no text",
            ),
            (
                r#"[{"file": "a.rs", "reason": "why", "lines": "x"}]"#,
                "unknown key `lines`",
            ),
        ] {
            let error = format!("{:#}", parse(wrong, &["line"]).expect_err(wrong));
            assert!(error.contains(complaint), "{wrong}: {error}");
        }
    }

    #[test]
    fn what_is_found_twice_is_listed_twice() {
        assert_eq!(compare(vec![1, 1, 2], vec![1, 3]), (vec![1, 2], vec![3]));
        assert_eq!(compare(vec![1, 1], vec![1, 1]), (vec![], vec![]));
        assert_eq!(compare(vec![], vec![1, 1]), (vec![], vec![1, 1]));
    }
}
