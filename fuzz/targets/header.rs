//! An Authorization header is read or refused; printed and read again it is the same.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("header"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
