//! The table on one adapter.

use alloc::sync::Arc;

use http::{Request, Version};
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, HmacSha512, KeyFrom, Parameter, Plaintext,
    ProtocolParameters, RsaPrivateKey, RsaPss, RsaSha1, RsaSha256, RsaSha512, Signer, SigningKey,
    TokenCredentials, Transmission, exchange::Client,
};

use crate::{
    adapter::{Adapter, Answer, Call, Content, Error, Further},
    case::{Case, Method, Outcome, Token},
    server::{
        CLIENT, CLIENT_SECRET, Place, RSA_CLIENT, Seen, Server, Signed, TOKEN, TOKEN_SECRET,
        Verdict, rsa_key,
    },
    table::table,
};

/// Runs every case of the [`table`] on an adapter, prints each with what came of it and how many there
/// were, and panics in the end if any of them failed.
///
/// # Panics
/// When a case fails, or when there is no loopback interface with IPv4 and IPv6.
pub fn run<A: Adapter>(adapter: &A) {
    let server = Server::start().expect("a loopback interface with IPv4 and IPv6");
    let name = adapter.name();
    let (mut passed, mut impossible, mut failed) = (0, 0, Vec::new());
    let (mut elsewhere, mut again) = (0, 0);
    for case in table() {
        if let Some(why) = adapter.cannot(case) {
            println!("{name}: {} ... cannot be tried: {why}", case.name);
            impossible += 1;
            continue;
        }
        let outcome = send(adapter, server.origin(case.place), case);
        let seen = server.take_log();
        match check(case, &outcome, &seen) {
            Ok(()) => {
                println!("{name}: {} ... ok", case.name);
                passed += 1;
                elsewhere += usize::from(case.leads_elsewhere());
                again += verified(&seen).saturating_sub(1);
            }
            Err(why) => {
                println!("{name}: {} ... FAILED: {why}", case.name);
                failed.push(format!("{}: {why}", case.name));
            }
        }
    }
    let all = table().len();
    println!("{name}: {passed} of {all} cases passed, {impossible} cannot be tried");
    println!(
        "{name}: redirected to another origin {elsewhere} times, which no signature has reached; sent \
         again {again} times, and accepted each time by a server that refuses replays"
    );
    assert!(failed.is_empty(), "{name}: {}", failed.join("\n"));
    assert_eq!(passed + impossible, all);
    assert!(elsewhere >= 15 && again >= 20, "{elsewhere}, {again}");
}

static EXTRA: [Parameter<'static>; 1] =
    [Parameter::new(Further::ALL.extra.0, Further::ALL.extra.1)];

fn verified(seen: &[Seen]) -> usize {
    let verdicts = seen.iter().map(|seen| &seen.verdict);
    verdicts
        .filter(|verdict| matches!(verdict, Verdict::Verified(_)))
        .count()
}

/// Sends the request of a case to the server of this origin.
///
/// # Errors
/// What the adapter says.
pub fn send<A: Adapter>(adapter: &A, origin: &str, case: &Case) -> Result<Answer, Error> {
    let uri = [origin, case.path].concat();
    let mut request = Request::builder().method(case.method).uri(uri);
    for (name, value) in case.headers {
        request = request.header(*name, *value);
    }
    let parameters = if case.signing.parameters {
        ProtocolParameters::NONE
            .with_callback(Further::ALL.callback)
            .with_verifier(Further::ALL.verifier)
            .with_extra(&EXTRA)
    } else {
        ProtocolParameters::NONE
    };
    let call = Call {
        request: request.body(())?,
        body: case.body,
        parameters,
        further: case.signing.parameters.then_some(Further::ALL),
        http2: case.http2,
    };
    match case.signing.method {
        Method::HmacSha1 => adapter.send(shared::<HmacSha1>(case), &call),
        Method::HmacSha256 => adapter.send(shared::<HmacSha256>(case), &call),
        Method::HmacSha512 => adapter.send(shared::<HmacSha512>(case), &call),
        Method::Plaintext => adapter.send(shared::<Plaintext<'static>>(case), &call),
        Method::RsaSha1 => adapter.send(rsa::<RsaSha1>(case), &call),
        Method::RsaSha256 => adapter.send(rsa::<RsaSha256>(case), &call),
        Method::RsaSha512 => adapter.send(rsa::<RsaSha512>(case), &call),
        Method::RsaPss => adapter.send(rsa::<RsaPss>(case), &call),
    }
}

/// What signs requests that the [`Server`] lets in.
#[must_use]
pub fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new(CLIENT, CLIENT_SECRET);
    Signer::for_token(&client, &TokenCredentials::new(TOKEN, TOKEN_SECRET)).into_owned()
}

pub(crate) fn shared<K>(case: &Case) -> Arc<Client<K>>
where
    K: SigningKey + KeyFrom<oauth1_core::Secret<'static>>,
{
    let client = ClientCredentials::new(CLIENT, CLIENT_SECRET);
    client_of(case, &client)
}

fn rsa<K: SigningKey + KeyFrom<RsaPrivateKey>>(case: &Case) -> Arc<Client<K>> {
    client_of(case, &ClientCredentials::with_key(RSA_CLIENT, rsa_key()))
}

fn client_of<K, C>(case: &Case, client: &ClientCredentials<'static, C>) -> Arc<Client<K>>
where
    K: SigningKey + KeyFrom<C>,
{
    let signing = case.signing;
    let mut signer = match signing.token {
        Token::Given => Signer::for_token(client, &TokenCredentials::new(TOKEN, TOKEN_SECRET)),
        Token::None => Signer::for_client(client),
        Token::Empty => Signer::for_client(client).with_token(""),
    };
    signer = signer
        .with_transmission(signing.transmission)
        .with_body_hash(signing.body_hash)
        .allow_plaintext_without_tls();
    if let Some(realm) = signing.realm {
        signer = signer.with_realm(realm);
    }
    if signing.version {
        signer = signer.with_version();
    }
    let client = Client::new(signer)
        .with_other_origins(case.other_origins)
        .with_redirect_limit(case.redirect_limit)
        .with_retries(case.retries)
        .with_form_limit(case.form_limit)
        .with_clock_correction(if case.corrects_clock { 86_400 } else { 0 });
    Arc::new(client)
}

/// What is wrong, if anything is.
fn check(case: &Case, outcome: &Result<Answer, Error>, seen: &[Seen]) -> Result<(), String> {
    let hops: Vec<String> = seen.iter().map(ToString::to_string).collect();
    if let Some(leak) = seen
        .iter()
        .find(|seen| seen.place == Place::Other && seen.has_credentials)
    {
        return Err(format!("a signature reached another origin: {leak}"));
    }
    let text = match outcome {
        Ok(answer) => format!(
            "{} with {:?}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        ),
        Err(error) => chain(error.as_ref()),
    };
    let as_expected = match (case.outcome, outcome) {
        (Outcome::Status(status) | Outcome::Either(status, _), Ok(answer)) => {
            answer.status == status && hops == case.hops
        }
        (Outcome::Stopped(_), Ok(answer)) => answer.status.is_redirection() && hops == case.hops,
        (Outcome::Error(what) | Outcome::Stopped(what), Err(_)) => {
            text.contains(what) && hops == case.hops
        }
        (Outcome::Either(_, what), Err(_)) => text.contains(what) && hops.is_empty(),
        _ => false,
    };
    if !as_expected {
        let expected = (case.outcome, case.hops);
        return Err(format!(
            "expected {expected:?}, but it ended in {text} after {hops:?}"
        ));
    }
    let mut nonces: Vec<Option<&str>> = Vec::new();
    for seen in seen {
        check_wire(case, seen)?;
        if let Verdict::Verified(signed) = &seen.verdict {
            check_signed(case, seen, signed)?;
            nonces.push(signed.nonce.as_deref());
        }
    }
    let last = seen.last().map(|seen| &seen.verdict);
    let shown = outcome
        .as_ref()
        .ok()
        .and_then(|answer| answer.nonce.as_deref());
    // Of a request that is refused, the server does not say it.
    let is_known = matches!(last, Some(Verdict::Verified(_)));
    if is_known && shown.is_some() && nonces.last() != Some(&shown) {
        return Err(format!(
            "{shown:?} is not the nonce that was sent last: {nonces:?}"
        ));
    }
    Ok(())
}

/// What no signature covers.
fn check_wire(case: &Case, seen: &Seen) -> Result<(), String> {
    let version = if case.http2 {
        Version::HTTP_2
    } else {
        Version::HTTP_11
    };
    if seen.version != version {
        return Err(format!("{version:?} is expected: {:?}", seen.version));
    }
    if seen.body.is_empty() {
        return Ok(());
    }
    if seen.body != case.body.bytes() {
        return Err(format!(
            "another body arrived: {}",
            seen.body.escape_ascii()
        ));
    }
    for (name, value) in case.headers {
        let came: Vec<_> = seen.headers.get_all(*name).iter().collect();
        if came != [value] {
            return Err(format!("{name} should be {value:?}: {came:?}"));
        }
    }
    let is_form = oauth1_core::http::has_form(&seen.headers).unwrap_or(false);
    let flows = matches!(case.body, Content::Streamed(_)) && !is_form;
    let chunked = seen.headers.contains_key("transfer-encoding");
    if chunked != flows && !case.http2 {
        return Err(format!("chunked: {chunked}, though it should be {flows}"));
    }
    Ok(())
}

fn check_signed(case: &Case, seen: &Seen, signed: &Signed) -> Result<(), String> {
    let signing = case.signing;
    let in_header = signing.transmission == Transmission::Form && seen.method == http::Method::GET;
    let transmission = if in_header {
        Transmission::Header
    } else {
        signing.transmission
    };
    if signed.transmission != transmission {
        return Err(format!(
            "sent in {:?} instead of {transmission:?}",
            signed.transmission
        ));
    }
    let realm = signing
        .realm
        .filter(|_| transmission == Transmission::Header);
    if signed.realm.as_deref() != realm {
        return Err(format!(
            "the realm is {:?} instead of {realm:?}",
            signed.realm
        ));
    }
    let has = |name: &str| signed.parameters.iter().any(|(sent, _)| sent == name);
    let client = match signing.method {
        Method::RsaSha1 | Method::RsaSha256 | Method::RsaSha512 | Method::RsaPss => RSA_CLIENT,
        _ => CLIENT,
    };
    let token = match signing.token {
        Token::Given => Some(TOKEN),
        Token::None => None,
        Token::Empty => Some(""),
    };
    let further = signing.parameters.then_some(Further::ALL);
    let values = [
        ("oauth_signature_method", Some(signing.method.name())),
        ("oauth_consumer_key", Some(client)),
        ("oauth_token", token),
        ("oauth_version", signing.version.then_some("1.0")),
        ("oauth_callback", further.map(|further| further.callback)),
        ("oauth_verifier", further.map(|further| further.verifier)),
        (
            "oauth_session_handle",
            further.map(|further| further.extra.1),
        ),
    ];
    for (name, expected) in values {
        let sent = signed.parameters.iter().find(|(sent, _)| sent == name);
        let sent = sent.map(|(_, value)| value.as_str());
        if sent != expected {
            return Err(format!("{name} is {sent:?} instead of {expected:?}"));
        }
    }
    let hashed = has("oauth_body_hash");
    let with_body = !seen.body.is_empty() || case.body == Content::Empty;
    if with_body && hashed != signing.expects_body_hash {
        return Err(format!("the body is hashed: {hashed}"));
    }
    Ok(())
}

fn chain(error: &(dyn core::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
