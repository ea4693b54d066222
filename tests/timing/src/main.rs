//! What `tests/timing.rs` runs under callgrind: prints the name of each case, and calls [`measured`]
//! once for it.

#![forbid(unsafe_code)]

use core::hint::black_box;

mod chain;
mod compare;
mod layer;
mod request;

/// One line of the counts.
struct Case {
    /// Cases of one group are compared with one another.
    group: &'static str,
    name: String,
    /// Does what is measured, as often as one likes; says whether the signature was found right.
    operation: Box<dyn FnMut() -> bool>,
    /// What it must say.
    right: bool,
}

fn main() {
    let mut cases = compare::cases();
    cases.extend(chain::cases());
    cases.extend(layer::cases());
    for case in &mut cases {
        // Fills buffers, and looks up what is linked at its first use.
        assert_eq!((case.operation)(), case.right, "{}", case.name);
        assert_eq!(measured(&mut *case.operation), case.right, "{}", case.name);
        println!("{}\t{}", case.group, case.name);
    }
}

/// Callgrind counts in here and nowhere else, and writes down what it has counted at each end.
#[inline(never)]
fn measured(operation: &mut dyn FnMut() -> bool) -> bool {
    // It ends here, not with a jump to where the operation is.
    black_box(operation())
}
