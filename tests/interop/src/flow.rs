//! The three legs (RFC 5849 section 2): each client with each provider, in several ways.

use std::thread;

use anyhow::{Context as _, anyhow, bail, ensure};
use http::StatusCode;
use oauth1_adapters::{CALLBACK, FlowDriver, LegFailure, Method, get};
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, KeyFrom, RsaSha1, Signer, SigningKey, Transmission,
    exchange::Client,
    flow::{OUT_OF_BAND, Server as Endpoints, Start as StartFlow},
};
use serde::Deserialize;
use serde_json::json;

pub use self::provider::{PROVIDERS, Provider};
use crate::{
    client::Ours,
    matrix::{Matrix, Outcome, Row},
    reason::Side,
};

mod ours;
mod provider;

/// A way through the legs.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// What it is about.
    pub name: &'static str,
    /// How requests are signed.
    pub method: Method,
    /// Where the protocol parameters are.
    pub transmission: Transmission,
    /// Where the resource owner comes back to.
    pub callback: &'static str,
}

const fn way(
    name: &'static str,
    method: Method,
    transmission: Transmission,
    callback: &'static str,
) -> Way {
    Way {
        name,
        method,
        transmission,
        callback,
    }
}

/// Where nobody listens: the address alone is looked at.
const PLAIN: &str = "http://127.0.0.1:9/ready";

/// Every way.
pub const WAYS: [Way; 8] = {
    use Method::{HmacSha1, HmacSha256, RsaSha1};
    use Transmission::{Form, Header, Query};
    [
        way("three legs", HmacSha1, Header, PLAIN),
        way("three legs, out of band", HmacSha1, Header, OUT_OF_BAND),
        way("three legs, HMAC-SHA256", HmacSha256, Header, PLAIN),
        way("three legs, RSA-SHA1", RsaSha1, Header, PLAIN),
        way("three legs, in the query", HmacSha1, Query, PLAIN),
        way("three legs, in the form", HmacSha1, Form, PLAIN),
        way("escapes in the callback", HmacSha1, Header, CALLBACK),
        way(
            "escapes in the callback, in the form",
            HmacSha1,
            Form,
            CALLBACK,
        ),
    ]
};

/// Who walks.
pub trait Walker {
    /// Its name, with the version where it is not ours.
    fn name(&self) -> &str;

    /// Gets temporary credentials, the owner's consent and token credentials, and asks for a resource with
    /// them.
    ///
    /// # Errors
    /// Where it does not come to its end, and why.
    fn walk(&mut self, provider: &Provider, way: &Way) -> anyhow::Result<Walked>;
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Walked {
    /// The resource was given.
    Completed,
    /// The client has no such way: why.
    Cannot(String),
}

/// What starts a walker.
pub type Start = fn() -> anyhow::Result<Box<dyn Walker>>;

/// Has each of these clients walk each way with each provider.
///
/// # Errors
/// When a program cannot be had or started.
pub fn flows(walkers: &[Start]) -> anyhow::Result<Matrix> {
    let providers = PROVIDERS.map(|start| start());
    let providers = providers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let rows = thread::scope(|scope| {
        let running: Vec<_> = walkers
            .iter()
            .map(|start| scope.spawn(|| Ok(row(start()?.as_mut(), &providers))))
            .collect();
        let rows = running.into_iter().map(|row| {
            let row = row.join().map_err(|_| anyhow!("a client has panicked"));
            row.and_then(|row| row)
        });
        rows.collect::<anyhow::Result<Vec<_>>>()
    })?;
    let servers = providers.iter().map(|provider| provider.name().into());
    Ok(Matrix {
        servers: servers.collect(),
        rows,
    })
}

fn row(walker: &mut dyn Walker, providers: &[Provider]) -> Row {
    let cells = providers.iter().map(|provider| {
        let outcomes = WAYS.iter().map(|way| {
            let outcome = if let Some(why) = provider.beyond(way) {
                let (by, why) = (Side::Server, why.into());
                Outcome::LeftOut { by, why }
            } else {
                match walker.walk(provider, way) {
                    Ok(Walked::Completed) => Outcome::Accepted,
                    Ok(Walked::Cannot(why)) => {
                        let by = Side::Client;
                        Outcome::LeftOut { by, why }
                    }
                    Err(error) => Outcome::Refused(format!("{error:#}")),
                }
            };
            (way.name, outcome)
        });
        outcomes.collect()
    });
    let cells = cells.collect();
    Row {
        client: walker.name().into(),
        cells,
    }
}

impl<D: FlowDriver> Walker for Ours<D> {
    fn name(&self) -> &str {
        &self.name
    }

    fn walk(&mut self, provider: &Provider, way: &Way) -> anyhow::Result<Walked> {
        let (driver, shared, rsa) = (&self.adapter, provider.client(), provider.rsa_client());
        match way.method {
            Method::HmacSha1 => walk::<D, HmacSha1, _>(driver, provider, way, shared)?,
            Method::HmacSha256 => walk::<D, HmacSha256, _>(driver, provider, way, shared)?,
            Method::RsaSha1 => walk::<D, RsaSha1, _>(driver, provider, way, rsa)?,
            _ => bail!("no way has {}", way.method.name()),
        }
        Ok(Walked::Completed)
    }
}

fn walk<D, K, C>(
    driver: &D,
    provider: &Provider,
    way: &Way,
    client: &ClientCredentials<'_, C>,
) -> anyhow::Result<()>
where
    D: FlowDriver,
    K: SigningKey + KeyFrom<C> + Send + Sync + 'static,
{
    let [initiate, authorize, token, resource] = provider.urls();
    let endpoints =
        Endpoints::new(&initiate, &authorize, &token)?.with_transmission(way.transmission);
    let failed = |error: LegFailure| anyhow!("{error}");
    let leg = StartFlow::new(&endpoints, client, way.callback).request::<K>()?;
    let authorize = driver.complete(leg).map_err(failed).context("first leg")?;
    let consent = provider.consent(authorize.url()).context("second leg")?;
    let authorized = match (&consent.callback, &consent.verifier) {
        (Some(back), _) => authorize.callback(back)?,
        (None, Some(verifier)) => authorize.verifier(verifier)?,
        (None, None) => bail!("no way back"),
    };
    let leg = authorized.request::<K, C>(&endpoints, client)?;
    let granted = driver.complete(leg).map_err(failed).context("third leg")?;
    let signer = Signer::<K>::for_token(client, granted.credentials());
    let signer = signer.with_transmission(way.transmission).into_owned();
    let (status, body) = get(driver, Client::new(signer), &resource).context("resource")?;
    ensure!(status == StatusCode::OK, "resource: {status}: {body}");
    Ok(())
}

/// What the resource owner's consent leads to.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The URL that the browser is sent to.
    pub callback: Option<String>,
    /// The verifier that it shows.
    pub verifier: Option<String>,
}

/// A client that others wrote, in a process of its own.
#[derive(Debug)]
pub struct Program {
    name: String,
    process: oauth1_foreign::Program,
}

/// What it says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
enum Said {
    Authorize { authorize: String },
    Answer { status: u16, text: String },
    Cannot { cannot: String },
    Failed { error: String },
}

impl Program {
    /// Starts the client of this name.
    ///
    /// # Errors
    /// When it cannot be had or started: what to install.
    pub fn start(name: &str) -> anyhow::Result<Self> {
        let mut process = crate::program(name, "flows")?;
        let name = process.line()?;
        Ok(Self { name, process })
    }

    fn ask(&mut self, line: &serde_json::Value) -> anyhow::Result<Said> {
        let said = self.process.ask(&line.to_string())?;
        serde_json::from_str(&said).with_context(|| format!("{}: {said}", self.name))
    }
}

impl Walker for Program {
    fn name(&self) -> &str {
        &self.name
    }

    fn walk(&mut self, provider: &Provider, way: &Way) -> anyhow::Result<Walked> {
        let is_rsa = crate::client::is_rsa(way.method);
        let shared = provider.client();
        let [initiate, authorize, token, resource] = provider.urls();
        let said = self.ask(&json!({
            "initiate": initiate,
            "authorize": authorize,
            "token": token,
            "resource": resource,
            "client": if is_rsa { provider.rsa_client().identifier() } else { shared.identifier() },
            "client_secret": if is_rsa { "" } else { shared.key().expose() },
            "rsa_key": is_rsa.then_some(oauth1_adapters::RSA_KEY),
            "signature_method": way.method.name(),
            "transmission": match way.transmission {
                Transmission::Header => "header",
                Transmission::Query => "query",
                _ => "form",
            },
            "callback": way.callback,
        }))?;
        let url = match said {
            Said::Authorize { authorize } => authorize,
            Said::Cannot { cannot } => return Ok(Walked::Cannot(cannot)),
            Said::Failed { error } => bail!("first leg: {error}"),
            Said::Answer { status, text } => bail!("first leg: {status} {text}"),
        };
        let consent = provider.consent(&url).context("second leg")?;
        let said = self.ask(&json!({
            "callback": consent.callback,
            "verifier": consent.verifier,
        }))?;
        match said {
            Said::Answer { status: 200, .. } => Ok(Walked::Completed),
            Said::Answer { status, text } => bail!("resource: {status} {text}"),
            Said::Failed { error } => bail!("third leg: {error}"),
            Said::Cannot { cannot } => bail!("third leg: {cannot}"),
            Said::Authorize { authorize } => bail!("it asks again: {authorize}"),
        }
    }
}
