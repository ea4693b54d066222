//! Who may call: identifiers and secrets with whatever must be encoded in them.

use oauth1_core::RsaPrivateKey;

/// The client with shared secrets.
pub const CLIENT: &str = "client & co";
/// The client with an RSA key.
pub const RSA_CLIENT: &str = "rsa client";
/// The token of either.
pub const TOKEN: &str = "token/1+2";
/// The secret of the client that [`signer`](crate::signer) signs for.
pub const CLIENT_SECRET: &str = "client secret%&\u{e9}";
/// The secret of its token.
pub const TOKEN_SECRET: &str = "token secret~";

/// The key of [`RSA_CLIENT`], as a PEM file.
pub const RSA_KEY: &str = include_str!("../../../vectors/keys/rsa2048.pem");

/// The key of [`RSA_CLIENT`].
///
/// # Panics
/// Never: the key is one of the vectors.
#[must_use]
pub fn rsa_key() -> RsaPrivateKey {
    RsaPrivateKey::from_pem(RSA_KEY).expect("a key of the vectors")
}
