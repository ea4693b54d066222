//! What threads share memory with. For `tests/interleavings.rs` it is replaced by what makes them take turns
//! in every order.

#[cfg(not(interleaved))]
pub(super) use core::sync::atomic::{AtomicU32, Ordering};
#[cfg(not(interleaved))]
pub(super) use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

#[cfg(interleaved)]
pub(super) use loom::sync::{
    Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicU32, Ordering},
};
