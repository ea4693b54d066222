//! Gets token credentials from the terminal, and makes one signed call with them.
//!
//! ```sh
//! export OAUTH1_CLIENT_SECRET=...
//! cargo run -p oauth1-hyper --example authorize-hyper -- --oob CLIENT flickr
//! cargo run -p oauth1-hyper --example authorize-hyper -- \
//!     --call https://photos.example.net/me CLIENT https://photos.example.net/initiate \
//!     https://photos.example.net/authorize https://photos.example.net/token
//! ```

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{client::legacy::Client as Pool, rt::TokioExecutor};
use oauth1_adapters::terminal::{Arguments, Callback, Terminal};
use oauth1_core::{HmacSha1, Signer, flow::Start};
use oauth1_hyper::{Body, Client, complete, exchange};

/// How much of the answer is printed.
const LIMIT: usize = 1024 * 1024;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    authorize(&Arguments::of_process()?, &mut Terminal::of_process()).await
}

pub(crate) async fn authorize(
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    let connector = HttpsConnectorBuilder::new().with_webpki_roots();
    let connector = connector.https_or_http().enable_http1().build();
    let pool: Pool<_, Body<Empty<Bytes>>> = Pool::builder(TokioExecutor::new()).build(connector);
    let (server, client) = (&arguments.server, &arguments.client);

    // 1. Temporary credentials.
    let callback = Callback::of(arguments)?;
    let start = Start::new(server, client, callback.uri());
    let authorize = complete(&pool, start.request::<HmacSha1>()?).await?;

    // 2. The resource owner decides.
    let authorized = terminal.ask(arguments, &authorize, &callback)?;

    // 3. Token credentials.
    let leg = authorized.request::<HmacSha1, _>(server, client)?;
    let granted = complete(&pool, leg).await?;
    terminal.show(&granted)?;

    // A request that they sign.
    if let Some(url) = &arguments.call {
        let signer = Signer::<HmacSha1>::for_token(client, granted.credentials());
        let signer = arguments.configure(signer)?.into_owned();
        let client = Client::new(exchange::Client::new(signer), pool);
        let response = client
            .request(Request::get(url).body(Empty::new())?)
            .await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LIMIT).collect().await;
        let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
        terminal.say(&format!("{status}: {}", String::from_utf8_lossy(&body)))?;
    }
    Ok(())
}
