//! OAuth 1.0a (RFC 5849).
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod authorization;
mod base_string;
mod body_hash;
pub mod content_type;
mod credentials;
mod draft;
pub mod form;
#[cfg(feature = "http")]
pub mod http;
mod method;
mod parameters;
pub mod percent;
mod prepared;
mod request;
mod signer;
pub mod sink;
mod stamp;
mod target;
mod text;
mod value;
pub mod verify;

#[cfg(feature = "_hmac")]
pub use self::method::hmac::*;
#[cfg(feature = "plaintext")]
pub use self::method::plaintext::{Plaintext, PlaintextState};
#[cfg(feature = "_rsa")]
pub use self::method::rsa::*;
#[cfg(feature = "os")]
pub use self::stamp::RandomSourceError;
pub use self::{
    authorization::Transmission,
    base_string::BaseString,
    body_hash::{BodyHash, BodyHasher},
    credentials::{ClientCredentials, Secret, TemporaryCredentials, TokenCredentials},
    draft::{Draft, ExternalKey},
    method::{
        Digest, KeyFrom, SigningFailed, SigningKey, Verdict, VerifyingKey,
        shared::{SharedSecrets, StandIn},
    },
    parameters::{Slot, SlotArray, Slots},
    prepared::Prepared,
    request::{Body, RequestView},
    signer::{BodyHashRule, ProtocolParameters, SignError, SignatureMethod, Signer},
    stamp::{Nonce, Stamp, Timestamp, UsedStamp},
    target::{BaseStringUri, Origin, Target, UriError, UriErrorKind},
    text::Text,
    value::{Bytes, Encoding, Parameter, Value},
};
