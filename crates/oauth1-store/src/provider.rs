//! All that a provider keeps, in one store.

use alloc::{string::String, vec::Vec};

#[cfg(feature = "_records")]
use oauth1_core::{Secret, Timestamp};

#[cfg(feature = "_records")]
use crate::{Client, Credentials, Found, StoreError, Token};
use crate::{ClientStore, CredentialStore, NonceStore, TemporaryStore, TokenStore};

/// A store that a whole provider can stand on: every trait of this crate on one value. Nothing is to
/// be implemented.
pub trait ProviderStore:
    ClientStore + TemporaryStore + TokenStore + NonceStore + CredentialStore<Grant = Grant>
{
}

impl<S> ProviderStore for S where
    S: ClientStore + TemporaryStore + TokenStore + NonceStore + CredentialStore<Grant = Grant>
{
}

/// Who has granted what to the client that signs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Grant {
    /// The application's name for the resource owner; `None` where the client acts for itself,
    /// without a token.
    pub owner: Option<String>,
    /// What is granted: the token's realms, or the client's own where there is no token.
    pub realms: Vec<String>,
}

impl Grant {
    /// Who has granted what.
    #[must_use]
    pub fn new(owner: Option<String>, realms: Vec<String>) -> Self {
        Self { owner, realms }
    }
}

/// Whether something was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "what was not added does not work"]
pub enum Creation {
    /// It was.
    Created,
    /// Its identifier is taken. Nothing has changed.
    Exists,
}

/// Whether there was something to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "there may have been nothing of that identifier"]
pub enum Change {
    /// It was there, and is as it was asked for.
    Done,
    /// There is nothing of that identifier. Nothing has changed.
    Unknown,
}

/// What a client came with.
#[cfg(feature = "_records")]
pub(crate) enum Asked {
    /// No token.
    Alone,
    /// A token, and what is known of it.
    Token(Option<Token>),
}

/// What [`CredentialStore::find`] answers of a client and what it came with.
#[cfg(feature = "_records")]
pub(crate) fn found(
    client: Option<Client>,
    asked: Asked,
    now: Timestamp,
) -> Result<Found<Grant>, StoreError> {
    let Some(client) = client.filter(|client| client.revoked.is_none()) else {
        return Ok(Found::ClientUnknown);
    };
    match asked {
        Asked::Alone if client.two_legged => Ok(Found::Known(Credentials {
            key: client.verifying_key(&Secret::EMPTY)?,
            grant: Grant::new(None, client.realms),
        })),
        Asked::Token(Some(token)) if token.client == client.identifier && token.is_live(now) => {
            Ok(Found::Known(Credentials {
                key: client.verifying_key(&token.secret)?,
                grant: Grant::new(Some(token.owner), token.realms),
            }))
        }
        Asked::Alone | Asked::Token(_) => Ok(Found::TokenUnknown),
    }
}
