//! Both mechanisms from end to end in memory of the caller's: this runs without the feature `alloc`.
#![cfg(feature = "hmac-sha1")]

use super::{Answer, Client, Decision, Protocol, Server, XoauthUrl};
use crate::{
    ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, SlotArray, Stamp, StandIn, Target,
    Timestamp, TokenCredentials,
    sink::SliceSink,
    verify::{Lookup, NonceStatus, Policy},
};

const SERVICE: &str = "https://mail.example.com/mail/b/";

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client", "secret of the client");
    let token = TokenCredentials::new("token", "secret of the token");
    Signer::for_token(&client, &token)
}

fn log_in(client: &Client<'_, HmacSha1>, server: &Server<'_>) {
    let now = Timestamp::from_unix_seconds(137_131_202);
    let stamp = Stamp::new(now, Nonce::from_bytes([7; 15]));
    let (mut slots, mut memory) = (SlotArray::<8>::new(), [0; 512]);
    let mut message = SliceSink::new(&mut memory);
    let sent = client
        .initial_response(stamp, &mut slots, &mut message)
        .unwrap();
    let message = message.finish().unwrap();

    let mut slots = SlotArray::<8>::new();
    let received = server.receive(message, now, &mut slots).unwrap();
    let secrets = SharedSecrets::new("secret of the client", "secret of the token");
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    assert!(verified.identity().unwrap() == *"jane@example.com");
    let authorized = verified.authorize(Decision::Granted).unwrap();
    assert!(authorized.client() == "client");

    let refusal = verified.authorize(Decision::Denied).unwrap_err();
    let (mut memory, mut reply) = ([0; 64], [0; 1]);
    let mut challenge = SliceSink::new(&mut memory);
    let answer = refusal.answer(None, None, &mut challenge);
    let mut reply = SliceSink::new(&mut reply);
    let refused = sent.challenge(challenge.finish().unwrap(), &mut reply);
    match answer {
        Answer::Fail(_) => assert!(refused.error().is_none()),
        Answer::Challenge(awaiting) => {
            assert!(refused.error().unwrap().status() == *"insufficient_scope");
            let failed = awaiting.reply(reply.finish().unwrap());
            assert!(failed.replied_as_expected());
        }
    }
}

#[test]
fn oauth10a() {
    let client = Client::oauth10a(signer(), "mail.example.com", 143).unwrap();
    let client = client.with_identity("jane@example.com");
    let server = Server::oauth10a(Policy::new(), &["mail.example.com"], 143);
    log_in(&client, &server);
    log_in(&client, &server.allow_printed_base_string());
}

#[test]
fn xoauth() {
    let mut memory = [0; 128];
    let mut url = SliceSink::new(&mut memory);
    XoauthUrl::new(SERVICE, "jane@example.com", Protocol::Smtp).write_to(&mut url);
    let url = core::str::from_utf8(url.finish().unwrap()).unwrap();
    let client = Client::xoauth(signer(), url).unwrap();
    let service = Target::parse(SERVICE).unwrap();
    log_in(
        &client,
        &Server::xoauth(Policy::new(), service, Protocol::Smtp),
    );
}
