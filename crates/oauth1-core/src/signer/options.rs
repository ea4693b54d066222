//! What a request is signed with besides the credentials.

use crate::{
    body_hash::BodyHash,
    value::{Parameter, Value},
};

/// When `oauth_body_hash` is sent. Never with a form, whose pairs are signed themselves, and never
/// by a method without a digest (PLAINTEXT).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyHashRule {
    /// With every body that is there, is no form and is not empty: what the extension recommends.
    #[default]
    Auto,
    /// With every request that has no form, an empty or missing body too: what some providers ask.
    Always,
    /// Never: for servers that take it amiss.
    Never,
}

/// The protocol parameters that one request has and the next has not (RFC 5849 sections 2.1, 2.3).
#[derive(Clone, Copy, Debug, Default)]
pub struct ProtocolParameters<'a> {
    pub(super) callback: Option<Value<'a>>,
    pub(super) verifier: Option<Value<'a>>,
    pub(crate) body_hash: Option<Value<'a>>,
    pub(super) extra: &'a [Parameter<'a>],
}

impl<'a> ProtocolParameters<'a> {
    /// None of them: what a request for a resource has.
    pub const NONE: Self = Self {
        callback: None,
        verifier: None,
        body_hash: None,
        extra: &[],
    };

    /// `oauth_callback`: where the resource owner is sent back to, or `oob` (section 2.1).
    #[must_use]
    pub fn with_callback(self, callback: &'a str) -> Self {
        Self {
            callback: Some(Value::plain(callback)),
            ..self
        }
    }

    /// `oauth_verifier`: what the server gave the resource owner (section 2.3).
    #[must_use]
    pub fn with_verifier(self, verifier: &'a str) -> Self {
        Self {
            verifier: Some(Value::plain(verifier)),
            ..self
        }
    }

    /// `oauth_body_hash`, in place of the one that the [`BodyHashRule`] would give: for bodies that
    /// are hashed elsewhere.
    #[must_use]
    pub fn with_body_hash(self, hash: &'a BodyHash) -> Self {
        Self {
            body_hash: Some(hash.value()),
            ..self
        }
    }

    /// Further parameters, signed and sent with the others (section 3.1 allows them).
    #[must_use]
    pub const fn with_extra(self, extra: &'a [Parameter<'a>]) -> Self {
        Self { extra, ..self }
    }
}
