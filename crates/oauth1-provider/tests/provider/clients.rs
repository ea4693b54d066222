//! Clients: registered, listed, rotated, revoked, and acting for themselves.

use std::sync::Arc;

use oauth1_core::{HmacSha1, ProtocolParameters, Signer};
use oauth1_provider::{ClientError, Clients, NewClient};

use crate::harness::{Harness, printer};

#[tokio::test]
async fn a_two_legged_client_acts_for_itself() {
    let provider = Harness::memory().await;
    let signer = Signer::<HmacSha1>::for_client(&provider.client);
    assert_eq!(provider.photos(&signer).await.status, 401);
    let clients = Clients::new(Arc::clone(&provider.store));
    let new = printer("Backup").with_two_legged(true);
    let client = clients.create(new, provider.clock.now()).await.unwrap();
    let photos = provider
        .photos(&Signer::<HmacSha1>::for_client(&client))
        .await;
    assert_eq!(photos.body, "the client itself: read write");
}

#[tokio::test]
async fn clients_are_listed_rotated_and_revoked() {
    let provider = Harness::memory().await;
    let clients = Clients::new(Arc::clone(&provider.store));
    let identifiers = [provider.client.identifier(), provider.other.identifier()];
    let listed = clients.list(None, 10).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        listed
            .iter()
            .all(|client| identifiers.contains(&client.identifier.as_str()))
    );
    assert_eq!(
        clients
            .list(Some(&listed[0].identifier), 10)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(clients.get(identifiers[0]).await.unwrap().name, "Printer");

    let token = provider.token().await;
    let new = clients.rotate(identifiers[0]).await.unwrap();
    let old = Signer::<HmacSha1>::for_token(&provider.client, &token);
    assert_eq!(provider.photos(&old).await.status, 401);
    let signer = Signer::<HmacSha1>::for_token(&new, &token);
    assert_eq!(provider.photos(&signer).await.status, 200);

    let revoked = clients.revoke(identifiers[0], provider.clock.now()).await;
    assert_eq!(revoked.unwrap(), 1);
    assert_eq!(provider.photos(&signer).await.status, 401);
    let signer = Signer::<HmacSha1>::for_client(&new);
    let parameters = ProtocolParameters::NONE.with_callback("oob");
    let answer = provider
        .signed(&signer, "/oauth/initiate", &parameters, "")
        .await;
    assert_eq!(answer.status, 401);

    let unknown = clients.rotate("nobody").await;
    assert!(matches!(unknown, Err(ClientError::Unknown)));
    assert!(matches!(
        clients.get("nobody").await,
        Err(ClientError::Unknown)
    ));
}

#[tokio::test]
async fn what_can_be_no_registration_is_refused() {
    let provider = Harness::memory().await;
    let clients = Clients::new(Arc::clone(&provider.store));
    let now = provider.clock.now();
    let table = [
        (NewClient::new(" "), "a client's name"),
        (NewClient::new("a\nb"), "a client's name"),
        (
            NewClient::new("a").with_callback("http://a.example/"),
            "scheme is not allowed",
        ),
        (
            NewClient::new("a").with_callback("javascript:x"),
            "scheme is not allowed",
        ),
        (NewClient::new("a").with_realm("a b"), "a realm"),
        (NewClient::new("a").with_realm(""), "a realm"),
    ];
    for (new, says) in table {
        let error = clients.create(new, now).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let error = clients
        .create_rsa(NewClient::new("a"), "no key", now)
        .await
        .unwrap_err();
    assert!(matches!(error, ClientError::Key), "{error}");
}
