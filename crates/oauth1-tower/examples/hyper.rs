//! A service of hyper's that is protected, with nothing but hyper around it.

use core::{convert::Infallible, time::Duration};

use http_body_util::Full;
use hyper::{Request, Response, body::Bytes, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_core::{ClientCredentials, TokenCredentials};
use oauth1_store::memory::{MemoryCredentials, MemoryNonces};
use oauth1_tower::{Verified, VerifyLayer, verify::VerifiedBody};
use tower::{Layer, service_fn};

async fn photos(
    request: Request<VerifiedBody<Incoming>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let text = match request.extensions().get::<Verified<String>>() {
        Some(verified) => format!("photos of {} for {}\n", verified.grant(), verified.client()),
        None => String::new(),
    };
    Ok(Response::new(Full::from(text)))
}

/// Answers HTTP/1 and HTTP/2; `origin` is what clients see and sign.
pub async fn serve(listener: tokio::net::TcpListener, origin: &str) -> anyhow::Result<()> {
    let printer = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let of_jane = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let known = MemoryCredentials::new();
    known.insert_token(&printer, &of_jane, "jane".to_owned());
    let verify = VerifyLayer::new(origin, known, MemoryNonces::new()?)?.with_realm("Photos");
    let service = TowerToHyperService::new(verify.layer(service_fn(photos)));
    loop {
        // Where no descriptor is free there may be one soon: no reason to end.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let service = service.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            server.serve_connection(TokioIo::new(stream), service).await
        });
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    serve(listener, "http://127.0.0.1:3000").await
}
