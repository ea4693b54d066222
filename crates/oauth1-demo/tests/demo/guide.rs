//! The guide says what the code does: each of its blocks stands in the source, as it is.

use alloc::collections::BTreeSet;
use std::{fs, path::Path};

#[test]
fn the_blocks_of_the_guide_are_the_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("../../docs/guides/sign-in.md")).unwrap();
    let mut source: Option<String> = None;
    let mut quoted = BTreeSet::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        // A link names the file that the next blocks are from.
        if let Some((_, rest)) = line.split_once("](../../crates/oauth1-demo/") {
            source = Some(rest.split_once(')').unwrap().0.to_owned());
        }
        let Some(language) = line.strip_prefix("```").filter(|it| !it.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if language == "sh" {
            continue;
        }
        let file = source
            .clone()
            .unwrap_or_else(|| panic!("from where is {block:?}"));
        let text = fs::read_to_string(root.join(&file)).unwrap_or_else(|_| panic!("no {file}"));
        let block = block.join("\n");
        assert!(text.contains(&block), "{file} has no\n{block}");
        quoted.insert(file);
    }
    let expected = ["models", "settings", "tutorial", "urls", "views"];
    let expected = expected.map(|name| format!("src/postcard/{name}.rs"));
    for file in &expected {
        assert!(quoted.contains(file), "the guide shows nothing of {file}");
    }
}
