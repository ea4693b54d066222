//! What is to be signed: the same, whether flags or a line say it.

use oauth1_core::{
    Body, BodyHashRule, Parameter, RequestView, Target, Transmission,
    content_type::{FORM, is_form},
};

use crate::{
    problem::{Code, Problem},
    signature_method::SignatureMethod,
};

pub(crate) mod fields;
pub(crate) mod flags;

/// A request and what shall sign it, the secrets apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) signature_method: SignatureMethod,
    pub(crate) protocol: Protocol<'a>,
    pub(crate) transmission: Transmission,
    /// Of the header; not signed.
    pub(crate) realm: Option<&'a str>,
}

/// A request before it is signed, or as it was received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) content_type: Option<&'a [u8]>,
    pub(crate) body: Option<&'a [u8]>,
}

/// The protocol parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol<'a> {
    /// Made as RFC 5849 section 3.1 says.
    Made(Made<'a>),
    /// Exactly these, in their order.
    Raw(&'a [Parameter<'a>]),
}

/// What protocol parameters are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made<'a> {
    pub(crate) client_key: &'a str,
    pub(crate) token: Option<&'a str>,
    /// A fresh one, where there is none.
    pub(crate) nonce: Option<&'a str>,
    /// The clock's, where there is none.
    pub(crate) timestamp: Option<u64>,
    pub(crate) version: bool,
    pub(crate) callback: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
    pub(crate) extra: &'a [Parameter<'a>],
    pub(crate) body_hash: BodyHashRule,
}

impl<'a> Request<'a> {
    /// Where it goes.
    pub(crate) fn target(&self) -> Result<Target<'a>, Problem> {
        let target = Target::parse(self.url)?;
        let scheme = target.origin().scheme();
        if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
            Ok(target)
        } else {
            Err(Problem::new(
                Code::InvalidUrl,
                "the URL must start with https:// or http://",
            ))
        }
    }

    /// What of the body is signed: the `Content-Type` decides, and nothing else.
    pub(crate) fn body(&self) -> Body<'a> {
        match self.body {
            body if self.content_type.is_some_and(is_form) => Body::Form(body.unwrap_or_default()),
            Some(body) => Body::Opaque(body),
            None => Body::None,
        }
    }

    pub(crate) fn view(&self) -> Result<RequestView<'a>, Problem> {
        Ok(RequestView::new(self.method, self.target()?).with(self.body()))
    }

    // RFC 9110 section 9.1: method = token
    pub(crate) fn check_method(&self) -> Result<(), Problem> {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if self.method.is_empty() || !self.method.bytes().all(valid) {
            return Err(Problem::field(
                "method: expected a token of HTTP, such as GET or POST",
            ));
        }
        Ok(())
    }
}

impl Order<'_> {
    /// Looks at what the core leaves to its caller.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.request.check_method()?;
        let control = |text: &[u8]| text.iter().any(u8::is_ascii_control);
        if self.request.content_type.is_some_and(control) {
            return Err(Problem::field(
                "content_type: no header can hold a control character",
            ));
        }
        if self.realm.is_some_and(|realm| control(realm.as_bytes())) {
            return Err(Problem::field(
                "realm: no header can hold a control character",
            ));
        }
        let is_form = match self.request.content_type {
            Some(content_type) => is_form(content_type),
            // Without a body, the form is made here, with its Content-Type.
            None => self.request.body.is_none(),
        };
        if self.transmission == Transmission::Form && !is_form {
            return Err(Problem::new(
                Code::CannotSign,
                format!(
                    "the protocol parameters can travel in a form only: set the content type \
                     {FORM}, or send them in the header"
                ),
            ));
        }
        Ok(())
    }
}
