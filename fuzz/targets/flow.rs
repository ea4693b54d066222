//! Any answer and any callback is a typed error or leads on; states survive being stored.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("flow"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
