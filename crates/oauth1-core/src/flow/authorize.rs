//! The second leg (RFC 5849 section 2.2): the resource owner decides.

use alloc::{borrow::ToOwned, boxed::Box, string::String};
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use super::{AwaitToken, CallbackError, Parameters, Server, StartError, reply::Reply};
use crate::{
    credentials::{ClientCredentials, TemporaryCredentials},
    method::KeyFrom,
    problem::Problem,
    signer::Signer,
};

/// The longest query of a callback that is read: URLs are seldom longer.
pub(super) const CALLBACK_LIMIT: usize = 8 * 1024;

/// Awaits the resource owner's decision: shows where to send the resource owner, and takes what comes
/// back.
///
/// It is made to be stored (serde) in the session of the browser that began the flow, and to be taken
/// out again when that browser comes back: then somebody else's callback finds other temporary
/// credentials there, or none, and leads nowhere. It holds the secret of the temporary credentials in
/// clear: a session that the browser keeps must be encrypted. Fields that are not known are refused,
/// and so is another version.
///
/// ```
/// use oauth1_core::flow::{Authorize, CallbackError};
///
/// let stored = r#"{"version":1,"temporary":{"identifier":"hh5s93j4hdidpola","secret":"hdhd0244k9j7ao03"},
///     "url":"https://photos.example.net/authorize?oauth_token=hh5s93j4hdidpola","core_1_0":false,
///     "parameters":[]}"#;
/// let authorize: Authorize = serde_json::from_str(stored)?;
///
/// let back = "http://printer.example.com/ready?oauth_token=hh5s93j4hdidpola&oauth_verifier=hfdp7dh39dks9884";
/// assert!(authorize.callback(back).is_ok());
///
/// let other = "http://printer.example.com/ready?oauth_token=somebody-elses&oauth_verifier=hfdp7dh39dks9884";
/// assert_eq!(authorize.callback(other).err(), Some(CallbackError::OtherToken));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Authorize {
    pub(super) temporary: TemporaryCredentials<'static>,
    pub(super) url: String,
    pub(super) core_1_0: bool,
    pub(super) parameters: Parameters,
}

impl Authorize {
    /// Where to send the resource owner.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The temporary credentials that the resource owner is asked about.
    #[must_use]
    pub const fn temporary(&self) -> &TemporaryCredentials<'static> {
        &self.temporary
    }

    /// What else the server answered.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Reads the callback: its whole URL, or its path and query as a request line has them.
    ///
    /// The state stays, so that a listener can go on waiting after a request that was none of its own.
    /// Once a callback is accepted it is to be forgotten: temporary credentials are good for one token.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub fn callback(&self, uri: &str) -> Result<Authorized, CallbackError> {
        let uri = uri.split_once('#').map_or(uri, |(uri, _)| uri);
        self.callback_query(uri.split_once('?').map_or("", |(_, query)| query))
    }

    /// Reads the query of the callback, without its `?`.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub fn callback_query(&self, query: &str) -> Result<Authorized, CallbackError> {
        let limit = CALLBACK_LIMIT;
        if query.len() > limit {
            return Err(CallbackError::TooLong { limit });
        }
        if query.is_empty() {
            return Err(CallbackError::Missing("oauth_token"));
        }
        let mut pairs = Reply::of_form(query.as_bytes()).map_err(|_| CallbackError::Malformed)?;
        let mut take = |name| pairs.take(name).map_err(|_| CallbackError::Duplicate(name));
        let token = take("oauth_token")?;
        let denied = take("denied")?;
        let problem = take("oauth_problem")?;
        let verifier = take("oauth_verifier")?.filter(|verifier| !verifier.is_empty());

        // Section 2.2: the token tells whose decision this is. X sends it as `denied`.
        let ours = self.temporary.identifier();
        if [&token, &denied]
            .into_iter()
            .flatten()
            .any(|it| **it != ours)
        {
            return Err(CallbackError::OtherToken);
        }
        // The other parameters of the problem are read from where they stand.
        if denied.is_some() || problem.is_some() {
            let problem = Problem::from_form(query.as_bytes()).map(Box::new);
            return Err(CallbackError::Denied(problem));
        }
        if token.is_none() {
            return Err(CallbackError::Missing("oauth_token"));
        }
        if verifier.is_none() && !self.core_1_0 {
            return Err(CallbackError::Missing("oauth_verifier"));
        }
        Ok(self.authorized(verifier, pairs.rest()))
    }

    /// Takes the verifier that the resource owner typed in ("PIN"); white space around it is none of it.
    ///
    /// # Errors
    /// [`CallbackError::Missing`] where there is nothing else.
    #[doc(alias = "pin")]
    pub fn verifier(&self, typed: &str) -> Result<Authorized, CallbackError> {
        let typed = typed.trim();
        if typed.is_empty() && !self.core_1_0 {
            return Err(CallbackError::Missing("oauth_verifier"));
        }
        let verifier = (!typed.is_empty()).then(|| Zeroizing::new(typed.to_owned()));
        Ok(self.authorized(verifier, Parameters::default()))
    }

    fn authorized(
        &self,
        verifier: Option<Zeroizing<String>>,
        parameters: Parameters,
    ) -> Authorized {
        Authorized {
            temporary: self.temporary.clone(),
            verifier,
            parameters,
        }
    }
}

/// The resource owner has consented: what is left is the third leg.
#[derive(Clone)]
pub struct Authorized {
    temporary: TemporaryCredentials<'static>,
    verifier: Option<Zeroizing<String>>,
    parameters: Parameters,
}

impl Authorized {
    /// What else the callback held: NetSuite tells the `company` and the `role`.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The request of the third leg (section 2.3), signed with the temporary credentials.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn request<K: KeyFrom<C>, C>(
        self,
        server: &Server,
        client: &ClientCredentials<'_, C>,
    ) -> Result<AwaitToken<K>, StartError> {
        let signer = Signer::<K>::for_temporary(client, &self.temporary);
        let mut outgoing = server.outgoing(server.token(), signer, None)?;
        outgoing.verifier = self.verifier;
        Ok(AwaitToken::new(outgoing, None))
    }
}

impl fmt::Debug for Authorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized")
            .field("temporary", &self.temporary)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

const EXPECTED: &str = "a stored authorization is an object of version 1 with `temporary`, `url`, \
                        `core_1_0` and `parameters`";

/// What is stored, under names that outlive a release.
#[derive(Serialize)]
struct Stored<'a> {
    version: u32,
    temporary: &'a TemporaryCredentials<'static>,
    url: &'a str,
    core_1_0: bool,
    parameters: &'a Parameters,
}

/// The same, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u32,
    temporary: TemporaryCredentials<'static>,
    url: String,
    core_1_0: bool,
    parameters: Parameters,
}

impl Serialize for Authorize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            version: 1,
            temporary: &self.temporary,
            url: &self.url,
            core_1_0: self.core_1_0,
            parameters: &self.parameters,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Authorize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error of what is inside may quote it.
        match Read::deserialize(deserializer) {
            Ok(read) if read.version == 1 => Ok(Self {
                temporary: read.temporary,
                url: read.url,
                core_1_0: read.core_1_0,
                parameters: read.parameters,
            }),
            _ => Err(D::Error::custom(EXPECTED)),
        }
    }
}
