//! A callback that is taken covers itself; what is added to it leaves its origin alone.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("callback"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
