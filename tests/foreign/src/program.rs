//! A program that runs for as long as a test, and what it says.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
};

use anyhow::{Context as _, anyhow};

/// How long a program may take to say something: much longer than one takes on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much is kept of what a program says on standard error: the end of it.
const KEPT: usize = 64 * 1024;

/// A running program that is told lines and says lines: it is ended when this is dropped, and ends by
/// itself when the test process does, for its standard input does then.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Held open: its end is the program's.
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    errors: Arc<Mutex<Vec<u8>>>,
}

impl Program {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
        let (send, lines) = channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                // Whatever comes is read, so that the program never waits for a reader.
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
        Ok(Self {
            stdin: child.stdin.take(),
            child,
            lines,
            errors,
        })
    }

    /// Tells it a line, and waits up to two minutes for the one that it says to that.
    ///
    /// # Errors
    /// As [`line`](Self::line).
    pub fn ask(&mut self, line: &str) -> anyhow::Result<String> {
        if let Some(stdin) = &mut self.stdin {
            let told = writeln!(stdin, "{line}").and_then(|()| stdin.flush());
            told.with_context(|| self.complaint("it does not listen"))?;
        }
        self.line()
    }

    /// The next line on its standard output, waited for up to two minutes.
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

    pub(crate) fn complaint(&self, what: &str) -> String {
        format!("the program does not work: {what}\n{}", self.errors())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            eprintln!("what the program said:\n{}", self.errors());
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
