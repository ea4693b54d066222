//! `oauth1 explain`.

use oauth1_core::{
    Parameter, RsaPublicKey, Transmission, Value,
    authorization::{AuthorizationHeader, HeaderParameter},
    explain::{Expected, Explanation, Keys, Limits, Question, TooLarge},
};
use serde_json::Value as Json;

use crate::{
    arguments::ExplainArguments,
    order::{Order, Request},
    problem::{Code, Failure, Problem},
    signing::Desk,
    stream,
};

mod lines;
mod person;
mod pieces;
pub(crate) mod transcript;

pub(crate) fn run(arguments: ExplainArguments) -> Result<(), Failure> {
    if arguments.json {
        stream::run(lines::Lines::default())
    } else {
        person::run(arguments)
    }
}

/// A request whose signature is in question.
struct Case<'a> {
    request: Request<'a>,
    /// The parameters of its header, or those that would be in it.
    protocol: Vec<(Vec<u8>, Vec<u8>)>,
    realm: Option<String>,
    /// Where the request does not say it itself.
    signature_method: Option<&'static str>,
}

/// The keys that there are; none where base strings alone are compared.
enum KnownKey<'a> {
    Unknown,
    Shared(&'a str, &'a str),
    Public(RsaPublicKey),
}

impl<'a> Case<'a> {
    /// Of a request that shall be signed so.
    fn of_order(order: &Order<'a>, desk: &mut Desk) -> Result<Self, Problem> {
        // What is compared is the same wherever the parameters travel, and a header has a reader.
        let order = Order {
            transmission: Transmission::Header,
            ..*order
        };
        desk.collect(&order)?;
        let mut case = Self::of_header(order.request, &desk.authorization)?;
        // There is no signature yet.
        case.protocol.retain(|(name, _)| name != b"oauth_signature");
        case.signature_method = Some(order.signature_method.name());
        Ok(case)
    }

    /// Of a request with the value of its `Authorization` header.
    fn of_header(request: Request<'a>, header: &[u8]) -> Result<Self, Problem> {
        let malformed = |error: &dyn core::fmt::Display| {
            Problem::new(
                Code::Malformed,
                format!("the Authorization header cannot be read: {error}"),
            )
        };
        // What is pasted may have been broken into lines.
        let unfolded: Vec<u8> = header
            .iter()
            .map(|&byte| {
                if matches!(byte, b'\r' | b'\n') {
                    b' '
                } else {
                    byte
                }
            })
            .collect();
        let header = AuthorizationHeader::parse(&unfolded)
            .ok_or_else(|| malformed(&"its scheme is not OAuth"))?;
        let (mut protocol, mut realm) = (Vec::new(), None);
        for parameter in header.parameters() {
            match parameter.map_err(|error| malformed(&error))? {
                HeaderParameter::Realm(text) => realm = Some(text.to_string()),
                HeaderParameter::Pair { name, value } => {
                    protocol.push((name.to_bytes().into_owned(), value.to_bytes().into_owned()));
                }
            }
        }
        Ok(Self {
            request,
            protocol,
            realm,
            signature_method: None,
        })
    }

    /// Of a request whose protocol parameters travel in its query or form.
    fn of_pairs(request: Request<'a>) -> Self {
        Self {
            request,
            protocol: Vec::new(),
            realm: None,
            signature_method: None,
        }
    }

    /// Explains it. `expected` may add to the signature that the request has itself.
    fn explain(
        &self,
        key: &KnownKey<'_>,
        signature: Option<&str>,
        base_string: Option<&str>,
    ) -> Result<Explanation, Problem> {
        self.request.check_method()?;
        let pairs: Vec<_> = self
            .protocol
            .iter()
            .map(|(name, value)| Parameter::from_bytes(name, value))
            .collect();
        let body_fields = self.body_fields();
        let body_fields: Vec<_> = body_fields
            .iter()
            .map(|(name, value)| Parameter::new(name, value))
            .collect();
        let mut question =
            Question::new(self.request.view()?, &pairs).with_body_fields(&body_fields);
        if let Some(realm) = &self.realm {
            question = question.with_realm(realm);
        }
        if let Some((_, fragment)) = self.request.url.split_once('#') {
            question = question.with_fragment(fragment);
        }
        if let Some(method) = self.signature_method {
            question = question.with_signature_method(method);
        }
        let keys = match key {
            KnownKey::Unknown => Keys::UNKNOWN,
            KnownKey::Shared(client, token) => Keys::shared(*client, *token),
            KnownKey::Public(key) => Keys::rsa(key),
        };
        let mut expected = match (signature, key) {
            (Some(signature), _) => Expected::NONE.with_signature(signature),
            // Without a key, what was signed is all that can be compared.
            (None, KnownKey::Unknown) => Expected::NONE,
            (None, _) => question.expected(),
        };
        if let Some(base_string) = base_string {
            expected = expected.with_base_string(base_string.as_bytes());
        }
        if expected.is_empty() {
            return Err(Problem::field(
                "expected_signature: what does the other side have? Give its signature, its base \
                 string, or both",
            ));
        }
        let explained = question.explain(&keys, &expected, &Limits::PERSON);
        explained.map_err(|error: TooLarge| Problem::new(Code::CannotSign, error.to_string()))
    }

    /// The fields of a JSON object, as a program that takes it for a form has them.
    fn body_fields(&self) -> Vec<(String, String)> {
        let oauth1_core::Body::Opaque(body) = self.request.body() else {
            return Vec::new();
        };
        let Ok(Json::Object(fields)) = serde_json::from_slice(body) else {
            return Vec::new();
        };
        let text = |value: Json| match value {
            Json::String(text) => text,
            other => other.to_string(),
        };
        fields
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect()
    }
}

/// Whether a query or form has protocol parameters.
fn is_signed(text: &[u8]) -> bool {
    let known = |name: &Value<'_>| *name == "oauth_consumer_key" || *name == "oauth_signature";
    oauth1_core::form::pairs(text).any(|(name, _)| known(&name))
}
