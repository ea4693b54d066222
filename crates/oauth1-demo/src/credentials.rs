//! Who signs: names that are sent, and secrets that never are.
//!
//! The test of the program includes this file, to look for the secrets in what the program prints.

/// The client: what providers call an application, or a consumer.
pub(crate) const CLIENT: &str = "demo-client";
/// Known to the client and the server. It holds characters that are encoded in a signing key.
pub(crate) const CLIENT_SECRET: &str = "client/secret&of+the=demo";

/// Ana's consent that the client may act for her.
pub(crate) const TOKEN: &str = "token-of-ana";
/// Known to the client and the server, too.
pub(crate) const TOKEN_SECRET: &str = "token/secret&of+the=demo";
