//! An axum application whose routes are protected.

use axum::{Router, routing::get};
use oauth1_core::{ClientCredentials, TokenCredentials};
use oauth1_store::memory::{MemoryCredentials, MemoryNonces};
use oauth1_tower::{Verified, VerifyLayer};

/// The owner of the token: what the store is told of it, and gives back.
type Owner = String;

async fn photos(verified: Verified<Owner>) -> String {
    format!("photos of {} for {}\n", verified.grant(), verified.client())
}

/// `origin` is what clients see and sign, whatever the program listens on.
pub fn app(origin: &str) -> anyhow::Result<Router> {
    let printer = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let of_jane = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let known = MemoryCredentials::new();
    known.insert_token(&printer, &of_jane, "jane".to_owned());
    let verify = VerifyLayer::new(origin, known, MemoryNonces::new()?)?.with_realm("Photos");
    Ok(Router::new()
        .route("/photos", get(photos).post(photos))
        .layer(verify))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app("http://127.0.0.1:3000")?).await?;
    Ok(())
}
