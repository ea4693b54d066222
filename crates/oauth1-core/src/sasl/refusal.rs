//! Why a server refuses a login, and how it says so.

use core::fmt;

use super::{Mechanism, SEPARATOR, challenge};
use crate::{sink::Sink, verify::Rejection};

/// A login that is refused: what the server's log may know of it. Its peer learns no more than
/// [`status`](Self::status) says, which tells an unknown client from nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the peer is still to be told"]
pub struct Refusal {
    mechanism: Mechanism,
    reason: Reason,
}

/// Why a login is refused. For logs, never for the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The message is none of its mechanism: what is wrong with it.
    Malformed(&'static str),
    /// The message is longer than 12,287 bytes, which no protocol carries (RFC 4954 section 4).
    TooLong,
    /// It asks for channel binding, which neither mechanism has.
    ChannelBinding,
    /// It is the reply to an error that was not sent: a lone `^A`.
    UnexpectedReply,
    /// A key is missing that must be there.
    Missing(&'static str),
    /// A key is there twice.
    Duplicate(&'static str),
    /// It was made for a server of another name.
    WrongHost,
    /// It was made for another port.
    WrongPort,
    /// It was made for another service or protocol, or names two users.
    WrongUrl,
    /// The request that it stands for is refused.
    Request(Rejection),
    /// The client and its token are who they say, and may not act as whom they name.
    IdentityDenied,
    /// A store could not answer.
    Unavailable,
}

impl Refusal {
    pub(super) const fn new(mechanism: Mechanism, reason: Reason) -> Self {
        Self { mechanism, reason }
    }

    /// The mechanism.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// Why. For logs, never for the peer.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The error code that the peer is told (RFC 7628 section 3.2.2): of the registry of OAuth errors.
    /// The same for an unknown client, an unknown token, a bad signature, a replay and a timestamp.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self.reason {
            Reason::Request(rejection) if rejection.status() == 401 => "invalid_token",
            Reason::IdentityDenied => "insufficient_scope",
            Reason::Unavailable => "temporarily_unavailable",
            _ => "invalid_request",
        }
    }

    /// What the server does now. For OAUTH10A it sends a challenge, which is written into `out`, not in
    /// base64: the status and, where they are given, the scope that a token needs and the URL of the
    /// OpenID Provider Configuration. For XOAUTH it says no at once, and nothing is written.
    pub fn answer<O: Sink + ?Sized>(
        self,
        scope: Option<&str>,
        openid_configuration: Option<&str>,
        out: &mut O,
    ) -> Answer {
        match self.mechanism {
            Mechanism::Xoauth => Answer::Fail(Failed {
                refusal: self,
                as_expected: true,
            }),
            Mechanism::Oauth10a => {
                challenge::write(self.status(), scope, openid_configuration, out);
                Answer::Challenge(AwaitReply { refusal: self })
            }
        }
    }
}

/// For logs.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.mechanism)?;
        match self.reason {
            Reason::Malformed(what) => write!(f, "the message is malformed: {what}"),
            Reason::TooLong => f.write_str("the message is too long"),
            Reason::ChannelBinding => f.write_str("the message asks for channel binding"),
            Reason::UnexpectedReply => {
                f.write_str("the message is the reply to an error that was not sent")
            }
            Reason::Missing(key) => write!(f, "the message has no {key}"),
            Reason::Duplicate(key) => write!(f, "the message has {key} twice"),
            Reason::WrongHost => f.write_str("the message is for another host"),
            Reason::WrongPort => f.write_str("the message is for another port"),
            Reason::WrongUrl => f.write_str("the message is for another service, protocol or user"),
            Reason::Request(rejection) => rejection.fmt(f),
            Reason::IdentityDenied => f.write_str("the token may not act as whom the client names"),
            Reason::Unavailable => f.write_str("a store could not answer"),
        }
    }
}

impl core::error::Error for Refusal {}

/// What a server does with a login that it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the peer is still to be told"]
pub enum Answer {
    /// It sends the challenge that was written, and waits for a reply.
    Challenge(AwaitReply),
    /// It says no.
    Fail(Failed),
}

/// The challenge of OAUTH10A is sent; a reply has to come before the server may say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the exchange has not failed yet"]
pub struct AwaitReply {
    refusal: Refusal,
}

impl AwaitReply {
    /// Takes the reply. RFC 7628 section 3.2.3: it is `^A` or an abort, and the exchange fails whatever
    /// it is: no other message can begin a new one here.
    pub fn reply(self, reply: &[u8]) -> Failed {
        Failed {
            refusal: self.refusal,
            as_expected: reply == [SEPARATOR],
        }
    }
}

/// The login has failed: the server says no, in the words of its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    refusal: Refusal,
    as_expected: bool,
}

impl Failed {
    /// Why.
    pub const fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// Whether the peer replied to the error as it should have. It decides nothing.
    #[must_use]
    pub const fn replied_as_expected(&self) -> bool {
        self.as_expected
    }
}

/// For logs.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl core::error::Error for Failed {}
