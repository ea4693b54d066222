//! The client's message of XOAUTH.

use core::fmt;

use super::Reason;
use crate::{
    authorization::AuthorizationHeader,
    form,
    percent::is_unreserved,
    sink::{Sink, display},
    target::Target,
    value::Value,
    writer::put_encoded,
};

/// The protocol that a login is for: the last part of an XOAUTH URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// IMAP.
    Imap,
    /// SMTP.
    Smtp,
}

impl Protocol {
    /// As it stands in the URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Imap => "imap",
            Self::Smtp => "smtp",
        }
    }
}

/// The URL that an XOAUTH message names and signs, which shows as Google's text has it.
///
/// ```
/// use oauth1_core::sasl::{Protocol, XoauthUrl};
///
/// let url = XoauthUrl::new("https://mail.google.com/mail/b/", "jane@example.com", Protocol::Imap);
/// assert_eq!(url.to_string(), "https://mail.google.com/mail/b/jane@example.com/imap/");
/// assert_eq!(
///     url.two_legged().to_string(),
///     "https://mail.google.com/mail/b/jane@example.com/imap/\
///      ?xoauth_requestor_id=jane%40example.com",
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct XoauthUrl<'a> {
    service: &'a str,
    user: &'a str,
    protocol: Protocol,
    two_legged: bool,
}

impl<'a> XoauthUrl<'a> {
    /// What stands before the user in the URLs of Google, for which the mechanism was made.
    pub const GOOGLE: &'static str = "https://mail.google.com/mail/b/";

    /// Of the start of the URL up to its last slash, a user (an email address) and a protocol.
    #[must_use]
    pub const fn new(service: &'a str, user: &'a str, protocol: Protocol) -> Self {
        Self {
            service,
            user,
            protocol,
            two_legged: false,
        }
    }

    /// For a client that acts without a token: the user is named once more, as `xoauth_requestor_id`.
    #[must_use]
    pub const fn two_legged(self) -> Self {
        Self {
            two_legged: true,
            ..self
        }
    }

    /// Writes the URL.
    pub fn write_to<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.put(self.service.as_bytes());
        for byte in self.user.bytes() {
            // RFC 3986 section 3.3: what a segment of a path may hold stays, as the "@".
            if is_unreserved(byte) || b"@!$&'()*+,;=:".contains(&byte) {
                sink.put(&[byte]);
            } else {
                put_encoded(Value::plain(&[byte]), sink);
            }
        }
        sink.put(b"/");
        sink.put(self.protocol.name().as_bytes());
        sink.put(b"/");
        if self.two_legged {
            sink.put(b"?xoauth_requestor_id=");
            put_encoded(Value::plain(self.user), sink);
        }
    }
}

impl fmt::Display for XoauthUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(|sink| self.write_to(sink), f)
    }
}

/// A message: `GET SP url SP name="value",...`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'m> {
    pub(super) target: Target<'m>,
    pub(super) header: AuthorizationHeader<'m>,
}

impl<'m> Message<'m> {
    pub(super) fn parse(message: &'m [u8]) -> Result<Self, Reason> {
        if message.len() > super::message::LONGEST {
            return Err(Reason::TooLong);
        }
        let rest = message
            .strip_prefix(b"GET ")
            .ok_or(Reason::Malformed("it does not start with GET"))?;
        let space = rest.iter().position(|&byte| byte == b' ');
        let (url, parameters) = space
            .and_then(|at| rest.split_at_checked(at))
            .ok_or(Reason::Malformed("nothing stands behind the URL"))?;
        let url = core::str::from_utf8(url).ok();
        let target = url
            .and_then(|url| Target::parse(url).ok())
            .ok_or(Reason::Malformed("the URL is none"))?;
        Ok(Self {
            target,
            header: AuthorizationHeader::without_scheme(parameters),
        })
    }

    /// The user in the URL, if the URL is one of this service and protocol.
    pub(super) fn user(&self, service: &Target<'_>, protocol: Protocol) -> Option<&'m str> {
        if self.target.origin() != service.origin() {
            return None;
        }
        let rest = self.target.path().strip_prefix(service.path())?;
        let (user, rest) = rest.split_once('/')?;
        let named = rest
            .strip_suffix('/')
            .is_some_and(|rest| rest == protocol.name());
        let broken = form::find_broken_escape(user.as_bytes()).is_some();
        // A two-legged client names its user twice: neither may be another.
        let same = |(name, value): (Value<'_>, Value<'_>)| {
            name != "xoauth_requestor_id" || value == Value::percent(user.as_bytes())
        };
        let agree = form::pairs(self.target.query_bytes()).all(same);
        (named && agree && !broken && !user.is_empty()).then_some(user)
    }
}
