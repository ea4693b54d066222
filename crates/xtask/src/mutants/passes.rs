//! Runs cargo-mutants, with fewer tests first and with all at last.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::{ENDS, Ends, Mutant, SOURCES, files_of};
use crate::accepted;
use crate::process::{cargo, shown, target_dir};

/// A way to run the tests. Each pass takes on the mutants that those before it have left alive.
struct Pass {
    features: &'static str,
    /// Parts of the names of tests that are left out.
    skipped: &'static [&'static str],
    /// Whether it takes on a file.
    takes: fn(&str) -> bool,
}

/// The passes: most mutants die in a second or two of the first.
const PASSES: &[Pass] = &[
    Pass {
        features: "alloc,hmac-sha1,plaintext",
        skipped: SLOW,
        takes: |file| !NOT_IN_FIRST.iter().any(|part| file.starts_with(part)),
    },
    Pass {
        features: ALL,
        skipped: SLOW,
        takes: |_| true,
    },
    // A mutant of another module may be one that `explain` alone sees; it is not worth waiting for.
    Pass {
        features: ALL,
        skipped: SLOW_OF_EXPLAIN,
        takes: |file| !file.starts_with(EXPLAIN),
    },
    Pass {
        features: ALL,
        skipped: &[],
        takes: |file| file.starts_with(EXPLAIN),
    },
];

const EXPLAIN: &str = "explain";

/// Parts of the core that the first pass does not compile.
const NOT_IN_FIRST: &[&str] = &[
    EXPLAIN,
    "exchange",
    "flow",
    "http",
    "method/rsa",
    "stamp/os",
];

const ALL: &str = "http,os,flow,hmac-sha1,hmac-sha256,hmac-sha512,plaintext,rsa-sha1,rsa-sha256,\
                   rsa-sha512,rsa-pss";

/// Tests that take as long as all others together.
const SLOW: &[&str] = &[
    "explain::tests::bounds",
    "explain::tests::pairs",
    "damaged_files_are_refused",
    "every_length",
    "every_short_text",
    "is_seen_wherever",
    "encoded_wherever",
    "values_are_encoded_whatever",
    "base64_is_encoded_as_its_letters_are",
];

/// Those of them that search longest: half a minute where nothing is optimized.
const SLOW_OF_EXPLAIN: &[&str] = &["explain::tests::bounds", "explain::tests::pairs"];

/// Tests mutants, which are all of some files.
pub(super) fn ends_of(mutants: &[Mutant]) -> Result<Ends> {
    let folder = target_dir().join("mutants");
    // What an earlier run has killed may be alive now.
    for name in ["mutants.out", "mutants.out.old"] {
        match fs::remove_dir_all(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::create_dir_all(&folder)?;
    let mut ends = Ends::new();
    for pass in PASSES {
        let done =
            ["caught", "timeout", "unviable"].map(|end| ends.get(end).cloned().unwrap_or_default());
        let (left, _) = accepted::compare(mutants.to_vec(), done.concat());
        let chosen: Vec<_> = files_of(&left)
            .into_iter()
            .filter(|file| (pass.takes)(file))
            .collect();
        if chosen.is_empty() {
            continue;
        }
        test(pass, &chosen, &folder)?;
        for end in ENDS {
            let names = lines(&folder.join("mutants.out").join(format!("{end}.txt")))?;
            let now = names.iter().filter_map(|name| Mutant::parse(name));
            let known = ends.entry(end).or_default();
            // This pass has taken on again what was alive in the one before.
            if end == "missed" {
                known.retain(|mutant| !chosen.contains(&mutant.file.as_str()));
            }
            known.extend(now);
        }
        leave_endless(&folder.join("mutants.out"))?;
    }
    Ok(ends)
}

/// Has the next pass leave out what ran too long in this one: cargo-mutants would wait for it again, but a
/// loop that does not end has been seen.
fn leave_endless(lists: &Path) -> Result<()> {
    let endless = lines(&lists.join("timeout.txt"))?;
    let caught = lists.join("caught.txt");
    let all: Vec<_> = lines(&caught)?.into_iter().chain(endless).collect();
    let text = all
        .iter()
        .fold(String::new(), |text, name| text + name + "\n");
    fs::write(&caught, text).with_context(|| format!("cannot write {}", caught.display()))
}

fn test(pass: &Pass, files: &[&str], folder: &Path) -> Result<()> {
    let mut command = cargo();
    command
        .args(["mutants", "-p", "oauth1-core", "--iterate", "--jobs", "1"])
        // A loop of a constant that does not end keeps the compiler busy.
        .args(["--build-timeout", "60"])
        // The library's own tests are all that is built.
        .arg("--cargo-arg=--lib")
        .arg("--output")
        .arg(folder)
        .args(["--no-default-features", "--features", pass.features]);
    for file in files {
        command.arg("--file").arg(format!("{SOURCES}/{file}"));
    }
    command.args(["--", "--"]);
    command.args(pass.skipped.iter().flat_map(|name| ["--skip", name]));
    command
        // The copy of the tree has another name each time; what it depends on is built once.
        .env("CARGO_TARGET_DIR", absolute(&folder.join("build"))?)
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUST_BACKTRACE", "0");
    eprintln!("$ {}", shown(&command));
    let status = command.status().context("cannot start cargo mutants")?;
    // 2: some are alive; 3: some ran too long; anything else is no answer.
    ensure!(
        matches!(status.code(), Some(0 | 2 | 3)),
        "`{}` failed ({status})",
        shown(&command)
    );
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    fs::create_dir_all(path)?;
    Ok(fs::canonicalize(path)?)
}

fn lines(path: &Path) -> Result<Vec<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
