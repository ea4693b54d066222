//! `oauth1 proxy`: signs what passes, so that any program can call the API.

use alloc::sync::Arc;
use core::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::Incoming;
use oauth1_core::exchange;
use oauth1_hyper::Client;
use tokio::runtime;
use tower::{ServiceBuilder, limit::GlobalConcurrencyLimitLayer};

use self::{
    listener::Listener,
    signing::{Shared, Signing},
    way::Way,
};
use crate::{
    arguments::ProxyArguments,
    order::flags::{self, Credentials},
    problem::Failure,
    profile, signatory,
    source::{OwnSecrets, Sources},
    transport,
};

pub(crate) mod listener;
mod signing;
mod verifying;
mod way;

/// The body of a response: the server's, as it flows, or a text of the proxy's own.
pub(crate) type Body = BoxBody<Bytes, hyper::Error>;

pub(crate) fn run(mut arguments: ProxyArguments) -> Result<(), Failure> {
    listener::check_address(arguments.listen, arguments.listen_anywhere)?;
    profile::settle(
        &mut arguments.protocol,
        &mut arguments.client,
        Some(&mut arguments.keys),
    )?;
    if arguments.verify {
        let way = Way::new(arguments.to.as_deref(), &[], false)?;
        let pool = transport::pool(transport::connector(arguments.server.cacert.as_deref())?);
        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        return runtime.block_on(verifying::run(arguments, way, pool));
    }
    let protocol = arguments.protocol;
    if protocol.stamp.nonce.is_some()
        || protocol.stamp.timestamp.is_some()
        || protocol.verifier.is_some()
        || !flags::extra(&protocol)?.is_empty()
    {
        return Err(Failure::usage(
            "--nonce, --timestamp, --verifier and --extra are for one request: a proxy signs many",
        ));
    }
    let method = protocol.signature_method();
    let secrets = OwnSecrets::of_method(method, arguments.keys, &mut Sources::default())?;
    let credentials = Credentials::new(arguments.client)?;
    secrets.check(method, credentials.token.as_deref())?;
    let (signer, _) = signatory::signer(&protocol, &credentials, &secrets, false)?;
    let client = exchange::Client::new(signer)
        // Redirects are for the program behind: it knows what it wants.
        .with_redirect_limit(0)
        .with_clock_correction(arguments.server.clock_correction)
        .with_form_limit(arguments.limits.max_form);
    let way = Way::new(arguments.to.as_deref(), &arguments.hosts, arguments.upgrade)?;
    let pool = transport::pool(transport::connector(arguments.server.cacert.as_deref())?);
    let signing = Signing {
        client: Client::new(client, pool),
        way,
        callback: protocol.callback,
        max_body: arguments.limits.max_body,
        timeout: Duration::from_secs(arguments.limits.timeout),
        allow_browsers: arguments.allow_browsers,
        is_local: arguments.listen.ip().is_loopback(),
        silent: arguments.silent,
    };
    let connections = arguments.limits.max_connections;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = Listener::bind(arguments.listen, connections).await?;
        let address = listener.address();
        let what = match &signing.way {
            Way::Reverse { base } => format!("http://{address} signs and sends on to {base}"),
            Way::Forward { .. } => format!("http_proxy=http://{address} signs and sends on"),
        };
        anstream::eprintln!("{what}; Ctrl-C ends it");
        let service = ServiceBuilder::new()
            .layer(GlobalConcurrencyLimitLayer::new(connections as usize))
            .service(Shared(Arc::new(signing)));
        listener.serve(service).await
    })
}

/// A text of the proxy's own. It tells what to do, and nothing of what a stranger has sent.
pub(crate) fn text(status: StatusCode, text: &str) -> Response<Body> {
    let text = format!("oauth1 proxy: {text}\n");
    let body = Full::from(text).map_err(|never| match never {}).boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

/// A line for each request, without its query, which may hold what is nobody's business.
fn tell(method: &Method, uri: &Uri, status: StatusCode, started: tokio::time::Instant) {
    let path = crate::page::printable(uri.path().as_bytes());
    let milliseconds = started.elapsed().as_millis();
    anstream::eprintln!("{} {method} {path} {milliseconds} ms", status.as_str());
}

/// What comes in.
pub(crate) type Received = Request<Incoming>;
