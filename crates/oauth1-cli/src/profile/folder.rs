//! Where profiles are kept: one file each, which its owner alone can read.

use core::fmt;
use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy as _;
use zeroize::Zeroizing;

use super::Stored;
use crate::{arguments::FolderArguments, problem::Failure, source::variable};

/// More than any profile has: what is longer is something else.
const LONGEST: u64 = 64 * 1024;

/// The folder of the profiles.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Where the options, the environment or the platform say.
    pub(crate) fn new(arguments: &FolderArguments) -> Result<Self, Failure> {
        let given = match &arguments.config {
            Some(path) => Some(path.clone()),
            None => variable("OAUTH1_CONFIG_DIR")?,
        };
        let configuration = match given {
            Some(path) => PathBuf::from(path),
            None => match etcetera::choose_base_strategy() {
                Ok(strategy) => strategy.config_dir().join("oauth1"),
                Err(_) => {
                    return Err(Failure::usage(
                        "where is your home folder? Give --config, or set OAUTH1_CONFIG_DIR",
                    ));
                }
            },
        };
        Ok(Self {
            path: configuration.join("profiles"),
        })
    }

    pub(crate) fn display(&self) -> impl fmt::Display {
        self.path.display()
    }

    /// The names of all profiles, sorted.
    pub(crate) fn names(&self) -> Result<Vec<String>, Failure> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::file(self.display(), &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::file(self.display(), &error))?;
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".json"));
            names.extend(name.filter(|name| is_name(name)).map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The profile of that name, if there is one.
    pub(crate) fn load(&self, name: &str) -> Result<Option<Stored>, Failure> {
        if !is_name(name) {
            // It may still be that of a provider.
            return Ok(None);
        }
        let path = self.file(name);
        let failed = |error: &io::Error| Failure::file(path.display(), error);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        let metadata = file.metadata().map_err(|error| failed(&error))?;
        check_private(&path, &metadata)?;
        let mut content = Zeroizing::new(Vec::new());
        file.take(LONGEST + 1)
            .read_to_end(&mut content)
            .map_err(|error| failed(&error))?;
        if content.len() as u64 > LONGEST {
            return Err(Failure::Failed(format!(
                "{}: a profile is shorter than that",
                path.display()
            )));
        }
        let stored = Stored::read(&content);
        stored
            .map(Some)
            .map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))
    }

    /// Writes a profile: all of it or, where something goes wrong, nothing.
    pub(crate) fn save(&self, name: &str, stored: &Stored, replace: bool) -> Result<(), Failure> {
        check_name(name)?;
        let path = self.file(name);
        let failed = |error: &io::Error| Failure::file(path.display(), error);
        self.make().map_err(|error| failed(&error))?;
        // tempfile makes files that their owner alone can read.
        let file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(&self.path);
        let mut file = file.map_err(|error| failed(&error))?;
        file.write_all(&stored.write())
            .and_then(|()| file.as_file().sync_all())
            .map_err(|error| failed(&error))?;
        let persisted = if replace {
            file.persist(&path)
        } else {
            file.persist_noclobber(&path)
        };
        match persisted {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Failure::Failed(format!(
                    "{name}: there is a profile of that name; --replace replaces it"
                )))
            }
            Err(error) => Err(failed(&error.error)),
        }
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        check_name(name)?;
        match fs::remove_file(self.file(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::Failed(format!(
                "{name}: there is no such profile in {}",
                self.display()
            ))),
            Err(error) => Err(Failure::file(self.file(name).display(), &error)),
            Ok(()) => Ok(()),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.json"))
    }

    fn make(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.path)
    }
}

/// Whether it is the name of a file that goes nowhere else and is not hidden.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(fits)
}

pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
    if is_name(name) {
        return Ok(());
    }
    Err(Failure::usage(
        "the name of a profile is up to 64 letters, digits, '-', '_' and '.', and starts with no '.'",
    ))
}

#[cfg(unix)]
fn check_private(path: &Path, metadata: &fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = metadata.permissions().mode() & 0o777;
    let (none, others) = (0, 0o077);
    if mode & others == none {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "{path}: others than its owner can read it or write to it (mode {mode:03o}), so that it is \
         not used: chmod 600 {path}, and think about whether its secrets are still yours alone",
        path = path.display()
    )))
}

/// Other platforms keep what is below a user's own folder to that user.
#[cfg(not(unix))]
fn check_private(_: &Path, _: &fs::Metadata) -> Result<(), Failure> {
    Ok(())
}
