//! Clients, temporary credentials and tokens as JSON text, for stores that outlive the process.
//!
//! The public types do not implement serde's traits, so that no secret is written by accident: what
//! is written is written here. The names of the fields are part of the stored form, which outlives a
//! release.

use alloc::{string::String, vec::Vec};

#[cfg(feature = "redis")]
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth1_core::{Secret, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    Callback, Client, ClientKey, Decision, Session, SpentNonce, StoreError, Temporary, Token,
    temporary::Record,
};

/// What can be kept as text.
pub(crate) trait Stored: Sized {
    /// The text, with its secrets: wiped when it is dropped.
    fn to_text(&self) -> Result<Zeroizing<String>, StoreError>;

    /// Reads the text.
    fn from_text(text: &str) -> Result<Self, StoreError>;
}

macro_rules! stored {
    ($($type:ty, $form:ident;)*) => {
        $(
            impl Stored for $type {
                fn to_text(&self) -> Result<Zeroizing<String>, StoreError> {
                    // Room for most, so that no secret stays behind in memory that was outgrown.
                    let mut text = Zeroizing::new(Vec::with_capacity(2048));
                    $form::serialize(self, &mut serde_json::Serializer::new(&mut *text))
                        .map_err(|_| not_json())?;
                    String::from_utf8(core::mem::take(&mut *text))
                        .map(Zeroizing::new)
                        .map_err(|_| not_json())
                }

                fn from_text(text: &str) -> Result<Self, StoreError> {
                    let mut from = serde_json::Deserializer::from_str(text);
                    // The error may quote a secret.
                    let read = $form::deserialize(&mut from).map_err(|_| not_json())?;
                    from.end().map_err(|_| not_json())?;
                    Ok(read)
                }
            }
        )*
    };
}

stored! {
    Client, StoredClient;
    Record, Record;
    Token, StoredToken;
}

fn not_json() -> StoreError {
    StoreError::corrupt("a record is not what this version writes")
}

/// What stands for a nonce: half a SHA-256 of all that must be the same. Two that collide would cost
/// a fresh request its acceptance, never let a replay in.
pub(crate) fn fingerprint(nonce: &SpentNonce) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(nonce.key()).into();
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// The same as 22 characters of base64url.
#[cfg(feature = "redis")]
pub(crate) fn fingerprint_text(nonce: &SpentNonce) -> String {
    URL_SAFE_NO_PAD.encode(fingerprint(nonce))
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Client")]
struct StoredClient {
    identifier: String,
    name: String,
    #[serde(with = "StoredKey")]
    key: ClientKey,
    callbacks: Vec<String>,
    realms: Vec<String>,
    two_legged: bool,
    xauth: bool,
    created: Timestamp,
    revoked: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ClientKey", rename_all = "snake_case")]
enum StoredKey {
    Shared(#[serde(with = "clear")] Secret<'static>),
    Rsa(String),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Temporary")]
pub(crate) struct StoredTemporary {
    identifier: String,
    #[serde(with = "clear")]
    secret: Secret<'static>,
    client: String,
    #[serde(with = "StoredCallback")]
    callback: Callback,
    realms: Vec<String>,
    created: Timestamp,
    expires: Timestamp,
    attempts: u32,
    #[serde(with = "StoredDecision")]
    decision: Decision,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Callback", rename_all = "snake_case")]
enum StoredCallback {
    Uri(String),
    OutOfBand,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Decision", rename_all = "snake_case")]
enum StoredDecision {
    Pending,
    Approved { owner: String },
    Denied,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Token")]
struct StoredToken {
    identifier: String,
    #[serde(with = "clear")]
    secret: Secret<'static>,
    client: String,
    owner: String,
    realms: Vec<String>,
    created: Timestamp,
    expires: Option<Timestamp>,
    #[serde(with = "session")]
    session: Option<Session>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Session")]
struct StoredSession {
    #[serde(with = "clear")]
    handle: Secret<'static>,
    expires: Option<Timestamp>,
}

mod session {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Session, StoredSession};

    #[derive(Serialize, Deserialize)]
    struct Kept(#[serde(with = "StoredSession")] Session);

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        session: &Option<Session>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        session.clone().map(Kept).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Session>, D::Error> {
        Ok(Option::<Kept>::deserialize(deserializer)?.map(|kept| kept.0))
    }
}

/// Secrets in clear, which HMAC needs.
mod clear {
    use super::{Deserialize, Deserializer, Secret, Serialize, Serializer, String};

    pub(super) fn serialize<S: Serializer>(
        secret: &Secret<'_>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        secret.expose().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Secret<'static>, D::Error> {
        String::deserialize(deserializer).map(Secret::from)
    }
}

#[cfg(test)]
mod tests;
