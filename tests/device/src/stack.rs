//! How much of the stack was used.
//!
//! The reset handler paints the stack (feature `paint-stack` of cortex-m-rt). This module looks for
//! the lowest word without paint, which takes raw reads: no safe Rust reaches memory that belongs
//! to no object. It is the only unsafe code of the repository.

#![expect(
    unsafe_code,
    reason = "reads memory between two symbols of the linker script"
)]

use core::ptr;

use cortex_m_rt::STACK_PAINT_VALUE;

/// The most bytes of stack that were in use at any moment since the reset.
pub(crate) fn used_bytes() -> u32 {
    unsafe extern "C" {
        static _stack_end: u32;
        static _stack_start: u32;
    }
    let mut word = &raw const _stack_end;
    let start = &raw const _stack_start;
    // SAFETY: the linker script puts all words from `_stack_end` (the lowest) up to `_stack_start`
    // into RAM and nothing but the stack there. They were painted, so they are initialised; the
    // read is volatile because the compiler knows of no object at that place.
    while word < start && unsafe { ptr::read_volatile(word) } == STACK_PAINT_VALUE {
        word = word.wrapping_add(1);
    }
    u32::try_from(start.addr() - word.addr()).unwrap_or(u32::MAX)
}
