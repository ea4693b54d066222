//! No chain of redirects takes a signature to another origin; every chain ends.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("location"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
