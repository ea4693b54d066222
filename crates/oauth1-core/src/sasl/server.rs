//! The server's side.

use super::{
    Identity, METHOD, Mechanism, Protocol, Reason, Refusal, message, printed, printed::Either,
    xoauth,
};
use crate::{
    authorization::AuthorizationHeader,
    base_string::Assembled,
    method::VerifyingKey,
    parameters::Slots,
    request::RequestView,
    stamp::Timestamp,
    target::{Origin, Target},
    value::Value,
    verify::{self, BodyHashPolicy, Lookup, NonceStatus, Policy, ReplayKey},
};

/// Verifies logins to one place: what it is called, and what is demanded of a message.
///
/// Of the policy, the window and the limits count; the one signature method is HMAC-SHA1.
#[derive(Clone, Copy, Debug)]
pub struct Server<'s> {
    policy: Policy<'s>,
    place: Place<'s>,
    printed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Place<'s> {
    Xoauth {
        service: Target<'s>,
        protocol: Protocol,
    },
    Oauth10a {
        hosts: &'s [&'s str],
        port: u16,
    },
}

impl<'s> Server<'s> {
    /// XOAUTH for one protocol. `service` is what stands before the user in a URL, such as
    /// `https://mail.google.com/mail/b/`, up to its last slash: a message for another service or protocol
    /// is refused.
    #[must_use]
    pub const fn xoauth(policy: Policy<'s>, service: Target<'s>, protocol: Protocol) -> Self {
        Self::new(policy, Place::Xoauth { service, protocol })
    }

    /// OAUTH10A for the connections to one port. `hosts` are the names that clients may call the server,
    /// letters in either case: a message for another name or port is refused, so that no other server
    /// that gets one can use it here.
    #[must_use]
    pub const fn oauth10a(policy: Policy<'s>, hosts: &'s [&'s str], port: u16) -> Self {
        Self::new(policy, Place::Oauth10a { hosts, port })
    }

    const fn new(policy: Policy<'s>, place: Place<'s>) -> Self {
        let policy = policy
            .with_methods(&[METHOD])
            .with_body_hash(BodyHashPolicy::Optional);
        Self {
            policy,
            place,
            printed: false,
        }
    }

    /// Takes signatures of the base string as RFC 7628 section 3.1.2 prints it as well, where the colon
    /// before the port is raw, against RFC 5849 section 3.6: `http%3A%2F%2Fexample.com:143%2F`. For
    /// clients that were made from the printed example.
    #[must_use]
    pub const fn allow_printed_base_string(self) -> Self {
        Self {
            printed: true,
            ..self
        }
    }

    /// The mechanism.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        match self.place {
            Place::Xoauth { .. } => Mechanism::Xoauth,
            Place::Oauth10a { .. } => Mechanism::Oauth10a,
        }
    }

    /// Reads the message that a login begins with, not in base64; `now` is the server's clock. One slot
    /// is needed for each parameter.
    ///
    /// # Errors
    /// [`Refusal`] for what is no message, is for another place, or stands for a request that
    /// [`Policy::receive`] refuses.
    pub fn receive<'r, S: Slots + ?Sized>(
        &'r self,
        message: &'r [u8],
        now: Timestamp,
        slots: &'r mut S,
    ) -> Result<Received<'r>, Refusal> {
        let mechanism = self.mechanism();
        let refuse = |reason| Refusal::new(mechanism, reason);
        let Login {
            request,
            header,
            identity,
            printed,
        } = self.read(message).map_err(refuse)?;
        let request = self
            .policy
            .receive_headers(&request, header, now, slots)
            .map_err(|rejection| refuse(Reason::Request(rejection)))?;
        Ok(Received {
            mechanism,
            request,
            identity,
            printed,
        })
    }

    fn read<'r>(&self, message: &'r [u8]) -> Result<Login<'r>, Reason> {
        match self.place {
            Place::Xoauth { service, protocol } => {
                let message = xoauth::Message::parse(message)?;
                let user = message.user(&service, protocol).ok_or(Reason::WrongUrl)?;
                Ok(Login {
                    request: RequestView::new("GET", message.target),
                    header: Some(message.header),
                    identity: Some(Identity::segment(user)),
                    printed: None,
                })
            }
            Place::Oauth10a { hosts, port } => {
                let message = message::Message::parse(message)?;
                let known = hosts
                    .iter()
                    .any(|host| host.eq_ignore_ascii_case(message.host));
                if !known {
                    return Err(Reason::WrongHost);
                }
                if message.port != port {
                    return Err(Reason::WrongPort);
                }
                let request = message.explicit.request(message.host, port);
                Ok(Login {
                    request: request
                        .map_err(|_| Reason::Malformed("host, path or qs is no part of a URL"))?,
                    header: AuthorizationHeader::parse(message.auth),
                    identity: message.identity,
                    printed: self.printed.then_some((message.host, port)),
                })
            }
        }
    }
}

/// What a message says.
struct Login<'r> {
    request: RequestView<'r>,
    header: Option<AuthorizationHeader<'r>>,
    identity: Option<Identity<'r>>,
    printed: Option<(&'r str, u16)>,
}

/// A message that can be read and is for this place. Nothing of it is proven yet.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is verified yet"]
pub struct Received<'r> {
    mechanism: Mechanism,
    request: verify::Received<'r>,
    identity: Option<Identity<'r>>,
    /// Host and port, where the printed base string will do.
    printed: Option<(&'r str, u16)>,
}

impl<'r> Received<'r> {
    /// The request that the message stands for: the client and token that it claims, and more.
    pub const fn request(&self) -> &verify::Received<'r> {
        &self.request
    }

    /// The client that the message claims to be from.
    #[must_use]
    pub fn client(&self) -> Value<'r> {
        self.request.client()
    }

    /// The token that it claims, `None` or empty for a two-legged login.
    #[must_use]
    pub fn token(&self) -> Option<Value<'r>> {
        self.request.token()
    }

    /// Who it wants to act as, if it names somebody.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity<'r>> {
        self.identity
    }

    /// Checks the signature: see [`verify::Received::authenticate`].
    ///
    /// # Errors
    /// [`Refusal`]; to the peer, an unknown client, an unknown token and a bad signature are one.
    pub fn authenticate(
        self,
        lookup: Lookup<'_>,
        stand_in: &dyn VerifyingKey,
    ) -> Result<Authentic<'r>, Refusal> {
        let mut memory = [0; printed::ROOM];
        let origin = self
            .printed
            .and_then(|(host, port)| printed::origin(host, port, &mut memory));
        let authentic = match origin {
            None => self.request.authenticate(lookup, stand_in),
            Some(origin) => self.authenticate_either(origin, lookup, stand_in),
        };
        match authentic {
            Ok(request) => Ok(Authentic {
                mechanism: self.mechanism,
                request,
                identity: self.identity,
            }),
            Err(rejection) => Err(Refusal::new(self.mechanism, Reason::Request(rejection))),
        }
    }

    fn authenticate_either(
        &self,
        origin: Origin<'_>,
        lookup: Lookup<'_>,
        stand_in: &dyn VerifyingKey,
    ) -> Result<verify::Authentic<'r>, verify::Rejection> {
        let parts = self.request.parts;
        let printed = Assembled {
            target: parts.target.with_origin(origin),
            ..parts
        };
        let either = |key| Either {
            key,
            printed: printed.into(),
        };
        let stand_in = either(stand_in);
        match lookup {
            Lookup::Found(key) => {
                let key = either(key);
                self.request.authenticate(Lookup::Found(&key), &stand_in)
            }
            unknown => self.request.authenticate(unknown, &stand_in),
        }
    }
}

/// A message whose signature holds. Whether it is the first of its kind is still to be asked.
#[derive(Clone, Copy, Debug)]
#[must_use = "it may be a replay still"]
pub struct Authentic<'r> {
    mechanism: Mechanism,
    request: verify::Authentic<'r>,
    identity: Option<Identity<'r>>,
}

impl<'r> Authentic<'r> {
    /// What must never have been seen before, to be inserted into a store in one atomic operation: always
    /// `Some`, for both mechanisms have a nonce. A store that serves HTTP as well can hold both.
    #[must_use]
    pub fn replay_key(&self) -> Option<ReplayKey<'r>> {
        self.request.replay_key()
    }

    /// Takes the store's answer.
    ///
    /// # Errors
    /// [`Refusal`] for a replay.
    pub fn accept(self, status: NonceStatus) -> Result<Verified<'r>, Refusal> {
        match self.request.accept(status) {
            Ok(request) => Ok(Verified {
                mechanism: self.mechanism,
                request,
                identity: self.identity,
            }),
            Err(rejection) => Err(Refusal::new(self.mechanism, Reason::Request(rejection))),
        }
    }

    /// Where the store cannot answer: nobody is let in.
    pub const fn unavailable(self) -> Refusal {
        Refusal::new(self.mechanism, Reason::Unavailable)
    }
}

/// A message that is what it claims to be, signed by whom it names, for the first time. Whether its
/// client and token may act as whom it names is still to be asked.
#[derive(Clone, Copy, Debug)]
#[must_use = "nobody is logged in yet"]
pub struct Verified<'r> {
    mechanism: Mechanism,
    request: verify::Verified<'r>,
    identity: Option<Identity<'r>>,
}

/// The application's answer to whether a client and its token may act as whom they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They may. Where nobody is named, they act as the owner of the token.
    Granted,
    /// They may not, such as when the token is another user's.
    Denied,
}

impl<'r> Verified<'r> {
    /// The client.
    #[must_use]
    pub fn client(&self) -> Value<'r> {
        self.request.client()
    }

    /// The token, `None` or empty for a two-legged login: then the client speaks for itself, and whether
    /// it may act as the identity is a matter between it and the server.
    #[must_use]
    pub fn token(&self) -> Option<Value<'r>> {
        self.request.token()
    }

    /// Who the client wants to act as, if it names somebody: always in XOAUTH.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity<'r>> {
        self.identity
    }

    /// Takes the application's answer.
    ///
    /// # Errors
    /// [`Refusal`] when it is no.
    pub const fn authorize(self, decision: Decision) -> Result<Authorized<'r>, Refusal> {
        match decision {
            Decision::Granted => Ok(Authorized { verified: self }),
            Decision::Denied => Err(Refusal::new(self.mechanism, Reason::IdentityDenied)),
        }
    }
}

/// A login that succeeds: the server says yes, without further data.
#[derive(Clone, Copy, Debug)]
pub struct Authorized<'r> {
    verified: Verified<'r>,
}

impl<'r> Authorized<'r> {
    /// The client.
    #[must_use]
    pub fn client(&self) -> Value<'r> {
        self.verified.client()
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> Option<Value<'r>> {
        self.verified.token()
    }

    /// Who the client acts as; `None` is the owner of the token.
    #[must_use]
    pub const fn identity(&self) -> Option<Identity<'r>> {
        self.verified.identity
    }

    /// The verified request, with its timestamp, its nonce and all that is signed.
    #[must_use]
    pub const fn request(&self) -> &verify::Verified<'r> {
        &self.verified.request
    }
}
