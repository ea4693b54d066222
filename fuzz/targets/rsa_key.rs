//! A key from PEM or DER is loaded or refused; no key shows its private half.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("rsa_key"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
