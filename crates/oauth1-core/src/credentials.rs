//! The three kinds of credentials of RFC 5849 section 1.1, which are never interchangeable.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt;

#[cfg(feature = "alloc")]
use zeroize::Zeroizing;

use crate::{percent, sink::Sink, text::Text};

#[cfg(feature = "serde")]
mod stored;

/// A shared secret: of a client, of temporary credentials or of a token.
///
/// It is never shown, has no comparison, and is wiped from memory when it is dropped if it owns its
/// text. It can key the HMAC methods and PLAINTEXT; an RSA key is another type, so that neither can
/// be taken for the other.
///
/// ```
/// let secret = oauth1_core::Secret::from("kd94hf93k423kf44");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// ```
#[derive(Clone)]
pub struct Secret<'a>(Repr<'a>);

#[derive(Clone)]
enum Repr<'a> {
    Borrowed(&'a str),
    #[cfg(feature = "alloc")]
    Owned(Zeroizing<String>),
}

impl Secret<'_> {
    /// The empty secret: what stands for the token's where there is no token.
    pub const EMPTY: Secret<'static> = Secret(Repr::Borrowed(""));

    /// A secret that is known at compile time, and therefore none.
    pub(crate) const fn stand_in(text: &'static str) -> Secret<'static> {
        Secret(Repr::Borrowed(text))
    }

    /// The secret itself. The name is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        match &self.0 {
            Repr::Borrowed(text) => text,
            #[cfg(feature = "alloc")]
            Repr::Owned(text) => text,
        }
    }

    /// The same secret in memory of its own.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Secret<'static> {
        Secret(Repr::Owned(match self.0 {
            Repr::Borrowed(text) => Zeroizing::new(text.into()),
            Repr::Owned(text) => text,
        }))
    }
}

/// The key of sections 3.4.2 and 3.4.4: both secrets encoded, and always an `&` between them.
#[cfg_attr(
    not(any(feature = "_hmac", feature = "plaintext")),
    expect(
        dead_code,
        reason = "only methods with a shared secret have such a key"
    )
)]
pub(crate) fn write_signing_key<S: Sink + ?Sized>(
    client: &Secret<'_>,
    token: &Secret<'_>,
    sink: &mut S,
) {
    percent::encode(client.expose()).write_to(sink);
    sink.put(b"&");
    percent::encode(token.expose()).write_to(sink);
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(secret: &'a str) -> Self {
        Self(Repr::Borrowed(secret))
    }
}

#[cfg(feature = "alloc")]
impl From<String> for Secret<'_> {
    fn from(secret: String) -> Self {
        Self(Repr::Owned(Zeroizing::new(secret)))
    }
}

/// The same secret, borrowed.
impl<'a> From<&'a Secret<'_>> for Secret<'a> {
    fn from(secret: &'a Secret<'_>) -> Self {
        Self(Repr::Borrowed(secret.expose()))
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Client credentials (section 1.1): the identifier of an application and its secret, or its
/// private key. Provider consoles say "consumer key" and "consumer secret", or "API key".
///
/// ```
/// use oauth1_core::ClientCredentials;
///
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// assert_eq!(client.identifier(), "dpf43f3p2l4k3l03");
/// ```
#[doc(alias("consumer", "consumer key", "consumer secret", "api key"))]
#[derive(Clone, Debug)]
pub struct ClientCredentials<'a, K = Secret<'a>> {
    identifier: Text<'a>,
    key: K,
}

impl<'a> ClientCredentials<'a> {
    /// An identifier and the secret shared with the server.
    pub fn new(identifier: impl Into<Text<'a>>, secret: impl Into<Secret<'a>>) -> Self {
        Self::with_key(identifier, secret.into())
    }

    /// The same in memory of its own.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> ClientCredentials<'static> {
        ClientCredentials {
            identifier: self.identifier.into_owned(),
            key: self.key.into_owned(),
        }
    }
}

impl<'a, K> ClientCredentials<'a, K> {
    /// An identifier and a key of another kind, such as [`RsaPrivateKey`](crate::RsaPrivateKey).
    pub fn with_key(identifier: impl Into<Text<'a>>, key: K) -> Self {
        Self {
            identifier: identifier.into(),
            key,
        }
    }

    /// What the server knows the client by: `oauth_consumer_key`.
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The secret or the private key.
    pub fn key(&self) -> &K {
        &self.key
    }

    pub(crate) fn identifier_text(&self) -> &Text<'a> {
        &self.identifier
    }
}

macro_rules! credentials_of_a_leg {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name<'a> {
            identifier: Text<'a>,
            secret: Secret<'a>,
        }

        impl<'a> $name<'a> {
            /// An identifier and its secret, as the server gave them.
            pub fn new(identifier: impl Into<Text<'a>>, secret: impl Into<Secret<'a>>) -> Self {
                Self { identifier: identifier.into(), secret: secret.into() }
            }

            /// What goes into `oauth_token`.
            #[must_use]
            pub fn identifier(&self) -> &str {
                &self.identifier
            }

            /// The second half of the signing key.
            #[must_use]
            pub fn secret(&self) -> &Secret<'a> {
                &self.secret
            }

            pub(crate) fn identifier_text(&self) -> &Text<'a> {
                &self.identifier
            }

            /// The same in memory of its own.
            #[cfg(feature = "alloc")]
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                $name {
                    identifier: self.identifier.into_owned(),
                    secret: self.secret.into_owned(),
                }
            }
        }
    };
}

credentials_of_a_leg! {
    /// Temporary credentials (section 2.1): what stands for a request for authorization until the
    /// resource owner has decided. They sign the token request and nothing else.
    #[doc(alias("request token", "request token secret"))]
    TemporaryCredentials
}

credentials_of_a_leg! {
    /// Token credentials (section 2.3): what stands for the resource owner's consent. They sign
    /// requests for the owner's resources.
    #[doc(alias("access token", "access token secret"))]
    TokenCredentials
}

#[cfg(test)]
mod tests;
