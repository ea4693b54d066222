//! The layer and its settings.

use alloc::{boxed::Box, sync::Arc};
use core::fmt;

use bytes::Bytes;
use http::{Extensions, Response};
use oauth1_core::{
    StandIn, Timestamp, VerifyingKey,
    verify::{Policy, Verified as Chained},
};
use oauth1_store::CredentialStore;
use tower_layer::Layer;

use super::{
    Mismatch, Refusal, Verify,
    answer::MakeAnswer,
    budget::Budget,
    challenges::Challenges,
    origin::{EffectiveOrigin, OriginError},
};

/// Lets a request through to the service behind it only if it is signed, by whom the
/// [`CredentialStore`] knows and for the first time as the
/// [`NonceStore`](oauth1_store::NonceStore) remembers: see the [module](super).
///
/// The service behind it takes a request whose body is a [`VerifiedBody`](super::VerifiedBody); one
/// that wants another type has it by `map_request(|request| request.map(Body::new))`, and axum's takes
/// any. It finds [`Verified`](super::Verified) in the request's extensions.
pub struct VerifyLayer<C, N> {
    pub(super) settings: Arc<Settings>,
    pub(super) credentials: Arc<C>,
    pub(super) nonces: Arc<N>,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) origin: EffectiveOrigin,
    pub(super) policy: Policy<'static>,
    pub(super) challenges: Challenges,
    pub(super) unsigned: Unsigned,
    /// Given by the application; else the store's, and where that has none the usual one.
    stand_in: Option<Arc<dyn VerifyingKey + Send + Sync>>,
    usual_stand_in: StandIn,
    pub(super) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The refusal's own where there is none.
    pub(super) answer: Option<Arc<MakeAnswer>>,
    pub(super) on_verified: Option<Arc<Extend>>,
    pub(super) on_mismatch: Option<Arc<Observe>>,
    pub(super) logs_base_strings: bool,
    pub(super) explanations: Option<Arc<Budget>>,
    pub(super) drain_bytes: u64,
    pub(super) retry_after: u32,
}

/// What is done with a request without OAuth credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsigned {
    Refused,
    Anonymous,
}

/// Adds to what the handler finds in the extensions of a verified request.
pub(super) type Extend = dyn Fn(&Chained<'_>, &mut Extensions) + Send + Sync;

pub(super) type Observe = Box<dyn Fn(&Mismatch<'_>) + Send + Sync>;

impl<C, N> VerifyLayer<C, N> {
    /// For a server with one public origin, such as `https://api.example.com`: what its clients sign,
    /// whatever the server listens on. For others see [`with_origin`](Self::with_origin).
    ///
    /// # Errors
    /// [`OriginError`] when that is no origin.
    pub fn new(origin: &str, credentials: C, nonces: N) -> Result<Self, OriginError> {
        let fixed = EffectiveOrigin::fixed(origin)?;
        Ok(Self::at(fixed, origin, credentials, nonces))
    }

    /// For a server that knows its origin in its own way, and the realm that challenges name.
    pub fn at(origin: EffectiveOrigin, realm: &str, credentials: C, nonces: N) -> Self {
        let settings = Settings {
            origin,
            policy: Policy::new(),
            challenges: Challenges::new(realm),
            unsigned: Unsigned::Refused,
            stand_in: None,
            usual_stand_in: StandIn::new(),
            clock: Arc::new(Timestamp::now),
            answer: None,
            on_verified: None,
            on_mismatch: None,
            logs_base_strings: false,
            explanations: None,
            drain_bytes: 2 * 1024 * 1024,
            retry_after: 5,
        };
        Self {
            settings: Arc::new(settings),
            credentials: Arc::new(credentials),
            nonces: Arc::new(nonces),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    /// Another way to know the origin that requests are signed for.
    #[must_use]
    pub fn with_origin(self, origin: EffectiveOrigin) -> Self {
        self.with(|settings| settings.origin = origin)
    }

    /// What is demanded of a request: the window of its timestamp, methods, body hashes, limits. As it
    /// comes: [`Policy::new`].
    #[must_use]
    pub fn with_policy(self, policy: Policy<'static>) -> Self {
        self.with(|settings| settings.policy = policy)
    }

    /// The realm that challenges name. As it comes: the origin.
    #[must_use]
    pub fn with_realm(self, realm: &str) -> Self {
        self.with(|settings| settings.challenges = Challenges::new(realm))
    }

    /// Lets requests without any OAuth credentials through, with
    /// [`Anonymous`](super::Anonymous) in their extensions: another layer may know them, or handlers
    /// decide. One that is badly signed is refused all the same.
    ///
    /// A form is read first even so, since its parameters may be the signature; one above the limit is
    /// refused.
    #[must_use]
    pub fn allow_anonymous(self) -> Self {
        self.with(|settings| settings.unsigned = Unsigned::Anonymous)
    }

    /// The key that does the work of one which nobody has, so that unknown clients cost what others
    /// do. As it comes: that of the [store](oauth1_store::CredentialStore::stand_in), or else
    /// [`StandIn`], which fits shared secrets and RSA keys of 2048 bits.
    #[must_use]
    pub fn with_stand_in(self, key: impl VerifyingKey + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.stand_in = Some(Arc::new(key)))
    }

    /// Makes the answers to refused requests, in place of [`Refusal::response`]: start with that, and
    /// change the body, or headers. A 401 has its `WWW-Authenticate` in any case (RFC 9110 section
    /// 11.6.1).
    ///
    /// ```
    /// # use oauth1_store::memory::MemoryNonces;
    /// # use oauth1_tower::VerifyLayer;
    /// # fn layer<C>(credentials: C, nonces: MemoryNonces) -> Result<VerifyLayer<C, MemoryNonces>, Box<dyn std::error::Error>> {
    /// let layer = VerifyLayer::new("https://api.example.com", credentials, nonces)?.with_answer(|refusal| {
    ///     let mut response = refusal.response();
    ///     let json = http::HeaderValue::from_static("application/json");
    ///     response.headers_mut().insert("content-type", json);
    ///     *response.body_mut() = r#"{"error":"not signed as it must be"}"#.into();
    ///     response
    /// });
    /// # Ok(layer)
    /// # }
    /// ```
    #[must_use]
    pub fn with_answer(
        self,
        answer: impl Fn(&Refusal) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.with(|settings| settings.answer = Some(Arc::new(Box::new(answer))))
    }

    /// Reads more of a verified request than [`Verified`](super::Verified) has, while all its signed
    /// parameters are at hand, and puts it into the extensions that the handler gets; `Verified` itself
    /// is in them already.
    ///
    /// ```
    /// # use oauth1_store::memory::MemoryNonces;
    /// # use oauth1_tower::VerifyLayer;
    /// # fn layer<C>(credentials: C, nonces: MemoryNonces) -> Result<VerifyLayer<C, MemoryNonces>, Box<dyn std::error::Error>> {
    /// #[derive(Clone)]
    /// struct Requestor(String);
    ///
    /// let layer = VerifyLayer::new("https://api.example.com", credentials, nonces)?
    ///     .on_verified(|verified, extensions| {
    ///         let mut parameters = verified.parameters();
    ///         let found = parameters.find(|(name, _)| *name == "xoauth_requestor_id");
    ///         if let Some((_, value)) = found {
    ///             extensions.insert(Requestor(value.to_string_lossy()));
    ///         }
    ///     });
    /// # Ok(layer)
    /// # }
    /// ```
    #[must_use]
    pub fn on_verified(
        self,
        extend: impl Fn(&Chained<'_>, &mut Extensions) + Send + Sync + 'static,
    ) -> Self {
        self.with(|settings| settings.on_verified = Some(Arc::new(extend)))
    }

    /// Shows each mismatch of a signature to `observe`, on the server's side: to compare base strings,
    /// or to find what the client does wrong. It runs before the answer is sent; keep it short, or hand
    /// the work on.
    #[must_use]
    pub fn on_mismatch(self, observe: impl Fn(&Mismatch<'_>) + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.on_mismatch = Some(Arc::new(Box::new(observe))))
    }

    /// Logs the base string of requests whose signature does not match, as the server computes it. It
    /// has every parameter of the request in it, passwords in forms among them: while one looks for a
    /// fault, and no longer.
    #[must_use]
    pub fn log_base_strings(self) -> Self {
        self.with(|settings| settings.logs_base_strings = true)
    }

    /// Logs of requests whose signature does not match what the client does otherwise than RFC 5849 has it:
    /// see [`Mismatch::explain`]. That is some milliseconds of work, which anybody can ask for; so it is
    /// done for `per_second` requests a second, and not for those beyond.
    #[must_use]
    pub fn log_explanations(self, per_second: u32) -> Self {
        self.with(|settings| settings.explanations = Some(Arc::new(Budget::new(per_second))))
    }

    /// How many bytes of the body of a refused HTTP/1 request are read, and forgotten, before it is
    /// answered: 2 MiB, twice the limit of forms. A server that closes the connection while the client
    /// still sends makes the client lose the answer. A longer body is answered at once, and the
    /// connection closed.
    #[must_use]
    pub fn with_drain_bytes(self, bytes: u64) -> Self {
        self.with(|settings| settings.drain_bytes = bytes)
    }

    /// What `Retry-After` says, in seconds, where a store cannot answer: 5.
    #[must_use]
    pub fn with_retry_after(self, seconds: u32) -> Self {
        self.with(|settings| settings.retry_after = seconds)
    }

    /// Another clock than the system's: for tests, and for servers that know better.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.clock = Arc::new(clock))
    }
}

impl<C: CredentialStore, N> VerifyLayer<C, N> {
    /// What is asked where there is no key.
    pub(super) fn stand_in(&self) -> &dyn VerifyingKey {
        let settings = &self.settings;
        match (&settings.stand_in, self.credentials.stand_in()) {
            (Some(given), _) => &**given,
            (None, Some(of_store)) => of_store,
            (None, None) => &settings.usual_stand_in,
        }
    }
}

impl<C, N> Clone for VerifyLayer<C, N> {
    fn clone(&self) -> Self {
        Self {
            settings: Arc::clone(&self.settings),
            credentials: Arc::clone(&self.credentials),
            nonces: Arc::clone(&self.nonces),
        }
    }
}

impl<C, N> fmt::Debug for VerifyLayer<C, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer")
            .field("origin", &self.settings.origin)
            .field("policy", &self.settings.policy)
            .field("realm", &self.settings.challenges.realm())
            .field("unsigned", &self.settings.unsigned)
            .finish_non_exhaustive()
    }
}

impl<S, C, N> Layer<S> for VerifyLayer<C, N> {
    type Service = Verify<S, C, N>;

    fn layer(&self, service: S) -> Self::Service {
        Verify::new(service, self.clone())
    }
}
