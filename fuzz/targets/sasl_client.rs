//! What the client sends, the server takes, under the same identity.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("sasl_client"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
