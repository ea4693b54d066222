//! A challenge is read as a JSON parser reads it, or not at all.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("sasl_challenge"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
