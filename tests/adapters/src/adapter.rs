//! What an adapter's test implements.

use alloc::sync::Arc;

use http::{Request, StatusCode};
use oauth1_core::{ProtocolParameters, SigningKey, exchange::Client};

use crate::case::Case;

/// Whatever went wrong; its text says what.
pub type Error = Box<dyn core::error::Error + Send + Sync>;

/// An adapter under test.
pub trait Adapter {
    /// Its name, for the output.
    fn name(&self) -> &'static str;

    /// Why a case cannot be tried on it, where the HTTP stack has no such thing (HTTP/2, say). What an
    /// adapter should do and does not is no reason.
    fn cannot(&self, case: &Case) -> Option<&'static str> {
        let _ = case;
        None
    }

    /// Sends a request through the adapter, and waits for the answer.
    ///
    /// # Errors
    /// What the adapter says where there is no answer to be had, or where it stopped.
    fn send<K>(&self, client: Arc<Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static;
}

/// A request to be sent.
#[derive(Debug)]
pub struct Call {
    /// Method, absolute URI and headers, unsigned.
    pub request: Request<()>,
    /// Its body.
    pub body: Content,
    /// What is signed besides.
    pub parameters: ProtocolParameters<'static>,
    /// The same by its values, for adapters that take them in another form.
    pub further: Option<Further>,
    /// Over HTTP/2 without TLS, which server and client know beforehand.
    pub http2: bool,
}

/// The protocol parameters that one request has and others have not.
#[derive(Clone, Copy, Debug)]
pub struct Further {
    /// `oauth_callback`.
    pub callback: &'static str,
    /// `oauth_verifier`.
    pub verifier: &'static str,
    /// Name and value of one of an extension.
    pub extra: (&'static str, &'static str),
}

impl Further {
    /// One of each, as the cases have them.
    pub const ALL: Self = Self {
        callback: "http://app.example/callback?a=b c",
        verifier: "v/1",
        extra: ("oauth_session_handle", "a b&c"),
    };
}

/// A body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// None at all.
    Empty,
    /// Bytes that the adapter is given as a whole.
    Bytes(&'static [u8]),
    /// Pieces that flow one after the other, whose sum is not known beforehand: chunked in HTTP/1.
    Streamed(&'static [&'static [u8]]),
}

impl Content {
    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Streamed(pieces) => pieces.concat(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The last status.
    pub status: StatusCode,
    /// The body.
    pub body: Vec<u8>,
    /// The nonce of the last attempt that was signed, where the adapter shows it.
    pub nonce: Option<String>,
}
