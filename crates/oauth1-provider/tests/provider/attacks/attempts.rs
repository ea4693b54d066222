//! How each case is tried.

use std::{fmt::Write as _, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Request;
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, Nonce, ProtocolParameters, RsaPrivateKey, RsaSha256,
    Secret, Signer, Stamp, Timestamp, TokenCredentials, http::Payload,
};
use oauth1_provider::{Clients, Provider};
use oauth1_store::{ProviderStore, memory::MemoryStore};

use super::cases::{Attack, Forgery, HmacKey, INITIATE, PHOTOS, REVOKE, TOKEN};
use crate::{
    browser::{Browser, encode},
    harness::{Answer, CALLBACK, Harness, Photos, printer, send},
};

const PUBLIC_PEM: &str = include_str!("../../../../../tests/vectors/keys/rsa2048.public.pem");
const PRIVATE_PEM: &str = include_str!("../../../../../tests/vectors/keys/rsa2048.pem");

impl<S: ProviderStore> Harness<S> {
    /// Tries it, and gives the answer.
    pub(super) async fn suffer(&self, attack: Attack) -> Answer {
        let none = ProtocolParameters::NONE;
        let with_callback = none.with_callback("oob");
        match attack {
            Attack::Callback(callback) => self.initiate(callback, "").await,
            Attack::NoCallback => {
                let signer = Signer::<HmacSha1>::for_client(&self.client);
                self.signed(&signer, INITIATE, &none, "").await
            }
            Attack::UnknownClient => {
                let nobody = ClientCredentials::new("nobody", "secret");
                let signer = Signer::<HmacSha1>::for_client(&nobody);
                self.signed(&signer, INITIATE, &with_callback, "").await
            }
            Attack::UnknownToken(path, token) => {
                let token = TokenCredentials::new(token, "secret");
                let signer = Signer::<HmacSha1>::for_token(&self.client, &token);
                let parameters = none.with_verifier("guess");
                self.signed(&signer, path, &parameters, "").await
            }
            Attack::SignedWithTokenSecret(path) => {
                let token = self.token().await;
                let key = HmacSha1::new(self.client.key(), token.secret());
                let signer = Signer::with_key(key, self.client.identifier());
                if path == PHOTOS {
                    self.photos(&signer).await
                } else {
                    self.signed(&signer, path, &with_callback, "").await
                }
            }
            Attack::RsaClientWithHmac(key) => self.rsa_client(key).await,
            Attack::SharedClientWithRsa => {
                let key = RsaSha256::new(RsaPrivateKey::from_pem(PRIVATE_PEM).unwrap());
                let signer = Signer::with_key(key, self.client.identifier());
                self.signed(&signer, INITIATE, &with_callback, "").await
            }
            Attack::MethodNotAllowed => {
                let signer = Signer::<HmacSha256>::for_client(&self.client);
                self.signed(&signer, INITIATE, &with_callback, "").await
            }
            Attack::RawParameter(name, value) => self.raw(name, value).await,
            Attack::ExchangeByAnotherClient => {
                let temporary = self.temporary(CALLBACK).await;
                let verifier = self.approve(&temporary).await;
                self.exchange(&self.other, &temporary, Some(&verifier))
                    .await
            }
            Attack::ResourceByAnotherClient => {
                let token = self.token().await;
                self.photos(&Signer::<HmacSha1>::for_token(&self.other, &token))
                    .await
            }
            Attack::TemporaryAsToken => {
                let temporary = self.temporary(CALLBACK).await;
                self.approve(&temporary).await;
                self.photos(&Signer::<HmacSha1>::for_temporary(&self.client, &temporary))
                    .await
            }
            Attack::TemporaryToRevoke => {
                let temporary = self.temporary(CALLBACK).await;
                let signer = Signer::<HmacSha1>::for_temporary(&self.client, &temporary);
                self.signed(&signer, REVOKE, &none, "").await
            }
            Attack::TokenAsTemporary => {
                let token = self.token().await;
                let signer = Signer::<HmacSha1>::for_token(&self.client, &token);
                self.signed(&signer, TOKEN, &none.with_verifier("guess"), "")
                    .await
            }
            Attack::UsedTwice => {
                let temporary = self.temporary(CALLBACK).await;
                let verifier = self.approve(&temporary).await;
                let first = self
                    .exchange(&self.client, &temporary, Some(&verifier))
                    .await;
                assert_eq!(first.status, 200);
                self.exchange(&self.client, &temporary, Some(&verifier))
                    .await
            }
            Attack::AfterItsTime => {
                let temporary = self.temporary(CALLBACK).await;
                let verifier = self.approve(&temporary).await;
                self.clock.advance(601);
                self.exchange(&self.client, &temporary, Some(&verifier))
                    .await
            }
            Attack::Verifier(verifier) => {
                let temporary = self.temporary(CALLBACK).await;
                self.approve(&temporary).await;
                self.exchange(&self.client, &temporary, verifier).await
            }
            Attack::VerifierOfAnother => {
                let [temporary, another] = [
                    self.temporary(CALLBACK).await,
                    self.temporary(CALLBACK).await,
                ];
                self.approve(&temporary).await;
                let verifier = self.approve(&another).await;
                self.exchange(&self.client, &temporary, Some(&verifier))
                    .await
            }
            Attack::VerifierReused => {
                let another = self.temporary(CALLBACK).await;
                let verifier = self.approve(&another).await;
                let first = self.exchange(&self.client, &another, Some(&verifier)).await;
                assert_eq!(first.status, 200);
                let temporary = self.temporary(CALLBACK).await;
                self.approve(&temporary).await;
                self.exchange(&self.client, &temporary, Some(&verifier))
                    .await
            }
            Attack::GuessedFiveTimes => {
                let temporary = self.temporary("oob").await;
                let page = Browser::of("jane").page(self, temporary.identifier()).await;
                let shown = Browser::of("jane").submit(self, &page, "approve").await;
                let (_, rest) = shown.body.split_once("<p class=\"verifier\">").unwrap();
                let right = rest.split_once("</p>").unwrap().0;
                for guess in 1..=5 {
                    let answer = self
                        .exchange(&self.client, &temporary, Some("zzzzzzzz"))
                        .await;
                    let problem = if guess < 5 {
                        "parameter_rejected"
                    } else {
                        "token_rejected"
                    };
                    assert_eq!(
                        (answer.status.as_u16(), answer.problem().as_str()),
                        (401, problem)
                    );
                }
                self.exchange(&self.client, &temporary, Some(right)).await
            }
            Attack::Fixation => {
                let temporary = self.temporary(CALLBACK).await;
                // The verifier goes to the registered callback, in the victim's browser, alone.
                self.approve(&temporary).await;
                self.exchange(&self.client, &temporary, Some("guess")).await
            }
            Attack::Forged(forgery) => self.forge(forgery).await,
            Attack::SubmittedTwice => self.decide(["approve", "approve"]).await,
            Attack::DeniedThenApproved => self.decide(["deny", "approve"]).await,
            Attack::ApprovedThenDenied => self.decide(["approve", "deny"]).await,
            Attack::Framed => {
                let temporary = self.temporary(CALLBACK).await;
                let page = Browser::of("jane").page(self, temporary.identifier()).await;
                let policy = page.header("content-security-policy");
                assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
                assert_eq!(page.header("x-frame-options"), "DENY");
                page
            }
            Attack::OverHttp(path) => {
                let origin = "http://photos.example";
                at_origin(origin, true, path).await
            }
            Attack::LoopbackWhereTlsIsDemanded => {
                at_origin("http://127.0.0.1:8080", false, INITIATE).await
            }
        }
    }

    async fn rsa_client(&self, key: HmacKey) -> Answer {
        let clients = Clients::new(Arc::clone(&self.store));
        let now = self.clock.now();
        let identifier = clients
            .create_rsa(printer("Signer"), PUBLIC_PEM, now)
            .await
            .unwrap();
        let parameters = ProtocolParameters::NONE.with_callback("oob");

        let private = RsaSha256::new(RsaPrivateKey::from_pem(PRIVATE_PEM).unwrap());
        let signer = Signer::with_key(private, identifier.as_str());
        let control = self.signed(&signer, INITIATE, &parameters, "").await;
        assert_eq!(control.status, 200, "{}", control.body);

        let der: String;
        let secret = match key {
            HmacKey::Pem => PUBLIC_PEM,
            HmacKey::Empty => "",
            HmacKey::Der => {
                // As text, since a secret is one: byte for byte what Latin-1 makes of it.
                der = der_of(PUBLIC_PEM).into_iter().map(char::from).collect();
                &der
            }
        };
        let key = HmacSha1::new(&Secret::from(secret), &Secret::EMPTY);
        let signer = Signer::with_key(key, identifier.as_str());
        self.signed(&signer, INITIATE, &parameters, "").await
    }

    /// A header that is written by hand: what no signer of ours would sign.
    async fn raw(&self, name: &str, value: &str) -> Answer {
        let mut header = String::from("OAuth realm=\"Photos\"");
        let pairs = [
            ("oauth_consumer_key", self.client.identifier()),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", &self.clock.now().to_string()),
            ("oauth_nonce", "n"),
            ("oauth_signature", "AAAA"),
        ];
        for (other, value) in pairs.into_iter().filter(|(other, _)| *other != name) {
            write!(header, ", {other}=\"{value}\"").unwrap();
        }
        write!(header, ", {name}=\"{value}\"").unwrap();
        let request = Request::post(format!("{}{TOKEN}", self.origin))
            .header("authorization", header)
            .body(String::new());
        self.send(request.unwrap()).await
    }

    async fn forge(&self, forgery: Forgery) -> Answer {
        let temporary = self.temporary(CALLBACK).await;
        let (jane, mallory) = (Browser::of("jane"), Browser::of("mallory"));
        let page = jane.page(self, temporary.identifier()).await;
        let mut pairs = page.form_pairs();
        pairs.push(("decision".into(), "approve".into()));
        let set = |pairs: &mut Vec<(String, String)>, value: String| {
            let found = pairs.iter_mut().find(|(name, _)| name == "consent");
            found.unwrap().1 = value;
        };
        let token_of = |page: Answer| {
            let pairs = page.form_pairs();
            pairs
                .into_iter()
                .find(|(name, _)| name == "consent")
                .unwrap()
                .1
        };
        let mut headers: &[(&str, &str)] = &[];
        let mut browser = &jane;
        let nobody = Browser::signed_out();
        match forgery {
            Forgery::WithoutToken => pairs.retain(|(name, _)| name != "consent"),
            Forgery::TokenOfAnotherSession => {
                let page = mallory.page(self, temporary.identifier()).await;
                set(&mut pairs, token_of(page));
            }
            Forgery::TokenOfAnotherRequest => {
                let another = self.temporary(CALLBACK).await;
                set(
                    &mut pairs,
                    token_of(jane.page(self, another.identifier()).await),
                );
            }
            Forgery::FromAnotherSite => headers = &[("sec-fetch-site", "cross-site")],
            Forgery::SignedOut => browser = &nobody,
            Forgery::WithoutDecision => {
                pairs.pop();
            }
            Forgery::BothDecisions => pairs.push(("decision".into(), "deny".into())),
            Forgery::TooLong => pairs.push(("more".into(), "x".repeat(16 * 1024))),
            Forgery::NotAForm => {
                let request = Request::post(format!("{}/oauth/authorize", self.origin))
                    .header("content-type", "text/plain")
                    .header("cookie", "session=jane-6Hq8gKkTLWVxAYcxvEjd4w")
                    .body(encode(&pairs));
                return self.send(request.unwrap()).await;
            }
        }
        let answer = browser.post(self, &encode(&pairs), headers).await;
        // Nothing was decided.
        let after = self.exchange(&self.client, &temporary, Some("guess")).await;
        assert_eq!(after.problem(), "permission_unknown", "{forgery:?}");
        answer
    }

    /// Two decisions on one page; the first counts, whatever the second says.
    async fn decide(&self, decisions: [&str; 2]) -> Answer {
        let temporary = self.temporary(CALLBACK).await;
        let jane = Browser::of("jane");
        let page = jane.page(self, temporary.identifier()).await;
        let first = jane.submit(self, &page, decisions[0]).await;
        assert_eq!(first.status, 303);
        let second = jane.submit(self, &page, decisions[1]).await;
        let verifier = first.location().remove("oauth_verifier");
        let answer = self
            .exchange(
                &self.client,
                &temporary,
                Some(verifier.as_deref().unwrap_or("x")),
            )
            .await;
        assert_eq!(answer.status == 200, decisions[0] == "approve");
        // Nor is the page shown again.
        let page = jane.page(self, temporary.identifier()).await;
        assert_ne!(page.status, 200);
        second
    }
}

/// A provider that says it is at `origin`, wherever it listens.
async fn at_origin(origin: &str, loopback: bool, path: &str) -> Answer {
    let store = MemoryStore::new().unwrap();
    let provider = Provider::new(origin, store, Photos).unwrap();
    let provider = if loopback {
        provider.allow_loopback_without_tls()
    } else {
        provider
    };
    let clients = Clients::new(provider.store());
    let client = clients
        .create(printer("Printer"), Timestamp::now())
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = provider.into_router();
    tokio::spawn(async move { axum::serve(listener, router).await });

    let mut request = Request::post(format!("{origin}{path}"))
        .body(String::new())
        .unwrap();
    let stamp = Stamp::new(Timestamp::now(), Nonce::random().unwrap());
    let parameters = ProtocolParameters::NONE.with_callback("oob");
    Signer::<HmacSha1>::for_client(&client)
        .sign_request_with(&mut request, Payload::Empty, &parameters, stamp)
        .unwrap();
    send(address, request).await
}

fn der_of(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(text).unwrap()
}
