//! `cargo xtask minimal-versions`: the published packages build with the oldest releases that their
//! manifests allow.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::copy;
use crate::packages::PUBLISHED;
use crate::process::{cargo, run as must, target_dir};

/// Resolves the packages anew, in a copy, to the oldest releases of what they name themselves, and checks
/// each with all its features.
///
/// What those need in turn is as new as it gets: that their manifests are right is for them to see to.
pub(crate) fn run() -> Result<()> {
    let target = std::path::absolute(target_dir().join("minimal"))?;
    let copy = target.join("workspace");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy::sources(Path::new("."), &copy)?;
    keep_what_is_published(&copy)?;

    let mut resolve = cargo();
    resolve
        // The option is an unstable one.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["generate-lockfile", "-Z", "direct-minimal-versions"])
        .current_dir(&copy);
    must(&mut resolve)?;
    for package in PUBLISHED {
        must(
            cargo()
                .args(["check", "-p", package, "--all-features", "--locked"])
                .arg("--target-dir")
                .arg(&target)
                .current_dir(&copy),
        )?;
    }
    fs::remove_dir_all(&copy)?;
    println!("minimal-versions: ok, {} packages", PUBLISHED.len());
    Ok(())
}

/// Takes the other packages, and what only tests need, out of the copy: they would have their say in
/// which releases are chosen.
fn keep_what_is_published(copy: &Path) -> Result<()> {
    change(&copy.join("Cargo.toml"), with_members_that_are_published)?;
    for package in PUBLISHED {
        let manifest = copy.join("crates").join(package).join("Cargo.toml");
        change(&manifest, without_dev_dependencies)?;
    }
    Ok(())
}

fn with_members_that_are_published(manifest: &str) -> String {
    const MEMBERS: &str = "members = [";
    let Some((before, after)) = manifest.split_once(MEMBERS) else {
        return manifest.to_owned();
    };
    let (_, after) = after.split_once(']').unwrap_or_default();
    let members = PUBLISHED
        .map(|name| format!("\"crates/{name}\""))
        .join(", ");
    format!("{before}{MEMBERS}{members}]{after}")
}

fn without_dev_dependencies(manifest: &str) -> String {
    let mut left_out = false;
    let mut kept = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            left_out = line == "[dev-dependencies]";
        }
        if !left_out {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn change(path: &Path, change: impl FnOnce(&str) -> String) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    fs::write(path, change(&text)).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_are_the_published_packages_however_they_are_written() {
        for members in [
            "[\"crates/*\", \"tests\"]",
            "[\n    \"crates/*\",\n    \"tests\",\n]",
        ] {
            let manifest = format!("[workspace]\nmembers = {members}\nexclude = [\"fuzz\"]\n");
            let changed = with_members_that_are_published(&manifest);
            assert!(changed.starts_with("[workspace]\nmembers = [\"crates/oauth1-core\", "));
            assert!(changed.ends_with("\"crates/oauth1-cli\"]\nexclude = [\"fuzz\"]\n"));
        }
    }

    #[test]
    fn what_tests_need_is_left_out_and_nothing_else() {
        let manifest = "[dependencies]\na = \"1\"\n\n[dev-dependencies]\nb = [\n    \"c\",\n]\n\n[lints]\nd = 1\n";
        let kept = "[dependencies]\na = \"1\"\n\n[lints]\nd = 1\n";
        assert_eq!(without_dev_dependencies(manifest), kept);
    }
}
