//! The steps of a flow: three legs, renewal, xAuth, reverse authentication, Echo (feature `flow`).

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use oauth1_core::flow::{self, Leg, REPLY_LIMIT};

use crate::{
    body::{Body, Content},
    client::run,
    error::Error,
    transport::Transport,
};

/// Why a step of a flow did not come to its end.
pub type LegError = flow::LegError<Error>;

/// Sends the request of a step, and gives what its answer leads to.
///
/// ```no_run
/// use std::io;
///
/// use hyper_util::{client::legacy::Client as Pool, rt::TokioExecutor};
/// use oauth1_core::{ClientCredentials, HmacSha1, flow::{OUT_OF_BAND, Server, Start}};
/// use oauth1_hyper::{Body, complete};
///
/// # async fn example() -> anyhow::Result<()> {
/// # type Empty = http_body_util::Empty<bytes::Bytes>;
/// let server = Server::new(
///     "https://photos.example.net/initiate",
///     "https://photos.example.net/authorize",
///     "https://photos.example.net/token",
/// )?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// # let connector = hyper_util::client::legacy::connect::HttpConnector::new();
/// let pool: Pool<_, Body<Empty>> = Pool::builder(TokioExecutor::new()).build(connector);
///
/// let start = Start::new(&server, &client, OUT_OF_BAND);
/// let authorize = complete(&pool, start.request::<HmacSha1>()?).await?;
/// println!("Allow access at {}, and type the PIN that it shows:", authorize.url());
/// let pin = io::read_to_string(io::stdin())?;
/// let authorized = authorize.verifier(&pin)?;
/// let granted = complete(&pool, authorized.request::<HmacSha1, _>(&server, &client)?).await?;
/// println!("{}", granted.credentials().identifier());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`LegError`].
pub async fn complete<T, B, L>(transport: &T, leg: L) -> Result<L::Next, LegError>
where
    T: Transport<B>,
    B: http_body::Body + Send,
    L: Leg,
    L::Key: Send + Sync,
{
    let outgoing = leg.outgoing();
    let extra = outgoing.extra();
    let content = match outgoing.request().body().as_slice() {
        [] => Content::Empty,
        bytes => Content::<B>::Bytes(Bytes::copy_from_slice(bytes)),
    };
    let response = if let Some(exchange) = outgoing.exchange(&extra) {
        run(exchange, transport, content).await?
    } else {
        // Signed already: once, as it is, and following nothing.
        let request = outgoing.request().clone();
        let request = request.map(|body| Body::of_bytes(body.into()));
        let sent = transport.send(request).await;
        sent.map_err(|error| Error::Transport(error.source, None))?
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read(response).await?;
    Ok(leg.receive(status, &headers, &body)?)
}

/// As much of an answer as is looked at, and a byte more.
async fn read(response: Response<Incoming>) -> Result<Vec<u8>, Error> {
    let mut body = response.into_body();
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Error::Transport(error.into(), None))?;
        let bytes = frame.data_ref().map_or(&[][..], Bytes::as_ref);
        let left = (REPLY_LIMIT + 1).saturating_sub(read.len());
        read.extend_from_slice(&bytes[..bytes.len().min(left)]);
        if read.len() > REPLY_LIMIT {
            break;
        }
    }
    Ok(read)
}

impl From<Error> for LegError {
    fn from(error: Error) -> Self {
        Self::Send(error)
    }
}
