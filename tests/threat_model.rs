//! Every test that the threat model names is there.

use std::{fs, path::Path};

use serde_json::Value;

#[test]
fn each_promise_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("docs/threat-model.md")).expect("the threat model");
    let list = fs::read_to_string(root.join("tests/attacks/list.json")).expect("the attacks");
    let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");

    let mut named = 0;
    for line in text.lines() {
        // Links to the files of tests: [name](../path).
        for link in line.split('[').skip(1) {
            let Some((name, path)) = link.split_once("](../") else {
                continue;
            };
            let path = path.split(')').next().unwrap_or_default();
            let file = fs::read_to_string(root.join(path))
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            if let Some(number) = name.strip_prefix("line ") {
                let number: u64 = number.parse().expect("the number of a line");
                assert!(list.iter().any(|case| case["number"] == number), "{name}");
            } else if name != "fuzzed" && Path::new(path).extension().is_some_and(|it| it == "rs") {
                let is_there = [
                    format!("fn {name}("),
                    // Of a macro that makes one test for each invariant, or for each hash.
                    format!("    {name}: TRIED"),
                    format!("{name}:"),
                ];
                let found = is_there.iter().any(|text| file.contains(text));
                assert!(found, "{path} has no test {name}");
            }
            named += 1;
        }
        let promises = line.starts_with("| ") && line.contains(". | ");
        assert!(!promises || line.contains("](../"), "no test: {line}");
    }
    assert!(named > 80, "{named}");
}
