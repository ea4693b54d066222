//! What a request's body turns out to be.

use std::io::{self, Cursor, Read};

use bytes::Bytes;
use ureq::SendBody;

use crate::error::Error;

/// Among a request's extensions: its body flows from its start, unhashed, and is sent once.
///
/// ```no_run
/// # fn example(agent: ureq::Agent) -> anyhow::Result<()> {
/// let url = "https://api.example.com/upload";
/// let request = agent.post(url).extension(oauth1_ureq::Flow);
/// request.send(ureq::SendBody::from_owned_reader(std::io::stdin()))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow;

/// What a request's body turns out to be.
pub(crate) enum Content<'a> {
    Empty,
    Bytes(Bytes),
    /// `None` once it has been sent.
    Flow(Option<Box<dyn Read + 'a>>),
}

impl<'a> Content<'a> {
    /// Reads up to the limit, and finds out whether there is more.
    pub(crate) fn read(
        body: SendBody<'a>,
        is_form: bool,
        limit: usize,
    ) -> Result<Self, ureq::Error> {
        let mut body = body.into_reader();
        let mut start = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        body.by_ref().take(most).read_to_end(&mut start)?;
        Ok(match start.len() {
            0 => Self::Empty,
            length if length <= limit => Self::Bytes(start.into()),
            _ if is_form => return Err(Error::FormTooLarge(limit).into()),
            _ => Self::Flow(Some(Box::new(Cursor::new(start).chain(body)))),
        })
    }

    pub(crate) fn flow(body: SendBody<'a>) -> Self {
        Self::Flow(Some(Box::new(body.into_reader())))
    }
}

/// The body of one attempt.
pub(crate) enum Sent<'a> {
    None,
    /// Of a length that is known.
    Bytes(Cursor<Bytes>),
    Flow(Box<dyn Read + 'a>),
}

impl Read for Sent<'_> {
    fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::None => Ok(0),
            Self::Bytes(bytes) => bytes.read(memory),
            Self::Flow(body) => body.read(memory),
        }
    }
}
