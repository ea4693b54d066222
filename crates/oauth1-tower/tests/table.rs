//! The table of all adapters, on the layer that signs.
#![cfg(feature = "sign")]
#![forbid(unsafe_code)]

extern crate alloc;

mod adapter;

use adapter::Tower;
use oauth1_adapters::{run, run_shared};

#[test]
fn the_layer_passes_the_table() {
    let tower = Tower::new();
    run(&tower);
    run_shared(&tower);
}
