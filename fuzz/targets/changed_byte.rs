//! A signed request with one byte changed is refused, or has the same base string.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("changed_byte"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
