//! A problem report is bounded and has no control characters.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("problem"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
