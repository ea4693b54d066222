//! `cargo xtask api`: the public items of what is published, beside what is written down of them, and the
//! crates whose types are among them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::packages::PUBLISHED;
use crate::process::output;
use crate::toolchains::{self, Toolchain};
use crate::tools;

/// Where the items are written down, a file for each package.
const DIRECTORY: &str = "docs/api";

/// A program, which has no public items.
const PROGRAM: &str = "oauth1-cli";

/// A crate whose types may be public, where, and why: a new major version of it is one of ours.
struct Allowed {
    name: &'static str,
    /// `None` for every package.
    package: Option<&'static str>,
    #[expect(dead_code, reason = "it is for who reads this list")]
    reason: &'static str,
}

const fn allowed(
    name: &'static str,
    package: Option<&'static str>,
    reason: &'static str,
) -> Allowed {
    Allowed {
        name,
        package,
        reason,
    }
}

const ALLOWED: &[Allowed] = &[
    allowed("http", None, "1.0"),
    allowed("bytes", None, "1.0"),
    allowed("http_body", None, "1.0"),
    allowed("serde_core", None, "1.0: behind the feature `serde`"),
    allowed("serde", None, "1.0: behind the feature `serde`"),
    allowed(
        "hyper",
        Some("oauth1-hyper"),
        "1.0, and what the package is for",
    ),
    allowed(
        "hyper_util",
        Some("oauth1-hyper"),
        "its pool is a transport: behind `pool`",
    ),
    allowed("reqwest", Some("oauth1-reqwest"), "what the package is for"),
    allowed("ureq", Some("oauth1-ureq"), "what the package is for"),
    allowed(
        "ureq_proto",
        Some("oauth1-ureq"),
        "where types of ureq's are defined",
    ),
    allowed(
        "imap",
        Some("oauth1-mail"),
        "what the package is for: behind `imap`",
    ),
    allowed(
        "async_imap",
        Some("oauth1-mail"),
        "likewise: behind `async-imap`",
    ),
    allowed("lettre", Some("oauth1-mail"), "likewise: behind `lettre`"),
    allowed(
        "http_body_util",
        None,
        "bodies of requests and answers, by the authors of http-body",
    ),
    allowed(
        "tower_layer",
        None,
        "its trait is what a layer is; 0.3 since 2019",
    ),
    allowed(
        "tower_service",
        None,
        "its trait is what a service is; 0.3 since 2019",
    ),
    allowed("axum_core", None, "behind the feature `axum`"),
    allowed("axum", Some("oauth1-provider"), "behind the feature `axum`"),
];

/// Compares the items of each library with what is written down; with `--bless`, writes them down.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let bless = match arguments {
        [] => false,
        [argument] if argument == "--bless" => true,
        _ => bail!("`cargo xtask api` takes `--bless` or nothing"),
    };
    let nightly = toolchains::nightly()?;
    tools::cargo_command(&nightly, tools::CARGO_PUBLIC_API)?;
    let mut complaints = Vec::new();
    for package in PUBLISHED.into_iter().filter(|package| *package != PROGRAM) {
        let now = items(&nightly, package)?;
        for name in external(&now) {
            if !is_allowed(package, name) {
                complaints.push(format!(
                    "{package} has types of `{name}` in its public items: see ALLOWED in xtask's api.rs"
                ));
            }
        }
        let path = path(package);
        if bless {
            fs::write(&path, &now).with_context(|| path.display().to_string())?;
            continue;
        }
        let then = fs::read_to_string(&path).unwrap_or_default();
        let (gone, new) = difference(&then, &now);
        for line in &gone {
            println!("- {line}");
        }
        for line in &new {
            println!("+ {line}");
        }
        if !gone.is_empty() || !new.is_empty() {
            complaints.push(format!(
                "{package}: {} items are gone or changed, {} are new: \
                 `cargo xtask api --bless` writes them to {}",
                gone.len(),
                new.len(),
                path.display()
            ));
        }
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    println!("api: ok, {} libraries", PUBLISHED.len() - 1);
    Ok(())
}

fn path(package: &str) -> PathBuf {
    Path::new(DIRECTORY).join(format!("{package}.txt"))
}

/// One line for each public item, with all features; without what every type has.
fn items(nightly: &Toolchain, package: &str) -> Result<String> {
    eprintln!("{package}");
    let mut command = nightly.cargo();
    command.args(["public-api", "-p", package, "--all-features"]);
    command.args(["--color", "never"]);
    command.args(["--omit", "blanket-impls,auto-trait-impls"]);
    let items = output(&mut command)?;
    // What a macro writes for itself is nobody's to name.
    let lines = items.lines().filter(|line| !line.contains("::__private::"));
    Ok(lines.flat_map(|line| [line, "\n"]).collect())
}

/// The crates that items name, but the standard library and ours.
fn external(items: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let paths = items.split(|c| !is_part(c));
    let names = paths.filter_map(|path| path.split_once("::").map(|(name, _)| name));
    let names = names
        // Types and parameters have associated items too; a path that goes on from a type has no name.
        .filter(|name| name.starts_with(|c: char| c.is_lowercase()))
        .filter(|name| !["core", "alloc", "std"].contains(name) && !name.starts_with("oauth1_"));
    sorted(names)
}

fn is_allowed(package: &str, name: &str) -> bool {
    let of_package = |allowed: &&Allowed| allowed.package.is_none_or(|of| of == package);
    let mut allowed = ALLOWED.iter().filter(of_package);
    allowed.any(|allowed| allowed.name == name)
}

/// The lines that only the first has, and those that only the second has.
fn difference<'a>(then: &'a str, now: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (then, now) = (sorted(then.lines()), sorted(now.lines()));
    let without = |these: &[&'a str], those: &[&'a str]| {
        let only = these
            .iter()
            .filter(|line| those.binary_search(line).is_err());
        only.copied().collect()
    };
    (without(&then, &now), without(&now, &then))
}

fn sorted<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut texts: Vec<_> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_found_wherever_they_stand() {
        let items = "\
pub fn oauth1_x::a<S: tower_service::Service<http::Request<B>>>(&self) -> S::Future
impl<T> core::convert::From<reqwest::Error> for oauth1_x::Error
pub oauth1_x::Error::Io(std::io::Error, alloc::boxed::Box<dyn bytes::Buf>)
pub type oauth1_x::B::Out = <Self as http_body::Body>::Data
";
        let expected = ["bytes", "http", "http_body", "reqwest", "tower_service"];
        assert_eq!(external(items), expected);
    }

    #[test]
    fn what_is_for_one_package_is_for_no_other() {
        assert!(is_allowed("oauth1-core", "http"));
        assert!(is_allowed("oauth1-reqwest", "reqwest"));
        assert!(!is_allowed("oauth1-core", "reqwest"));
        assert!(!is_allowed("oauth1-core", "rsa"));
    }

    #[test]
    fn the_difference_has_both_sides() {
        let (gone, new) = difference("a\nb\n", "b\nc\n");
        assert_eq!((gone, new), (vec!["a"], vec!["c"]));
        assert_eq!(difference("a\n", "a\n"), (vec![], vec![]));
    }
}
