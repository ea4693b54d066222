//! Shared secrets as a verifying server has them, and what stands in for them when it has none.

use super::{Verdict, VerifyingKey};
#[cfg(feature = "alloc")]
use crate::explain::Keys;
use crate::{base_string::BaseString, credentials::Secret, value::Value};

/// The secrets of a client and of its token: they verify every method with a shared secret, keyed
/// anew for each request. A server that wants to save that keeps an
/// [`HmacSha1`](crate::HmacSha1) or its like, which is a [`VerifyingKey`] too.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(any(feature = "_hmac", feature = "plaintext", feature = "alloc")),
    expect(
        dead_code,
        reason = "without anything that uses them, secrets are kept for nothing"
    )
)]
pub struct SharedSecrets<'a> {
    client: Secret<'a>,
    token: Secret<'a>,
}

impl<'a> SharedSecrets<'a> {
    /// The client's secret and that of its temporary or token credentials.
    pub fn new(client: impl Into<Secret<'a>>, token: impl Into<Secret<'a>>) -> Self {
        Self {
            client: client.into(),
            token: token.into(),
        }
    }

    /// Both secrets, the client's first.
    #[cfg(feature = "alloc")]
    pub(crate) const fn parts(&self) -> (&Secret<'a>, &Secret<'a>) {
        (&self.client, &self.token)
    }

    /// The client's secret alone: for requests without a token.
    pub fn of_client(client: impl Into<Secret<'a>>) -> Self {
        Self {
            client: client.into(),
            token: Secret::EMPTY,
        }
    }
}

impl VerifyingKey for SharedSecrets<'_> {
    fn serves(&self, method: &str) -> bool {
        match method {
            #[cfg(feature = "hmac-sha1")]
            "HMAC-SHA1" => true,
            #[cfg(feature = "hmac-sha256")]
            "HMAC-SHA256" => true,
            #[cfg(feature = "hmac-sha512")]
            "HMAC-SHA512" => true,
            #[cfg(feature = "plaintext")]
            "PLAINTEXT" => true,
            _ => false,
        }
    }

    #[cfg_attr(
        not(feature = "_hmac"),
        expect(
            unused_variables,
            reason = "only the HMAC methods look at the base string"
        )
    )]
    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        match method {
            #[cfg(feature = "hmac-sha1")]
            "HMAC-SHA1" => super::hmac::HmacSha1::new(&self.client, &self.token).verify(
                method,
                base_string,
                signature,
            ),
            #[cfg(feature = "hmac-sha256")]
            "HMAC-SHA256" => super::hmac::HmacSha256::new(&self.client, &self.token).verify(
                method,
                base_string,
                signature,
            ),
            #[cfg(feature = "hmac-sha512")]
            "HMAC-SHA512" => super::hmac::HmacSha512::new(&self.client, &self.token).verify(
                method,
                base_string,
                signature,
            ),
            #[cfg(feature = "plaintext")]
            "PLAINTEXT" => super::plaintext::verify(&self.client, &self.token, signature),
            _ => Verdict::Invalid,
        }
    }

    #[cfg(feature = "alloc")]
    fn explaining(&self, _: &str) -> Keys<'_> {
        Keys::from(self)
    }
}

/// What a signature is verified with when nobody knows the client or the token, so that such a
/// request costs what another costs. It serves every method that is compiled in; whatever it says is
/// thrown away.
///
/// It does the work of [`SharedSecrets`], or of an RSA key of 2048 bits. A server that keeps keys of
/// another kind gives one of those as the stand-in instead.
#[derive(Clone, Debug)]
pub struct StandIn {
    #[cfg(feature = "_rsa")]
    rsa: super::rsa::RsaPublicKey,
}

impl StandIn {
    /// As long as the secrets that servers give out.
    const CLIENT: &'static str = "stand-in-for-a-client-secret";
    const TOKEN: &'static str = "stand-in-for-a-token-secret";
    const SECRETS: SharedSecrets<'static> = SharedSecrets {
        client: Secret::stand_in(Self::CLIENT),
        token: Secret::stand_in(Self::TOKEN),
    };

    /// To be made once and kept.
    #[must_use]
    pub fn new() -> Self {
        Self {
            #[cfg(feature = "_rsa")]
            rsa: super::rsa::RsaPublicKey::stand_in(),
        }
    }
}

impl Default for StandIn {
    fn default() -> Self {
        Self::new()
    }
}

impl VerifyingKey for StandIn {
    fn serves(&self, method: &str) -> bool {
        #[cfg(feature = "_rsa")]
        if self.rsa.serves(method) {
            return true;
        }
        Self::SECRETS.serves(method)
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        #[cfg(feature = "_rsa")]
        if self.rsa.serves(method) {
            return self.rsa.verify(method, base_string, signature);
        }
        Self::SECRETS.verify(method, base_string, signature)
    }

    /// As much work as with a key that is known.
    #[cfg(feature = "alloc")]
    fn explaining(&self, method: &str) -> Keys<'_> {
        #[cfg(feature = "_rsa")]
        if self.rsa.serves(method) {
            return self.rsa.explaining(method);
        }
        let _ = method;
        Keys::shared(Self::CLIENT, Self::TOKEN)
    }
}

#[cfg(test)]
mod tests;
