//! The end of the third leg (RFC 5849 section 2.3): token credentials.

use ::http::{HeaderMap, StatusCode};

use super::{FlowError, Leg, Outgoing, Parameters, Session, reply::Reply};
use crate::{
    credentials::{Secret, TokenCredentials},
    method::SigningKey,
    stamp::Timestamp,
};

/// Awaits token credentials: from the third leg, from xAuth, from reverse authentication or from the
/// renewal of a session.
#[derive(Debug)]
pub struct AwaitToken<K> {
    outgoing: Outgoing<K>,
    /// The session handle that is renewed, which the answer may leave as it is.
    handle: Option<Secret<'static>>,
}

impl<K> AwaitToken<K> {
    pub(super) const fn new(outgoing: Outgoing<K>, handle: Option<Secret<'static>>) -> Self {
        Self { outgoing, handle }
    }
}

impl<K: SigningKey> Leg for AwaitToken<K> {
    type Key = K;
    type Next = Granted;

    fn outgoing(&self) -> &Outgoing<K> {
        &self.outgoing
    }

    fn receive(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Granted, FlowError> {
        let mut granted = Granted::of(Reply::read(status, headers, body)?)?;
        granted.handle = granted.handle.or(self.handle);
        Ok(granted)
    }
}

/// Token credentials, and what else the server answered with them.
///
/// ```
/// use oauth1_core::{Timestamp, flow::Granted};
///
/// let granted = Granted::from_text(
///     b"oauth_token=nnch734d00sl2jdk&oauth_token_secret=pfkkdhi9sl3r4s00&screen_name=jane\
///       &oauth_session_handle=ODAwYjYz&oauth_expires_in=3600",
/// )?;
/// assert_eq!(granted.credentials().identifier(), "nnch734d00sl2jdk");
/// assert_eq!(granted.parameters().get("screen_name"), Some("jane"));
///
/// let now = Timestamp::from_unix_seconds(1_700_000_000);
/// let session = granted.session(now).expect("a session handle");
/// assert_eq!(session.expires_at(), Some(Timestamp::from_unix_seconds(1_700_003_600)));
/// # Ok::<(), oauth1_core::flow::FlowError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Granted {
    credentials: TokenCredentials<'static>,
    handle: Option<Secret<'static>>,
    expires_in: Option<u64>,
    authorization_expires_in: Option<u64>,
    parameters: Parameters,
}

impl Granted {
    /// From the text of an answer: a form, as servers send it, or as it was kept.
    ///
    /// # Errors
    /// [`FlowError`].
    pub fn from_text(form: &[u8]) -> Result<Self, FlowError> {
        Self::of(Reply::read(StatusCode::OK, &HeaderMap::new(), form)?)
    }

    fn of(mut reply: Reply) -> Result<Self, FlowError> {
        let identifier = reply.require("oauth_token")?;
        let secret = reply.secret("oauth_token_secret")?;
        let handle = reply.take("oauth_session_handle")?;
        Ok(Self {
            credentials: TokenCredentials::new(identifier, secret),
            handle: handle
                .filter(|handle| !handle.is_empty())
                .map(|mut handle| Secret::from(core::mem::take(&mut *handle))),
            expires_in: reply.seconds("oauth_expires_in")?,
            authorization_expires_in: reply.seconds("oauth_authorization_expires_in")?,
            parameters: reply.rest(),
        })
    }

    /// What signs requests for the resource owner's resources.
    #[must_use]
    pub const fn credentials(&self) -> &TokenCredentials<'static> {
        &self.credentials
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_credentials(self) -> TokenCredentials<'static> {
        self.credentials
    }

    /// What else the server answered: `user_id`, `screen_name` and the like.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// After how many seconds the token expires, where the server says so.
    #[must_use]
    pub const fn expires_in(&self) -> Option<u64> {
        self.expires_in
    }

    /// The session that these credentials can be renewed with, where the server gave a handle for it.
    /// `now` is when the answer was received. To be stored in place of the credentials alone.
    #[must_use]
    pub fn session(&self, now: Timestamp) -> Option<Session> {
        let at =
            |seconds: u64| Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(seconds));
        Some(Session {
            credentials: self.credentials.clone(),
            handle: self.handle.clone()?,
            expires_at: self.expires_in.map(at),
            authorization_expires_at: self.authorization_expires_in.map(at),
        })
    }
}
