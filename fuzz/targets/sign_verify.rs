//! What is signed is accepted, wherever the parameters travel; another secret refuses it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("sign_verify"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
