//! A login message is read or refused; no message without the secrets is authentic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("sasl_server"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
