//! Token credentials that expire and are renewed: the Session extension (draft 1), as Yahoo and
//! Xero's partners had it.

use alloc::string::String;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{AwaitToken, Server, StartError};
use crate::{
    credentials::{ClientCredentials, Secret, TokenCredentials},
    method::KeyFrom,
    signer::Signer,
    stamp::Timestamp,
};

/// Token credentials and the handle (`oauth_session_handle`) that others can be had for, without the
/// resource owner.
///
/// Stored (serde) with all secrets in clear: whoever stores it guards it. Each renewal may bring another
/// handle, and the old one is then worth nothing: store what
/// [`Granted::session`](super::Granted::session) gives, each time. Where several tasks share a
/// session, let [`Renewal`](super::Renewal) see to it that one of them renews it.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) credentials: TokenCredentials<'static>,
    pub(super) handle: Secret<'static>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) authorization_expires_at: Option<Timestamp>,
}

impl Session {
    /// The credentials of now.
    #[must_use]
    pub const fn credentials(&self) -> &TokenCredentials<'static> {
        &self.credentials
    }

    /// When the token expires, where the server said so.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// When the resource owner's consent expires, and no renewal is possible any more.
    #[must_use]
    pub const fn authorization_expires_at(&self) -> Option<Timestamp> {
        self.authorization_expires_at
    }

    /// The request that renews it: to the token endpoint, signed with the old token and its secret.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn renew<K: KeyFrom<C>, C>(
        &self,
        server: &Server,
        client: &ClientCredentials<'_, C>,
    ) -> Result<AwaitToken<K>, StartError> {
        let signer = Signer::<K>::for_token(client, &self.credentials);
        let mut outgoing = server.outgoing(server.renewal(), signer, None)?;
        let handle = String::from(self.handle.expose());
        outgoing.extra.push(("oauth_session_handle".into(), handle));
        Ok(AwaitToken::new(outgoing, Some(self.handle.clone())))
    }
}

const EXPECTED: &str = "a stored session is an object of version 1 with `credentials`, `handle`, \
                        `expires_at` and `authorization_expires_at`";

#[derive(Serialize)]
struct Stored<'a> {
    version: u32,
    credentials: &'a TokenCredentials<'static>,
    handle: &'a str,
    expires_at: Option<Timestamp>,
    authorization_expires_at: Option<Timestamp>,
}

/// The same, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u32,
    credentials: TokenCredentials<'static>,
    handle: String,
    expires_at: Option<Timestamp>,
    authorization_expires_at: Option<Timestamp>,
}

impl Serialize for Session {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            version: 1,
            credentials: &self.credentials,
            handle: self.handle.expose(),
            expires_at: self.expires_at,
            authorization_expires_at: self.authorization_expires_at,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Session {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error of what is inside may quote it.
        match Read::deserialize(deserializer) {
            Ok(read) if read.version == 1 => Ok(Self {
                credentials: read.credentials,
                handle: Secret::from(read.handle),
                expires_at: read.expires_at,
                authorization_expires_at: read.authorization_expires_at,
            }),
            _ => Err(D::Error::custom(EXPECTED)),
        }
    }
}
