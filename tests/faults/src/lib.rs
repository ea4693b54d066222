//! A verifying server in a process of its own, and what befalls it: a load of valid, replayed and hostile
//! requests, stores that go away, disks that are full, descriptors that run out, clients that dawdle,
//! clocks that step.
//!
//! The server is the one that the guide `docs/guides/protect-an-api.md` recommends (the example `limits`
//! of `oauth1-tower`), with its limits scaled down where a test waits for them.
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`serve`] | the server: `oauth1-faults serve` |
//! | [`process`] | starting it, asking it what it counts, measuring and limiting it |
//! | [`signing`] | distinct valid requests, in several shapes |
//! | [`hostile`] | requests that must be refused, and how |
//! | [`wire`] | a connection that writes bytes and reads answers |
//! | [`traffic`] | a load that goes on while something breaks, and the books of it |
//! | [`load`] | `oauth1-faults load`: minutes of all that, with exact books |
//!
//! Processes are measured and limited through Linux's `/proc` and `prlimit`: elsewhere this is empty.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

extern crate alloc;

pub mod hostile;
pub mod load;
pub mod process;
pub mod serve;
pub mod signing;
pub mod traffic;
pub mod wire;
