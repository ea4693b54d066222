//! Who gives credentials.

use std::sync::Mutex;

use anyhow::{Context as _, bail};
use oauth1_adapters::{CLIENT, CLIENT_SECRET, Method, RSA_CLIENT, browse, rsa_key};
use oauth1_core::{ClientCredentials, RsaPrivateKey, form};

use super::{Consent, Way, ours};

/// A running provider.
#[derive(Debug)]
pub struct Provider {
    name: String,
    urls: [String; 4],
    client: ClientCredentials<'static>,
    rsa_client: ClientCredentials<'static, RsaPrivateKey>,
    beyond: fn(&Way) -> Option<&'static str>,
    consent: fn(&str) -> anyhow::Result<Consent>,
    /// It runs for as long as this is there.
    _program: Option<Mutex<oauth1_foreign::Server>>,
}

/// What starts a provider.
pub(crate) type Start = fn() -> anyhow::Result<Provider>;

/// Every provider, in the order of the matrix.
pub const PROVIDERS: [Start; 3] = [ours, oauthlib, authlib];

/// `oauth1-provider`.
fn ours() -> anyhow::Result<Provider> {
    let ours::Running {
        origin,
        client,
        rsa_client,
    } = ours::serve()?;
    Ok(Provider {
        name: "oauth1-provider".into(),
        urls: [
            "/oauth/initiate",
            "/oauth/authorize",
            "/oauth/token",
            "/photos?size=original",
        ]
        .map(|path| [&origin, path].concat()),
        client,
        rsa_client: ClientCredentials::with_key(rsa_client, rsa_key()),
        beyond: |_| None,
        consent: ours::consent,
        _program: None,
    })
}

/// oauthlib's `WebApplicationServer`.
fn oauthlib() -> anyhow::Result<Provider> {
    Provider::foreign("oauthlib", |_| None)
}

/// Authlib's `AuthorizationServer` for Flask.
fn authlib() -> anyhow::Result<Provider> {
    Provider::foreign("Authlib", |way| {
        (way.method == Method::HmacSha256)
            .then_some("it has HMAC-SHA1, RSA-SHA1 and PLAINTEXT alone")
    })
}

impl Provider {
    fn foreign(name: &str, beyond: fn(&Way) -> Option<&'static str>) -> anyhow::Result<Self> {
        let mut program = oauth1_foreign::Server::start(crate::server::provider(name)?)?;
        let origin = format!("http://127.0.0.1:{}", program.port());
        Ok(Self {
            name: program.line()?,
            urls: ["/initiate", "/authorize", "/token", "/photos?size=original"]
                .map(|path| [&origin, path].concat()),
            client: ClientCredentials::new(CLIENT, CLIENT_SECRET),
            rsa_client: ClientCredentials::with_key(RSA_CLIENT, rsa_key()),
            beyond,
            consent,
            _program: Some(Mutex::new(program)),
        })
    }

    /// Its name, with the version where it is not ours.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The endpoints of the three legs, and a resource.
    #[must_use]
    pub fn urls(&self) -> [String; 4] {
        self.urls.clone()
    }

    /// The client with a shared secret.
    #[must_use]
    pub const fn client(&self) -> &ClientCredentials<'static> {
        &self.client
    }

    /// The client with an RSA key.
    #[must_use]
    pub const fn rsa_client(&self) -> &ClientCredentials<'static, RsaPrivateKey> {
        &self.rsa_client
    }

    /// Why it has no such way.
    #[must_use]
    pub fn beyond(&self, way: &Way) -> Option<&'static str> {
        (self.beyond)(way)
    }

    /// What a resource owner does who opens this URL and agrees.
    ///
    /// # Errors
    /// When there is nothing to agree to.
    pub fn consent(&self, url: &str) -> anyhow::Result<Consent> {
        (self.consent)(url)
    }
}

/// Providers of tests agree by themselves.
fn consent(url: &str) -> anyhow::Result<Consent> {
    let page = browse(url)?;
    if let Some(callback) = page.location {
        let callback = Some(callback);
        return Ok(Consent {
            callback,
            verifier: None,
        });
    }
    let mut pairs = form::pairs(page.body.as_bytes());
    let Some((_, verifier)) = pairs.find(|(name, _)| *name == "oauth_verifier") else {
        bail!("{page:?}");
    };
    let verifier = verifier.to_str().context("a verifier that is no text")?;
    Ok(Consent {
        callback: None,
        verifier: Some(verifier.into_owned()),
    })
}
