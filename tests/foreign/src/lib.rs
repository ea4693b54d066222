//! Programs in other languages that the tests run against: their packages, at pinned versions, and
//! servers and clients made of them.
//!
//! ```no_run
//! use oauth1_foreign::{Server, python};
//!
//! # fn test() -> anyhow::Result<()> {
//! let python = python()?;
//! let mut command = python.command();
//! command.arg("tests/a_server.py");
//! let server = Server::start(command)?;
//! let stream = std::net::TcpStream::connect(("127.0.0.1", server.port()))?;
//! // The server is ended when it is dropped.
//! # Ok(())
//! # }
//! ```
//!
//! Errors are [`anyhow::Error`]s that say what to install: a test shows them with `unwrap`.
#![forbid(unsafe_code)]

extern crate alloc;

mod environment;
mod node;
mod program;
mod python;
mod server;

pub use self::{
    node::{Node, node},
    program::Program,
    python::{Python, python, python_of},
    server::Server,
};
