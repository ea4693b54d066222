//! The steps of a flow: three legs, renewal, xAuth, reverse authentication, Echo (feature `flow`).

use std::io::Read as _;

use bytes::Bytes;
use http::{Request, Response};
use oauth1_core::flow::{self, Leg, REPLY_LIMIT};
use ureq::{Agent, AsSendBody, Body, SendBody};

use crate::{
    attempts::run,
    body::{Content, Sent},
    middleware::Signed,
};

/// Why a step of a flow did not come to its end.
pub type LegError = flow::LegError<ureq::Error>;

/// Sends the request of a step, and gives what its answer leads to. The agent may have an
/// [`OAuth1`](crate::OAuth1), which lets these requests pass as they are.
///
/// ```no_run
/// use std::io;
///
/// use oauth1_core::{ClientCredentials, HmacSha1, flow::{OUT_OF_BAND, Server, Start}};
/// use oauth1_ureq::complete;
///
/// # fn main() -> anyhow::Result<()> {
/// let server = Server::new(
///     "https://photos.example.net/initiate",
///     "https://photos.example.net/authorize",
///     "https://photos.example.net/token",
/// )?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let agent = ureq::Agent::new_with_defaults();
///
/// let start = Start::new(&server, &client, OUT_OF_BAND);
/// let authorize = complete(&agent, start.request::<HmacSha1>()?)?;
/// println!("Allow access at {}, and type the PIN that it shows:", authorize.url());
/// let pin = io::read_to_string(io::stdin())?;
/// let authorized = authorize.verifier(&pin)?;
/// let granted = complete(&agent, authorized.request::<HmacSha1, _>(&server, &client)?)?;
/// println!("{}", granted.credentials().identifier());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`LegError`].
pub fn complete<L: Leg>(agent: &Agent, leg: L) -> Result<L::Next, LegError> {
    let outgoing = leg.outgoing();
    let extra = outgoing.extra();
    let response = if let Some(exchange) = outgoing.exchange(&extra) {
        let content = match outgoing.request().body().as_slice() {
            [] => Content::Empty,
            bytes => Content::Bytes(Bytes::copy_from_slice(bytes)),
        };
        let response = run(exchange, content, |request| {
            let (head, mut body) = request.into_parts();
            match &mut body {
                Sent::None => send(agent, Request::from_parts(head, SendBody::none())),
                body => send(
                    agent,
                    Request::from_parts(head, SendBody::from_reader(body)),
                ),
            }
        });
        response.map_err(LegError::Send)?
    } else {
        // Signed already: once, as it is, and following nothing.
        let request = outgoing.request().clone();
        let sent = if request.body().is_empty() {
            send(agent, request.map(|_| SendBody::none()))
        } else {
            send(agent, request)
        };
        sent.map_err(LegError::Send)?
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    // As much of it as is looked at, and a byte more.
    let most = u64::try_from(REPLY_LIMIT)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let read = response
        .into_body()
        .into_reader()
        .take(most)
        .read_to_end(&mut body);
    read.map_err(|error| LegError::Send(error.into()))?;
    Ok(leg.receive(status, &headers, &body)?)
}

fn send<B: AsSendBody>(
    agent: &Agent,
    mut request: Request<B>,
) -> Result<Response<Body>, ureq::Error> {
    request.extensions_mut().insert(Signed);
    let request = agent.configure_request(request);
    let request = request.max_redirects(0).max_redirects_will_error(false);
    agent.run(request.http_status_as_error(false).build())
}
