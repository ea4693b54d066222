//! The steps of a flow: three legs, renewal, xAuth, reverse authentication, Echo (feature `flow`).

use bytes::Bytes;
use oauth1_core::flow::{self, Leg, REPLY_LIMIT};
use reqwest::{Request, Response};

use crate::{
    client::{Content, run},
    error::Error,
};

/// Why a step of a flow did not come to its end.
pub type LegError = flow::LegError<Error>;

/// Sends the request of a step, and gives what its answer leads to. The client should have been built with
/// [`redirect::Policy::none`](reqwest::redirect::Policy::none), as [`Client::http`](crate::Client::http)
/// is: see [`Error::RedirectedBelow`].
///
/// ```no_run
/// use std::io;
///
/// use oauth1_core::{ClientCredentials, HmacSha1, flow::{OUT_OF_BAND, Server, Start}};
/// use oauth1_reqwest::complete;
///
/// # async fn example() -> anyhow::Result<()> {
/// let server = Server::new(
///     "https://photos.example.net/initiate",
///     "https://photos.example.net/authorize",
///     "https://photos.example.net/token",
/// )?;
/// let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let no_redirects = reqwest::redirect::Policy::none(); // they are followed by the exchange
/// let http = reqwest::Client::builder().redirect(no_redirects).build()?;
///
/// let start = Start::new(&server, &client, OUT_OF_BAND);
/// let authorize = complete(&http, start.request::<HmacSha1>()?).await?;
/// println!("Allow access at {}, and type the PIN that it shows:", authorize.url());
/// let pin = io::read_to_string(io::stdin())?;
/// let authorized = authorize.verifier(&pin)?;
/// let granted = complete(&http, authorized.request::<HmacSha1, _>(&server, &client)?).await?;
/// println!("{}", granted.credentials().identifier());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`LegError`].
pub async fn complete<L>(http: &reqwest::Client, leg: L) -> Result<L::Next, LegError>
where
    L: Leg,
    L::Key: Send + Sync,
{
    let outgoing = leg.outgoing();
    let extra = outgoing.extra();
    let content = match outgoing.request().body().as_slice() {
        [] => Content::Empty,
        bytes => Content::Bytes(Bytes::copy_from_slice(bytes)),
    };
    let response = if let Some(exchange) = outgoing.exchange(&extra) {
        run(exchange, http, None, content).await?
    } else {
        // Signed already: once, as it is, and following nothing.
        let request = Request::try_from(outgoing.request().clone()).map_err(Error::from)?;
        let url = request.url().clone();
        let response = http.execute(request).await.map_err(Error::from)?;
        if *response.url() != url {
            return Err(Error::RedirectedBelow.into());
        }
        response
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read(response).await?;
    Ok(leg.receive(status, &headers, &body)?)
}

/// As much of an answer as is looked at, and a byte more.
async fn read(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut read = Vec::new();
    while let Some(bytes) = response.chunk().await? {
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
