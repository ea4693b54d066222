//! `VerifyLayer`, on sockets.

use core::{
    convert::Infallible,
    net::{Ipv4Addr, Ipv6Addr},
};
use std::{net::TcpListener as StdListener, thread};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_adapters::{CLIENT, CLIENT_SECRET, RSA_CLIENT, TOKEN, TOKEN_SECRET, rsa_key};
use oauth1_core::{SharedSecrets, Timestamp, VerifyingKey, verify::Policy};
use oauth1_store::{CredentialStore, Credentials, Found, StoreError, memory::MemoryNonces};
use oauth1_tower::{EffectiveOrigin, VerifyLayer, verify::VerifiedBody};
use tokio::net::TcpListener;
use tower::{Layer as _, service_fn};

/// The credentials that every server knows.
struct Known;

impl CredentialStore for Known {
    type Grant = ();

    async fn find(
        &self,
        client: &str,
        token: Option<&str>,
        _: Timestamp,
    ) -> Result<Found<()>, StoreError> {
        fn known(key: impl VerifyingKey + Send + Sync + 'static) -> Found<()> {
            Found::Known(Credentials::new(key, ()))
        }
        Ok(match (client, token) {
            (RSA_CLIENT, None | Some(TOKEN)) => known(rsa_key().public_key()),
            (CLIENT, Some(TOKEN)) => known(SharedSecrets::new(CLIENT_SECRET, TOKEN_SECRET)),
            (CLIENT, None) => known(SharedSecrets::of_client(CLIENT_SECRET)),
            (CLIENT | RSA_CLIENT, _) => Found::TokenUnknown,
            _ => Found::ClientUnknown,
        })
    }
}

/// Serves for as long as the process lives: the ports of IPv4 and of IPv6.
pub(super) fn serve() -> anyhow::Result<[u16; 2]> {
    let ipv4 = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let ipv6 = StdListener::bind((Ipv6Addr::LOCALHOST, 0))?;
    let ports = [ipv4.local_addr()?.port(), ipv6.local_addr()?.port()];
    let origins = [
        format!("http://127.0.0.1:{}", ports[0]),
        format!("http://localhost:{}", ports[0]),
        format!("http://[::1]:{}", ports[1]),
    ];
    let origin = EffectiveOrigin::host(origins.iter().map(String::as_str))?;
    // Nobody listens on the loopback interface.
    let policy = Policy::new().allow_plaintext_without_tls();
    let layer = VerifyLayer::at(origin, "photos", Known, MemoryNonces::new()?).with_policy(policy);
    let service = layer.layer(service_fn(answer));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let mut listeners = Vec::new();
    for listener in [ipv4, ipv6] {
        listener.set_nonblocking(true)?;
        let _context = runtime.enter();
        listeners.push(TcpListener::from_std(listener)?);
    }
    thread::spawn(move || {
        let tasks: Vec<_> = listeners
            .into_iter()
            .map(|listener| {
                let service = service.clone();
                runtime.spawn(async move {
                    while let Ok((stream, _)) = listener.accept().await {
                        let service = TowerToHyperService::new(service.clone());
                        tokio::spawn(async move {
                            let server = auto::Builder::new(TokioExecutor::new());
                            // One that breaks is its client's to notice.
                            let connection = server.serve_connection(TokioIo::new(stream), service);
                            drop(connection.await);
                        });
                    }
                })
            })
            .collect();
        runtime.block_on(async {
            for task in tasks {
                drop(task.await);
            }
        });
    });
    Ok(ports)
}

async fn answer(
    request: Request<VerifiedBody<Incoming>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // A hash of the body is checked when it has come to its end.
    let response = match request.into_body().collect().await {
        Ok(_) => Response::new(Full::from("verified")),
        Err(error) => {
            let mut response = Response::new(Full::from(error.to_string()));
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            response
        }
    };
    Ok(response)
}
