//! A server that runs in a process of its own for as long as a test.

use std::process::Command;

use anyhow::{Context as _, bail};

use crate::program::Program;

/// A running server: it is ended when this is dropped, and ends by itself when the test process does.
///
/// The program opens its sockets on port 0 and, once it listens, prints one line on standard output
/// that begins with its port, or with several with spaces between them. It must end when its standard
/// input does.
#[derive(Debug)]
pub struct Server {
    program: Program,
    ports: Vec<u16>,
}

impl Server {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// When it cannot be started, ends, or does not say its ports within two minutes: with what it said
    /// on standard error.
    pub fn start(command: Command) -> anyhow::Result<Self> {
        let shown = format!("{command:?}");
        let mut program = Program::start(command)?;
        let line = program.line().context(shown)?;
        let ports = line.split_ascii_whitespace().map(str::parse);
        let ports: Vec<u16> = ports
            .collect::<Result<_, _>>()
            .with_context(|| program.complaint(&format!("{line:?} are no ports")))?;
        if ports.is_empty() {
            bail!(program.complaint("it said no port"));
        }
        Ok(Self { program, ports })
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
        self.program.line()
    }

    /// What it said on standard error, or the last 64 KiB of it: to be shown by a test that fails.
    #[must_use]
    pub fn errors(&self) -> String {
        self.program.errors()
    }
}
