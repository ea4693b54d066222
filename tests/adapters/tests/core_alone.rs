//! The table on the core alone, with nothing between it and a connection: what every adapter does at
//! least.
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::sync::Arc;
use core::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use oauth1_adapters::{Adapter, Answer, Call, Content, Error, run, run_shared};
use oauth1_core::{
    SigningKey, Stamp, Timestamp,
    exchange::{AttemptBody, Client, Exchange, Failure, Step},
    http::Payload,
};
use tokio::net::TcpStream;

struct CoreAlone(tokio::runtime::Runtime);

impl Adapter for CoreAlone {
    fn name(&self) -> &'static str {
        "core"
    }

    fn send<K>(&self, client: Arc<Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        self.0.block_on(exchange(&client, call))
    }
}

async fn exchange<K: SigningKey>(client: &Client<K>, call: &Call) -> Result<Answer, Error> {
    let (parts, ()) = call.request.clone().into_parts();
    let bytes = call.body.bytes();
    let payload = match call.body {
        Content::Empty => Payload::Empty,
        Content::Bytes(_) => Payload::Bytes(&bytes),
        Content::Streamed(_) => Payload::Streamed,
    };
    let mut exchange = Exchange::new(client, parts, payload).with_parameters(call.parameters);
    let mut nonce = None;
    loop {
        let attempt = exchange.attempt(Stamp::now()?)?;
        if let Some(stamp) = attempt.stamp() {
            nonce = Some(stamp.nonce().to_owned());
        }
        let body = match attempt.body {
            AttemptBody::Original => original(call.body),
            AttemptBody::Form(form) => Full::from(form).boxed(),
            AttemptBody::Empty => Full::default().boxed(),
        };
        let request = Request::from_parts(attempt.parts, body);
        let (step, response) = match transmit(request, call.http2).await {
            Ok(response) => {
                let now = Timestamp::now();
                let step = exchange.on_response(response.status(), response.headers(), now);
                (step, Ok(response))
            }
            Err(error) => (exchange.on_failure(Failure::Unknown), Err(error)),
        };
        match (step, response) {
            (Step::Again(_), _) => {}
            (Step::Done, response) => {
                let (parts, body) = response?.into_parts();
                return Ok(Answer {
                    status: parts.status,
                    body: body.collect().await?.to_bytes().to_vec(),
                    nonce,
                });
            }
            (Step::Stopped(why), _) => return Err(why.into()),
        }
    }
}

fn original(body: Content) -> BoxBody<Bytes, Infallible> {
    match body {
        Content::Empty => Full::default().boxed(),
        Content::Bytes(bytes) => Full::new(Bytes::from_static(bytes)).boxed(),
        Content::Streamed(pieces) => StreamBody::new(Pieces(pieces)).boxed(),
    }
}

/// One connection for each attempt.
async fn transmit(
    mut request: Request<BoxBody<Bytes, Infallible>>,
    http2: bool,
) -> Result<Response<Incoming>, Error> {
    let authority = request.uri().authority().ok_or("no authority")?.to_string();
    let stream = TokioIo::new(TcpStream::connect(&authority).await?);
    if http2 {
        let builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
        let (mut sender, connection) = builder.handshake(stream).await?;
        tokio::spawn(connection);
        return Ok(sender.send_request(request).await?);
    }
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    tokio::spawn(connection);
    request.headers_mut().insert("host", authority.try_into()?);
    let path = request.uri().path_and_query().ok_or("no path")?.clone();
    *request.uri_mut() = path.into();
    Ok(sender.send_request(request).await?)
}

/// A stream of what is there already.
struct Pieces(&'static [&'static [u8]]);

impl futures_core::Stream for Pieces {
    type Item = Result<Frame<Bytes>, Infallible>;

    fn poll_next(
        mut self: core::pin::Pin<&mut Self>,
        _: &mut core::task::Context<'_>,
    ) -> core::task::Poll<Option<Self::Item>> {
        let first = self.0.split_off_first();
        core::task::Poll::Ready(first.map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
    }
}

#[test]
fn the_core_passes_the_table() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let core = CoreAlone(runtime.expect("a runtime"));
    run(&core);
    run_shared(&core);
}
