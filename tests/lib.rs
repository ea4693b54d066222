//! The test vectors of `tests/vectors`, as Rust values, and the examples of the README and of the guide to
//! providers, which run.
#![forbid(unsafe_code)]
#![allow(
    missing_docs,
    reason = "the fields are those of tests/vectors/README.md"
)]

use std::{fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    BaseString, Body, HmacSha1, HmacSha256, HmacSha512, Parameter, Plaintext, RequestView,
    RsaPrivateKey, RsaPss, RsaSha1, RsaSha256, RsaSha512, Secret, SharedSecrets, SigningKey,
    Target, Value, Verdict, VerifyingKey, content_type::is_form,
};
use serde::{Deserialize, de::DeserializeOwned};

pub mod invariants;
pub mod reference;

/// A text, or bytes that are none.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Octets {
    Text(String),
    Bytes { base64: String },
}

impl Octets {
    /// The bytes.
    ///
    /// # Panics
    /// When the vector is no valid base64.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Bytes { base64 } => STANDARD.decode(base64).expect("base64 in a vector"),
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct RequestVector {
    pub id: String,
    pub method: String,
    pub url: String,
    pub body: Option<String>,
    pub content_type: Option<String>,
    pub oauth_params: Vec<(String, String)>,
    pub placement: Placement,
    pub realm: Option<String>,
    pub signature_method: String,
    pub client_secret: String,
    pub token_secret: String,
    pub rsa_key: Option<String>,
    pub printed: Option<Printed>,
    pub expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    Header,
    Query,
    Form,
}

#[derive(Debug, Deserialize)]
pub struct Printed {
    pub base_string: Option<String>,
    pub signature: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Expected {
    pub base_string_uri: String,
    pub parameters: Vec<(String, String)>,
    pub normalized: String,
    pub base_string: String,
    pub signing_key: Option<String>,
    pub signature: String,
    pub authorization: String,
    pub sent_url: Option<String>,
    pub sent_body: Option<String>,
}

impl RequestVector {
    /// The protocol parameters.
    #[must_use]
    pub fn protocol(&self) -> Vec<Parameter<'_>> {
        self.oauth_params
            .iter()
            .map(|(name, value)| Parameter::new(name, value))
            .collect()
    }

    /// The value of a protocol parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.oauth_params
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The request before it is signed.
    ///
    /// # Panics
    /// When the vector's URL is none.
    #[must_use]
    pub fn unsigned(&self) -> RequestView<'_> {
        self.view(&self.url, self.body.as_deref())
    }

    /// The request as it is sent.
    ///
    /// # Panics
    /// When the vector's URL is none.
    #[must_use]
    pub fn sent(&self) -> RequestView<'_> {
        let url = self.expected.sent_url.as_deref().unwrap_or(&self.url);
        self.view(
            url,
            self.expected.sent_body.as_deref().or(self.body.as_deref()),
        )
    }

    /// A view with another URL and body.
    ///
    /// # Panics
    /// When the URL is none.
    #[must_use]
    pub fn view<'a>(&'a self, url: &'a str, body: Option<&'a str>) -> RequestView<'a> {
        let target = Target::parse(url).unwrap_or_else(|error| panic!("{}: {error}", self.id));
        let form = self
            .content_type
            .as_ref()
            .is_some_and(|value| is_form(value.as_bytes()));
        let body = match body {
            None => Body::None,
            Some(body) if form || self.placement == Placement::Form => Body::Form(body.as_bytes()),
            Some(body) => Body::Opaque(body.as_bytes()),
        };
        RequestView::new(&self.method, target).with(body)
    }

    /// The key that signs and verifies.
    #[must_use]
    pub fn key(&self) -> AnyKey<'_> {
        AnyKey {
            method: &self.signature_method,
            client_secret: &self.client_secret,
            token_secret: &self.token_secret,
            rsa: self.rsa_key.as_deref().map(private_key),
        }
    }
}

/// A key that signs with the method that a vector names.
#[derive(Debug)]
pub struct AnyKey<'a> {
    pub method: &'a str,
    pub client_secret: &'a str,
    pub token_secret: &'a str,
    pub rsa: Option<RsaPrivateKey>,
}

impl AnyKey<'_> {
    /// The signature's text.
    ///
    /// # Panics
    /// When the method is unknown or its key is missing.
    #[must_use]
    pub fn sign(&self, base_string: &BaseString<'_>) -> String {
        let (client, token) = (
            Secret::from(self.client_secret),
            Secret::from(self.token_secret),
        );
        let rsa = || self.rsa.clone().expect("an RSA key");
        let mut out = Vec::new();
        match self.method {
            "HMAC-SHA1" => HmacSha1::new(&client, &token).sign(base_string, &mut out),
            "HMAC-SHA256" => HmacSha256::new(&client, &token).sign(base_string, &mut out),
            "HMAC-SHA512" => HmacSha512::new(&client, &token).sign(base_string, &mut out),
            "PLAINTEXT" => Plaintext::new(client, token).sign(base_string, &mut out),
            "RSA-SHA1" => RsaSha1::new(rsa()).sign(base_string, &mut out),
            "RSA-SHA256" => RsaSha256::new(rsa()).sign(base_string, &mut out),
            "RSA-SHA512" => RsaSha512::new(rsa()).sign(base_string, &mut out),
            "RSA-PSS" => RsaPss::new(rsa()).sign(base_string, &mut out),
            other => panic!("unknown method {other}"),
        }
        .expect("a signature");
        String::from_utf8(out).expect("a signature is text")
    }

    /// Whether the other side takes the signature.
    pub fn verify(&self, base_string: &BaseString<'_>, signature: &str) -> Verdict {
        self.verifying()
            .verify(self.method, base_string, Value::plain(signature))
    }

    /// What the other side knows.
    #[must_use]
    pub fn verifying(&self) -> Box<dyn VerifyingKey + '_> {
        match &self.rsa {
            Some(key) => Box::new(key.public_key()),
            None => Box::new(SharedSecrets::new(self.client_secret, self.token_secret)),
        }
    }
}

/// Where the vectors are.
#[must_use]
pub fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// A private key of `vectors/keys`.
///
/// # Panics
/// When there is none of that name.
#[must_use]
pub fn private_key(name: &str) -> RsaPrivateKey {
    let path = vectors().join("keys").join(format!("{name}.pem"));
    let pem =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    RsaPrivateKey::from_pem(&pem).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All cases of one file.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = vectors().join(file);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All requests of one folder, in the order of their names.
///
/// # Panics
/// When one cannot be read.
#[must_use]
pub fn requests(folder: &str) -> Vec<RequestVector> {
    let mut names: Vec<_> = fs::read_dir(vectors().join(folder))
        .expect("the vectors are there")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    names.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a readable vector");
        let vector: RequestVector = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(
            path.file_stem().and_then(|stem| stem.to_str()),
            Some(vector.id.as_str())
        );
        vector
    };
    names.iter().map(read).collect()
}

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the guide to providers.
#[cfg(doctest)]
#[doc = include_str!("../docs/guides/providers.md")]
struct Providers;

/// The examples of the guide to clients.
#[cfg(doctest)]
#[doc = include_str!("../docs/guides/clients.md")]
struct Clients;
