//! Folders under the target directory that are filled once, by one of however many processes.

use core::fmt::Write as _;
use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use fs4::fs_std::FileExt as _;
use sha2::{Digest as _, Sha256};

/// The file that says that a folder is complete.
const COMPLETE: &str = ".complete";

/// A folder of this kind and for these contents, filled by `fill` unless it was before. Processes and
/// threads that want the same wait for the one that fills it; what was left by one that did not come to
/// its end is thrown away.
pub(crate) fn folder(
    kind: &str,
    contents: &[&[u8]],
    fill: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<PathBuf> {
    let root = target_directory()?.join("foreign");
    fs::create_dir_all(&root).with_context(|| root.display().to_string())?;
    let folder = root.join(format!("{kind}-{}", key(contents)));
    let lock_path = folder.with_extension("lock");
    let lock = fs::File::create(&lock_path).with_context(|| lock_path.display().to_string())?;
    // It is given back when the file is closed, by the end of the process at the latest.
    lock.lock_exclusive()
        .with_context(|| lock_path.display().to_string())?;
    if !folder.join(COMPLETE).exists() {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| folder.display().to_string());
            }
            _ => {}
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        fill(&folder)?;
        fs::write(folder.join(COMPLETE), "")?;
    }
    Ok(folder)
}

/// The output of a command that has to work; what it says on both streams is shown where it does not.
/// `missing` says what to install where there is no such program.
pub(crate) fn run(mut command: Command, missing: &str) -> anyhow::Result<String> {
    let shown = format!("{command:?}");
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("{shown}: {missing}"),
        Err(error) => return Err(error).context(shown),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !output.status.success() {
        bail!(
            "{shown}: {}\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        );
    }
    Ok(text(&output.stdout))
}

/// A name for contents: other contents have another.
fn key(contents: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for content in contents {
        hash.update((content.len() as u64).to_be_bytes());
        hash.update(content);
    }
    let digits = hash.finalize();
    let mut key = String::new();
    for byte in &digits[..8] {
        // A `String` takes all.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

/// The target directory that this test runs from: cargo marks it.
fn target_directory() -> anyhow::Result<PathBuf> {
    let test = env::current_exe().context("where does the test stand?")?;
    let marked = test
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists());
    match marked {
        Some(folder) => Ok(folder.to_owned()),
        // A doctest runs from a folder of its own.
        None => Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")),
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn a_folder_is_filled_once_however_many_want_it() {
        let unique = std::process::id().to_be_bytes();
        let filled = AtomicUsize::new(0);
        let fill = |folder: &Path| {
            filled.fetch_add(1, Ordering::SeqCst);
            Ok(fs::write(folder.join("content"), "x")?)
        };
        let folders: Vec<PathBuf> = thread::scope(|scope| {
            let wanted: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| folder("once", &[&unique], fill).unwrap()))
                .collect();
            wanted.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(filled.load(Ordering::SeqCst), 1);
        assert!(folders.iter().all(|folder| folder.join("content").exists()));
        fs::remove_dir_all(&folders[0]).unwrap();
        fs::remove_file(folders[0].with_extension("lock")).unwrap();
    }

    #[test]
    fn what_was_left_half_done_is_thrown_away() {
        let unique = std::process::id().to_be_bytes();
        let half = |folder: &Path| {
            fs::write(folder.join("half"), "x")?;
            bail!("the network is away")
        };
        let error = folder("half", &[&unique], half).unwrap_err();
        assert_eq!(error.to_string(), "the network is away");
        let whole = folder("half", &[&unique], |_| Ok(())).unwrap();
        assert!(!whole.join("half").exists());
        fs::remove_dir_all(&whole).unwrap();
        fs::remove_file(whole.with_extension("lock")).unwrap();
    }

    #[test]
    fn a_program_that_is_missing_is_named_with_what_to_install() {
        let error = run(Command::new("no-such-program-anywhere"), "install it").unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"no-such-program-anywhere\": install it"
        );
    }

    #[test]
    fn contents_are_not_run_together() {
        assert_ne!(key(&[b"ab", b"c"]), key(&[b"a", b"bc"]));
    }
}
