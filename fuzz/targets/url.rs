//! A URL is read or refused; its base string URI is the reference's, and that of itself.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("url"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
