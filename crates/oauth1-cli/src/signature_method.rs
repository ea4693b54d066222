//! The signature methods by their names.

use clap::ValueEnum;
use oauth1_core::{Digest, profile::Profile};

use crate::problem::Problem;

/// A signature method: the value of `oauth_signature_method`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignatureMethod {
    #[default]
    #[value(name = "HMAC-SHA1")]
    HmacSha1,
    #[value(name = "HMAC-SHA256")]
    HmacSha256,
    #[value(name = "HMAC-SHA512")]
    HmacSha512,
    #[value(name = "RSA-SHA1")]
    RsaSha1,
    #[value(name = "RSA-SHA256")]
    RsaSha256,
    #[value(name = "RSA-SHA512")]
    RsaSha512,
    #[value(name = "RSA-PSS")]
    RsaPss,
    #[value(name = "PLAINTEXT")]
    Plaintext,
}

impl SignatureMethod {
    pub(crate) const ALL: [Self; 8] = [
        Self::HmacSha1,
        Self::HmacSha256,
        Self::HmacSha512,
        Self::RsaSha1,
        Self::RsaSha256,
        Self::RsaSha512,
        Self::RsaPss,
        Self::Plaintext,
    ];

    pub(crate) const fn name(self) -> &'static str {
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

    pub(crate) fn of_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.name().as_bytes() == name)
    }

    /// The same, where `field` has to be one of them.
    pub(crate) fn of_field(field: &str, name: &str) -> Result<Self, Problem> {
        Self::of_name(name.as_bytes()).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::name).collect();
            Problem::field(format!("{field}: expected one of {}", known.join(", ")))
        })
    }

    /// The one that a provider likes best.
    pub(crate) fn of_provider(provider: &Profile) -> Self {
        let mut known = provider.signature_methods.iter();
        known
            .find_map(|name| Self::of_name(name.as_bytes()))
            .unwrap_or_default()
    }

    /// Whether it signs with a private key, not with shared secrets.
    pub(crate) const fn is_rsa(self) -> bool {
        matches!(
            self,
            Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512 | Self::RsaPss
        )
    }

    /// What hashes the body.
    pub(crate) fn digest(self) -> Option<Digest> {
        Digest::of_method(self.name())
    }
}
