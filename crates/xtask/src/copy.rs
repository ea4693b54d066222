//! Throw-away copies of the sources.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Copies a directory, but nothing that was built or found, and nothing hidden.
pub(crate) fn sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    // What cargo builds stands beside a manifest; elsewhere the same name is a module's.
    let is_package = from.join("Cargo.toml").exists();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let left_out = name.to_string_lossy().starts_with('.')
            || is_package
                && ["target", "corpus", "artifacts"]
                    .iter()
                    .any(|other| name == *other);
        if left_out {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sources(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
