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
    change(&copy.join("Cargo.toml"), |text| {
        let members: Vec<_> = PUBLISHED
            .iter()
            .map(|name| format!("\"crates/{name}\""))
            .collect();
        let members = format!("members = [{}]", members.join(", "));
        let lines = text.lines().map(|line| {
            if line.starts_with("members = ") {
                &members
            } else {
                line
            }
        });
        lines.flat_map(|line| [line, "\n"]).collect()
    })?;
    for package in PUBLISHED {
        let manifest = copy.join("crates").join(package).join("Cargo.toml");
        change(&manifest, without_dev_dependencies)?;
    }
    Ok(())
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
    use super::without_dev_dependencies;

    #[test]
    fn what_tests_need_is_left_out_and_nothing_else() {
        let manifest = "[dependencies]\na = \"1\"\n\n[dev-dependencies]\nb = [\n    \"c\",\n]\n\n[lints]\nd = 1\n";
        let kept = "[dependencies]\na = \"1\"\n\n[lints]\nd = 1\n";
        assert_eq!(without_dev_dependencies(manifest), kept);
    }
}
