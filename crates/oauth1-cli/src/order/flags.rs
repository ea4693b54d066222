//! What is to be signed, as the options of a command say it.

use oauth1_core::{Parameter, content_type::FORM, percent};

use crate::{
    arguments::{ClientArguments, ProtocolArguments, RequestArguments},
    order::{Made, Order, Protocol, Request},
    problem::Failure,
    source::{Sources, variable},
};

/// A request of a command line.
#[derive(Debug)]
pub(crate) struct Given {
    method: String,
    url: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Given {
    pub(crate) fn new(arguments: RequestArguments, sources: &mut Sources) -> Result<Self, Failure> {
        let mut headers = Vec::new();
        for header in &arguments.headers {
            headers.push(parse_header(header.as_bytes())?);
        }
        if let Some(path) = &arguments.header_file {
            let content = sources.read("--header-file", path)?;
            for line in content.split(|&byte| byte == b'\n') {
                if !line.trim_ascii().is_empty() {
                    headers.push(parse_header(line)?);
                }
            }
        }
        let body = match (&arguments.data_raw, &arguments.data_file) {
            (Some(body), _) => Some(body.clone().into_bytes()),
            (None, Some(path)) => Some(sources.read("--data-file", path)?.to_vec()),
            (None, None) => form(&arguments.data, &arguments.data_urlencode),
        };
        let is_form = !(arguments.data.is_empty() && arguments.data_urlencode.is_empty());
        let has_type = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if is_form && !has_type {
            headers.push(("Content-Type".to_owned(), FORM.as_bytes().to_vec()));
        }
        Ok(Self {
            method: arguments
                .method
                .unwrap_or(if body.is_some() { "POST" } else { "GET" }.into()),
            // The command line asks for it.
            url: arguments.url.unwrap_or_default(),
            headers,
            body,
        })
    }

    /// Of a request that was taken down elsewhere.
    pub(crate) fn taken_down(
        method: String,
        url: String,
        headers: Vec<(String, Vec<u8>)>,
        body: Option<Vec<u8>>,
    ) -> Self {
        Self {
            method,
            url,
            headers,
            body,
        }
    }

    /// The values of a header.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = self
            .headers
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_slice())
    }

    /// The request, with its first `Content-Type`.
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            url: &self.url,
            content_type: self.values("content-type").next(),
            body: self.body.as_deref(),
        }
    }

    /// The request, if it is one that can be signed.
    fn to_sign(&self) -> Result<Request<'_>, Failure> {
        if self.values("authorization").next().is_some() {
            return Err(Failure::usage(
                "the request has an Authorization header already: leave it out to sign anew",
            ));
        }
        match self.values("content-type").count() {
            0 if self.body.is_some() => Err(Failure::usage(
                "what kind of body is it? Add -H 'Content-Type: application/json' or the like: a \
                 form is signed, any other body hashed",
            )),
            0 | 1 => Ok(self.request()),
            _ => Err(Failure::usage(
                "there are several Content-Type headers: give one",
            )),
        }
    }
}

/// What protocol parameters are made of, on a command line.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) client_key: Option<String>,
    pub(crate) token: Option<String>,
}

impl Credentials {
    pub(crate) fn new(arguments: ClientArguments) -> Result<Self, Failure> {
        let or = |value: Option<String>, name| match value {
            None if !arguments.settled => variable(name),
            value => Ok(value),
        };
        Ok(Self {
            client_key: or(arguments.client_key, "OAUTH1_CLIENT_KEY")?,
            token: or(arguments.token, "OAUTH1_TOKEN")?,
        })
    }

    pub(crate) fn client_key(&self) -> Result<&str, Failure> {
        self.client_key.as_deref().ok_or_else(|| {
            Failure::usage("who is the client? Give --client-key, or set OAUTH1_CLIENT_KEY")
        })
    }
}

/// The `--extra` parameters.
pub(crate) fn extra(arguments: &ProtocolArguments) -> Result<Vec<Parameter<'_>>, Failure> {
    let pairs = arguments.extra.iter().map(|text| {
        let pair = text.split_once('=').map(Parameter::from);
        pair.ok_or_else(|| Failure::usage(format!("--extra {text}: expected NAME=VALUE")))
    });
    pairs.collect()
}

/// Puts together what shall be signed.
pub(crate) fn order<'s>(
    given: &'s Given,
    credentials: &'s Credentials,
    protocol: &'s ProtocolArguments,
    extra: &'s [Parameter<'s>],
) -> Result<Order<'s>, Failure> {
    Ok(Order {
        request: given.to_sign()?,
        signature_method: protocol.signature_method(),
        protocol: Protocol::Made(Made {
            client_key: credentials.client_key()?,
            token: credentials.token.as_deref(),
            nonce: protocol.stamp.nonce.as_deref(),
            timestamp: protocol.stamp.timestamp,
            version: protocol.stamp.oauth_version,
            callback: protocol.callback.as_deref(),
            verifier: protocol.verifier.as_deref(),
            extra,
            body_hash: protocol.body_hash(),
        }),
        transmission: protocol.transmission(),
        realm: protocol.realm.as_deref(),
    })
}

pub(crate) fn parse_header(line: &[u8]) -> Result<(String, Vec<u8>), Failure> {
    let colon = line.iter().position(|&byte| byte == b':');
    let parts = colon.and_then(|at| {
        let name = core::str::from_utf8(&line[..at]).ok()?.trim();
        (!name.is_empty()).then(|| (name.to_owned(), line[at + 1..].trim_ascii().to_vec()))
    });
    // What does not look like a header may hold a secret: it is not shown.
    parts.ok_or_else(|| Failure::usage("a header is written as 'Name: value'"))
}

/// The pairs as curl joins them.
fn form(data: &[String], to_encode: &[String]) -> Option<Vec<u8>> {
    let encoded = to_encode.iter().map(|pair| match pair.split_once('=') {
        Some((name, value)) => format!("{name}={}", percent::encode(value)),
        None => percent::encode(pair).to_string(),
    });
    let pairs: Vec<String> = data.iter().cloned().chain(encoded).collect();
    (!pairs.is_empty()).then(|| pairs.join("&").into_bytes())
}
