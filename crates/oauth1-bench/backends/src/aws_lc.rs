//! RSA-SHA256 with keys of `aws-lc-rs`: an adapter to be copied into a program that signs or verifies
//! with RSA at a rate where the pure implementation costs too much.
//!
//! The traits are open: [`Signer::with_key`](oauth1_core::Signer::with_key) takes the one, a credential
//! store of `oauth1-store` the other (`MemoryCredentials::insert_client_key`, `Credentials::new`), and
//! nothing else in a program changes. `aws-lc-rs` needs a C compiler and asks the system for random
//! bytes, and is for hosts alone: which is why it is no part of `oauth1-core`. It signs with SHA-256 and
//! longer digests alone. For RSA-SHA512, put the other digest and the other two constants in.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    digest::{Context, SHA256},
    error::KeyRejected,
    signature::{
        KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    BaseString, Digest, SigningFailed, SigningKey, Value, Verdict, VerifyingKey, sink::Sink,
};

/// The value of `oauth_signature_method`.
pub const METHOD: &str = "RSA-SHA256";

/// No signature is longer: that of a key of 8192 bits.
const LONGEST: usize = 1024;

/// A private key that signs by RSA-SHA256. Cloning it copies a pointer.
#[derive(Clone)]
pub struct PrivateKey(Arc<RsaKeyPair>);

impl PrivateKey {
    /// From PKCS #8 in DER: the bytes inside `-----BEGIN PRIVATE KEY-----`.
    ///
    /// # Errors
    /// [`KeyRejected`] for what is no RSA key of 2048 to 8192 bits.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyRejected> {
        Ok(Self(Arc::new(RsaKeyPair::from_pkcs8(der)?)))
    }

    /// The half that the server gets.
    ///
    /// # Errors
    /// [`KeyRejected`] when the two halves do not belong together.
    pub fn public_key(&self) -> Result<PublicKey, KeyRejected> {
        PublicKey::from_der(self.0.public_key().as_ref())
    }
}

/// Shows nothing of the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// Hashes the base string as it comes, so that no signature keeps it.
#[derive(Clone)]
pub struct State(Context);

impl State {
    fn new() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl Sink for State {
    fn put(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

/// Shows nothing of what was signed.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(..)")
    }
}

impl SigningKey for PrivateKey {
    type State = State;

    fn method(&self) -> &'static str {
        METHOD
    }

    fn body_digest(&self) -> Option<Digest> {
        Some(Digest::Sha256)
    }

    fn start(&self) -> State {
        State::new()
    }

    fn finish<S: Sink + ?Sized>(&self, state: State, out: &mut S) -> Result<(), SigningFailed> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        (self.0)
            .sign_digest(&RSA_PKCS1_SHA256, &state.0.finish(), &mut signature)
            .map_err(|_| SigningFailed::new())?;
        out.put(STANDARD.encode(signature).as_bytes());
        Ok(())
    }
}

/// A public key that verifies RSA-SHA256.
#[derive(Clone, Debug)]
pub struct PublicKey(Arc<ParsedPublicKey>);

impl PublicKey {
    /// From DER: `SubjectPublicKeyInfo` (the bytes inside `-----BEGIN PUBLIC KEY-----`), or the
    /// `RSAPublicKey` in it.
    ///
    /// # Errors
    /// [`KeyRejected`] for what is no RSA key of 2048 to 8192 bits.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyRejected> {
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der)?;
        Ok(Self(Arc::new(key)))
    }
}

impl VerifyingKey for PublicKey {
    fn serves(&self, method: &str) -> bool {
        method == METHOD
    }

    fn verify(&self, method: &str, base_string: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        let mut text = [0; LONGEST.div_ceil(3) * 4];
        let (true, Some(text)) = (self.serves(method), signature.decode_into(&mut text)) else {
            return Verdict::Invalid;
        };
        let mut state = State::new();
        base_string.write_to(&mut state);
        let Ok(signature) = STANDARD.decode(text) else {
            return Verdict::Invalid;
        };
        match self.0.verify_digest_sig(&state.0.finish(), &signature) {
            Ok(()) => Verdict::Valid,
            Err(_) => Verdict::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use oauth1_core::{
        ClientCredentials, Nonce, RequestView, RsaPrivateKey, RsaPublicKey, RsaSha256, Signer,
        Stamp, Target, Timestamp, authorization::AuthorizationHeader,
    };

    use super::*;
    use crate::{PKCS8, PUBLIC};

    fn stamp() -> Stamp<'static> {
        Stamp::new(
            Timestamp::from_unix_seconds(1_700_000_000),
            Nonce::new("7d8f3e4a92bc41d6a0f5e1c8b3729d64"),
        )
    }

    /// The scheme has one signature for one message: both must find the same.
    #[test]
    fn both_implementations_sign_alike() {
        let ours = RsaPrivateKey::from_der(PKCS8).unwrap();
        let client = ClientCredentials::with_key("dpf43f3p2l4k3l03", ours);
        let ours = Signer::<RsaSha256>::for_client(&client);
        let theirs = PrivateKey::from_pkcs8(PKCS8).unwrap();
        let theirs = Signer::with_key(theirs, "dpf43f3p2l4k3l03");
        for path in ["", "photos?size=original&file=vacation.jpg", "%20?a=%C3%A4"] {
            let url = format!("https://photos.example.net/{path}");
            let view = RequestView::new("GET", Target::parse(&url).unwrap());
            let header = theirs.authorization(&view, stamp()).unwrap();
            assert_eq!(header, ours.authorization(&view, stamp()).unwrap());
            assert!(AuthorizationHeader::parse(header.as_bytes()).is_some());
        }
    }

    #[test]
    fn both_implementations_judge_alike() {
        let url = "https://photos.example.net/photos?size=original";
        let view = RequestView::new("GET", Target::parse(url).unwrap());
        let mut slots = Vec::new();
        let base_string = BaseString::of(&view, &[], &mut slots).unwrap();
        let private = PrivateKey::from_pkcs8(PKCS8).unwrap();
        let mut signature = Vec::new();
        private.sign(&base_string, &mut signature).unwrap();

        let theirs = PublicKey::from_der(PUBLIC).unwrap();
        let derived = private.public_key().unwrap();
        let ours = RsaPublicKey::from_der(PUBLIC).unwrap();
        let keys: [&dyn VerifyingKey; 3] = [&theirs, &derived, &ours];
        let mut altered = signature.clone();
        altered[7] = if altered[7] == b'A' { b'B' } else { b'A' };
        let long = vec![b'A'; 8000];
        let table: [(&str, &[u8], Verdict); 7] = [
            (METHOD, &signature, Verdict::Valid),
            (METHOD, &altered, Verdict::Invalid),
            (METHOD, &signature[4..], Verdict::Invalid),
            (METHOD, b"", Verdict::Invalid),
            (METHOD, b"no base64", Verdict::Invalid),
            (METHOD, &long, Verdict::Invalid),
            ("PLAINTEXT", &signature, Verdict::Invalid),
        ];
        for key in keys {
            for (method, signature, verdict) in table {
                let found = key.verify(method, &base_string, Value::plain(signature));
                assert_eq!(found, verdict, "{method}");
            }
        }
    }

    #[test]
    fn nothing_of_a_key_is_shown() {
        let private = PrivateKey::from_pkcs8(PKCS8).unwrap();
        assert_eq!(format!("{private:?}"), "PrivateKey(..)");
        assert_eq!(format!("{:?}", private.start()), "State(..)");
        assert!(PrivateKey::from_pkcs8(PUBLIC).is_err());
        assert!(PublicKey::from_der(PKCS8).is_err());
    }
}
