//! The start of a flow from a profile.

use ::http::Method;

use super::{CallbackRule, PlaceError, Profile, Quirk};
use crate::flow::{Confirmation, Server, StartError};

/// Why a profile gives no server for a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerError {
    /// There is no flow with this provider: credentials come from its console.
    NoFlow,
    /// The place is not of its kind.
    Place(PlaceError),
    /// The place gives no endpoint that can be used.
    Start(StartError),
}

impl core::fmt::Display for ServerError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoFlow => f.write_str(
                "there is no flow with this provider: its console gives the credentials out",
            ),
            Self::Place(error) => error.fmt(f),
            Self::Start(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ServerError {}

impl From<PlaceError> for ServerError {
    fn from(error: PlaceError) -> Self {
        Self::Place(error)
    }
}

impl From<StartError> for ServerError {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}

impl Profile {
    /// The provider's endpoints, and how it wants them used (feature `flow`). `place` is as in
    /// [`configure`](Self::configure).
    ///
    /// ```
    /// use oauth1_core::{ClientCredentials, HmacSha1, flow::{Leg, Start}, profile::Profile};
    ///
    /// let server = Profile::find("flickr").expect("known").server("")?;
    /// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    /// let leg = Start::new(&server, &client, "https://printer.example.com/ready")
    ///     .with_authorization_parameter("perms", "read")
    ///     .request::<HmacSha1>()?;
    /// assert_eq!(leg.outgoing().request().uri().host(), Some("www.flickr.com"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn server(&self, place: &str) -> Result<Server, ServerError> {
        let token = self.token.ok_or(ServerError::NoFlow)?;
        let placed = self.placed(place)?;
        let url = |template: &str| template.replace("{}", &placed);
        let mut server = Server::with_token_endpoint(&url(token.url))?;
        if let Some(temporary) = self.temporary {
            server = server
                .with_temporary_endpoint(&url(temporary.url))?
                .with_methods(method(temporary.method), method(token.method));
        }
        if let Some(authorization) = self.authorization {
            server = server
                .with_authorization_endpoint(&url(authorization.url))?
                .with_authorization_names(authorization.token_name, authorization.client_name);
            if let Some(authentication) = authorization.authentication {
                server = server.with_authentication(&url(authentication))?;
            }
        }
        server = server
            .with_transmission(self.transmission)
            .with_body_hash(self.body_hash)
            .with_confirmation(match self.callback {
                CallbackRule::AtAuthorization => Confirmation::AtAuthorization,
                CallbackRule::None => Confirmation::None,
                _ => Confirmation::Required,
            });
        if let Some(realm) = self.realm_of(&placed) {
            server = server.with_realm(realm);
        }
        if self.version {
            server = server.with_version();
        }
        if self.quirks.contains(&Quirk::EmptyToken) {
            server = server.with_empty_token();
        }
        Ok(server)
    }
}

/// Profiles have `GET` and `POST`.
fn method(name: &str) -> Method {
    if name == "GET" {
        Method::GET
    } else {
        Method::POST
    }
}
