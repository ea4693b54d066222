//! The steps of a flow on one adapter.

use alloc::sync::Arc;
use core::fmt;
use std::net::TcpListener;

use anyhow::{Context as _, bail, ensure};
use http::{HeaderMap, Request, StatusCode};
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, KeyFrom, ProtocolParameters, RsaSha1, RsaSha256,
    Signer, SigningKey, Stamp, Timestamp, TokenCredentials, Transmission,
    exchange::Client,
    flow::{
        FlowError, Granted, Leg, OUT_OF_BAND, REPLY_LIMIT, Server as Endpoints, Start,
        echo::{self, Delegator},
        xauth,
    },
};

use crate::{
    adapter::{Adapter, Call, Content},
    browser::browse,
    server::{
        CLIENT, CLIENT_SECRET, PASSWORD, Place, RSA_CLIENT, Server, TOKEN, TOKEN_SECRET, rsa_key,
    },
};

/// An adapter that sends the steps of a flow.
pub trait FlowDriver: Adapter {
    /// Sends the request of a step, and gives what its answer leads to.
    ///
    /// # Errors
    /// [`LegFailure`].
    fn complete<L: Leg>(&self, leg: L) -> Result<L::Next, LegFailure>
    where
        L::Key: Send + Sync;
}

/// Why a step does not come to its end.
#[derive(Debug)]
pub enum LegFailure {
    /// There is no answer: what the adapter says.
    Send(String),
    /// The answer does not lead on.
    Reply(FlowError),
}

type Try<D> = fn(&D, &Server) -> anyhow::Result<()>;

/// Tries every step of a flow on an adapter, and every way in which one fails; prints each with what came
/// of it and how many there were, and panics in the end if any of them failed.
///
/// # Panics
/// When a case fails, or when there is no loopback interface with IPv4 and IPv6.
pub fn run_flow<D: FlowDriver>(driver: &D) {
    let cases: [(&str, Try<D>); 24] = [
        ("three legs, callback", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        ("three legs, out of band", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            walk::<_, HmacSha256, _>(driver, &endpoints, &client(), OUT_OF_BAND).map(drop)
        }),
        ("three legs, RSA-SHA1", |driver, server| {
            let client = ClientCredentials::with_key(RSA_CLIENT, rsa_key());
            let endpoints = endpoints(server, "/flow/initiate")?;
            walk::<_, RsaSha1, _>(driver, &endpoints, &client, CALLBACK).map(drop)
        }),
        ("three legs, RSA-SHA256, in the query", |driver, server| {
            let client = ClientCredentials::with_key(RSA_CLIENT, rsa_key());
            let endpoints =
                endpoints(server, "/flow/initiate")?.with_transmission(Transmission::Query);
            walk::<_, RsaSha256, _>(driver, &endpoints, &client, CALLBACK).map(drop)
        }),
        ("three legs, in the query", |driver, server| {
            let endpoints =
                endpoints(server, "/flow/initiate")?.with_transmission(Transmission::Query);
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        ("three legs, in the form", |driver, server| {
            let endpoints =
                endpoints(server, "/flow/initiate")?.with_transmission(Transmission::Form);
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        ("an answer in JSON", |driver, server| {
            let endpoints = endpoints(server, "/flow/json/initiate")?;
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        ("an endpoint that has moved", |driver, server| {
            let endpoints = endpoints(server, "/redirect/307/same/flow/initiate")?;
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        (
            "an endpoint that has moved to another origin",
            |driver, server| {
                let failure = start(driver, server, "/redirect/307/other/flow/initiate")?;
                ensure!(
                    is_refused(&failure, StatusCode::TEMPORARY_REDIRECT),
                    "{failure}"
                );
                ensure!(server.take_log().len() == 1, "it was followed");
                Ok(())
            },
        ),
        ("a clock that is off", |driver, server| {
            let endpoints =
                endpoints(server, "/skewed-date/flow/initiate")?.with_clock_correction(86_400);
            walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK).map(drop)
        }),
        ("a client that nobody knows", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let client = ClientCredentials::new("nobody", "secret");
            let leg = Start::new(&endpoints, &client, CALLBACK).request::<HmacSha1>()?;
            let failure = driver.complete(leg).err().context("it was let in")?;
            let LegFailure::Reply(FlowError::Refused { status, problem }) = &failure else {
                bail!(failure)
            };
            ensure!(
                *status == StatusCode::UNAUTHORIZED && problem.is_some(),
                "{failure}"
            );
            Ok(())
        }),
        ("a callback that is not confirmed", |driver, server| {
            let failure = start(driver, server, "/flow/unconfirmed/initiate")?;
            ensure!(is_reply(&failure, &FlowError::NotConfirmed), "{failure}");
            Ok(())
        }),
        ("a page for people", |driver, server| {
            let failure = start(driver, server, "/flow/page/initiate")?;
            ensure!(is_reply(&failure, &FlowError::NotForm), "{failure}");
            Ok(())
        }),
        ("an answer without an end", |driver, server| {
            let failure = start(driver, server, "/flow/long/initiate")?;
            let limit = REPLY_LIMIT;
            ensure!(
                is_reply(&failure, &FlowError::TooLong { limit }),
                "{failure}"
            );
            Ok(())
        }),
        ("an answer that breaks off", |driver, server| {
            let failure = start(driver, server, "/flow/broken/initiate")?;
            ensure!(matches!(failure, LegFailure::Send(_)), "{failure}");
            Ok(())
        }),
        ("a connection that breaks", |driver, server| {
            let failure = start(driver, server, "/drop/flow/initiate")?;
            ensure!(matches!(failure, LegFailure::Send(_)), "{failure}");
            // A POST is not sent twice, and the server has seen it.
            ensure!(server.take_log().len() == 1, "it was sent again");
            Ok(())
        }),
        ("nobody who listens", |driver, _| {
            let nowhere = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            let url = format!("http://{nowhere}/flow/initiate");
            let endpoints = Endpoints::new(&url, &url, &url)?;
            let client = client();
            let leg = Start::new(&endpoints, &client, CALLBACK).request::<HmacSha1>()?;
            let failure = driver.complete(leg).err().context("there was an answer")?;
            ensure!(matches!(failure, LegFailure::Send(_)), "{failure}");
            Ok(())
        }),
        ("a wrong verifier", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let client = client();
            let leg = Start::new(&endpoints, &client, OUT_OF_BAND).request::<HmacSha1>()?;
            let authorize = driver.complete(leg)?;
            browse(authorize.url())?;
            let leg = authorize
                .verifier("0000000")?
                .request::<HmacSha1, _>(&endpoints, &client)?;
            let failure = driver.complete(leg).err().context("it was let in")?;
            ensure!(is_refused(&failure, StatusCode::UNAUTHORIZED), "{failure}");
            Ok(())
        }),
        ("a consent that was not given", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let client = client();
            let leg = Start::new(&endpoints, &client, OUT_OF_BAND).request::<HmacSha1>()?;
            let authorize = driver.complete(leg)?;
            let leg = authorize
                .verifier("0000000")?
                .request::<HmacSha1, _>(&endpoints, &client)?;
            let failure = driver.complete(leg).err().context("it was let in")?;
            ensure!(is_refused(&failure, StatusCode::UNAUTHORIZED), "{failure}");
            Ok(())
        }),
        ("a session that is renewed", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let granted = walk::<_, HmacSha1, _>(driver, &endpoints, &client(), CALLBACK)?;
            let session = granted.session(Timestamp::now()).context("no session")?;
            let leg = session.renew::<HmacSha1, _>(&endpoints, &client())?;
            let renewed = driver.complete(leg)?;
            let (old, new) = (granted.credentials(), renewed.credentials());
            ensure!(old.identifier() != new.identifier(), "it is the same");
            use_token::<_, HmacSha1, _>(driver, &endpoints_origin(server), &client(), new)
        }),
        ("xAuth", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let leg = xauth::<HmacSha1, _>(&endpoints, &client(), "jane", PASSWORD)?;
            let granted = driver.complete(leg)?;
            let origin = endpoints_origin(server);
            use_token::<_, HmacSha1, _>(driver, &origin, &client(), granted.credentials())
        }),
        ("xAuth with a wrong password", |driver, server| {
            let endpoints = endpoints(server, "/flow/initiate")?;
            let leg = xauth::<HmacSha1, _>(&endpoints, &client(), "jane", "password")?;
            let failure = driver.complete(leg).err().context("it was let in")?;
            ensure!(is_refused(&failure, StatusCode::UNAUTHORIZED), "{failure}");
            ensure!(
                !format!("{failure:?} {failure}").contains("\"password\""),
                "{failure:?}"
            );
            Ok(())
        }),
        ("Echo", |driver, server| {
            let leg = delegated(server, "/flow/me")?;
            let identity = driver.complete(leg)?;
            ensure!(identity.body() == ME.as_bytes(), "{identity:?}");
            Ok(())
        }),
        ("Echo, redirected", |driver, server| {
            let leg = delegated(server, "/redirect/302/same/flow/me")?;
            let failure = driver.complete(leg).err().context("it was believed")?;
            ensure!(is_refused(&failure, StatusCode::FOUND), "{failure}");
            ensure!(server.take_log().len() == 1, "it was followed");
            Ok(())
        }),
    ];
    let server = Server::start().expect("a loopback interface with IPv4 and IPv6");
    let name = driver.name();
    let mut failed = Vec::new();
    for (case, run) in &cases {
        let outcome = run(driver, &server).and_then(|()| {
            let seen = server.take_log();
            let leak = seen.iter().find(|seen| seen.place == Place::Other);
            ensure!(leak.is_none(), "something reached another origin");
            Ok(())
        });
        drop(server.take_log());
        match outcome {
            Ok(()) => println!("{name}: {case} ... ok"),
            Err(why) => {
                println!("{name}: {case} ... FAILED: {why:#}");
                failed.push(format!("{case}: {why:#}"));
            }
        }
    }
    let all = cases.len();
    println!(
        "{name}: {} of {all} cases of the flow passed",
        all - failed.len()
    );
    assert!(failed.is_empty(), "{name}: {}", failed.join("\n"));
}

/// Where nobody listens: the test looks at the address alone.
pub const CALLBACK: &str = "http://127.0.0.1:9/ready?a=b%20c";
const ME: &str = "{\"screen_name\":\"jane\"}";

fn client() -> ClientCredentials<'static> {
    ClientCredentials::new(CLIENT, CLIENT_SECRET)
}

fn endpoints_origin(server: &Server) -> String {
    server.origin(Place::Main).to_owned() + "/flow/me"
}

fn endpoints(server: &Server, initiate: &str) -> anyhow::Result<Endpoints> {
    let at = |path: &str| [server.origin(Place::Main), path].concat();
    let (authorize, token) = (at("/flow/authorize"), at("/flow/token"));
    Ok(Endpoints::new(&at(initiate), &authorize, &token)?)
}

/// All three legs, and a request that the token credentials sign.
fn walk<D, K, C>(
    driver: &D,
    endpoints: &Endpoints,
    client: &ClientCredentials<'_, C>,
    callback: &str,
) -> anyhow::Result<Granted>
where
    D: FlowDriver,
    K: SigningKey + KeyFrom<C> + Send + Sync + 'static,
{
    let leg = Start::new(endpoints, client, callback).request::<K>()?;
    let authorize = driver.complete(leg).context("first leg")?;
    let page = browse(authorize.url())?;
    let authorized = match page.location {
        Some(back) => authorize.callback(&back)?,
        None => authorize.verifier(&page.body)?,
    };
    let leg = authorized.request::<K, C>(endpoints, client)?;
    let granted = driver.complete(leg).context("third leg")?;
    let name = granted.parameters().get("screen_name");
    ensure!(name == Some("jane"), "{name:?}");
    let authority: http::Uri = authorize.url().parse()?;
    let authority = authority.authority().context("no authority")?;
    let url = format!("http://{authority}/flow/me");
    use_token::<_, K, _>(driver, &url, client, granted.credentials())?;
    Ok(granted)
}

fn use_token<D, K, C>(
    driver: &D,
    url: &str,
    client: &ClientCredentials<'_, C>,
    token: &TokenCredentials<'_>,
) -> anyhow::Result<()>
where
    D: FlowDriver,
    K: SigningKey + KeyFrom<C> + Send + Sync + 'static,
{
    let signer = Signer::<K>::for_token(client, token);
    let answer = get(driver, Client::new(signer.into_owned()), url)?;
    ensure!(answer == (StatusCode::OK, ME.into()), "{answer:?}");
    Ok(())
}

/// A signed GET: status and body.
///
/// # Errors
/// What the adapter says, or a body that is no text.
pub fn get<A, K>(adapter: &A, client: Client<K>, url: &str) -> anyhow::Result<(StatusCode, String)>
where
    A: Adapter,
    K: SigningKey + Send + Sync + 'static,
{
    let call = Call {
        request: Request::get(url).body(())?,
        body: Content::Empty,
        parameters: ProtocolParameters::NONE,
        further: None,
        http2: false,
    };
    let answer = adapter.send(Arc::new(client), &call);
    let answer = answer.map_err(anyhow::Error::from_boxed)?;
    Ok((answer.status, String::from_utf8(answer.body)?))
}

/// The failure of a first leg.
fn start<D: FlowDriver>(driver: &D, server: &Server, initiate: &str) -> anyhow::Result<LegFailure> {
    let endpoints = endpoints(server, initiate)?;
    let client = client();
    let leg = Start::new(&endpoints, &client, CALLBACK).request::<HmacSha1>()?;
    driver.complete(leg).err().context("it leads on")
}

/// What a delegator sends for a client.
fn delegated(server: &Server, path: &str) -> anyhow::Result<echo::AwaitIdentity> {
    let url = [server.origin(Place::Main), path].concat();
    let token = TokenCredentials::new(TOKEN, TOKEN_SECRET);
    let signer = Signer::<HmacSha1>::for_token(&client(), &token);
    let mut headers = HeaderMap::new();
    echo::sign(&signer, &url, Stamp::now()?)?.apply(&mut headers);
    Ok(Delegator::new([url])?.receive(&headers)?)
}

fn is_refused(failure: &LegFailure, expected: StatusCode) -> bool {
    matches!(failure, LegFailure::Reply(FlowError::Refused { status, .. }) if *status == expected)
}

fn is_reply(failure: &LegFailure, expected: &FlowError) -> bool {
    matches!(failure, LegFailure::Reply(error) if error == expected)
}

impl fmt::Display for LegFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(why) => f.write_str(why),
            Self::Reply(why) => why.fmt(f),
        }
    }
}

impl core::error::Error for LegFailure {}
