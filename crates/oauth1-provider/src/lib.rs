#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

extern crate alloc;

mod answer;
mod authorization;
mod binding;
mod clients;
mod credentials;
mod endpoint;
mod failure;
mod owner;
mod page;
mod provider;
mod random;
mod service;

pub use self::{
    clients::{ClientError, Clients, NewClient},
    owner::{Application, Owner, SignIn, WeakSession},
    page::{ConsentPage, Notice, Page, VerifierPage},
    provider::{Paths, Provider},
    random::RandomSourceError,
    service::{ProviderBody, ProviderService},
};

/// The guide's examples compile.
#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../../../docs/guides/provider.md")]
struct Guide;
