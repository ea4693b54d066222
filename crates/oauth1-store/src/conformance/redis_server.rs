//! A real `redis-server` for tests, on a free port of the loopback interface, with its files in a
//! directory that is gone afterwards.
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! use oauth1_store::conformance::redis_server::RedisServer;
//!
//! let mut server = RedisServer::start()?;
//! println!("{}", server.url());
//! server.kill()?;
//! server.restart()?;
//! # Ok(())
//! # }
//! ```

use alloc::{borrow::ToOwned as _, format, string::String, vec::Vec};
use core::{fmt::Write as _, net::Ipv4Addr, time::Duration};
use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use tempfile::TempDir;

/// A server that runs as long as this value lives.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    port: u16,
    arguments: Vec<String>,
    directory: TempDir,
}

impl RedisServer {
    /// Starts a server that writes every change to the disk before it answers (`appendonly yes`,
    /// `appendfsync always`), so that nonces survive its end.
    ///
    /// # Errors
    /// When there is no `redis-server`: the error says how to install it. When it does not start.
    pub fn start() -> io::Result<Self> {
        Self::start_with(["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// Starts a server with these arguments, and without persistence if they do not ask for it.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_with<'a>(arguments: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let arguments: Vec<String> = arguments.into_iter().map(String::from).collect();
        let directory = tempfile::Builder::new().prefix("oauth1-redis-").tempdir()?;
        // Between the choice of a port and its use another program may take it.
        let mut last = None;
        for _ in 0..5 {
            let port = free_port()?;
            match run(port, directory.path(), &arguments) {
                Ok(child) => {
                    return Ok(Self {
                        child,
                        port,
                        arguments,
                        directory,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::Other => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
    }

    /// `redis://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where its files are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Ends it at once (`kill -9`): nothing more is written.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// Starts it anew after [`kill`](Self::kill), on the same port with the same files.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> io::Result<()> {
        self.child = run(self.port, self.directory.path(), &self.arguments)?;
        Ok(())
    }

    /// Stops it without ending it (`kill -STOP`): it takes connections and answers nothing.
    ///
    /// # Errors
    /// When it cannot be stopped.
    pub fn pause(&self) -> io::Result<()> {
        self.signal("-STOP")
    }

    /// Lets it go on after [`pause`](Self::pause).
    ///
    /// # Errors
    /// When it cannot be told to.
    pub fn resume(&self) -> io::Result<()> {
        self.signal("-CONT")
    }

    /// Sends a command over a connection of its own, and gives the first line of the answer.
    ///
    /// # Errors
    /// When it cannot be sent, or nothing comes back.
    pub fn command(&self, words: &[&str]) -> io::Result<String> {
        command(self.port, words)
    }

    fn signal(&self, signal: &str) -> io::Result<()> {
        let process = format!("{}", self.child.id());
        let status = Command::new("kill").args([signal, &process]).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other("kill failed"))
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// Several servers that share the slots of one cluster.
#[derive(Debug)]
pub struct RedisCluster(Vec<RedisServer>);

impl RedisCluster {
    /// Starts a cluster of three servers without replicas, and waits until each knows the others.
    ///
    /// # Errors
    /// As [`RedisServer::start`].
    pub fn start() -> io::Result<Self> {
        const SLOTS: [(&str, &str); 3] = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
        let nodes = SLOTS
            .iter()
            .map(|_| RedisServer::start_with(["--cluster-enabled", "yes"]))
            .collect::<io::Result<Vec<_>>>()?;
        for (node, (first, last)) in nodes.iter().zip(SLOTS) {
            expect_ok(&node.command(&["CLUSTER", "ADDSLOTSRANGE", first, last])?)?;
        }
        for node in &nodes[1..] {
            let port = format!("{}", node.port);
            expect_ok(&nodes[0].command(&["CLUSTER", "MEET", "127.0.0.1", &port])?)?;
        }
        let cluster = Self(nodes);
        for _ in 0..1500 {
            if cluster.is_ready()? {
                return Ok(cluster);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the servers did not find one another",
        ))
    }

    /// The URLs of all servers.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.0.iter().map(RedisServer::url).collect()
    }

    /// The servers.
    #[must_use]
    pub fn nodes(&self) -> &[RedisServer] {
        &self.0
    }

    fn is_ready(&self) -> io::Result<bool> {
        for node in &self.0 {
            let (state, nodes) = (
                node.info("cluster_state")?,
                node.info("cluster_known_nodes")?,
            );
            if (state.as_str(), nodes.as_str()) != ("ok", "3") {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl RedisServer {
    /// A field of `CLUSTER INFO`.
    fn info(&self, field: &str) -> io::Result<String> {
        let mut answer = send(self.port, &["CLUSTER", "INFO"])?;
        let mut line = String::new();
        answer.read_line(&mut line)?;
        let length = line.trim_start_matches('$').trim().parse::<u64>();
        let length = length.map_err(io::Error::other)?;
        let mut text = String::new();
        answer.take(length).read_to_string(&mut text)?;
        let value = (text.lines()).find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        Ok(value.unwrap_or_default().to_owned())
    }
}

fn expect_ok(answer: &str) -> io::Result<()> {
    if answer == "+OK" {
        Ok(())
    } else {
        Err(io::Error::other(answer.to_owned()))
    }
}

/// A port that is free, and for the bus of a cluster the one 10,000 above it.
fn free_port() -> io::Result<u16> {
    for _ in 0..100 {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let Some(bus) = port.checked_add(10_000) else {
            continue;
        };
        if TcpListener::bind((Ipv4Addr::LOCALHOST, bus)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// Starts the program and waits until it answers.
fn run(port: u16, directory: &Path, arguments: &[String]) -> io::Result<Child> {
    let mut child = Command::new("redis-server")
        .args([
            "--port",
            &format!("{port}"),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ])
        .args(["--daemonize", "no", "--logfile", "server.log"])
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(
                io::ErrorKind::NotFound,
                "redis-server is missing. Debian, Ubuntu: apt-get install redis-server; \
                 Fedora: dnf install redis; Arch: pacman -S redis; macOS: brew install redis",
            ),
            _ => error,
        })?;
    // Up to 30 seconds, for a machine that is busy.
    for _ in 0..3000 {
        // One that wants a password says so to everything.
        let answers = |answer: String| answer == "+PONG" || answer.starts_with("-NOAUTH");
        if command(port, &["PING"]).is_ok_and(answers) {
            return Ok(child);
        }
        if let Some(status) = child.try_wait()? {
            return Err(io::Error::other(format!("redis-server ended: {status}")));
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(io::Error::new(
        io::ErrorKind::TimedOut,
        "redis-server does not answer",
    ))
}

fn command(port: u16, words: &[&str]) -> io::Result<String> {
    let mut answer = send(port, words)?;
    let mut line = String::new();
    answer.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn send(port: u16, words: &[&str]) -> io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        let _ = write!(request, "${}\r\n{word}\r\n", word.len());
    }
    stream.write_all(request.as_bytes())?;
    Ok(BufReader::new(stream))
}
