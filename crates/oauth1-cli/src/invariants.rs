//! What holds for any foreign text whatever, one function for each reader: it takes bytes and panics where it
//! does not hold.
//!
//! The tests below call them with the files of `seeds/` and what comes of each by small changes; the fuzz
//! targets of the same names, which are built over `readers.rs`, call them with all that a fuzzer thinks of.

mod answers;
mod profiles;
mod transcripts;

/// A reader.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// What its fuzz target and its folder of seeds are called.
    pub name: &'static str,
    /// Panics where it does not hold for this input.
    pub check: fn(&[u8]),
}

/// All readers.
pub const ALL: &[Invariant] = &[
    Invariant {
        name: "cli_curl",
        check: transcripts::check_curl,
    },
    Invariant {
        name: "cli_http",
        check: transcripts::check_http,
    },
    Invariant {
        name: "cli_har",
        check: transcripts::check_har,
    },
    Invariant {
        name: "cli_lines",
        check: answers::check_lines,
    },
    Invariant {
        name: "cli_answers",
        check: answers::check_answers,
    },
    Invariant {
        name: "cli_profile",
        check: profiles::check,
    },
];

impl Invariant {
    /// The one of this name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn find(name: &str) -> &'static Self {
        let found = ALL.iter().find(|invariant| invariant.name == name);
        found.unwrap_or_else(|| panic!("no invariant is called {name}"))
    }
}

/// What is said of a text shows nothing that moves a cursor.
fn assert_one_line(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Bytes that mean something to one reader or another.
    const TELLING: &[u8] = b"'\"\\$ \n\r\t:;,=&%?#@/-{}[]\0\xff9u";

    #[test]
    fn each_reader_has_a_fuzz_target() {
        for Invariant { name, .. } in ALL {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/targets");
            let target = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
            assert!(target.contains(&format!("Invariant::find(\"{name}\")")));
            assert_eq!(Invariant::find(name).name, *name);
        }
    }

    #[test]
    fn seeds_and_what_comes_of_them_by_small_changes_hold() {
        for invariant in ALL {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
            let folder = folder.join(invariant.name);
            let mut count = 0;
            for entry in fs::read_dir(&folder).expect("seeds") {
                let path = entry.unwrap().path();
                println!("{}", path.display());
                let seed = fs::read(path).unwrap();
                count += 1 + changed(&seed, invariant.check);
                (invariant.check)(&seed);
            }
            assert!(count > 500, "{}: {count}", invariant.name);
        }
    }

    /// Each start of it, and each place with one byte put in, left out and replaced; how many there were.
    fn changed(seed: &[u8], check: fn(&[u8])) -> usize {
        for at in 0..seed.len() {
            let (start, rest) = seed.split_at(at);
            check(start);
            check(&[start, &rest[1..]].concat());
            let telling = &TELLING[at % TELLING.len()..][..1];
            check(&[start, telling, rest].concat());
            check(&[start, telling, &rest[1..]].concat());
        }
        4 * seed.len()
    }
}
