//! The first leg (RFC 5849 section 2.1): temporary credentials.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use ::http::{HeaderMap, StatusCode};

use super::{
    Authorize, Confirmation, FlowError, Leg, Outgoing, Server, StartError,
    address::{self, with_pairs, with_query},
    reply::Reply,
};
use crate::{
    credentials::{ClientCredentials, Secret, TemporaryCredentials},
    method::{KeyFrom, SigningKey},
    signer::Signer,
};

/// The callback of a client that the resource owner cannot be sent back to: the server shows a
/// verifier, a "PIN", to be typed in (section 2.1).
#[doc(alias = "pin")]
pub const OUT_OF_BAND: &str = "oob";

/// Where the flow starts: a server, a client, and where the resource owner is to come back to.
///
/// ```
/// use oauth1_core::{ClientCredentials, HmacSha1, flow::{Leg, Server, Start}};
///
/// # let server = Server::new("https://photos.example.net/initiate",
/// #     "https://photos.example.net/authorize", "https://photos.example.net/token")?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let leg = Start::new(&server, &client, "http://printer.example.com/ready")
///     .with_authorization_parameter("perms", "read")
///     .request::<HmacSha1>()?;
/// assert_eq!(leg.outgoing().request().uri(), "https://photos.example.net/initiate");
/// # Ok::<(), oauth1_core::flow::StartError>(())
/// ```
#[derive(Debug)]
pub struct Start<'a, C = Secret<'a>> {
    server: &'a Server,
    client: &'a ClientCredentials<'a, C>,
    callback: Option<String>,
    parameters: Vec<(String, String)>,
    authorization_parameters: Vec<(String, String)>,
    authenticate: bool,
}

impl<'a, C> Start<'a, C> {
    /// `callback` is an absolute URI, or [`OUT_OF_BAND`].
    #[must_use]
    pub fn new(
        server: &'a Server,
        client: &'a ClientCredentials<'a, C>,
        callback: impl Into<String>,
    ) -> Self {
        Self {
            callback: Some(callback.into()),
            ..Self::without_callback(server, client)
        }
    }

    /// Sends no `oauth_callback`: for servers with [`Confirmation::None`], and no other.
    #[must_use]
    pub fn without_callback(server: &'a Server, client: &'a ClientCredentials<'a, C>) -> Self {
        Self {
            server,
            client,
            callback: None,
            parameters: Vec::new(),
            authorization_parameters: Vec::new(),
            authenticate: false,
        }
    }

    /// Adds a parameter to the request for temporary credentials, such as `scope` or
    /// `x_auth_access_type`: to the query of the endpoint, or, if its name begins with `oauth_`, to the
    /// protocol parameters.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Adds a parameter to the authorization URL of this flow: `perms`, `scope`, `expiration`,
    /// `force_login` and whatever the server knows.
    #[must_use]
    pub fn with_authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let pair = (name.into(), value.into());
        self.authorization_parameters.push(pair);
        self
    }

    /// Sends the resource owner to the URL that only asks who has not authorized the client before:
    /// "sign in with". See [`Server::with_authentication`].
    #[doc(alias = "sign in")]
    #[must_use]
    pub fn authenticate(mut self) -> Self {
        self.authenticate = true;
        self
    }

    /// The request of the first leg.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn request<K: KeyFrom<C>>(self) -> Result<AwaitTemporary<K>, StartError> {
        let server = self.server;
        if !self.callback.as_deref().is_none_or(is_callback) {
            return Err(StartError::Callback);
        }
        let mut address = server.temporary()?.clone();
        let mut extra = Vec::new();
        for (name, value) in self.parameters {
            if name.starts_with("oauth_") {
                extra.push((name, value));
            } else {
                address.uri = with_query(&address.uri, (&name, &value))?;
            }
        }
        let mut signer = Signer::<K>::for_client(self.client);
        if server.empty_token {
            signer = signer.with_token("");
        }
        let mut outgoing = server.outgoing(&address, signer, None)?;
        outgoing.extra = extra;
        let at_authorization = server.confirmation == Confirmation::AtAuthorization;
        if !at_authorization {
            outgoing.callback.clone_from(&self.callback);
        }

        let (which, url) = if self.authenticate {
            (address::AUTHENTICATION, &server.authentication)
        } else {
            (address::AUTHORIZATION, &server.authorization)
        };
        let url = url.clone().ok_or(StartError::NoEndpoint(which))?;
        let mut pairs = Vec::new();
        if let Some(name) = &server.client_name {
            pairs.push((name.to_string(), self.client.identifier().to_owned()));
        }
        pairs.extend(server.authorization_parameters.iter().cloned());
        pairs.extend(self.authorization_parameters);
        let callback = self
            .callback
            .filter(|callback| at_authorization && callback != OUT_OF_BAND);
        pairs.extend(callback.map(|callback| ("oauth_callback".into(), callback)));
        if pairs.iter().any(|(name, _)| *name == server.token_name) {
            return Err(StartError::ReservedParameter(which));
        }
        Ok(AwaitTemporary {
            outgoing,
            url,
            token_name: server.token_name.to_string(),
            pairs,
            confirmation: server.confirmation,
        })
    }
}

/// "An absolute URI back to which the server will redirect the resource owner [...] or [...] the
/// parameter value MUST be set to "oob" (case sensitive)" (section 2.1). Applications have schemes of
/// their own.
fn is_callback(text: &str) -> bool {
    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    let is_uri = text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
    });
    text == OUT_OF_BAND || is_uri
}

/// Awaits the answer of the first leg.
#[derive(Debug)]
pub struct AwaitTemporary<K> {
    outgoing: Outgoing<K>,
    url: String,
    token_name: String,
    pairs: Vec<(String, String)>,
    confirmation: Confirmation,
}

impl<K: SigningKey> Leg for AwaitTemporary<K> {
    type Key = K;
    type Next = Authorize;

    fn outgoing(&self) -> &Outgoing<K> {
        &self.outgoing
    }

    fn receive(
        mut self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Authorize, FlowError> {
        let mut reply = Reply::read(status, headers, body)?;
        let identifier = reply.require("oauth_token")?;
        let secret = reply.secret("oauth_token_secret")?;
        let confirmed = reply
            .take("oauth_callback_confirmed")?
            // Authlib's provider writes `True`: it does confirm.
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if !confirmed && self.confirmation == Confirmation::Required {
            return Err(FlowError::NotConfirmed);
        }
        let core_1_0 = !confirmed && self.confirmation == Confirmation::Core10;
        self.pairs.insert(0, (self.token_name, identifier.clone()));
        // OAuth Core 1.0 section 6.2.1: the callback travels with the resource owner.
        let callback = self.outgoing.callback.take();
        let callback = callback.filter(|callback| core_1_0 && callback != OUT_OF_BAND);
        self.pairs
            .extend(callback.map(|callback| ("oauth_callback".into(), callback)));
        let pairs = self.pairs.iter();
        let url = with_pairs(&self.url, pairs.map(|(name, value)| (&**name, &**value)));
        Ok(Authorize {
            temporary: TemporaryCredentials::new(identifier, secret),
            url,
            core_1_0,
            parameters: reply.rest(),
        })
    }
}
