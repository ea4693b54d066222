//! Valid requests, no two of which are the same.

use anyhow::Result;
use http::{Method, Request, header::CONTENT_TYPE};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, Signer, Stamp, Timestamp, TokenCredentials,
    authorization::Transmission,
};

/// What all requests are signed for, whichever port they are sent to.
pub const ORIGIN: &str = "https://api.example.com";

/// What clients say a form is.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// What the server knows.
#[must_use]
pub fn credentials() -> (ClientCredentials<'static>, TokenCredentials<'static>) {
    (
        ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44"),
        TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
    )
}

/// Where the parameters of a request are, and what its body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Signed in a header; no body.
    Header,
    /// Signed in the query; no body.
    Query,
    /// A form, signed in a header.
    Form,
    /// A form that has the signature in it.
    InForm,
    /// JSON, with its hash in a header.
    Hashed,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Header,
        Self::Query,
        Self::Form,
        Self::InForm,
        Self::Hashed,
    ];
}

/// Signs in the name of the client that the server knows.
#[derive(Debug)]
pub struct Signatory {
    header: Signer<'static, HmacSha1>,
    query: Signer<'static, HmacSha1>,
    form: Signer<'static, HmacSha1>,
}

impl Signatory {
    /// With the credentials that the server knows.
    #[must_use]
    pub fn new() -> Self {
        let (client, token) = credentials();
        Self::with(&client, &token)
    }

    /// With others.
    #[must_use]
    pub fn with(client: &ClientCredentials<'static>, token: &TokenCredentials<'static>) -> Self {
        let signer = || Signer::<HmacSha1>::for_token(client, token);
        Self {
            header: signer(),
            query: signer().with_transmission(Transmission::Query),
            form: signer().with_transmission(Transmission::Form),
        }
    }

    /// A signed request; another number is another nonce.
    ///
    /// # Errors
    /// When it cannot be signed, which no such request is known for.
    pub fn sign(&self, shape: Shape, number: u64, timestamp: u64) -> Result<Request<Vec<u8>>> {
        self.sign_for(ORIGIN, shape, number, timestamp)
    }

    /// The same for another server.
    ///
    /// # Errors
    /// As [`sign`](Self::sign), and for what is no origin.
    pub fn sign_for(
        &self,
        origin: &str,
        shape: Shape,
        number: u64,
        timestamp: u64,
    ) -> Result<Request<Vec<u8>>> {
        let uri = format!("{origin}/photos?size=original&name=a%20b");
        let (signer, body) = match shape {
            Shape::Header => (&self.header, None),
            Shape::Query => (&self.query, None),
            Shape::Form => (&self.header, Some((FORM, "title=Lunch&tag=a&tag=b%2Bc"))),
            Shape::InForm => (&self.form, Some((FORM, "title=Lunch"))),
            Shape::Hashed => (
                &self.header,
                Some(("application/json", r#"{"title":"Lunch"}"#)),
            ),
        };
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = uri.parse()?;
        if let Some((name, body)) = body {
            *request.method_mut() = Method::POST;
            let name = http::HeaderValue::from_static(name);
            request.headers_mut().insert(CONTENT_TYPE, name);
            *request.body_mut() = body.into();
        }
        let timestamp = Timestamp::from_unix_seconds(timestamp);
        let mut bytes = [0; 15];
        bytes[7..].copy_from_slice(&number.to_be_bytes());
        let nonce = Nonce::from_bytes(bytes);
        let signed = signer.sign_buffered(&mut request, Stamp::new(timestamp, nonce))?;
        if let Some(form) = signed.body {
            *request.body_mut() = form;
        }
        Ok(request)
    }
}

impl Default for Signatory {
    fn default() -> Self {
        Self::new()
    }
}

/// The bytes of a head, with what else belongs to it.
#[must_use]
pub fn head(request: &Request<Vec<u8>>, more: &str) -> Vec<u8> {
    let target = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    bytes.extend(b"Host: api.example.com\r\n");
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(more.as_bytes());
    bytes.extend(b"\r\n");
    bytes
}

/// The bytes of a request.
#[must_use]
pub fn bytes(request: &Request<Vec<u8>>) -> Vec<u8> {
    let length = request.body().len();
    let mut bytes = match length {
        0 => head(request, ""),
        _ => head(request, &format!("Content-Length: {length}\r\n")),
    };
    bytes.extend(request.body());
    bytes
}
