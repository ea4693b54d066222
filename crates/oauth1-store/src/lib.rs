//! Stores for servers of OAuth 1.0a (RFC 5849).
#![forbid(unsafe_code)]

extern crate alloc;

mod client;
mod credentials;
mod error;
mod nonces;
mod provider;
mod temporary;
mod token;

pub use self::{
    client::{Client, ClientKey, ClientStore},
    credentials::{CredentialStore, Credentials, Found},
    error::{Bound, StoreError},
    nonces::{Insert, NonceStore, SpentNonce},
    provider::{Change, Creation, Grant, ProviderStore},
    temporary::{Approval, Callback, Decided, Decision, Taken, Temporary, TemporaryStore},
    token::{Renewal, Session, Token, TokenStore},
};
