//! Forwarding headers are read or refused; peers that are not listed change nothing.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("forwarded"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
