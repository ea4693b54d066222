//! The table of all adapters, over a pool and over single connections.
#![forbid(unsafe_code)]

extern crate alloc;

mod adapter;

use adapter::{OverConnections, OverPool};
use oauth1_adapters::{run, run_flow, run_shared};
use tokio::runtime::Runtime;

fn threads() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_io().build().expect("a runtime")
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_io().build().expect("a runtime")
}

#[test]
fn the_pool_passes_the_table() {
    run(&OverPool(runtime()));
}

#[test]
fn connections_pass_the_table() {
    run(&OverConnections(runtime()));
}

#[test]
fn tasks_share_a_client() {
    run_shared(&OverPool(threads()));
}

#[test]
fn the_pool_walks_the_legs() {
    run_flow(&OverPool(runtime()));
}

#[test]
fn connections_walk_the_legs() {
    run_flow(&OverConnections(runtime()));
}
