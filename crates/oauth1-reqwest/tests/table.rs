//! The table of all adapters.
#![forbid(unsafe_code)]

extern crate alloc;

mod adapter;

use adapter::Reqwest;
use oauth1_adapters::{run, run_flow, run_shared};

#[test]
fn reqwest_passes_the_table() {
    run(&Reqwest::new());
}

#[test]
fn tasks_share_a_client() {
    run_shared(&Reqwest::new());
}

#[test]
fn reqwest_walks_the_legs() {
    run_flow(&Reqwest::new());
}
