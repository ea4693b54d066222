//! Connections that come in: so many at once, and ended in good order.

use alloc::sync::Arc;
use core::{error::Error, net::SocketAddr, time::Duration};

use http::Response;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::Service;

use super::Received;
use crate::problem::Failure;

/// How long a head may take to come.
const HEAD: Duration = Duration::from_secs(30);

/// How long requests that are on their way may take, once the end is asked for.
const GRACE: Duration = Duration::from_secs(10);

/// A listening address.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    connections: Arc<Semaphore>,
}

/// Whoever reaches the address can use the credentials: this machine alone, unless told.
pub(crate) fn check_address(address: SocketAddr, anywhere: bool) -> Result<(), Failure> {
    if anywhere || address.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "--listen {address}: others than this machine could reach it, and use your credentials; \
         --listen-anywhere lets them"
    )))
}

impl Listener {
    pub(crate) async fn bind(address: SocketAddr, connections: u32) -> Result<Self, Failure> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| Failure::file(address, &error))?;
        let address = listener.local_addr()?;
        Ok(Self {
            socket: listener,
            address,
            connections: Arc::new(Semaphore::new(connections as usize)),
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the program is told to end.
    pub(crate) async fn serve<S, B>(self, service: S) -> Result<(), Failure>
    where
        S: Service<Received, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        B: http_body::Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let graceful = GracefulShutdown::new();
        let mut end = core::pin::pin!(end());
        loop {
            let permit = Arc::clone(&self.connections).acquire_owned();
            let accepted = tokio::select! {
                biased;
                () = &mut end => break,
                accepted = async { (permit.await, self.socket.accept().await) } => accepted,
            };
            // The semaphore is never closed; a connection that broke before it was there is none.
            let (Ok(permit), Ok((stream, _))) = accepted else {
                // Too many open files, say: others must end first.
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            stream.set_nodelay(true).ok();
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
            let service = TowerToHyperService::new(service.clone());
            let connection = builder.serve_connection(TokioIo::new(stream), service);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // What breaks is its client's to notice.
                connection.await.ok();
                drop(permit);
            });
        }
        drop(self.socket);
        anstream::eprintln!("ending: what is on its way may end; once more ends at once");
        tokio::select! {
            () = graceful.shutdown() => {}
            () = tokio::time::sleep(GRACE) => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        Ok(())
    }
}

/// Ctrl-C, or what service managers send.
async fn end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    tokio::signal::ctrl_c().await.ok();
}
