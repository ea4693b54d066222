//! The example, against a provider on the loopback interface.
#![forbid(unsafe_code)]

use oauth1_adapters::run_example;

#[path = "../examples/authorize.rs"]
#[allow(dead_code, reason = "`main` is the example's own")]
mod authorize;

#[test]
fn the_example_walks_the_three_legs() {
    run_example(authorize::authorize);
}
