//! Who may call: identifiers and secrets with whatever must be encoded in them.

use oauth1_core::RsaPrivateKey;

/// The client with shared secrets.
pub(crate) const CLIENT: &str = "client & co";
/// The client with an RSA key.
pub(crate) const RSA_CLIENT: &str = "rsa client";
/// The token of either.
pub(crate) const TOKEN: &str = "token/1+2";
/// The secret of the client that [`signer`](crate::signer) signs for.
pub const CLIENT_SECRET: &str = "client secret%&\u{e9}";
/// The secret of its token.
pub const TOKEN_SECRET: &str = "token secret~";

/// The key of [`RSA_CLIENT`].
pub(crate) fn rsa_key() -> RsaPrivateKey {
    let pem = include_str!("../../../vectors/keys/rsa2048.pem");
    RsaPrivateKey::from_pem(pem).expect("a key of the vectors")
}
