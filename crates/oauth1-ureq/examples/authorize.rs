//! Gets token credentials from the terminal, and makes one signed call with them.
//!
//! ```sh
//! export OAUTH1_CLIENT_SECRET=...
//! cargo run -p oauth1-ureq --example authorize-ureq -- --oob CLIENT flickr
//! cargo run -p oauth1-ureq --example authorize-ureq -- \
//!     --call https://photos.example.net/me CLIENT https://photos.example.net/initiate \
//!     https://photos.example.net/authorize https://photos.example.net/token
//! ```

use oauth1_adapters::terminal::{Arguments, Callback, Terminal};
use oauth1_core::{HmacSha1, Signer, flow::Start};
use oauth1_ureq::{OAuth1, complete, exchange};
use ureq::Agent;

fn main() -> anyhow::Result<()> {
    authorize(&Arguments::of_process()?, &mut Terminal::of_process())
}

pub(crate) fn authorize(arguments: &Arguments, terminal: &mut Terminal) -> anyhow::Result<()> {
    let agent = Agent::new_with_defaults();
    let (server, client) = (&arguments.server, &arguments.client);

    // 1. Temporary credentials.
    let callback = Callback::of(arguments)?;
    let start = Start::new(server, client, callback.uri());
    let authorize = complete(&agent, start.request::<HmacSha1>()?)?;

    // 2. The resource owner decides.
    let authorized = terminal.ask(arguments, &authorize, &callback)?;

    // 3. Token credentials.
    let leg = authorized.request::<HmacSha1, _>(server, client)?;
    let granted = complete(&agent, leg)?;
    terminal.show(&granted)?;

    // A request that they sign.
    if let Some(url) = &arguments.call {
        let signer = Signer::<HmacSha1>::for_token(client, granted.credentials());
        let signer = arguments.configure(signer)?.into_owned();
        let oauth = OAuth1::new(exchange::Client::new(signer)).with_status_as_error(false);
        let agent = Agent::config_builder()
            .middleware(oauth)
            .build()
            .new_agent();
        let mut response = agent.get(url).call()?;
        let status = response.status();
        terminal.say(&format!(
            "{status}: {}",
            response.body_mut().read_to_string()?
        ))?;
    }
    Ok(())
}
