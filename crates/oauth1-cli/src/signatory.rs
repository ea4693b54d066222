//! What signs requests that are sent: a key of whatever method the command line says, as one type.

use alloc::sync::Arc;
use std::sync::{Mutex, PoisonError};

use oauth1_core::{
    Digest, KeyFrom, RsaPrivateKey, Secret, Signer, SigningFailed, SigningKey, sink::Sink,
};

use crate::{
    arguments::ProtocolArguments,
    key::{Key, Secrets},
    order::flags::Credentials,
    problem::{Failure, Problem},
    signature_method::SignatureMethod,
    source::OwnSecrets,
};

/// The last base string that was signed: for who wants to see it.
pub(crate) type LastBaseString = Arc<Mutex<Vec<u8>>>;

/// A client's own part of a key: its secret, or its private key.
#[derive(Clone)]
pub(crate) struct ClientKey {
    method: SignatureMethod,
    secret: Secret<'static>,
    private_key: Option<RsaPrivateKey>,
    seen: LastBaseString,
}

impl ClientKey {
    pub(crate) fn new(method: SignatureMethod, secrets: &Secrets<'_>) -> Result<Self, Problem> {
        let private_key = match secrets.private_key {
            Some(pem) if method.is_rsa() => Some(
                RsaPrivateKey::from_pem(pem).map_err(|error| Problem::key("private key", error))?,
            ),
            _ => None,
        };
        Ok(Self {
            method,
            secret: Secret::from(secrets.client.to_owned()),
            private_key,
            seen: LastBaseString::default(),
        })
    }

    /// Where the base strings of all keys that are made of this go.
    pub(crate) fn seen(&self) -> LastBaseString {
        Arc::clone(&self.seen)
    }
}

/// Signs, and remembers what.
pub(crate) struct Signatory {
    key: Key,
    method: SignatureMethod,
    seen: LastBaseString,
}

impl KeyFrom<ClientKey> for Signatory {
    fn key_from(client: &ClientKey, token_secret: &Secret<'_>) -> Self {
        Self {
            key: Key::of(
                client.method,
                client.private_key.as_ref(),
                &client.secret,
                token_secret,
            ),
            method: client.method,
            seen: Arc::clone(&client.seen),
        }
    }
}

impl SigningKey for Signatory {
    type State = Vec<u8>;

    fn method(&self) -> &'static str {
        self.method.name()
    }

    fn body_digest(&self) -> Option<Digest> {
        self.method.digest()
    }

    fn start(&self) -> Vec<u8> {
        Vec::new()
    }

    fn finish<S: Sink + ?Sized>(&self, state: Vec<u8>, out: &mut S) -> Result<(), SigningFailed> {
        let mut signature = Vec::new();
        self.key
            .sign(&state, &mut signature)
            .map_err(|_| SigningFailed::new())?;
        out.put(&signature);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    }
}

/// A signer for what options, profile and environment say.
pub(crate) fn signer(
    protocol: &ProtocolArguments,
    credentials: &Credentials,
    secrets: &OwnSecrets,
    plaintext_without_tls: bool,
) -> Result<(Signer<'static, Signatory>, LastBaseString), Failure> {
    let client_key = credentials.client_key()?.to_owned();
    let borrowed = secrets.borrowed();
    let key = ClientKey::new(protocol.signature_method(), &borrowed)?;
    let seen = key.seen();
    let signatory = Signatory::key_from(&key, &Secret::from(borrowed.token));
    let mut signer = Signer::with_key(signatory, client_key)
        .with_transmission(protocol.transmission())
        .with_body_hash(protocol.body_hash());
    if let Some(token) = &credentials.token {
        signer = signer.with_token(token.clone());
    }
    if let Some(realm) = &protocol.realm {
        signer = signer.with_realm(realm.clone());
    }
    if protocol.stamp.oauth_version {
        signer = signer.with_version();
    }
    if plaintext_without_tls {
        signer = signer.allow_plaintext_without_tls();
    }
    Ok((signer, seen))
}
