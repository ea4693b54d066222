#![cfg(feature = "hmac-sha1")]

mod attacks;
mod body;
mod chain;
mod challenge;
mod keys;
mod limits;
mod locations;
mod missing;
#[cfg(feature = "plaintext")]
mod plaintext;
mod rejections;
mod replay;
mod window;
mod wire;
