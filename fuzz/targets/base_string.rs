//! The base string is that of the slow reference.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("base_string"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
