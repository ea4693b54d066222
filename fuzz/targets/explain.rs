//! Every question is answered within its limits, without a secret; what is right matches.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("explain"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
