//! A server that runs in a process of its own for as long as a test.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
};

use anyhow::{Context as _, anyhow, bail};

/// How long a server may take to say something: much longer than one takes on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much is kept of what a server says on standard error: the end of it.
const KEPT: usize = 64 * 1024;

/// A running server: it is ended when this is dropped, and ends by itself when the test process does.
///
/// The program opens its sockets on port 0 and, once it listens, prints one line on standard output
/// that begins with its port, or with several with spaces between them. It must end when its standard
/// input does.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Held open: its end is the server's.
    _stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    errors: Arc<Mutex<Vec<u8>>>,
    ports: Vec<u16>,
}

impl Server {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// When it cannot be started, ends, or does not say its ports within two minutes: with what it said
    /// on standard error.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
        let (send, lines) = channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                // Whatever comes is read, so that the server never waits for a reader.
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    drop(send.send(line));
                }
            });
        }
        let errors = Arc::new(Mutex::new(Vec::new()));
        if let Some(stderr) = child.stderr.take() {
            let errors = Arc::clone(&errors);
            thread::spawn(move || keep_end(stderr, &errors));
        }
        let mut server = Self {
            _stdin: child.stdin.take(),
            child,
            lines,
            errors,
            ports: Vec::new(),
        };
        let line = server.line().with_context(|| format!("{command:?}"))?;
        let ports = line.split_ascii_whitespace().map(str::parse);
        server.ports = ports
            .collect::<Result<_, _>>()
            .with_context(|| server.complaint(&format!("{line:?} are no ports")))?;
        if server.ports.is_empty() {
            bail!(server.complaint("it said no port"));
        }
        Ok(server)
    }

    /// The first of its ports.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.ports[0]
    }

    /// All of its ports, in the order in which it said them.
    #[must_use]
    pub fn ports(&self) -> &[u16] {
        &self.ports
    }

    /// The next line on its standard output, waited for up to two minutes: what the server saw, if it is
    /// one that tells.
    ///
    /// # Errors
    /// When there is none: with what it said on standard error.
    pub fn line(&mut self) -> anyhow::Result<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => Err(anyhow!(self.complaint("it says nothing"))),
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.child.wait()?;
                Err(anyhow!(self.complaint(&format!("it has ended: {status}"))))
            }
        }
    }

    /// What it said on standard error, or the last 64 KiB of it: to be shown by a test that fails.
    #[must_use]
    pub fn errors(&self) -> String {
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&errors).into_owned()
    }

    fn complaint(&self, what: &str) -> String {
        format!("the server does not work: {what}\n{}", self.errors())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            eprintln!("what the server said:\n{}", self.errors());
        }
    }
}

fn keep_end(mut from: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut chunk) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&chunk[..length]);
        let excess = kept.len().saturating_sub(KEPT);
        kept.drain(..excess);
    }
}
