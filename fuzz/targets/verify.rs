//! Garbage is refused in bounded memory, alike with few slots and many; no refusal is unsendable.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oauth1_tests::invariants::Invariant;

static INVARIANT: LazyLock<&Invariant> = LazyLock::new(|| Invariant::find("verify"));

fuzz_target!(|input: &[u8]| INVARIANT.hold(input));
