//! A stream is cut into the same lines however it arrives, and none is held that is too long.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_readers::invariants::Invariant;
use oauth1_tests::invariants::hold;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("cli_lines"));

fuzz_target!(|input: &[u8]| hold(INVARIANT.check, input));
