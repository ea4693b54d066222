//! What is known of a request, in the form that [`Model`](super::model::Model)s borrow from.

use alloc::{string::String, vec::Vec};

use super::{Question, TooLarge, limits::Limits};
use crate::{form, request::Body, value::Value};

/// A request as it was sent, decoded.
pub(super) struct Facts<'q> {
    pub(super) method: &'q [u8],
    pub(super) scheme: String,
    pub(super) host: String,
    /// The host with its letters as they came.
    pub(super) host_sent: &'q str,
    /// As it is signed.
    pub(super) port: Option<u16>,
    /// As it came, a default one too.
    pub(super) port_sent: Option<u16>,
    pub(super) path: &'q [u8],
    pub(super) path_is_empty: bool,
    pub(super) fragment: Option<&'q str>,
    pub(super) realm: Option<&'q [u8]>,
    pub(super) sent_signature: Option<Vec<u8>>,
    /// A body that is no form.
    pub(super) opaque_body: Option<&'q [u8]>,
    pub(super) body_fields: &'q [crate::Parameter<'q>],
    pub(super) pairs: Vec<Fact<'q>>,
}

/// A parameter as it came, and what it stands for.
pub(super) struct Fact<'q> {
    pub(super) source: Source,
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) raw_name: &'q [u8],
    pub(super) raw_value: &'q [u8],
}

/// Where a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Query,
    Body,
    /// The header, or what a program adds to its own.
    Protocol,
}

impl<'q> Facts<'q> {
    pub(super) fn new(question: &'q Question<'_>, limits: &Limits) -> Result<Self, TooLarge> {
        let request = &question.request;
        let target = request.target;
        let origin = target.origin();
        let mut facts = Self {
            method: request.method.as_bytes(),
            scheme: origin.scheme().to_ascii_lowercase(),
            host: origin.host().to_ascii_lowercase(),
            host_sent: origin.host(),
            port: origin.port(),
            port_sent: origin.written_port(),
            path: target.path().as_bytes(),
            path_is_empty: target.has_empty_path(),
            fragment: question.fragment,
            realm: question.realm.as_deref(),
            sent_signature: question.sent_signature.clone(),
            opaque_body: match request.body {
                Body::Opaque(body) => Some(body),
                _ => None,
            },
            body_fields: question.body_fields,
            pairs: Vec::new(),
        };
        let mut left = limits.parameters;
        for (name, value) in form::pairs(target.query_bytes()) {
            facts.push(Source::Query, name, value, &mut left)?;
        }
        match request.body {
            Body::Form(form) => {
                for (name, value) in form::pairs(form) {
                    facts.push(Source::Body, name, value, &mut left)?;
                }
            }
            Body::FormPairs(pairs) => {
                for pair in pairs {
                    facts.push(Source::Body, pair.name(), pair.value(), &mut left)?;
                }
            }
            Body::None | Body::Opaque(_) | Body::Streamed => {}
        }
        for (name, value) in &question.protocol {
            let (name, value) = (Value::plain(name), Value::plain(value));
            facts.push(Source::Protocol, name, value, &mut left)?;
        }
        let bytes: usize = facts
            .pairs
            .iter()
            .map(|fact| fact.name.len() + fact.value.len())
            .sum();
        let more = facts.path.len() + facts.opaque_body.map_or(0, <[u8]>::len);
        if bytes + more > limits.input_bytes {
            return Err(TooLarge::Bytes(limits.input_bytes));
        }
        Ok(facts)
    }

    /// `oauth_signature` is no parameter of a base string, wherever it travels (section 3.4.1.3.1).
    fn push(
        &mut self,
        source: Source,
        name: Value<'q>,
        value: Value<'q>,
        left: &mut usize,
    ) -> Result<(), TooLarge> {
        if name == "oauth_signature" {
            if self.sent_signature.is_none() {
                self.sent_signature = Some(value.to_bytes().into_owned());
            }
            return Ok(());
        }
        let Some(fewer) = left.checked_sub(1) else {
            return Err(TooLarge::Parameters);
        };
        *left = fewer;
        self.pairs.push(Fact {
            source,
            name: name.to_bytes().into_owned(),
            value: value.to_bytes().into_owned(),
            raw_name: name.raw(),
            raw_value: value.raw(),
        });
        Ok(())
    }
}
