//! The request for token credentials (RFC 5849 section 2.3), their renewal (OAuth Session extension),
//! xAuth, and revocation.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::{
    NewCredentials, Refusal, Registration, TokenReply, client, parameter, temporary::realms, text,
};
use crate::{credentials::Secret, verify::Verified};

/// The credentials that the signature of a request was verified with. Whoever looked up the key knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// Those of the client alone.
    Client,
    /// Those of the client, and temporary credentials of it.
    Temporary,
    /// Those of the client, and token credentials of it.
    Token,
}

/// What a client asks of the endpoint for token credentials. Its signature holds.
#[derive(Clone, Debug)]
#[must_use = "nothing is granted yet"]
pub enum TokenRequest {
    /// Token credentials for temporary ones that the owner has approved.
    Exchange(Exchange),
    /// New token credentials for old ones that have a session.
    Renewal(Renewal),
    /// Token credentials for the owner's name and password (xAuth).
    Password(PasswordRequest),
}

impl TokenRequest {
    /// Tells the three apart: by what signed, and by the parameter that each must have.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 where the credentials are not those for what is asked, or the
    /// verifier is missing.
    pub fn read(verified: &Verified<'_>, signed_by: SignedBy) -> Result<Self, Refusal> {
        let handle = parameter(verified, "oauth_session_handle")?;
        match (signed_by, verified.token(), handle) {
            (SignedBy::Temporary, Some(identifier), None) => {
                let verifier = verified
                    .verifier()
                    .filter(|verifier| !verifier.is_empty())
                    .ok_or(Refusal::ParameterAbsent("oauth_verifier"))?;
                Ok(Self::Exchange(Exchange {
                    client: client(verified)?,
                    identifier: text(identifier).ok_or(Refusal::TemporaryUnknown)?,
                    verifier: as_given(&verifier.to_string_lossy()).into(),
                }))
            }
            (SignedBy::Token, Some(identifier), Some(handle)) => Ok(Self::Renewal(Renewal {
                client: client(verified)?,
                identifier: text(identifier).ok_or(Refusal::SessionUnknown)?,
                handle: handle.into(),
            })),
            (SignedBy::Client, None, None) => PasswordRequest::read(verified).map(Self::Password),
            _ => Err(Refusal::WrongCredentials(signed_by)),
        }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &str {
        match self {
            Self::Exchange(exchange) => &exchange.client,
            Self::Renewal(renewal) => &renewal.client,
            Self::Password(request) => &request.client,
        }
    }
}

/// A verifier as [`Verifier`](super::Verifier) makes it: without what people put between its letters,
/// and in their case. One that is no text is wrong, and counted as any other.
fn as_given(verifier: &str) -> String {
    let between = |letter: char| letter.is_ascii_whitespace() || letter == '-';
    let letters = verifier.chars().filter(|&letter| !between(letter));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Temporary credentials that are to be removed from the store, if the verifier is theirs.
#[derive(Clone, Debug)]
#[must_use = "the store is to be asked"]
pub struct Exchange {
    client: String,
    identifier: String,
    verifier: Secret<'static>,
}

/// What a store says of temporary credentials that were to be removed, in one atomic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// They were approved, the verifier is theirs, and they are no more.
    Taken,
    /// There are none: never were, expired or used, or another client's.
    Unknown,
    /// The owner has not decided.
    NotDecided,
    /// The owner has denied.
    Denied,
    /// The verifier is wrong; that has been counted.
    WrongVerifier,
    /// The verifier is wrong, once too often: they are no more.
    Exhausted,
}

impl Exchange {
    /// The client that must be theirs.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The temporary credentials.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The verifier that was sent. The name is there to be searched for.
    #[must_use]
    pub fn expose_verifier(&self) -> &str {
        self.verifier.expose()
    }

    /// Takes the store's word. Token credentials are given out only after it.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 for all but [`Take::Taken`].
    pub fn taken(self, take: Take) -> Result<TokenGrant, Refusal> {
        match take {
            Take::Taken => Ok(TokenGrant {
                client: self.client,
            }),
            Take::Unknown => Err(Refusal::TemporaryUnknown),
            Take::NotDecided => Err(Refusal::NotDecided),
            Take::Denied => Err(Refusal::Denied),
            Take::WrongVerifier => Err(Refusal::VerifierWrong),
            Take::Exhausted => Err(Refusal::TooManyVerifiers),
        }
    }
}

/// Token credentials that are to be replaced by new ones.
#[derive(Clone, Debug)]
#[must_use = "the store is to be asked"]
pub struct Renewal {
    client: String,
    identifier: String,
    handle: Secret<'static>,
}

/// What a store says of token credentials that were to be replaced, in one atomic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renew {
    /// They are replaced.
    Renewed,
    /// There is no such token of this client, or it has another handle, or its session is over.
    Unknown,
}

impl Renewal {
    /// The client that must be the token's.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The old token.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The session handle that was sent. The name is there to be searched for.
    #[must_use]
    pub fn expose_handle(&self) -> &str {
        self.handle.expose()
    }

    /// Takes the store's word.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 for [`Renew::Unknown`].
    pub fn renewed(self, renew: Renew) -> Result<TokenGrant, Refusal> {
        match renew {
            Renew::Renewed => Ok(TokenGrant {
                client: self.client,
            }),
            Renew::Unknown => Err(Refusal::SessionUnknown),
        }
    }
}

/// An owner's name and password, sent by a client that is trusted with them (xAuth).
#[derive(Clone)]
#[must_use = "the client's registration is to be asked"]
pub struct PasswordRequest {
    client: String,
    username: String,
    password: Secret<'static>,
    realms: Vec<String>,
}

impl PasswordRequest {
    fn read(verified: &Verified<'_>) -> Result<Self, Refusal> {
        let mode = parameter(verified, "x_auth_mode")?;
        // The request for token credentials as section 2.3 has it lacks its token then.
        let mode = mode.ok_or(Refusal::WrongCredentials(SignedBy::Client))?;
        if mode != "client_auth" {
            return Err(Refusal::ParameterRejected("x_auth_mode"));
        }
        let get = |name| parameter(verified, name)?.ok_or(Refusal::ParameterAbsent(name));
        Ok(Self {
            client: client(verified)?,
            username: get("x_auth_username")?,
            password: get("x_auth_password")?.into(),
            realms: realms(verified)?,
        })
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// Whether the client may do so at all, before anybody looks at the password. What comes back are
    /// the realms that the token is for.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 where xAuth is not for this client, 400 for a realm that is not.
    pub fn check<S: AsRef<str>>(
        &self,
        registration: &Registration<'_, S>,
    ) -> Result<Vec<String>, Refusal> {
        if !registration.allows_xauth() {
            return Err(Refusal::XauthRefused);
        }
        registration.check_realms(self.realms.clone())
    }

    /// The owner's name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The owner's password. The name is there to be searched for.
    #[must_use]
    pub fn expose_password(&self) -> &str {
        self.password.expose()
    }

    /// Takes the application's word on name and password.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 for [`Password::Wrong`].
    pub fn judged(self, password: Password) -> Result<TokenGrant, Refusal> {
        match password {
            Password::Right => Ok(TokenGrant {
                client: self.client,
            }),
            Password::Wrong => Err(Refusal::PasswordWrong),
        }
    }
}

/// What an application says of an owner's name and password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// They are an owner's.
    Right,
    /// They are not: an unknown name and a wrong password are one.
    Wrong,
}

/// All that was to be asked was asked: the client gets token credentials.
#[derive(Clone, Debug)]
#[must_use = "the client waits for its reply"]
pub struct TokenGrant {
    client: String,
}

impl TokenGrant {
    /// The client, to which they belong.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The reply, once the token is stored.
    #[must_use]
    #[expect(
        clippy::unused_self,
        reason = "the reply exists for nobody but who has a grant"
    )]
    pub fn reply(&self, token: &NewCredentials) -> TokenReply {
        TokenReply::new(token)
    }
}

/// Without the name and the password.
impl fmt::Debug for PasswordRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// A client gives a token back: the one that the request is signed with.
#[derive(Clone, Debug)]
#[must_use = "the token is to be revoked"]
pub struct RevocationRequest {
    client: String,
    identifier: String,
}

impl RevocationRequest {
    /// Reads it.
    ///
    /// # Errors
    /// [`Refusal`] with status 401 where the request is not signed with token credentials.
    pub fn read(verified: &Verified<'_>, signed_by: SignedBy) -> Result<Self, Refusal> {
        match (signed_by, verified.token().and_then(text)) {
            (SignedBy::Token, Some(identifier)) => Ok(Self {
                client: client(verified)?,
                identifier,
            }),
            _ => Err(Refusal::WrongCredentials(signed_by)),
        }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The token.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }
}
