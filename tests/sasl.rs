//! The vectors of the mail mechanisms: what clients send, and what servers read.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, Signer, Stamp, Target, Timestamp,
    TokenCredentials,
    sasl::{Client, ErrorChallenge, Protocol, Server, XoauthUrl},
    verify::Policy,
};
use oauth1_tests::cases;
use serde::Deserialize;

/// What the examples of the mail mechanisms sign and send.
#[test]
fn the_examples_of_xoauth_and_oauth10a() {
    #[derive(Deserialize)]
    struct Case {
        id: String,
        mechanism: String,
        url: Option<String>,
        oauth_params: Option<Vec<(String, String)>>,
        client_secret: Option<String>,
        token_secret: Option<String>,
        base_string: Option<String>,
        message: String,
        base64: String,
    }
    let all: Vec<Case> = cases("sasl.json");
    let (mut signed, mut read) = (0, 0);
    for case in &all {
        let message = STANDARD.decode(&case.base64).expect(&case.id);
        assert_eq!(message, case.message.as_bytes(), "{}", case.id);
        if let (Some(url), Some(params), Some(expected)) =
            (&case.url, &case.oauth_params, &case.base_string)
        {
            let param = |name: &str| {
                let found = params.iter().find(|(other, _)| other == name);
                found.map(|(_, value)| value.as_str())
            };
            let secret = |secret: &Option<String>| secret.clone().unwrap_or_default();
            let client = ClientCredentials::new(
                param("oauth_consumer_key").expect(&case.id),
                secret(&case.client_secret),
            );
            let signer = match param("oauth_token") {
                Some(token) => {
                    let token = TokenCredentials::new(token, secret(&case.token_secret));
                    Signer::<HmacSha1>::for_token(&client, &token)
                }
                None => Signer::for_client(&client),
            };
            let signer = match param("oauth_version") {
                Some(_) => signer.with_version(),
                None => signer,
            };
            let stamp = || {
                let time = param("oauth_timestamp").and_then(|time| time.parse().ok());
                let time = Timestamp::from_unix_seconds(time.expect(&case.id));
                Stamp::new(time, Nonce::new(param("oauth_nonce").expect(&case.id)))
            };
            let client = Client::xoauth(signer, url).expect(&case.id);
            let (mut slots, mut out) = (Vec::new(), Vec::new());
            client
                .initial_response(stamp(), &mut slots, &mut out)
                .expect(&case.id);
            assert_eq!(String::from_utf8_lossy(&out), case.message, "{}", case.id);
            let request = client.request().expect(&case.id);
            let none = ProtocolParameters::NONE;
            let draft = client
                .signer()
                .draft(&request, &none, stamp(), &mut slots)
                .expect(&case.id);
            assert_eq!(&draft.base_string().to_string(), expected, "{}", case.id);
            signed += 1;
        } else if let Some(error) = ErrorChallenge::parse(&message) {
            assert!(error.status() == *"invalid_token", "{}", case.id);
            read += 1;
        } else {
            // Their signatures are none, so that they are read and no more. The first was made with
            // an editor, which added the end of a line: the sender of that would be told so.
            let now = |time| Timestamp::from_unix_seconds(time);
            let google = Target::parse(XoauthUrl::GOOGLE).expect("a URL");
            let mut slots = Vec::new();
            if case.mechanism == "XOAUTH" {
                let server = Server::xoauth(Policy::new(), google, Protocol::Imap);
                assert!(
                    server
                        .receive(&message, now(1_269_377_759), &mut slots)
                        .is_err()
                );
                let message = message.trim_ascii_end();
                let received = server.receive(message, now(1_269_377_759), &mut slots);
                let received = received.expect(&case.id);
                assert!(
                    received
                        .identity()
                        .is_some_and(|user| user == *"username@googlemail.com")
                );
            } else {
                let server = Server::oauth10a(Policy::new(), &["example.com"], 143);
                let received = server.receive(&message, now(137_131_201), &mut slots);
                let received = received.expect(&case.id);
                assert!(
                    received
                        .identity()
                        .is_some_and(|user| user == *"user@example.com")
                );
                assert!(received.client() == "9djdj82h48djs9d2");
            }
            read += 1;
        }
    }
    assert_eq!((all.len(), signed, read), (5, 2, 3));
}
