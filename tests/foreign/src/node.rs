//! Node.js, with npm packages at pinned versions.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::environment::{folder, run};

const MISSING: &str =
    "the tests need Node.js 18 or later with npm: install both (Debian: nodejs, npm)";

/// Node.js with the packages of a lock file.
#[derive(Clone, Debug)]
pub struct Node {
    packages: PathBuf,
}

/// With the packages of `node/package-lock.json`, which is every package that the tests need.
///
/// # Errors
/// When Node.js, npm or a package cannot be had: what to install.
pub fn node() -> anyhow::Result<Node> {
    const FILES: [&str; 2] = ["package.json", "package-lock.json"];
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    let read = |name| {
        let path = project.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let contents = [read(FILES[0])?, read(FILES[1])?];
    let mut version = Command::new("node");
    version.arg("--version");
    let version = run(version, MISSING)?;
    let all = [&contents[0][..], &contents[1][..], version.as_bytes()];
    let packages = folder("node", &all, |folder| {
        for (name, content) in FILES.iter().zip(&contents) {
            fs::write(folder.join(name), content)?;
        }
        let mut install = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        install
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(folder);
        run(install, MISSING)?;
        Ok(())
    })?;
    Ok(Node { packages })
}

impl Node {
    /// The folder that holds `node_modules`.
    #[must_use]
    pub fn packages(&self) -> &Path {
        &self.packages
    }

    /// Starts Node.js so that `require` finds the packages from wherever the script stands; add the
    /// script and its arguments. A script that uses `import` finds them with
    /// `createRequire(process.env.NODE_PATH + '/')`.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new("node");
        command.env("NODE_PATH", self.packages.join("node_modules"));
        command
    }
}
