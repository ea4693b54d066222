//! The guide to clients names tests: they are there.
#![forbid(unsafe_code)]

use std::{collections::HashSet, fs, path::Path};

use oauth1_adapters::table;

#[test]
fn the_guide_names_tests_that_are_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides");
    let guide = fs::read_to_string(folder.join("clients.md")).unwrap();
    let cases: HashSet<&str> = table().iter().map(|case| case.name).collect();
    let (_, pitfalls) = guide
        .split_once("| what goes wrong | where it is tested |")
        .unwrap();
    let mut rows = 0;
    for row in pitfalls
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
    {
        let (_, places) = row.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        let names = places.split('`').skip(1).step_by(2);
        let links = places
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let mut named = 0;
        for name in names {
            assert!(cases.contains(name), "{name} is no case");
            named += 1;
        }
        for link in links {
            assert!(folder.join(link).exists(), "{link} is no file");
            named += 1;
        }
        assert!(named > 0, "{row}");
        rows += 1;
    }
    assert_eq!(rows, 29);
}
