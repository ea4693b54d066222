//! Query and form are read as the reference reads them; bytes survive encoding.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("pairs"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
