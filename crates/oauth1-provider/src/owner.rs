//! The application behind a provider: who is signed in, and what is shown to them.

use alloc::{string::String, vec::Vec};
use core::{
    fmt,
    future::{Future, ready},
};

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, LOCATION},
    request::Parts,
};
use http_body_util::Full;
use oauth1_core::Secret;

use crate::page::{ConsentPage, Notice, Page, VerifierPage};

/// What a provider leaves to the application: how resource owners sign in, how pages look, and what a
/// token reply says of an owner.
///
/// Only [`signed_in`](Self::signed_in) must be written.
///
/// ```
/// use http::request::Parts;
/// use oauth1_provider::{Application, Owner, SignIn};
///
/// struct Photos;
///
/// impl Application for Photos {
///     async fn signed_in(&self, request: &Parts) -> SignIn {
///         // Look up the session of the application's own cookie.
///         match request.headers.get("cookie") {
///             Some(cookie) if cookie == "session=6Hq8gKkTLWVxAYcxvEjd4w" => {
///                 let owner = Owner::new("jane", String::from("6Hq8gKkTLWVxAYcxvEjd4w"));
///                 SignIn::As(owner.expect("long enough"))
///             }
///             _ => SignIn::redirect("/login?next=/oauth/authorize"),
///         }
///     }
/// }
/// ```
pub trait Application: Send + Sync + 'static {
    /// Who sends this request (RFC 5849 section 2.2: the server "MUST first verify the identity of the
    /// resource owner"). Asked for the page and again for the decision. A request's URI is the one to
    /// come back to after a sign-in.
    fn signed_in(&self, request: &Parts) -> impl Future<Output = SignIn> + Send;

    /// The page that asks the owner. Whatever it looks like, its form is sent by POST to the same
    /// URI with the pairs of [`ConsentPage::fields`] and `decision`, which is `approve` or `deny`.
    fn consent_page(&self, consent: &ConsentPage<'_>) -> Page {
        consent.to_page()
    }

    /// The page that shows a verifier to be typed into the client (`oob`).
    fn verifier_page(&self, verifier: &VerifierPage<'_>) -> Page {
        verifier.to_page()
    }

    /// The page that says why there is nothing to decide, or that the decision was taken down.
    fn notice_page(&self, notice: Notice) -> Page {
        notice.to_page()
    }

    /// What a token reply says of the owner besides the credentials, such as `user_id` and
    /// `screen_name`. Names that begin with `oauth_` are left out.
    fn token_reply(&self, owner: &str) -> impl Future<Output = Vec<(String, String)>> + Send {
        let _ = owner;
        ready(Vec::new())
    }

    /// Whose name and password these are, for xAuth: asked only where the provider and the client's
    /// registration allow it. An unknown name must take as long as a wrong password, and it is for the
    /// application to limit how often somebody may try.
    fn check_password(
        &self,
        client: &str,
        username: &str,
        password: &str,
    ) -> impl Future<Output = Option<String>> + Send {
        let _ = (client, username, password);
        ready(None)
    }
}

/// A resource owner who is signed in, and the session that the decision is bound to.
#[derive(Clone)]
pub struct Owner {
    pub(crate) identifier: String,
    pub(crate) session: Secret<'static>,
    pub(crate) name: Option<String>,
}

impl Owner {
    /// The application's identifier for the owner, which is stored with the token, and a secret of the
    /// browser's session: the value of its cookie, or a value that is derived from it. A page cannot
    /// be made to approve anything by anybody who does not know that secret (section 4.13).
    ///
    /// # Errors
    /// [`WeakSession`] for a session of fewer than 16 bytes, which could be guessed.
    pub fn new(
        identifier: impl Into<String>,
        session: impl Into<Secret<'static>>,
    ) -> Result<Self, WeakSession> {
        let session = session.into();
        if session.expose().len() < 16 {
            return Err(WeakSession);
        }
        Ok(Self {
            identifier: identifier.into(),
            session,
            name: None,
        })
    }

    /// What the owner is called on the page.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner")
            .field("identifier", &self.identifier)
            .finish_non_exhaustive()
    }
}

/// A session's secret is too short to protect a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WeakSession;

impl fmt::Display for WeakSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the secret of a session has at least 16 bytes")
    }
}

impl core::error::Error for WeakSession {}

/// Whether somebody is signed in.
#[derive(Debug)]
pub enum SignIn {
    /// Yes.
    As(Owner),
    /// No, and this is the answer: most often a redirect to the application's own page for it.
    Needed(Response<Full<Bytes>>),
}

impl SignIn {
    /// Nobody is signed in: the browser is sent to `location` (status 303).
    ///
    /// A `location` that no header can hold is answered with status 500.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        let mut response = Response::new(Full::default());
        match HeaderValue::from_str(location) {
            Ok(location) => {
                *response.status_mut() = StatusCode::SEE_OTHER;
                response.headers_mut().insert(LOCATION, location);
            }
            Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        }
        let no_store = HeaderValue::from_static("no-store");
        response.headers_mut().insert(CACHE_CONTROL, no_store);
        Self::Needed(response)
    }
}
