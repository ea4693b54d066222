//! The part of this program that reads foreign text, as a library for the fuzz targets, which could not call
//! a program: a root of its own over the same modules, without those that talk to others.
#![forbid(unsafe_code)]
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what uses the rest is in the program"
)]

extern crate alloc;

mod arguments;
mod base_string;
mod body_hash;
mod explain;
pub mod invariants;
mod json;
mod key;
mod order;
mod page;
mod parse;
mod problem;
mod profile;
mod sasl;
mod sign;
mod signature_method;
mod signing;
mod source;
mod stream;
mod verify;
