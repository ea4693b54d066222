//! The table of all adapters.
#![forbid(unsafe_code)]

extern crate alloc;

mod adapter;

use adapter::Ureq;
use oauth1_adapters::{run, run_flow, run_shared};

#[test]
fn ureq_passes_the_table() {
    run(&Ureq);
}

#[test]
fn threads_share_a_client() {
    run_shared(&Ureq);
}

#[test]
fn ureq_walks_the_legs() {
    run_flow(&Ureq);
}
