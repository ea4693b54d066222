//! The crate `async-imap`.

use crate::Login;

/// `client.authenticate(login.mechanism(), &login).await`: of a borrowed login, so that it can be asked
/// afterwards why it was refused.
impl async_imap::Authenticator for &Login {
    type Response = Vec<u8>;

    fn process(&mut self, challenge: &[u8]) -> Vec<u8> {
        self.respond(challenge)
    }
}
