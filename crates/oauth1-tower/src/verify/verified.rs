//! What the handler is told.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    sync::Arc,
};
use core::fmt;

use http::HeaderValue;
use oauth1_core::{
    Timestamp,
    verify::{Coverage, Verified as Chained},
};

/// Who signed a request, in its extensions: it is there exactly where the signature holds and the
/// nonce was new. `G` is the [`Grant`](oauth1_store::CredentialStore::Grant) of the store.
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Verified<G = ()> {
    claims: Arc<Claims>,
    grant: G,
}

#[derive(Debug)]
struct Claims {
    client: Box<str>,
    token: Option<Box<str>>,
    realm: Option<Box<str>>,
    nonce: Option<Box<str>>,
    timestamp: Option<Timestamp>,
    signature_method: Box<str>,
    coverage: Coverage,
}

impl<G> Verified<G> {
    pub(super) fn new(verified: &Chained<'_>, grant: G) -> Self {
        let boxed = |text: String| text.into_boxed_str();
        let claims = Claims {
            client: boxed(verified.client().to_string_lossy()),
            token: verified.token().map(|token| boxed(token.to_string_lossy())),
            realm: verified.realm().map(|realm| boxed(realm.to_string())),
            nonce: verified.nonce().map(|nonce| boxed(nonce.to_string_lossy())),
            timestamp: verified.timestamp(),
            signature_method: verified.signature_method().into(),
            coverage: verified.coverage(),
        };
        let claims = Arc::new(claims);
        Self { claims, grant }
    }

    /// The client: `oauth_consumer_key`, decoded.
    #[doc(alias = "consumer_key")]
    #[must_use]
    pub fn client(&self) -> &str {
        &self.claims.client
    }

    /// The token credentials: `oauth_token`, decoded. `None` where the client acts for itself.
    #[doc(alias = "access_token")]
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.claims.token.as_deref()
    }

    /// The realm that the header names. It is not signed: do not decide by it.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.claims.realm.as_deref()
    }

    /// The nonce; PLAINTEXT may leave it out.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.claims.nonce.as_deref()
    }

    /// The timestamp; PLAINTEXT may leave it out.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.claims.timestamp
    }

    /// The value of `oauth_signature_method`.
    #[must_use]
    pub fn signature_method(&self) -> &str {
        &self.claims.signature_method
    }

    /// Whether the signature covers the body: see [Bodies](crate::verify#bodies).
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.claims.coverage
    }

    /// What the store knows of these credentials.
    #[must_use]
    pub const fn grant(&self) -> &G {
        &self.grant
    }
}

impl<G: fmt::Debug> fmt::Debug for Verified<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("claims", &self.claims)
            .field("grant", &self.grant)
            .finish()
    }
}

/// In the extensions of a request without OAuth credentials that was let through all the same
/// ([`VerifyLayer::allow_anonymous`](super::VerifyLayer::allow_anonymous)).
#[derive(Clone, Debug)]
pub struct Anonymous {
    challenge: HeaderValue,
}

impl Anonymous {
    pub(super) const fn new(challenge: HeaderValue) -> Self {
        Self { challenge }
    }

    /// The `WWW-Authenticate` header for a handler that demands a signature after all, with status 401.
    #[must_use]
    pub const fn challenge(&self) -> &HeaderValue {
        &self.challenge
    }
}
