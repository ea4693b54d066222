//! One attempt to log in.

use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    RandomSourceError, SigningKey, Stamp,
    sasl::{Client, ClientError, ErrorChallenge, Mechanism, Sent},
};

/// How much is kept of what a server says when it refuses: its error has some hundred bytes.
const KEPT: usize = 4096;

/// One attempt to log in: signed when it is made, and good for one connection.
///
/// The first challenge of the server is answered with the message, whatever it is; another one means
/// that the server refuses, and is kept as the [`refusal`](Self::refusal).
#[derive(Debug)]
pub struct Login {
    mechanism: Mechanism,
    state: Mutex<State>,
}

enum State {
    Ready {
        message: Vec<u8>,
        sent: Sent<'static>,
    },
    Sent(Sent<'static>),
    Refused(Vec<u8>),
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Whoever reads the message before the server does can use it.
            Self::Ready { .. } => f.write_str("Ready(..)"),
            Self::Sent(sent) => fmt::Debug::fmt(sent, f),
            Self::Refused(challenge) => write!(f, "Refused(\"{}\")", challenge.escape_ascii()),
        }
    }
}

impl Login {
    /// Signs with the system's clock and random source.
    ///
    /// # Errors
    /// [`LoginError`] when the client cannot sign, or the system has no random numbers.
    pub fn now<K: SigningKey>(client: &Client<'_, K>) -> Result<Self, LoginError> {
        let stamp = Stamp::now().map_err(LoginError::RandomSource)?;
        Self::with_stamp(client, stamp).map_err(LoginError::Client)
    }

    /// Signs with a stamp of the caller's.
    ///
    /// # Errors
    /// [`ClientError`] when the client cannot sign.
    pub fn with_stamp<K: SigningKey>(
        client: &Client<'_, K>,
        stamp: Stamp<'static>,
    ) -> Result<Self, ClientError> {
        let (mut slots, mut message) = (Vec::new(), Vec::with_capacity(512));
        let sent = client.initial_response(stamp, &mut slots, &mut message)?;
        Ok(Self {
            mechanism: client.mechanism(),
            state: Mutex::new(State::Ready { message, sent }),
        })
    }

    /// The mechanism's name: what `AUTHENTICATE` and `AUTH` want.
    pub const fn mechanism(&self) -> &'static str {
        self.mechanism.name()
    }

    /// The mechanism's name and the message in base64, for a command that carries both (`SASL-IR` of
    /// RFC 4959 in IMAP). From then on the message counts as sent.
    pub fn with_initial_response(&self) -> String {
        format!("{} {}", self.mechanism, STANDARD.encode(self.respond(b"")))
    }

    /// Answers a challenge of the server, both of them not in base64: for clients that are not among the
    /// features. The message comes first; then what a refused client has to say.
    pub fn respond(&self, challenge: &[u8]) -> Vec<u8> {
        let mut state = self.state();
        // What is put there meanwhile is what a login is that was refused twice.
        let (next, response) = match core::mem::replace(&mut *state, State::Refused(Vec::new())) {
            State::Ready { message, sent } => (State::Sent(sent), message),
            State::Sent(sent) => {
                let mut reply = Vec::new();
                let refused = sent.challenge(challenge, &mut reply);
                let kept = refused.challenge().get(..KEPT);
                let kept = kept.unwrap_or(refused.challenge()).to_vec();
                (State::Refused(kept), reply)
            }
            // There is nothing to be said: it is over.
            State::Refused(challenge) => (State::Refused(challenge), Vec::new()),
        };
        *state = next;
        response
    }

    /// Why the server refused, if it sent an error before it said no: OAUTH10A does.
    pub fn refusal(&self) -> Option<Refusal> {
        match &*self.state() {
            State::Refused(challenge) => Some(Refusal {
                mechanism: self.mechanism,
                challenge: challenge.clone(),
            }),
            State::Ready { .. } | State::Sent(_) => None,
        }
    }

    /// The length of the message in base64.
    #[cfg(feature = "lettre")]
    pub(crate) fn encoded_length(&self) -> usize {
        match &*self.state() {
            State::Ready { message, .. } => message.len().div_ceil(3) * 4,
            State::Sent(_) | State::Refused(_) => 0,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No state is left half done by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a server said when it refused.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    mechanism: Mechanism,
    challenge: Vec<u8>,
}

impl Refusal {
    /// What it said, as bytes: the first 4 KiB.
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }

    /// What it said, if it is the error of RFC 7628 section 3.2.2.
    pub fn error(&self) -> Option<ErrorChallenge<'_>> {
        ErrorChallenge::parse(&self.challenge)
    }
}

/// Nothing of it moves a cursor, whatever the server said.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refuses the login by {}: ", self.mechanism)?;
        match self.error() {
            Some(error) => write!(f, "{:?}", error.status()),
            None => write!(f, "\"{}\"", self.challenge.escape_ascii()),
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl core::error::Error for Refusal {}

/// Why a login cannot be made.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum LoginError {
    /// The client cannot sign.
    Client(ClientError),
    /// The system has no random numbers.
    RandomSource(RandomSourceError),
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(f),
            Self::RandomSource(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LoginError {}

#[cfg(test)]
mod tests;
