//! `cargo xtask features`: the core builds without a warning under every set of its features, the other
//! published packages without any of theirs, with each, and with all.

use alloc::collections::VecDeque;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::{env, panic, thread};

use anyhow::{Result, bail, ensure};

use crate::packages::PUBLISHED;
use crate::process::{cargo, output, shown, target_dir};
use crate::toolchains;

const CORE: &str = "oauth1-core";

/// What the core stands on: every subset of these.
const BASES: &[&str] = &["std", "alloc", "http", "os", "serde", "flow"];

/// Signature methods: none of them, each alone, and all.
const METHODS: &[&str] = &[
    "hmac-sha1",
    "hmac-sha256",
    "hmac-sha512",
    "plaintext",
    "rsa-sha1",
    "rsa-sha256",
    "rsa-sha512",
    "rsa-pss",
];

/// A package, and features of it.
type Set = (&'static str, Vec<String>);

/// Checks each package under each of its sets of features; stops at the first that fails.
///
/// One after the other these would keep one processor waiting, since most are one crate that is looked at.
/// So the core's, by far the most, are looked at apart from the others, and when those are through, by two.
pub(crate) fn run() -> Result<()> {
    toolchains::component("clippy", "clippy")?;
    let core: VecDeque<Set> = core_sets()?.into_iter().map(|set| (CORE, set)).collect();
    let mut others = VecDeque::new();
    for package in PUBLISHED.into_iter().filter(|package| *package != CORE) {
        others.extend(sets_of(package)?.into_iter().map(|set| (package, set)));
    }
    let count = core.len() + others.len();
    let (core, others) = (Mutex::new(core), Mutex::new(others));
    let progress = Progress {
        started: AtomicUsize::new(0),
        count,
        failed: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        let with_others = scope.spawn(|| {
            progress.all_of(&others, clippy)?;
            progress.all_of(&core, |_, set| check(set, "features-too"))
        });
        let alone = progress.all_of(&core, |_, set| check(set, "features"));
        let with_others = with_others.join();
        alone.and(with_others.unwrap_or_else(|panic| panic::resume_unwind(panic)))
    })?;
    println!("features: ok, {count} sets");
    Ok(())
}

/// How far all are.
struct Progress {
    started: AtomicUsize,
    count: usize,
    failed: AtomicBool,
}

impl Progress {
    /// Runs the command for each set that nobody has taken yet.
    fn all_of(
        &self,
        sets: &Mutex<VecDeque<Set>>,
        command: impl Fn(&str, &str) -> Command,
    ) -> Result<()> {
        let next = || {
            sets.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front()
        };
        while let Some((package, set)) = next() {
            if self.failed.load(Ordering::Relaxed) {
                break;
            }
            let set = set.join(",");
            let shown_set = if set.is_empty() { "(none)" } else { &set };
            let number = self.started.fetch_add(1, Ordering::Relaxed) + 1;
            eprintln!("[{number}/{}] {package}: {shown_set}", self.count);

            let mut command = command(package, &set);
            // Only what goes wrong is worth a line.
            let output = command.output()?;
            if !output.status.success() {
                self.failed.store(true, Ordering::Relaxed);
                eprint!("{}", String::from_utf8_lossy(&output.stderr));
                bail!(
                    "{package} fails with the features {shown_set}: `{}`",
                    shown(&command)
                );
            }
        }
        Ok(())
    }
}

fn core_sets() -> Result<Vec<Vec<String>>> {
    all_features_are_known(&resolved(CORE, &["--all-features"])?)?;
    let implied = |features: &[&str]| -> Result<Vec<_>> {
        let with = |feature| resolved(CORE, &["--no-default-features", "--features", feature]);
        features.iter().copied().map(with).collect()
    };
    Ok(combinations(&implied(BASES)?, &implied(METHODS)?))
}

/// No feature, each, and all.
fn sets_of(package: &str) -> Result<Vec<Vec<String>>> {
    let all = resolved(package, &["--all-features"])?;
    let mut sets = vec![Vec::new()];
    for feature in all.iter().filter(|feature| *feature != "default") {
        sets.push(resolved(
            package,
            &["--no-default-features", "--features", feature],
        )?);
    }
    sets.push(all.into_iter().filter(|name| name != "default").collect());
    Ok(once(sets))
}

/// Leaves out what is equal to one before it.
fn once(sets: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut kept = Vec::new();
    for mut set in sets {
        set.sort();
        set.dedup();
        if !kept.contains(&set) {
            kept.push(set);
        }
    }
    kept
}

fn check(set: &str, directory: &str) -> Command {
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    let mut command = cargo();
    command
        // Only workspace members feel it: cargo caps the lints of dependencies.
        .env("RUSTFLAGS", format!("{flags} -Dwarnings").trim_start())
        .args(["check", "--quiet", "-p", CORE, "--no-default-features"])
        .args(["--features", set, "--target-dir"])
        .arg(target_dir().join(directory));
    command
}

/// Clippy, because it denies warnings without other flags for all that is built: `cargo xtask lint` has
/// built the libraries in C already.
fn clippy(package: &str, set: &str) -> Command {
    let mut command = cargo();
    command
        .args(["clippy", "-p", package, "--no-deps"])
        .args(["--no-default-features", "--features", set])
        .args(["--quiet", "--", "-D", "warnings"]);
    command
}

/// The features that cargo turns on for these arguments, with all that they imply; but not those
/// that begin with `_`, which are not for users and only ever implied.
fn resolved(package: &str, arguments: &[&str]) -> Result<Vec<String>> {
    let mut tree = cargo();
    tree.args([
        "tree", "-p", package, "-e", "no-dev", "--depth", "0", "-f", "{f}",
    ]);
    Ok(split(&output(tree.args(arguments))?))
}

fn split(list: &str) -> Vec<String> {
    list.trim()
        .split(',')
        .filter(|name| !name.is_empty() && !name.starts_with('_'))
        .map(str::to_owned)
        .collect()
}

/// A feature that nobody listed above would never be checked.
fn all_features_are_known(all: &[String]) -> Result<()> {
    for feature in all {
        let listed = BASES.iter().chain(METHODS).any(|known| known == feature);
        ensure!(
            listed || feature == "default",
            "the feature `{feature}` of {CORE} is in none of the lists of xtask's features.rs",
        );
    }
    Ok(())
}

/// Every subset of the bases with no method, each method, and all; sets that are equal after
/// implication stand once. Each base and method comes as itself together with all that it implies.
fn combinations(bases: &[Vec<String>], methods: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut choices = vec![Vec::new()];
    choices.extend_from_slice(methods);
    choices.push(methods.concat());

    let mut sets = Vec::new();
    for subset in 0..1_usize << bases.len() {
        let chosen = bases
            .iter()
            .enumerate()
            .filter(|(bit, _)| subset >> bit & 1 == 1);
        let base: Vec<String> = chosen.flat_map(|(_, base)| base.clone()).collect();
        for choice in &choices {
            sets.push([base.as_slice(), choice].concat());
        }
    }
    once(sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Features in the shape of the core's.
    fn implied(feature: &str) -> Vec<String> {
        split(match feature {
            "std" => "alloc,std",
            "http" => "alloc,http,std",
            "os" => "alloc,os,std",
            "serde" => "alloc,serde",
            "flow" => "alloc,flow,http,serde,std",
            "rsa-sha1" => "alloc,rsa-sha1",
            other => other,
        })
    }

    fn sets() -> Vec<Vec<String>> {
        let all = |features: &[&str]| features.iter().copied().map(implied).collect::<Vec<_>>();
        combinations(&all(BASES), &all(METHODS))
    }

    #[test]
    fn every_set_is_closed_and_stands_once() {
        let sets = sets();
        for (number, set) in sets.iter().enumerate() {
            for feature in set {
                for other in implied(feature) {
                    assert!(set.contains(&other), "{set:?} lacks {other}");
                }
            }
            assert!(!sets[..number].contains(set), "{set:?} stands twice");
        }
    }

    #[test]
    fn the_sets_are_complete() {
        let sets = sets();
        // Bases after implication: none, alloc, and std with any of http and os; all but the first
        // also with serde; and flow, which brings http and serde, with os and without. Ten choices of
        // methods each. `rsa-sha1` alone and all methods bring alloc with them, so these two are no
        // different without it.
        assert_eq!(sets.len(), (1 + (1 + 4) * 2 + 2) * 10 - 2);
        assert!(sets.contains(&split("")));
        assert!(sets.contains(&split("hmac-sha1")));
        assert!(sets.contains(&split("alloc,rsa-sha1")));
        assert!(sets.contains(&split("alloc,flow,http,os,serde,std")));
        assert!(!sets.contains(&split("std")));
        let all = BASES.len() + METHODS.len();
        assert!(sets.iter().any(|set| set.len() == all));
    }

    #[test]
    fn a_new_feature_is_not_forgotten() {
        assert!(all_features_are_known(&split("default,std,hmac-sha1,os")).is_ok());
        assert!(all_features_are_known(&split("std,hmac-md5")).is_err());
    }

    #[test]
    fn a_list_of_features_is_split() {
        assert_eq!(split("_hmac,alloc,std\n"), ["alloc", "std"]);
        assert_eq!(split("\n"), [""; 0]);
    }
}
