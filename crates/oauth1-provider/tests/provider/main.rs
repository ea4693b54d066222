//! The provider over real sockets: flows, the page, the attack list, a foreign client, and two
//! processes over one store.

// Clippy's setting for tests does not reach these modules; a failed unwrap fails a test here too.
#![allow(
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "tests have std, and a failed unwrap fails them"
)]

mod attacks;
mod browser;
mod clients;
mod flows;
mod foreign;
mod harness;
mod log;
mod page;
mod processes;
