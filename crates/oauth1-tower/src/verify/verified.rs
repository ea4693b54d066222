//! What the handler is told.

use alloc::{string::ToString as _, sync::Arc, vec::Vec};
use core::{fmt, ops::Range};

use http::HeaderValue;
use oauth1_core::{
    Timestamp, Value,
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

/// One text for all, since a request pays for each allocation. It is UTF-8 throughout, which is checked
/// again for who asks for a part of it: most requests have handlers that ask for one or two.
struct Claims {
    text: Vec<u8>,
    client: Range<usize>,
    token: Option<Range<usize>>,
    realm: Option<Range<usize>>,
    nonce: Option<Range<usize>>,
    timestamp: Option<Timestamp>,
    signature_method: Range<usize>,
    coverage: Coverage,
}

impl Claims {
    fn get(&self, range: &Range<usize>) -> &str {
        let part = self.text.get(range.clone()).unwrap_or_default();
        str::from_utf8(part).unwrap_or_default()
    }

    fn get_if_any(&self, range: Option<&Range<usize>>) -> Option<&str> {
        range.map(|range| self.get(range))
    }
}

#[expect(
    clippy::missing_fields_in_debug,
    reason = "the others are parts of the text"
)]
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("client", &self.get(&self.client))
            .field("token", &self.get_if_any(self.token.as_ref()))
            .field("realm", &self.get_if_any(self.realm.as_ref()))
            .field("nonce", &self.get_if_any(self.nonce.as_ref()))
            .field("timestamp", &self.timestamp)
            .field("signature_method", &self.get(&self.signature_method))
            .field("coverage", &self.coverage)
            .finish()
    }
}

impl<G> Verified<G> {
    pub(super) fn new(verified: &Chained<'_>, grant: G) -> Self {
        let mut text = Vec::with_capacity(192);
        let mut add = |value: Value<'_>| {
            let start = text.len();
            match value.as_decoded() {
                Some(decoded) if decoded.is_ascii() => text.extend_from_slice(decoded),
                // What is no text is shown as well as it can be: a nonce may be any bytes.
                _ => text.extend_from_slice(value.to_string_lossy().as_bytes()),
            }
            start..text.len()
        };
        let claims = Claims {
            client: add(verified.client()),
            token: verified.token().map(&mut add),
            realm: (verified.realm()).map(|realm| add(Value::plain(&realm.to_string()))),
            nonce: verified.nonce().map(&mut add),
            timestamp: verified.timestamp(),
            signature_method: add(Value::plain(verified.signature_method())),
            coverage: verified.coverage(),
            text,
        };
        let claims = Arc::new(claims);
        Self { claims, grant }
    }

    /// The client: `oauth_consumer_key`, decoded.
    #[doc(alias = "consumer_key")]
    #[must_use]
    pub fn client(&self) -> &str {
        self.claims.get(&self.claims.client)
    }

    /// The token credentials: `oauth_token`, decoded. `None` where the client acts for itself.
    #[doc(alias = "access_token")]
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.claims.get_if_any(self.claims.token.as_ref())
    }

    /// The realm that the header names. It is not signed: do not decide by it.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.claims.get_if_any(self.claims.realm.as_ref())
    }

    /// The nonce; PLAINTEXT may leave it out.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.claims.get_if_any(self.claims.nonce.as_ref())
    }

    /// The timestamp; PLAINTEXT may leave it out.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.claims.timestamp
    }

    /// The value of `oauth_signature_method`.
    #[must_use]
    pub fn signature_method(&self) -> &str {
        self.claims.get(&self.claims.signature_method)
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
