//! hyper as an adapter under test: over a pool, and over single connections.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper_util::{
    client::legacy::Client as Pool,
    rt::{TokioExecutor, TokioIo},
};
use oauth1_adapters::{Adapter, Answer, Call, Content, Error, FlowDriver, LegFailure};
use oauth1_core::{SigningKey, exchange, flow::Leg};
use oauth1_hyper::{
    BoxError, Client, Connection, LegError, Report, Transport, TransportError, complete,
};
use tokio::{net::TcpStream, runtime::Runtime};

type Body = BoxBody<Bytes, Infallible>;

pub(crate) struct OverPool(pub(crate) Runtime);

impl Adapter for OverPool {
    fn name(&self) -> &'static str {
        "hyper, hyper-util's pool"
    }

    fn send<K>(&self, client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        let mut pool = Pool::builder(TokioExecutor::new());
        pool.http2_only(call.http2);
        let transport = pool.build_http();
        self.0.block_on(send(Client::new(client, transport), call))
    }
}

impl FlowDriver for OverPool {
    fn complete<L: Leg>(&self, leg: L) -> Result<L::Next, LegFailure>
    where
        L::Key: Send + Sync,
    {
        let pool = Pool::builder(TokioExecutor::new()).build_http::<oauth1_hyper::Body<Body>>();
        self.0.block_on(complete(&pool, leg)).map_err(failure)
    }
}

fn failure(error: LegError) -> LegFailure {
    match error {
        LegError::Reply(error) => LegFailure::Reply(error),
        error => LegFailure::Send(error.to_string()),
    }
}

/// One connection, or one for each origin where a case is redirected to another and goes on there.
pub(crate) struct OverConnections(pub(crate) Runtime);

impl Adapter for OverConnections {
    fn name(&self) -> &'static str {
        "hyper, client::conn"
    }

    fn send<K>(&self, client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        let transport = Dialling { http2: call.http2 };
        self.0.block_on(send(Client::new(client, transport), call))
    }
}

impl FlowDriver for OverConnections {
    fn complete<L: Leg>(&self, leg: L) -> Result<L::Next, LegFailure>
    where
        L::Key: Send + Sync,
    {
        let transport = Dialling { http2: false };
        self.0.block_on(complete(&transport, leg)).map_err(failure)
    }
}

struct Dialling {
    http2: bool,
}

impl Dialling {
    async fn dial(&self, uri: &Uri) -> Result<Connection<Body>, BoxError> {
        let authority = uri.authority().ok_or("no authority")?;
        let origin = Uri::builder()
            .scheme("http")
            .authority(authority.clone())
            .path_and_query("/")
            .build()?;
        let stream = TokioIo::new(TcpStream::connect(authority.as_str()).await?);
        if self.http2 {
            let builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
            let (sender, connection) = builder.handshake(stream).await?;
            tokio::spawn(connection);
            return Ok(Connection::http2(origin, sender));
        }
        let (sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
        tokio::spawn(connection);
        Ok(Connection::http1(origin, sender))
    }
}

impl Transport<Body> for Dialling {
    async fn send(
        &self,
        request: Request<oauth1_hyper::Body<Body>>,
    ) -> Result<Response<Incoming>, TransportError> {
        let connection = self.dial(request.uri()).await;
        let connection = connection.map_err(|source| TransportError {
            failure: exchange::Failure::NotSent,
            source,
        })?;
        connection.send(request).await
    }
}

async fn send<K, T>(client: Client<K, T>, call: &Call) -> Result<Answer, Error>
where
    K: SigningKey + Send + Sync + 'static,
    T: Transport<Body>,
{
    let request = call.request.clone().map(|()| match call.body {
        Content::Empty => Full::default().boxed(),
        Content::Bytes(bytes) => Full::new(Bytes::from_static(bytes)).boxed(),
        Content::Streamed(pieces) => Pieces(pieces).boxed(),
    });
    let response = client.request_with(request, call.parameters).await?;
    let report: &Report = response.extensions().get().ok_or("no report")?;
    let nonce = report.stamp().map(|stamp| stamp.nonce().to_owned());
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes().to_vec();
    Ok(Answer {
        status,
        body,
        nonce,
    })
}

/// A body that flows piece by piece, of a length that is not known beforehand.
struct Pieces(&'static [&'static [u8]]);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let first = self.0.split_off_first();
        Poll::Ready(first.map(|piece| Ok(Frame::data(Bytes::from_static(piece)))))
    }
}
