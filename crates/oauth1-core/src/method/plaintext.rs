//! PLAINTEXT (RFC 5849 section 3.4.4): the secrets themselves, for requests over TLS.

#[cfg(feature = "alloc")]
use super::KeyFrom;
use super::{Digest, SigningFailed, SigningKey, Verdict, VerifyingKey};
#[cfg(feature = "alloc")]
use crate::explain::Keys;
use crate::{
    base_string::BaseString,
    credentials::{Secret, write_signing_key},
    sink::Sink,
    value::Value,
};

/// PLAINTEXT with its secrets (RFC 5849 section 3.4.4). What it signs with is what it sends: use it
/// over TLS and nowhere else.
#[derive(Clone, Debug)]
pub struct Plaintext<'a> {
    client_secret: Secret<'a>,
    token_secret: Secret<'a>,
}

impl<'a> Plaintext<'a> {
    /// The value of `oauth_signature_method`.
    pub const METHOD: &'static str = "PLAINTEXT";

    /// With both secrets; without a token, the token's is [`Secret::EMPTY`].
    #[must_use]
    pub const fn new(client_secret: Secret<'a>, token_secret: Secret<'a>) -> Self {
        Self {
            client_secret,
            token_secret,
        }
    }
}

/// Looks at nothing: the signature does not depend on the request.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct PlaintextState;

impl Sink for PlaintextState {
    fn put(&mut self, _: &[u8]) {}
}

impl SigningKey for Plaintext<'_> {
    type State = PlaintextState;

    fn method(&self) -> &'static str {
        Self::METHOD
    }

    fn body_digest(&self) -> Option<Digest> {
        None
    }

    fn start(&self) -> PlaintextState {
        PlaintextState
    }

    fn finish<S: Sink + ?Sized>(
        &self,
        PlaintextState: PlaintextState,
        out: &mut S,
    ) -> Result<(), SigningFailed> {
        write_signing_key(&self.client_secret, &self.token_secret, out);
        Ok(())
    }
}

#[cfg(feature = "alloc")]
impl KeyFrom<Secret<'_>> for Plaintext<'static> {
    fn key_from(client_secret: &Secret<'_>, token_secret: &Secret<'_>) -> Self {
        Self::new(
            client_secret.clone().into_owned(),
            token_secret.clone().into_owned(),
        )
    }
}

impl VerifyingKey for Plaintext<'_> {
    fn serves(&self, method: &str) -> bool {
        method == Self::METHOD
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        verify(&self.client_secret, &self.token_secret, signature)
    }

    #[cfg(feature = "alloc")]
    fn explaining(&self, _: &str) -> Keys<'_> {
        Keys::shared(&self.client_secret, &self.token_secret)
    }
}

/// Compares in a time that depends on how long both texts are, and on nothing else of the secrets.
pub(super) fn verify(client: &Secret<'_>, token: &Secret<'_>, signature: Value<'_>) -> Verdict {
    struct Comparison<'a> {
        given: crate::value::Bytes<'a>,
        difference: u8,
    }
    impl Sink for Comparison<'_> {
        fn put(&mut self, expected: &[u8]) {
            for &byte in expected {
                let (given, missing) = self.given.next().map_or((0, 1), |given| (given, 0));
                self.difference |= (byte ^ given) | missing;
            }
        }
    }
    let mut comparison = Comparison {
        given: signature.bytes(),
        difference: 0,
    };
    write_signing_key(client, token, &mut comparison);
    let longer = u8::from(comparison.given.next().is_some());
    // Through `subtle`, so that no compiler turns the last step into an early one.
    if bool::from(subtle::ConstantTimeEq::ct_eq(
        &(comparison.difference | longer),
        &0,
    )) {
        Verdict::Valid
    } else {
        Verdict::Invalid
    }
}

#[cfg(test)]
mod tests;
