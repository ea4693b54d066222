//! Each line has one answer, which is JSON with the id of the line, and no error shows a secret.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_readers::invariants::Invariant;
use oauth1_tests::invariants::hold;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("cli_answers"));

fuzz_target!(|input: &[u8]| hold(INVARIANT.check, input));
