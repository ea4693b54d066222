//! `oauth1 request`: signs a request, sends it, and says what came of it.

use core::time::Duration;
use std::sync::PoisonError;

use http::{HeaderName, HeaderValue, Method, Request, Uri, header, request::Parts};
use indicatif::ProgressBar;
use oauth1_core::{
    BodyHashRule, Digest, Parameter, ProtocolParameters, Target,
    exchange::{self, OtherOrigins},
    http::has_form,
    percent,
};
use oauth1_hyper::{Client, Error};
use tokio::runtime;

use self::{content::Content, items::Items, upload::Upload};
use crate::{
    arguments::{ProtocolArguments, SendArguments},
    order::flags::{self, Credentials},
    problem::{Failure, Problem, whole_story},
    profile, signatory,
    signature_method::SignatureMethod,
    source::{OwnSecrets, Sources},
    transport::{self, LastSent, Told, USER_AGENT},
};

mod answer;
mod content;
mod dry_run;
mod items;
mod multipart;
mod progress;
mod refusal;
mod upload;

pub(crate) fn run(mut arguments: SendArguments) -> Result<(), Failure> {
    profile::settle(
        &mut arguments.protocol,
        &mut arguments.client,
        Some(&mut arguments.keys),
    )?;
    let mut sources = Sources::default();
    let method = arguments.protocol.signature_method();
    let hint = refusal::Hint::new(&arguments);
    let secrets = OwnSecrets::of_method(method, arguments.keys, &mut sources)?;
    let credentials = Credentials::new(arguments.client)?;
    secrets.check(method, credentials.token.as_deref())?;

    let items = Items::new(&arguments.items)?;
    let (parts, mut content) = prepare(&arguments.url, &arguments.content, &items, &mut sources)?;
    let is_form = has_form(&parts.headers).map_err(|error| Failure::usage(error.to_string()))?;
    content.gather(is_form)?;
    let hint = if is_form {
        hint.with_form(&content)
    } else {
        hint
    };
    let hash = body_hash(&content, is_form, &arguments.protocol, method.digest())?;

    let (signer, base_strings) = signatory::signer(
        &arguments.protocol,
        &credentials,
        &secrets,
        arguments.wire.plaintext_without_tls,
    )?;
    let wire = &arguments.wire;
    let other_origins = if wire.follow_unsigned {
        OtherOrigins::Unsigned
    } else {
        OtherOrigins::Stop
    };
    let client = exchange::Client::new(signer)
        .with_redirect_limit(wire.max_redirects)
        .with_other_origins(other_origins)
        .with_clock_correction(wire.server.clock_correction)
        // What is read into memory to be signed has been asked for.
        .with_form_limit(usize::MAX);

    let mut extra = flags::extra(&arguments.protocol)?;
    extra.extend(
        hash.as_deref()
            .map(|hash| Parameter::new("oauth_body_hash", hash)),
    );
    let parameters = protocol_parameters(&arguments.protocol, &extra);
    if arguments.output.dry_run {
        return dry_run::print(&client, parts, &content, &parameters, &arguments.protocol);
    }
    if arguments.protocol.stamp.nonce.is_some() || arguments.protocol.stamp.timestamp.is_some() {
        return Err(Failure::usage(
            "what is sent has a fresh --nonce and --timestamp in each attempt: give them with \
             --dry-run alone",
        ));
    }

    let last = LastSent::default();
    let transport = Told {
        pool: transport::pool(transport::connector(wire.server.cacert.as_deref())?),
        base_strings: arguments.output.verbose.then_some(base_strings),
        method,
        last: LastSent::clone(&last),
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let output = &arguments.output;
    let sent = async {
        let progress = match content.length() {
            _ if output.silent => ProgressBar::hidden(),
            length => progress::bar("sent", length),
        };
        let request = Request::from_parts(parts, Upload::start(content, progress));
        let client = Client::new(client, transport);
        let response = client.request_with(request, parameters).await;
        let response = response.map_err(|error| failed(&error))?;
        let sent = last.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer::print(response, output, &hint, sent).await
    };
    let result = runtime.block_on(async {
        match wire.timeout {
            None => sent.await,
            Some(seconds) => tokio::time::timeout(Duration::from_secs(seconds), sent)
                .await
                .unwrap_or_else(|_| {
                    Err(Failure::Failed(format!(
                        "there was no whole response within {seconds} seconds (--timeout)"
                    )))
                }),
        }
    });
    // What still waits for standard input does not keep the program.
    runtime.shutdown_background();
    result
}

/// Why there is no response, with all that lies below.
fn failed(error: &Error) -> Failure {
    let mut message = whole_story(error);
    if message.contains("UnknownIssuer") {
        message.push_str(" (an authority of your own? --cacert FILE)");
    }
    Failure::Failed(message)
}

/// The request as it is without a signature.
fn prepare(
    url: &str,
    arguments: &crate::arguments::ContentArguments,
    items: &Items,
    sources: &mut Sources,
) -> Result<(Parts, Content), Failure> {
    let mut builder = Request::builder().uri(uri(url, items)?);
    let headers = arguments
        .headers
        .iter()
        .map(|header| flags::parse_header(header.as_bytes()))
        .collect::<Result<Vec<_>, _>>()?;
    let headers = headers.into_iter().chain(
        items
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into_bytes())),
    );
    let mut has_type = false;
    for (name, value) in headers {
        let unsendable = || Failure::usage(format!("the header {name:?} cannot be sent"));
        let name = HeaderName::try_from(&name).map_err(|_| unsendable())?;
        let value = HeaderValue::try_from(value).map_err(|_| unsendable())?;
        if name == header::AUTHORIZATION {
            return Err(Failure::usage(
                "the request has an Authorization header already: leave it out, it is made here",
            ));
        }
        has_type |= name == header::CONTENT_TYPE;
        builder = builder.header(name, value);
    }
    let content = Content::new(arguments, items, has_type, sources)?;
    let method = arguments.method.as_deref().or(content.method);
    let method = Method::try_from(method.unwrap_or("GET"))
        .map_err(|_| Failure::usage("--request: expected a method such as GET or POST"))?;
    let request = builder.method(method).body(());
    let request = request.map_err(|error| Failure::usage(error.to_string()))?;
    let (mut parts, ()) = request.into_parts();
    let headers = &mut parts.headers;
    if let (false, Some(content_type)) = (has_type, &content.media_type) {
        let value = HeaderValue::try_from(content_type)
            .map_err(|_| Failure::usage("the type of the body cannot be sent"))?;
        headers.insert(header::CONTENT_TYPE, value);
    }
    let mut set = |name, value| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::ACCEPT, content.accept.unwrap_or("*/*"));
    set(header::USER_AGENT, USER_AGENT);
    Ok((parts, content))
}

fn uri(url: &str, items: &Items) -> Result<Uri, Failure> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let mut url = url.to_owned();
    if !items.query.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&encoded(&items.query));
    }
    let target = Target::parse(&url).map_err(Problem::from)?;
    let scheme = target.origin().scheme();
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Failure::usage(
            "the URL must start with https:// or http://",
        ));
    }
    if url
        .split('/')
        .nth(2)
        .is_some_and(|authority| authority.contains('@'))
    {
        return Err(Failure::usage(
            "the URL has a user name in it, which no header would hold: leave it out",
        ));
    }
    Uri::try_from(&url).map_err(|error| Failure::usage(format!("the URL: {error}")))
}

/// Pairs as a form.
fn encoded(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", percent::encode(name), percent::encode(value)))
        .collect();
    pairs.join("&")
}

/// The hash of a body that flows by, for which its files are read twice.
fn body_hash(
    content: &Content,
    is_form: bool,
    protocol: &ProtocolArguments,
    digest: Option<Digest>,
) -> Result<Option<String>, Failure> {
    let flows = !matches!(&*content.pieces, [] | [content::Piece::Bytes(_)]);
    let rule = protocol.body_hash();
    let Some(digest) = digest.filter(|_| flows && !is_form && rule != BodyHashRule::Never) else {
        return Ok(None);
    };
    let hash = content.hash(digest)?;
    if hash.is_none() && rule == BodyHashRule::Always {
        return Err(Failure::usage(
            "--body-hash always: what flows from standard input cannot be hashed before it is sent; \
             put it into a file, or read it whole with --data-binary @-",
        ));
    }
    Ok(hash)
}

fn protocol_parameters<'a>(
    protocol: &'a ProtocolArguments,
    extra: &'a [Parameter<'a>],
) -> ProtocolParameters<'a> {
    let mut parameters = ProtocolParameters::NONE.with_extra(extra);
    if let Some(callback) = &protocol.callback {
        parameters = parameters.with_callback(callback);
    }
    if let Some(verifier) = &protocol.verifier {
        parameters = parameters.with_verifier(verifier);
    }
    parameters
}

/// The methods that stand for `oauth1 request --request METHOD`.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The arguments of the program, with `oauth1 GET URL` written out.
pub(crate) fn written_out(
    arguments: impl Iterator<Item = std::ffi::OsString>,
) -> impl Iterator<Item = std::ffi::OsString> {
    let mut arguments: Vec<_> = arguments.collect();
    let method = arguments.get(1).and_then(|first| first.to_str());
    let method = method.and_then(|first| {
        METHODS
            .iter()
            .find(|method| first.eq_ignore_ascii_case(method))
    });
    if let Some(method) = method {
        arguments.splice(1..2, ["request".into(), "--request".into(), method.into()]);
    }
    arguments.into_iter()
}

/// Whether a signature method shows its secrets in what is sent.
const fn shows_secrets(method: SignatureMethod) -> bool {
    matches!(method, SignatureMethod::Plaintext)
}
