//! What travels with requests and responses besides the protocol.

use alloc::{string::String, sync::Arc, vec::Vec};
use core::fmt;

use oauth1_core::{Parameter, ProtocolParameters, Timestamp, UsedStamp};

/// In a request's extensions: it is not signed, even where its origin is one of the layer's. For a redirect
/// policy, once a request has been sent to another origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsigned;

/// In a request's extensions: the protocol parameters that it has and others have not (RFC 5849 sections
/// 2.1 and 2.3). Layers that retry and redirect carry them along.
///
/// ```
/// use oauth1_tower::sign::Parameters;
///
/// let mut request = http::Request::post("https://api.example.com/request_token").body(())?;
/// request.extensions_mut().insert(Parameters::new().with_callback("https://app.example/callback"));
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Parameters {
    callback: Option<String>,
    verifier: Option<String>,
    extra: Vec<(String, String)>,
}

impl Parameters {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `oauth_callback`, or `oob`.
    #[must_use]
    pub fn with_callback(self, callback: impl Into<String>) -> Self {
        Self {
            callback: Some(callback.into()),
            ..self
        }
    }

    /// `oauth_verifier`.
    #[must_use]
    pub fn with_verifier(self, verifier: impl Into<String>) -> Self {
        Self {
            verifier: Some(verifier.into()),
            ..self
        }
    }

    /// One that neither RFC 5849 nor this crate knows.
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Lends them.
    pub(super) fn with<T>(&self, use_them: impl FnOnce(ProtocolParameters<'_>) -> T) -> T {
        let extra = self.extra.iter();
        let extra: Vec<_> = extra
            .map(|(name, value)| Parameter::new(name, value))
            .collect();
        let mut parameters = ProtocolParameters::NONE.with_extra(&extra);
        if let Some(callback) = &self.callback {
            parameters = parameters.with_callback(callback);
        }
        if let Some(verifier) = &self.verifier {
            parameters = parameters.with_verifier(verifier);
        }
        use_them(parameters)
    }
}

/// Without values: a verifier is a credential.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("Parameters")
            .field("callback", &self.callback.is_some())
            .field("verifier", &self.verifier.is_some())
            .field("extra", &extra)
            .finish()
    }
}

/// In a response's extensions: the timestamp and the nonce that its request was signed with. Some replies
/// must be checked against them.
#[derive(Clone, Debug)]
pub struct SentStamp(pub(super) Arc<UsedStamp<'static>>);

impl SentStamp {
    /// The `oauth_timestamp` that was sent.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.0.timestamp()
    }

    /// The `oauth_nonce` that was sent.
    #[must_use]
    pub fn nonce(&self) -> &str {
        self.0.nonce()
    }
}

/// In a response's extensions: it is a refusal that has corrected the client's clock, so that the same
/// request, sent again once, has a timestamp that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockCorrected;
