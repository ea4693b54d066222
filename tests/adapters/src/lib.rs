//! One table of cases that every adapter must pass, and the server that it runs against.
//!
//! The server verifies as strictly as the core does, remembers every nonce, redirects in each way there
//! is, has a clock of its own, and notes whether a signature ever reached an origin that it was not made
//! for. An adapter's test implements [`Adapter`] and calls [`run`]; a case that is added to the
//! [`table`] is run on all of them.
//!
//! An adapter that is a [`FlowDriver`] also walks the three legs ([`run_flow`]). The crate beside this one,
//! `tests/interop`, sends the same requests to servers that others wrote, and has their clients send them
//! to ours.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use oauth1_adapters::{Adapter, Answer, Call, Error};
//! use oauth1_core::{SigningKey, exchange::Client};
//!
//! struct Ours;
//!
//! impl Adapter for Ours {
//!     fn name(&self) -> &'static str {
//!         "ours"
//!     }
//!
//!     fn send<K>(&self, client: Arc<Client<K>>, call: &Call) -> Result<Answer, Error>
//!     where
//!         K: SigningKey + Send + Sync + 'static,
//!     {
//!         # let _ = (client, call);
//!         // Sends `call` through the adapter, on a runtime of its own where it needs one.
//!         Err("not sent".into())
//!     }
//! }
//!
//! oauth1_adapters::run(&Ours);
//! oauth1_adapters::run_shared(&Ours);
//! ```
#![forbid(unsafe_code)]

extern crate alloc;

pub use self::{
    adapter::{Adapter, Answer, Call, Content, Error, Further},
    browser::{Page, browse},
    case::{Case, Method, Outcome, Signing, Token},
    example::run_example,
    flow::{CALLBACK, FlowDriver, LegFailure, get, run_flow},
    run::{run, send, signer},
    server::{
        CLIENT, CLIENT_SECRET, Place, RSA_CLIENT, RSA_KEY, Seen, Server, TOKEN, TOKEN_SECRET,
        Verdict, rsa_key,
    },
    shared::run_shared,
    table::table,
};

mod adapter;
mod browser;
mod case;
mod example;
mod flow;
mod run;
mod server;
mod shared;
mod table;
pub mod terminal;
