use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, SharedSecrets, Signer, SlotArray, Stamp, StandIn, Target,
    Timestamp, TokenCredentials,
    sasl::{
        Answer, Client, Decision, ErrorChallenge, Mechanism, Protocol, Refusal, Server, XoauthUrl,
    },
    verify::{Lookup, NonceStatus, Policy},
};

use super::{assert_one_line, texts};

const SECRET: &str = "what no input has in it";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);
const HOSTS: &[&str] = &["imap.example.com", "mail.example.com"];
const PORT: u16 = 143;

fn servers() -> [Server<'static>; 3] {
    let policy = Policy::new().with_window(u64::MAX);
    let service = Target::parse(XoauthUrl::GOOGLE).expect("a URL");
    let oauth10a = Server::oauth10a(policy, HOSTS, PORT);
    [
        Server::xoauth(policy, service, Protocol::Imap),
        oauth10a,
        oauth10a.allow_printed_base_string(),
    ]
}

/// Input: the message that a login begins with.
pub(super) fn check_server(input: &[u8]) {
    let secrets = SharedSecrets::new(SECRET, SECRET);
    for server in servers() {
        let mut slots = Vec::new();
        let refusal = match server.receive(input, NOW, &mut slots) {
            Err(refusal) => refusal,
            Ok(received) => {
                if let Some(identity) = received.identity() {
                    assert!(identity.bytes().count() <= input.len());
                    assert_one_line(&identity.to_string());
                }
                received
                    .authenticate(Lookup::Found(&secrets), &StandIn::new())
                    .expect_err("nobody guesses the secret")
            }
        };
        check_refusal(server.mechanism(), refusal);
        let mut slots = SlotArray::<4>::new();
        if let Err(refusal) = server.receive(input, NOW, &mut slots) {
            check_refusal(server.mechanism(), refusal);
        }
    }
}

/// The challenge that tells it is one that a client reads.
fn check_refusal(mechanism: Mechanism, refusal: Refusal) {
    assert_one_line(&refusal.to_string());
    let mut challenge = Vec::new();
    match refusal.answer(Some("a \"scope\""), None, &mut challenge) {
        Answer::Challenge(awaiting) => {
            assert_eq!(mechanism, Mechanism::Oauth10a);
            let read = ErrorChallenge::parse(&challenge).expect("JSON");
            assert!(read.status() == *refusal.status());
            assert!(read.scope().is_some_and(|scope| scope == *"a \"scope\""));
            assert!(awaiting.reply(b"\x01").replied_as_expected());
        }
        Answer::Fail(_) => {
            assert_eq!(mechanism, Mechanism::Xoauth);
            assert!(challenge.is_empty());
        }
    }
}

/// Input: client, its secret, token, its secret, identity, path, query; the rest is a form.
pub(super) fn check_client(input: &[u8]) {
    let Some(
        [
            client,
            client_secret,
            token,
            token_secret,
            identity,
            path,
            query,
            form,
        ],
    ) = texts::<8>(input)
    else {
        return;
    };
    let secrets = SharedSecrets::new(client_secret, token_secret);
    let client = ClientCredentials::new(client, client_secret);
    let token = TokenCredentials::new(token, token_secret);
    let signer = || Signer::<HmacSha1>::for_token(&client, &token);
    let [xoauth, oauth10a, printed] = servers();

    let url = XoauthUrl::new(XoauthUrl::GOOGLE, identity, Protocol::Imap).to_string();
    if let Ok(sender) = Client::xoauth(signer(), &url) {
        let as_whom = (!identity.is_empty()).then_some(identity);
        check_login(&sender, &xoauth, &secrets, as_whom);
    }
    let mut sender = Client::oauth10a(signer(), HOSTS[0], PORT).expect("a host");
    if !identity.is_empty() {
        sender = sender.with_identity(identity);
    }
    if !path.is_empty() {
        sender = sender.with_path(path);
    }
    if !query.is_empty() {
        sender = sender.with_query(query);
    }
    if !form.is_empty() {
        sender = sender.with_form(form);
    }
    let as_whom = (!identity.is_empty()).then_some(identity);
    check_login(&sender, &oauth10a, &secrets, as_whom);
    check_login(&sender, &printed, &secrets, as_whom);
}

fn check_login(
    sender: &Client<'_, HmacSha1>,
    server: &Server<'_>,
    secrets: &SharedSecrets<'_>,
    identity: Option<&str>,
) {
    let stamp = Stamp::new(NOW, Nonce::new("a nonce"));
    let (mut slots, mut message) = (Vec::new(), Vec::new());
    if let Err(error) = sender.initial_response(stamp, &mut slots, &mut message) {
        return assert_one_line(&error.to_string());
    }
    let mut slots = Vec::new();
    let received = match server.receive(&message, NOW, &mut slots) {
        Ok(received) => received,
        // What a server refuses in any request is no matter of SASL.
        Err(refusal) => return check_refusal(server.mechanism(), refusal),
    };
    let authentic = received
        .authenticate(Lookup::Found(secrets), &StandIn::new())
        .expect("what the client signs, the server takes");
    let verified = authentic.accept(NonceStatus::Fresh).expect("fresh");
    match (verified.identity(), identity) {
        (Some(found), Some(identity)) => assert!(found == *identity, "{found} is not {identity}"),
        (found, identity) => assert_eq!(found.is_some(), identity.is_some()),
    }
    let refusal = verified.authorize(Decision::Denied).expect_err("denied");
    assert_eq!(refusal.status(), "insufficient_scope");
}

/// Input: a challenge.
pub(super) fn check_challenge(input: &[u8]) {
    let Some(challenge) = ErrorChallenge::parse(input) else {
        return;
    };
    let texts = [
        ("status", Some(challenge.status())),
        ("scope", challenge.scope()),
        ("openid-configuration", challenge.openid_configuration()),
    ];
    for text in texts.into_iter().filter_map(|(_, text)| text) {
        assert!(text.chars().count() <= input.len());
        assert!(text == *text.to_string());
        assert_one_line(&format!("{text:?}"));
    }
    // serde_json refuses half surrogates, and takes the last of several keys that are the same.
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(input) else {
        return;
    };
    let object = json.as_object().expect("a challenge is an object");
    for (name, text) in texts {
        let twice = input
            .windows(name.len())
            .filter(|at| *at == name.as_bytes())
            .count()
            > 1;
        if let (Some(text), false) = (text, twice || input.contains(&b'\\')) {
            assert_eq!(
                object.get(name).and_then(|it| it.as_str()),
                Some(&*text.to_string())
            );
        }
    }
}
