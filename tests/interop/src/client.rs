//! Who sends.

use oauth1_adapters::{Adapter, Outcome, send};

pub(crate) use self::program::is_rsa;
pub use self::{curl::Curl, program::Program};
use crate::case::Line;

mod curl;
mod program;

/// Who sends requests.
pub trait Client {
    /// Its name, with the version where it is not ours.
    fn name(&self) -> &str;

    /// Sends a request to the server of this origin.
    ///
    /// # Errors
    /// When the client itself does not work, whatever the request.
    fn send(&mut self, origin: &str, line: &Line) -> anyhow::Result<Sent>;
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Sent {
    /// It was answered.
    Answered {
        /// With this status.
        status: u16,
        /// And this body.
        text: String,
    },
    /// The client has no way to send such a request: why.
    Cannot(String),
    /// The client has failed.
    Failed(String),
}

/// An adapter of ours.
#[derive(Debug)]
pub struct Ours<A> {
    /// The crate, or the program that is given its headers.
    pub name: String,
    /// What sends.
    pub adapter: A,
}

impl<A: Adapter> Client for Ours<A> {
    fn name(&self) -> &str {
        &self.name
    }

    fn send(&mut self, origin: &str, line: &Line) -> anyhow::Result<Sent> {
        if line.bare {
            return Ok(Sent::Cannot(BARE.into()));
        }
        if let Some(why) = self.adapter.cannot(line.case) {
            return Ok(Sent::Cannot(why.into()));
        }
        Ok(match send(&self.adapter, origin, line.case) {
            Ok(answer) => Sent::Answered {
                status: answer.status.as_u16(),
                text: String::from_utf8_lossy(&answer.body).into_owned(),
            },
            Err(error) if matches!(line.case.outcome, Outcome::Either(_, _)) => {
                Sent::Cannot(error.to_string())
            }
            Err(error) => Sent::Failed(error.to_string()),
        })
    }
}

pub(crate) const BARE: &str = "it always sends timestamp and nonce";
