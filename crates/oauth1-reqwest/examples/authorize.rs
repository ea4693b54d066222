//! Gets token credentials from the terminal, and makes one signed call with them.
//!
//! ```sh
//! export OAUTH1_CLIENT_SECRET=...
//! cargo run -p oauth1-reqwest --example authorize-reqwest -- --oob CLIENT flickr
//! cargo run -p oauth1-reqwest --example authorize-reqwest -- \
//!     --call https://photos.example.net/me CLIENT https://photos.example.net/initiate \
//!     https://photos.example.net/authorize https://photos.example.net/token
//! ```

use oauth1_adapters::terminal::{Arguments, Callback, Terminal};
use oauth1_core::{HmacSha1, Signer, flow::Start};
use oauth1_reqwest::{Client, complete, exchange};
use reqwest::redirect;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    authorize(&Arguments::of_process()?, &mut Terminal::of_process()).await
}

pub(crate) async fn authorize(
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    // The cryptography of TLS, which reqwest leaves to be chosen. It was chosen if there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Redirects are followed by the exchange, which signs them anew.
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none());
    let http = builder.user_agent("oauth1-reqwest").build()?;
    let (server, client) = (&arguments.server, &arguments.client);

    // 1. Temporary credentials.
    let callback = Callback::of(arguments)?;
    let start = Start::new(server, client, callback.uri());
    let authorize = complete(&http, start.request::<HmacSha1>()?).await?;

    // 2. The resource owner decides.
    let authorized = terminal.ask(arguments, &authorize, &callback)?;

    // 3. Token credentials.
    let leg = authorized.request::<HmacSha1, _>(server, client)?;
    let granted = complete(&http, leg).await?;
    terminal.show(&granted)?;

    // A request that they sign.
    if let Some(url) = &arguments.call {
        let signer = Signer::<HmacSha1>::for_token(client, granted.credentials());
        let signer = arguments.configure(signer)?.into_owned();
        let client = Client::over(exchange::Client::new(signer), http);
        let response = client.send(client.http().get(url)).await?;
        let status = response.status();
        terminal.say(&format!("{status}: {}", response.text().await?))?;
    }
    Ok(())
}
