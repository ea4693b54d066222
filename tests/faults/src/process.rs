//! The server's process: starting, asking, measuring and limiting it.

use alloc::collections::{BTreeMap, BTreeSet};
use core::net::{Ipv4Addr, SocketAddr};
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use oauth1_store::conformance::redis_server::RedisServer;
use rustix::process::{Pid, Resource, Rlimit};
use tempfile::TempDir;

use crate::serve::Kind;

/// A server that runs for as long as this.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    talk: Mutex<Talk>,
    /// What keeps its nonces.
    pub store: Store,
}

/// Where the nonces of a server are; gone with this.
#[derive(Debug)]
pub enum Store {
    /// In the process itself.
    Memory,
    /// In a file of this folder.
    Sqlite(TempDir),
    /// In a Redis server that writes before it answers.
    Redis(RedisServer),
}

#[derive(Debug)]
struct Talk {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Store {
    /// A new one, with nothing in it.
    ///
    /// # Errors
    /// When there is no room for a file, or no `redis-server`.
    pub fn start(kind: Kind) -> Result<Self> {
        Ok(match kind {
            Kind::Memory => Self::Memory,
            Kind::Sqlite => Self::Sqlite(tempfile::tempdir()?),
            Kind::Redis => Self::Redis(RedisServer::start()?),
        })
    }

    /// The file of an SQLite store.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(folder) => Some(folder.path().join("nonces.sqlite3")),
            _ => None,
        }
    }

    /// The server of a Redis store.
    pub const fn redis(&mut self) -> Option<&mut RedisServer> {
        match self {
            Self::Redis(server) => Some(server),
            _ => None,
        }
    }

    fn arguments(&self) -> Vec<String> {
        let (kind, at) = match self {
            Self::Memory => (Kind::Memory, None),
            Self::Sqlite(_) => {
                let file = self.file().map(|file| file.display().to_string());
                (Kind::Sqlite, file)
            }
            Self::Redis(server) => (Kind::Redis, Some(server.url())),
        };
        let mut arguments = vec!["--store".to_owned(), kind.name().to_owned()];
        arguments.extend(at.map(|at| ["--at".to_owned(), at]).into_iter().flatten());
        arguments
    }
}

impl Server {
    /// Starts `program serve` over a new store of this kind, with further options.
    ///
    /// # Errors
    /// When the store or the server does not start.
    pub fn start(program: &Path, kind: Kind, options: &[&str]) -> Result<Self> {
        let store = Store::start(kind)?;
        let mut child = Command::new("sh")
            // A write beyond the limit of a file is to fail, as one to a full disk does, and not to end
            // the process.
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(program)
            .arg("serve")
            .args(store.arguments())
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It complains of every connection that it cannot accept.
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let output = child.stdout.take().context("no output")?;
        let mut talk = Talk {
            input,
            output: BufReader::new(output),
        };
        let line = talk.line()?;
        let port = line.trim().strip_prefix("listening ");
        let port = port.and_then(|port| port.parse().ok());
        let port: u16 = port.with_context(|| format!("the server says {line:?}"))?;
        Ok(Self {
            child,
            address: (Ipv4Addr::LOCALHOST, port).into(),
            talk: Mutex::new(talk),
            store,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often each outcome was counted by the layer.
    ///
    /// # Errors
    /// When it has ended.
    pub fn counts(&self) -> Result<BTreeMap<String, u64>> {
        Ok(serde_json::from_str(&self.ask("counts")?)?)
    }

    /// Sets by how many seconds its clock is ahead, or behind where negative.
    ///
    /// # Errors
    /// When it has ended.
    pub fn set_clock(&self, seconds: i64) -> Result<()> {
        let line = format!("clock {seconds}");
        let answer = self.ask(&line)?;
        ensure!(answer.trim() == line, "the server says {answer:?}");
        Ok(())
    }

    fn ask(&self, line: &str) -> Result<String> {
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(talk.input, "{line}")?;
        talk.line()
    }

    /// Its memory, in bytes: now, and the most that it ever was.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            let kib = number.and_then(|number| number.parse::<u64>().ok());
            kib.map(|kib| kib * 1024).with_context(|| name.to_owned())
        };
        Ok(Memory {
            resident: field("VmRSS:")?,
            peak: field("VmHWM:")?,
        })
    }

    /// The numbers of the descriptors that it has open.
    ///
    /// # Errors
    /// When it has ended.
    pub fn descriptors(&self) -> Result<BTreeSet<u64>> {
        let mut numbers = BTreeSet::new();
        for entry in fs::read_dir(format!("/proc/{}/fd", self.child.id()))? {
            let name = entry?.file_name();
            numbers.insert(name.to_string_lossy().parse()?);
        }
        Ok(numbers)
    }

    /// Lets it open so many descriptors more, besides those that it has.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn limit_descriptors(&self, free: usize) -> Result<()> {
        // The limit is to their numbers, and what the process was started with may have high ones.
        let used = self.descriptors()?;
        let last = (0..).filter(|number| !used.contains(number)).nth(free);
        self.limit(Resource::Nofile, last)
    }

    /// Lets it write no file beyond this length, or any; a write beyond it fails.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn limit_files(&self, bytes: Option<u64>) -> Result<()> {
        self.limit(Resource::Fsize, bytes)
    }

    /// The soft limit, which everybody may raise again.
    fn limit(&self, resource: Resource, current: Option<u64>) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.context("a process without a number")?;
        // What it is now stays the hard one.
        let maximum = rustix::process::getrlimit(resource).maximum;
        rustix::process::prlimit(Some(pid), resource, Rlimit { current, maximum })?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has perhaps ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Talk {
    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the server has ended");
        }
        Ok(line)
    }
}

/// What a process holds in memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// The most since it started.
    pub peak: u64,
}
