//! The program as its users run it: in a terminal, in a browser, twice at a time, and as the guide tells
//! of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

extern crate alloc;

mod audit;
mod browser;
mod chromium;
mod guide;
mod processes;
mod program;
mod safety;
mod story;
