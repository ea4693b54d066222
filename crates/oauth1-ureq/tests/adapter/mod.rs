//! ureq as an adapter under test.

use alloc::sync::Arc;
use std::io::{self, Read};

use oauth1_adapters::{Adapter, Answer, Call, Case, Content, Error, FlowDriver, LegFailure};
use oauth1_core::{SigningKey, exchange, flow::Leg};
use oauth1_ureq::{Flow, LegError, OAuth1, Report, complete};
use ureq::{Agent, SendBody};

pub(crate) struct Ureq;

impl Adapter for Ureq {
    fn name(&self) -> &'static str {
        "ureq"
    }

    fn cannot(&self, case: &Case) -> Option<&'static str> {
        case.http2.then_some("ureq speaks HTTP/1 alone")
    }

    fn send<K>(&self, client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        let oauth = OAuth1::new(client).with_status_as_error(false);
        let agent: Agent = Agent::config_builder()
            .allow_non_standard_methods(true)
            .middleware(oauth)
            .build()
            .into();
        let mut request = call.request.clone();
        request.extensions_mut().insert(call.parameters);
        let mut response = match call.body {
            Content::Empty => agent.run(request)?,
            Content::Bytes(bytes) => agent.run(request.map(|()| bytes))?,
            Content::Streamed(pieces) => {
                request.extensions_mut().insert(Flow);
                agent.run(
                    request.map(|()| SendBody::from_owned_reader(Pieces { pieces, rest: &[] })),
                )?
            }
        };
        let report: &Report = response.extensions().get().ok_or("no report")?;
        let nonce = report.stamp().map(|stamp| stamp.nonce().to_owned());
        Ok(Answer {
            status: response.status(),
            body: response.body_mut().read_to_vec()?,
            nonce,
        })
    }
}

impl FlowDriver for Ureq {
    fn complete<L: Leg>(&self, leg: L) -> Result<L::Next, LegFailure>
    where
        L::Key: Send + Sync,
    {
        complete(&Agent::new_with_defaults(), leg).map_err(|error| match error {
            LegError::Reply(error) => LegFailure::Reply(error),
            error => LegFailure::Send(error.to_string()),
        })
    }
}

/// A body that flows piece by piece, of a length that is not known beforehand.
struct Pieces {
    pieces: &'static [&'static [u8]],
    /// What is left of the piece before.
    rest: &'static [u8],
}

impl Read for Pieces {
    fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.pieces.split_off_first().copied().unwrap_or_default();
        }
        self.rest.read(memory)
    }
}
