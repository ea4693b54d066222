//! The server's endpoints, and how it wants them used.

use alloc::{borrow::Cow, string::String, vec::Vec};

use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};

use super::{
    Outgoing, Redirects, StartError,
    address::{
        AUTHENTICATION, AUTHORIZATION, Address, RENEWAL, TEMPORARY, TOKEN, check, is_secure,
    },
};
use crate::{
    authorization::Transmission,
    exchange::Client,
    signer::{BodyHashRule, Signer},
};

/// Whether the server must confirm the callback: `oauth_callback_confirmed=true` in the answer to the
/// first request (RFC 5849 section 2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confirmation {
    /// It must. "REQUIRED. MUST be present and set to "true"", section 2.1 says; it tells the server
    /// apart from one of OAuth Core 1.0. Capitals are let in: there are servers that write `True`.
    #[default]
    Required,
    /// A server of OAuth Core 1.0 (2007) is good enough: it gets the callback with the authorization
    /// URL, and sends the resource owner back without a verifier.
    ///
    /// Its flow has no defence against session fixation: an attacker begins it, has somebody else
    /// follow the authorization URL, and ends it with that person's consent. That is why RFC 5849
    /// appendix A and OAuth Core 1.0 Revision A have the verifier. Only where the server cannot do
    /// better, and the resource owner starts and ends the flow in one place.
    Core10,
    /// The server hands out temporary credentials without a callback to confirm: the resource owner
    /// has consented already, and the client has the verifier in another way (Magento's integrations).
    None,
    /// The server gets the callback with the authorization URL, as in OAuth Core 1.0, but sends a
    /// verifier, which is demanded (Garmin). It must send nobody to a callback that was not agreed
    /// upon beforehand: a client cannot make sure of that.
    AtAuthorization,
}

/// The endpoints of RFC 5849 section 2, and how the server wants them used: kept for as long as one
/// likes, and shared.
///
/// ```
/// use oauth1_core::flow::Server;
///
/// let server = Server::new(
///     "https://photos.example.net/initiate",
///     "https://photos.example.net/authorize",
///     "https://photos.example.net/token",
/// )?
/// .with_authorization_parameter("perms", "read");
/// # Ok::<(), oauth1_core::flow::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Server {
    temporary: Option<Address>,
    pub(super) authorization: Option<String>,
    pub(super) authentication: Option<String>,
    token: Address,
    renewal: Option<Address>,
    pub(super) token_name: Cow<'static, str>,
    pub(super) client_name: Option<Cow<'static, str>>,
    pub(super) authorization_parameters: Vec<(String, String)>,
    headers: HeaderMap,
    realm: Option<String>,
    transmission: Transmission,
    body_hash: BodyHashRule,
    version: bool,
    pub(super) empty_token: bool,
    pub(super) confirmation: Confirmation,
    without_tls: bool,
    clock_correction: u64,
}

impl Server {
    /// With the three endpoints: absolute URIs, each with a query if need be. The requests of the first
    /// and the third leg are `POST`s until [`with_methods`](Self::with_methods) says otherwise.
    ///
    /// # Errors
    /// [`StartError::Endpoint`] for a URI that is none, [`StartError::ReservedParameter`] for one with
    /// an `oauth_` parameter in its query.
    pub fn new(temporary: &str, authorization: &str, token: &str) -> Result<Self, StartError> {
        Self::with_token_endpoint(token)?
            .with_temporary_endpoint(temporary)?
            .with_authorization_endpoint(authorization)
    }

    pub(crate) fn with_temporary_endpoint(mut self, uri: &str) -> Result<Self, StartError> {
        self.temporary = Some(Address::new(TEMPORARY, uri)?);
        Ok(self)
    }

    pub(crate) fn with_authorization_endpoint(mut self, uri: &str) -> Result<Self, StartError> {
        check(AUTHORIZATION, uri)?;
        self.authorization = Some(uri.into());
        Ok(self)
    }

    /// With the token endpoint alone: for xAuth and for the renewal of sessions.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_token_endpoint(token: &str) -> Result<Self, StartError> {
        Ok(Self {
            temporary: None,
            authorization: None,
            authentication: None,
            token: Address::new(TOKEN, token)?,
            renewal: None,
            token_name: Cow::Borrowed("oauth_token"),
            client_name: None,
            authorization_parameters: Vec::new(),
            headers: HeaderMap::new(),
            realm: None,
            transmission: Transmission::Header,
            body_hash: BodyHashRule::Auto,
            version: false,
            empty_token: false,
            confirmation: Confirmation::Required,
            without_tls: false,
            clock_correction: 0,
        })
    }

    /// Adds the URL that "sign in with" uses in place of the authorization URL: it does not ask who has
    /// authorized the client before.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_authentication(mut self, uri: &str) -> Result<Self, StartError> {
        check(AUTHENTICATION, uri)?;
        self.authentication = Some(uri.into());
        Ok(self)
    }

    /// Adds an endpoint for the renewal of sessions, where that is not the token endpoint.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_renewal(mut self, uri: &str) -> Result<Self, StartError> {
        self.renewal = Some(Address::new(RENEWAL, uri)?);
        Ok(self)
    }

    /// Requests temporary credentials and tokens with these methods in place of `POST`: section 2.1 lets
    /// the server "advertise" another.
    #[must_use]
    pub fn with_methods(mut self, temporary: Method, token: Method) -> Self {
        if let Some(address) = &mut self.temporary {
            address.method = temporary;
        }
        self.token.method = token;
        self
    }

    /// Adds a parameter to every authorization URL.
    #[must_use]
    pub fn with_authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.authorization_parameters
            .push((name.into(), value.into()));
        self
    }

    /// Names the parameters of the authorization URL: what stands for `oauth_token`, and under which
    /// name the client's identifier is sent, if it is (MediaWiki wants `oauth_consumer_key`, E*TRADE
    /// `key` and `token`).
    #[must_use]
    pub fn with_authorization_names(
        mut self,
        token: impl Into<Cow<'static, str>>,
        client: Option<&'static str>,
    ) -> Self {
        self.token_name = token.into();
        self.client_name = client.map(Cow::Borrowed);
        self
    }

    /// Adds a header to every request of the flow, such as the `User-Agent` that some servers demand.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends a realm with every request of the flow.
    #[must_use]
    pub fn with_realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = Some(realm.into());
        self
    }

    /// Sends the protocol parameters elsewhere than in the header (section 3.5).
    #[must_use]
    pub fn with_transmission(mut self, transmission: Transmission) -> Self {
        self.transmission = transmission;
        self
    }

    /// Says when `oauth_body_hash` is sent.
    #[must_use]
    pub fn with_body_hash(mut self, rule: BodyHashRule) -> Self {
        self.body_hash = rule;
        self
    }

    /// Sends `oauth_version="1.0"`.
    #[must_use]
    pub fn with_version(mut self) -> Self {
        self.version = true;
        self
    }

    /// Sends an empty `oauth_token` where there is none, which some servers insist on.
    #[must_use]
    pub fn with_empty_token(mut self) -> Self {
        self.empty_token = true;
        self
    }

    /// Says whether the server must confirm the callback; it must if nothing is said.
    #[must_use]
    pub fn with_confirmation(mut self, confirmation: Confirmation) -> Self {
        self.confirmation = confirmation;
        self
    }

    /// Believes a server that refuses a timestamp, as
    /// [`Client::with_clock_correction`](crate::exchange::Client::with_clock_correction) does.
    #[must_use]
    pub fn with_clock_correction(mut self, most: u64) -> Self {
        self.clock_correction = most;
        self
    }

    /// Lets the endpoints be without TLS: "the server MUST require the use of a transport-layer
    /// mechanism such as TLS or SSL" for the requests that are answered with secrets (sections 2.1 and
    /// 2.3). Loopback addresses and `localhost` need no such leave.
    #[must_use]
    pub fn allow_without_tls(mut self) -> Self {
        self.without_tls = true;
        self
    }

    pub(super) fn temporary(&self) -> Result<&Address, StartError> {
        let address = self.temporary.as_ref();
        address.ok_or(StartError::NoEndpoint(TEMPORARY))
    }

    pub(super) fn token(&self) -> &Address {
        &self.token
    }

    pub(super) fn renewal(&self) -> &Address {
        self.renewal.as_ref().unwrap_or(&self.token)
    }

    /// A form to the token endpoint: what brings a password or a signed header must have TLS in any
    /// case, and is a `POST` with its protocol parameters in the header.
    pub(super) fn form_to_token<K>(
        &self,
        signer: Signer<'_, K>,
        form: String,
    ) -> Result<Outgoing<K>, StartError> {
        if !is_secure(&self.token.uri) {
            return Err(StartError::WithoutTls(TOKEN));
        }
        let address = Address {
            method: Method::POST,
            ..self.token.clone()
        };
        self.outgoing_by(Transmission::Header, &address, signer, Some(form))
    }

    /// A request to one of the endpoints, and what signs it.
    pub(super) fn outgoing<K>(
        &self,
        address: &Address,
        signer: Signer<'_, K>,
        body: Option<String>,
    ) -> Result<Outgoing<K>, StartError> {
        self.outgoing_by(self.transmission, address, signer, body)
    }

    fn outgoing_by<K>(
        &self,
        transmission: Transmission,
        address: &Address,
        signer: Signer<'_, K>,
        body: Option<String>,
    ) -> Result<Outgoing<K>, StartError> {
        let Address { which, method, uri } = address;
        if !self.without_tls && !is_secure(uri) {
            return Err(StartError::WithoutTls(which));
        }
        let mut request = Request::new(Vec::new());
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = self.headers.clone();
        if let Some(body) = body {
            let form = HeaderValue::from_static(crate::content_type::FORM);
            let headers = request.headers_mut();
            headers.insert(::http::header::CONTENT_TYPE, form);
            *request.body_mut() = body.into_bytes();
        }
        let mut signer = signer
            .with_transmission(transmission)
            .with_body_hash(self.body_hash);
        if let Some(realm) = &self.realm {
            signer = signer.with_realm(realm.as_str());
        }
        if self.version {
            signer = signer.with_version();
        }
        Ok(Outgoing {
            request,
            client: Some(
                Client::new(signer.into_owned()).with_clock_correction(self.clock_correction),
            ),
            callback: None,
            verifier: None,
            extra: Vec::new(),
            redirects: Redirects::SameOrigin,
        })
    }
}
