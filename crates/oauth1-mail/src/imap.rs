//! The crate `imap`.

use crate::Login;

/// `client.authenticate(login.mechanism(), &login)`.
impl imap::Authenticator for Login {
    type Response = Vec<u8>;

    fn process(&self, challenge: &[u8]) -> Vec<u8> {
        self.respond(challenge)
    }
}
