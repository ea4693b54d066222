//! What a provider gives out: credentials, verifiers, session handles, and the replies they travel in.

use alloc::string::{String, ToString};
use core::fmt;

use crate::{credentials::Secret, percent, stamp::Timestamp};

/// The identifier and the secret of new client, temporary or token credentials.
///
/// Their bytes come from the caller's random source, which must be the system's (RFC 5849 section
/// 4.9): an identifier has 160 bits of them, a secret 256, as letters and digits that need no encoding.
///
/// ```
/// use oauth1_core::provider::NewCredentials;
///
/// # let random = [7; 52];
/// let new = NewCredentials::from_bytes(random);
/// assert_eq!((new.identifier().len(), new.secret().expose().len()), (32, 52));
/// ```
#[derive(Clone, Debug)]
pub struct NewCredentials {
    identifier: String,
    secret: Secret<'static>,
}

impl NewCredentials {
    /// Makes them of random bytes.
    #[must_use]
    pub fn from_bytes(random: [u8; 52]) -> Self {
        let (identifier, secret) = random.split_at(20);
        Self {
            identifier: letters(identifier),
            secret: letters(secret).into(),
        }
    }

    /// The identifier.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The secret.
    #[must_use]
    pub const fn secret(&self) -> &Secret<'static> {
        &self.secret
    }

    /// The reply to a request for temporary credentials (section 2.1).
    #[must_use]
    pub fn temporary_reply(&self) -> Reply {
        let mut reply = Reply::default();
        reply.put_credentials(self);
        reply.put("oauth_callback_confirmed", "true");
        reply
    }
}

/// The verification code of section 2.2, which passes from the owner to the client.
#[derive(Clone)]
pub struct Verifier(Secret<'static>);

impl Verifier {
    /// For a redirect: 160 bits, as 32 letters and digits.
    #[must_use]
    pub fn from_bytes(random: [u8; 20]) -> Self {
        Self(letters(&random).into())
    }

    /// For people to type (`oob`): eight letters and digits that cannot be mistaken for one another, 40
    /// bits. That is enough only because it serves with the secret of the temporary credentials alone,
    /// for minutes, and because a store counts the wrong ones and stops at a few.
    #[must_use]
    pub fn to_type(random: [u8; 5]) -> Self {
        Self(letters(&random).into())
    }

    /// The code. The name is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}

/// What a token is renewed with (OAuth Session extension).
#[derive(Clone)]
pub struct SessionHandle(Secret<'static>);

impl SessionHandle {
    /// 160 bits, as 32 letters and digits.
    #[must_use]
    pub fn from_bytes(random: [u8; 20]) -> Self {
        Self(letters(&random).into())
    }

    /// One that was given out before.
    #[must_use]
    pub fn from_stored(handle: impl Into<Secret<'static>>) -> Self {
        Self(handle.into())
    }

    /// The handle. The name is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHandle(..)")
    }
}

/// The reply to a request for token credentials (section 2.3), with what extensions add to it. From
/// [`TokenGrant::reply`](super::TokenGrant::reply).
#[derive(Clone, Debug)]
pub struct TokenReply {
    reply: Reply,
}

impl TokenReply {
    /// The two that section 2.3 requires.
    pub(super) fn new(token: &NewCredentials) -> Self {
        let mut reply = Reply::default();
        reply.put_credentials(token);
        Self { reply }
    }

    /// When the token ends, as the Session extension has it: `oauth_expires_in`, in seconds.
    #[must_use]
    pub fn with_expiry(mut self, expires: Timestamp, now: Timestamp) -> Self {
        self.reply
            .put_number("oauth_expires_in", seconds_left(expires, now));
        self
    }

    /// What the token is renewed with, and until when: `oauth_session_handle` and, in seconds,
    /// `oauth_authorization_expires_in`.
    #[must_use]
    pub fn with_session(
        mut self,
        handle: &SessionHandle,
        expires: Timestamp,
        now: Timestamp,
    ) -> Self {
        self.reply.put("oauth_session_handle", handle.expose());
        let left = seconds_left(expires, now);
        self.reply
            .put_number("oauth_authorization_expires_in", left);
        self
    }

    /// What xAuth adds: `x_auth_expires`, the time when the token ends, `0` for never.
    #[must_use]
    pub fn with_xauth_expiry(mut self, expires: Option<Timestamp>) -> Self {
        let expires = expires.map_or(0, Timestamp::unix_seconds);
        self.reply.put_number("x_auth_expires", expires);
        self
    }

    /// A parameter of the server's own, such as `user_id`.
    #[must_use]
    pub fn with_extra(mut self, name: &str, value: &str) -> Self {
        self.reply.put(name, value);
        self
    }

    /// The reply.
    #[must_use]
    pub fn write(self) -> Reply {
        self.reply
    }
}

fn seconds_left(until: Timestamp, now: Timestamp) -> u64 {
    until.unix_seconds().saturating_sub(now.unix_seconds())
}

/// The body of a reply with status 200: a form ([`content_type::FORM`](crate::content_type::FORM)).
/// It holds secrets: it is wiped on drop, does not show them, and must be sent with `Cache-Control:
/// no-store`.
#[derive(Clone)]
pub struct Reply(Secret<'static>);

impl Default for Reply {
    fn default() -> Self {
        Self(Secret::from(String::new()))
    }
}

impl Reply {
    fn put_credentials(&mut self, new: &NewCredentials) {
        self.put("oauth_token", new.identifier());
        self.put("oauth_token_secret", new.secret().expose());
    }

    fn put_number(&mut self, name: &str, number: u64) {
        self.put(name, &number.to_string());
    }

    fn put(&mut self, name: &str, value: &str) {
        let before = self.0.expose();
        let mut text = String::with_capacity(before.len() + name.len() + 3 * value.len() + 2);
        text.push_str(before);
        if !text.is_empty() {
            text.push('&');
        }
        push_encoded(&mut text, name);
        text.push('=');
        push_encoded(&mut text, value);
        self.0 = text.into();
    }

    /// The text. The name is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply(..)")
    }
}

/// Encoded as [`percent`] has it, into a text.
pub(super) fn push_encoded(text: &mut String, part: &str) {
    for byte in part.bytes() {
        if percent::is_unreserved(byte) {
            text.push(char::from(byte));
        } else {
            text.extend(percent::escape(byte).map(char::from));
        }
    }
}

/// Five bits a letter, without `l`, `o`, `0` and `1`.
fn letters(random: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(random.len().div_ceil(5) * 8);
    for group in random.chunks(5) {
        let mut bits = 0_u64;
        for at in 0..5 {
            bits = bits << 8 | u64::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..(group.len() * 8).div_ceil(5) {
            text.push(char::from(ALPHABET[(bits >> (35 - 5 * at) & 31) as usize]));
        }
    }
    text
}
