//! What a signature is made with, as a value that deviations change, and the check of a signature.

use alloc::vec::Vec;

use zeroize::Zeroizing;

#[cfg(feature = "_rsa")]
use crate::RsaPublicKey;
use crate::{SharedSecrets, credentials::Secret, explain::model::Encoder};
#[cfg(any(feature = "_hmac", feature = "_rsa"))]
use crate::{
    base_string::BaseString,
    method::{Verdict, VerifyingKey},
    value::Value,
};

/// What the one who asks knows of the key.
///
/// ```
/// use oauth1_core::explain::Keys;
///
/// let keys = Keys::shared("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
/// assert_eq!(format!("{keys:?}"), "Keys(..)");
/// ```
#[derive(Clone)]
pub struct Keys<'a>(Repr<'a>);

#[derive(Clone)]
enum Repr<'a> {
    Unknown,
    Shared(Secret<'a>, Secret<'a>),
    #[cfg(feature = "_rsa")]
    Rsa(&'a RsaPublicKey),
}

impl<'a> Keys<'a> {
    /// Nothing is known: base strings alone are compared.
    pub const UNKNOWN: Keys<'static> = Keys(Repr::Unknown);

    /// The secrets of the client and of its token, empty where there is none.
    pub fn shared(client: impl Into<Secret<'a>>, token: impl Into<Secret<'a>>) -> Self {
        Self(Repr::Shared(client.into(), token.into()))
    }

    /// The public key of a client that signs with a private one.
    #[cfg(feature = "_rsa")]
    #[must_use]
    pub const fn rsa(key: &'a RsaPublicKey) -> Self {
        Self(Repr::Rsa(key))
    }

    /// What a method makes of it; `None` where it cannot serve the method.
    pub(super) fn model(&self, method: Method) -> Option<KeyModel> {
        let text = |secret: &Secret<'_>| Zeroizing::new(secret.expose().as_bytes().to_vec());
        let (client, token) = match &self.0 {
            Repr::Shared(client, token) if !method.is_rsa() => (text(client), text(token)),
            #[cfg(feature = "_rsa")]
            Repr::Rsa(_) if method.is_rsa() => (Zeroizing::default(), Zeroizing::default()),
            _ => return None,
        };
        Some(KeyModel {
            client,
            token,
            encoded: true,
            ampersand: true,
            twice: false,
            method,
        })
    }

    /// The key that a model of it makes, `None` where its method is not compiled in.
    #[cfg_attr(
        not(feature = "_rsa"),
        expect(clippy::unused_self, reason = "an RSA key is borrowed from it")
    )]
    pub(super) fn build(&self, model: &KeyModel) -> Option<Key<'a>> {
        match model.method {
            #[cfg(feature = "hmac-sha1")]
            Method::HmacSha1 => Some(Key::HmacSha1(crate::HmacSha1::from_key(&model.text()))),
            #[cfg(feature = "hmac-sha256")]
            Method::HmacSha256 => Some(Key::HmacSha256(crate::HmacSha256::from_key(&model.text()))),
            #[cfg(feature = "hmac-sha512")]
            Method::HmacSha512 => Some(Key::HmacSha512(crate::HmacSha512::from_key(&model.text()))),
            Method::Plaintext => Some(Key::Plaintext(model.text())),
            #[cfg(feature = "_rsa")]
            method if method.is_rsa() => match &self.0 {
                Repr::Rsa(key) if key.serves(method.name()) => Some(Key::Rsa(key, method)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What a server verifies with.
impl<'a> From<&'a SharedSecrets<'_>> for Keys<'a> {
    fn from(secrets: &'a SharedSecrets<'_>) -> Self {
        let (client, token) = secrets.parts();
        Self::shared(client, token)
    }
}

impl core::fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// A signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    HmacSha1,
    HmacSha256,
    HmacSha512,
    RsaSha1,
    RsaSha256,
    RsaSha512,
    RsaPss,
    Plaintext,
}

impl Method {
    const HMAC: &'static [Self] = &[Self::HmacSha1, Self::HmacSha256, Self::HmacSha512];
    const RSA: &'static [Self] = &[Self::RsaSha1, Self::RsaSha256, Self::RsaSha512];

    pub(super) fn of_name(name: &[u8]) -> Option<Self> {
        Self::HMAC
            .iter()
            .chain(Self::RSA)
            .chain(&[Self::RsaPss, Self::Plaintext])
            .copied()
            .find(|method| method.name().as_bytes() == name)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::RsaSha1 => "RSA-SHA1",
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaSha512 => "RSA-SHA512",
            Self::RsaPss => "RSA-PSS",
            Self::Plaintext => "PLAINTEXT",
        }
    }

    pub(super) const fn is_rsa(self) -> bool {
        matches!(
            self,
            Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512 | Self::RsaPss
        )
    }

    /// Those that differ in the digest alone.
    pub(super) const fn family(self) -> &'static [Self] {
        match self {
            Self::HmacSha1 | Self::HmacSha256 | Self::HmacSha512 => Self::HMAC,
            Self::Plaintext => &[],
            _ => Self::RSA,
        }
    }
}

/// What a key is made of, and how.
#[derive(Clone)]
pub(super) struct KeyModel {
    pub(super) client: Zeroizing<Vec<u8>>,
    pub(super) token: Zeroizing<Vec<u8>>,
    /// Whether the secrets are percent-encoded.
    pub(super) encoded: bool,
    /// Whether there is an `&` between them.
    pub(super) ampersand: bool,
    /// Whether the whole is encoded again: what PLAINTEXT sends.
    pub(super) twice: bool,
    pub(super) method: Method,
}

impl KeyModel {
    /// The text that keys HMAC and that PLAINTEXT sends.
    pub(super) fn text(&self) -> Zeroizing<Vec<u8>> {
        let room = 3 * (self.client.len() + self.token.len()) + 1;
        let mut text = Zeroizing::new(Vec::with_capacity(room));
        let put = |secret: &[u8], text: &mut Vec<u8>| {
            if self.encoded {
                Encoder::RFC.put(secret, text);
            } else {
                text.extend_from_slice(secret);
            }
        };
        put(&self.client, &mut text);
        if self.ampersand {
            text.push(b'&');
        }
        put(&self.token, &mut text);
        if self.twice {
            let mut again = Zeroizing::new(Vec::with_capacity(3 * text.len()));
            Encoder::RFC.put(&text, &mut again);
            return again;
        }
        text
    }
}

/// A key that checks signatures, all in constant time: what is compared may be a peer's guess.
pub(super) enum Key<'k> {
    #[cfg(feature = "hmac-sha1")]
    HmacSha1(crate::HmacSha1),
    #[cfg(feature = "hmac-sha256")]
    HmacSha256(crate::HmacSha256),
    #[cfg(feature = "hmac-sha512")]
    HmacSha512(crate::HmacSha512),
    Plaintext(Zeroizing<Vec<u8>>),
    #[cfg(feature = "_rsa")]
    Rsa(&'k RsaPublicKey, Method),
    /// Without RSA, no key is borrowed.
    #[cfg(not(feature = "_rsa"))]
    #[expect(dead_code, reason = "it cannot be constructed, and says so")]
    Never(core::convert::Infallible, core::marker::PhantomData<&'k ()>),
}

impl Key<'_> {
    #[cfg_attr(
        not(any(feature = "_hmac", feature = "_rsa")),
        expect(unused_variables, reason = "PLAINTEXT looks at no base string")
    )]
    pub(super) fn verifies(&self, base_string: &[u8], signature: &[u8]) -> bool {
        #[cfg(any(feature = "_hmac", feature = "_rsa"))]
        let verify = |key: &dyn VerifyingKey, method: Method| {
            let (text, value) = (BaseString::from_text(base_string), Value::plain(signature));
            key.verify(method.name(), &text, value) == Verdict::Valid
        };
        match self {
            #[cfg(feature = "hmac-sha1")]
            Self::HmacSha1(key) => verify(key, Method::HmacSha1),
            #[cfg(feature = "hmac-sha256")]
            Self::HmacSha256(key) => verify(key, Method::HmacSha256),
            #[cfg(feature = "hmac-sha512")]
            Self::HmacSha512(key) => verify(key, Method::HmacSha512),
            Self::Plaintext(key) => bool::from(subtle::ConstantTimeEq::ct_eq(&key[..], signature)),
            #[cfg(feature = "_rsa")]
            Self::Rsa(key, method) => verify(*key, *method),
            #[cfg(not(feature = "_rsa"))]
            Self::Never(never, _) => match *never {},
        }
    }

    /// Whether the base string has no part in the signature.
    pub(super) const fn is_plaintext(&self) -> bool {
        matches!(self, Self::Plaintext(_))
    }

    #[cfg(feature = "_rsa")]
    pub(super) const fn is_rsa(&self) -> bool {
        matches!(self, Self::Rsa(..))
    }

    #[cfg(not(feature = "_rsa"))]
    #[expect(clippy::unused_self, reason = "as where there are RSA keys")]
    pub(super) const fn is_rsa(&self) -> bool {
        false
    }
}
