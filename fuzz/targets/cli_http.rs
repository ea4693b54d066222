//! A raw request is read or refused; written again it is the same request.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_readers::invariants::Invariant;
use oauth1_tests::invariants::hold;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("cli_http"));

fuzz_target!(|input: &[u8]| hold(INVARIANT.check, input));
