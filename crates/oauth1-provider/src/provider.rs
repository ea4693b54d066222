//! A provider and its settings.

use alloc::{string::String, sync::Arc};
use core::fmt;

use oauth1_core::{Timestamp, provider::Transport, verify::Policy};
use oauth1_store::{ProviderStore, Temporary};
use oauth1_tower::{
    EffectiveOrigin, VerifyLayer,
    verify::{Mismatch, OriginError},
};

use crate::{answer, owner::Application, service::ProviderService};

/// The endpoints of RFC 5849 section 2 over a store: settings, until it is made a
/// [service](Self::into_service) or a [router](Self::into_router).
///
/// As it comes: TLS is demanded, temporary credentials last ten minutes and bear five wrong verifiers,
/// tokens last until they are revoked, there are no sessions and no xAuth.
pub struct Provider<S, A> {
    store: Arc<S>,
    application: A,
    settings: Settings,
}

pub(crate) struct Settings {
    pub(crate) origin: EffectiveOrigin,
    pub(crate) policy: Policy<'static>,
    pub(crate) realm: String,
    pub(crate) paths: Paths,
    pub(crate) transport: Transport,
    pub(crate) temporary_seconds: u64,
    pub(crate) attempts: u32,
    pub(crate) token_seconds: Option<u64>,
    pub(crate) session_seconds: Option<u64>,
    pub(crate) xauth: bool,
    pub(crate) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(crate) on_mismatch: Option<Arc<Observe>>,
}

type Observe = dyn Fn(&Mismatch<'_>) + Send + Sync;

/// What the endpoints share.
pub(crate) struct Shared<S, A> {
    pub(crate) store: Arc<S>,
    pub(crate) application: A,
    pub(crate) settings: Settings,
}

/// Where the endpoints are, as paths of the provider's origin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paths {
    /// Temporary credentials (section 2.1): `/oauth/initiate`. Elsewhere often `/oauth/request_token`.
    pub temporary: String,
    /// Authorization (section 2.2): `/oauth/authorize`.
    pub authorization: String,
    /// Token credentials (section 2.3) and their renewal: `/oauth/token`. Elsewhere often
    /// `/oauth/access_token`.
    pub token: String,
    /// Revocation of the token that signs: `/oauth/revoke`.
    pub revocation: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            temporary: "/oauth/initiate".into(),
            authorization: "/oauth/authorize".into(),
            token: "/oauth/token".into(),
            revocation: "/oauth/revoke".into(),
        }
    }
}

impl<S: ProviderStore, A: Application> Provider<S, A> {
    /// A provider at a public origin, such as `https://photos.example.net`: what clients sign,
    /// whatever the server listens on. For others see [`with_origin`](Self::with_origin).
    ///
    /// # Errors
    /// [`OriginError`] when that is no origin.
    pub fn new(origin: &str, store: S, application: A) -> Result<Self, OriginError> {
        Ok(Self {
            store: Arc::new(store),
            application,
            settings: Settings {
                origin: EffectiveOrigin::fixed(origin)?,
                policy: Policy::new(),
                realm: origin.into(),
                paths: Paths::default(),
                transport: Transport::TlsOnly,
                temporary_seconds: 600,
                attempts: Temporary::ATTEMPTS,
                token_seconds: None,
                session_seconds: None,
                xauth: false,
                clock: Arc::new(Timestamp::now),
                on_mismatch: None,
            },
        })
    }

    /// The same settings for the application's own resources: a layer that lets through what is signed
    /// with tokens of this provider, and two-legged requests of clients that may make them. Behind it,
    /// [`Verified`](oauth1_tower::Verified)`<`[`Grant`](oauth1_store::Grant)`>` says whose owner's token
    /// it is and for which realms.
    #[must_use]
    pub fn verify_layer(&self) -> VerifyLayer<Arc<S>, Arc<S>> {
        self.settings
            .layer(Arc::clone(&self.store), Arc::clone(&self.store))
    }

    /// The store, to manage [`Clients`](crate::Clients) in or to list and revoke tokens.
    #[must_use]
    pub fn store(&self) -> Arc<S> {
        Arc::clone(&self.store)
    }

    /// As a tower service for every HTTP server.
    #[must_use]
    pub fn into_service(self) -> ProviderService<S, A> {
        ProviderService::new(Shared {
            store: self.store,
            application: self.application,
            settings: self.settings,
        })
    }

    /// As a router of axum's, with a route for each endpoint. It may be merged with the application's
    /// own.
    ///
    /// # Panics
    /// As axum does where one of the [`Paths`] does not begin with `/` or two are the same.
    #[cfg(feature = "axum")]
    pub fn into_router(self) -> axum::Router {
        let paths = self.settings.paths.clone();
        let service = self.into_service();
        axum::Router::new()
            .route_service(&paths.temporary, service.clone())
            .route_service(&paths.authorization, service.clone())
            .route_service(&paths.token, service.clone())
            .route_service(&paths.revocation, service)
    }
}

impl<S, A> Provider<S, A> {
    /// Another way to know the origin that requests are signed for.
    #[must_use]
    pub fn with_origin(mut self, origin: EffectiveOrigin) -> Self {
        self.settings.origin = origin;
        self
    }

    /// What is demanded of signed requests.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy<'static>) -> Self {
        self.settings.policy = policy;
        self
    }

    /// The realm that challenges name. As it comes: the origin.
    #[must_use]
    pub fn with_realm(mut self, realm: impl Into<String>) -> Self {
        self.settings.realm = realm.into();
        self
    }

    /// Where the endpoints are.
    #[must_use]
    pub fn with_paths(mut self, paths: Paths) -> Self {
        self.settings.paths = paths;
        self
    }

    /// Lets the origin be `http` where its host is a loopback address: for development and tests.
    /// Sections 2.1 and 2.3 demand TLS of everybody else.
    #[must_use]
    pub fn allow_loopback_without_tls(mut self) -> Self {
        self.settings.transport = Transport::LoopbackWithoutTls;
        self
    }

    /// How many seconds temporary credentials last: 600. The owner signs in and decides, and the client
    /// comes back, in that time.
    #[must_use]
    pub fn with_temporary_lifetime(mut self, seconds: u64) -> Self {
        self.settings.temporary_seconds = seconds;
        self
    }

    /// How many wrong verifiers temporary credentials bear: with the last they are gone. At least 1, as
    /// it comes 5: the code that people type has 40 bits.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// How many seconds tokens last. As it comes, until they are revoked.
    #[must_use]
    pub fn with_token_lifetime(mut self, seconds: u64) -> Self {
        self.settings.token_seconds = Some(seconds);
        self
    }

    /// Gives a session with each token (OAuth Session extension), in which it can be renewed for this
    /// many seconds. As it comes, there is none.
    #[must_use]
    pub fn with_sessions(mut self, seconds: u64) -> Self {
        self.settings.session_seconds = Some(seconds);
        self
    }

    /// Switches xAuth on, for clients that are registered for it: they send the owner's password, which
    /// the rest of OAuth is there to avoid.
    #[must_use]
    pub fn allow_xauth(mut self) -> Self {
        self.settings.xauth = true;
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Developer mode: shows each mismatch of a signature to `observe`, on the server's side, so that
    /// the owner of a client can be told what it does wrong. See
    /// [`VerifyLayer::on_mismatch`](oauth1_tower::VerifyLayer::on_mismatch); the
    /// [`verify_layer`](Self::verify_layer) has it too. The peer is told nothing.
    #[must_use]
    pub fn on_mismatch(mut self, observe: impl Fn(&Mismatch<'_>) + Send + Sync + 'static) -> Self {
        self.settings.on_mismatch = Some(Arc::new(observe));
        self
    }
}

impl Settings {
    /// A layer that verifies with these settings.
    pub(crate) fn layer<C, N>(&self, credentials: C, nonces: N) -> VerifyLayer<C, N> {
        let clock = Arc::clone(&self.clock);
        let layer = VerifyLayer::at(self.origin.clone(), &self.realm, credentials, nonces)
            .with_policy(self.policy)
            .with_answer(|refusal| answer::refused(refusal.response(), refusal.problem()))
            .with_clock(move || clock());
        match &self.on_mismatch {
            Some(observe) => {
                let observe = Arc::clone(observe);
                layer.on_mismatch(move |mismatch| observe(mismatch))
            }
            None => layer,
        }
    }
}

impl<S, A> fmt::Debug for Provider<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("origin", &self.settings.origin)
            .field("paths", &self.settings.paths)
            .finish_non_exhaustive()
    }
}
