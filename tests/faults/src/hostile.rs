//! Requests that must be refused, drawn from the attack list (`tests/attacks/list.json`), and how.

use anyhow::{Context as _, Result};
use http::{
    HeaderValue, Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use oauth1_core::{ClientCredentials, TokenCredentials};

use crate::{
    signing::{FORM, ORIGIN, Shape, Signatory, bytes, credentials, head},
    wire::Answer,
};

/// A kind of request that must be refused.
#[derive(Debug)]
pub struct Hostile {
    /// What it is.
    pub name: &'static str,
    status: u16,
    problem: &'static str,
    /// What the layer counts it as; `None` where the server refuses it before the layer sees it.
    pub outcome: Option<&'static str>,
    make: fn(&Maker<'_>) -> Result<Vec<u8>>,
}

impl Hostile {
    /// The one right answer.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer::new(self.status, self.problem)
    }
}

/// Makes them.
#[derive(Debug)]
pub struct Attacker {
    own: Signatory,
    forger: Signatory,
    stranger: Signatory,
    without_token: Signatory,
}

impl Attacker {
    /// One that signs in several names.
    #[must_use]
    pub fn new() -> Self {
        let (client, token) = credentials();
        let forged = ClientCredentials::new("dpf43f3p2l4k3l03", "another secret");
        let unknown = ClientCredentials::new("nobody", "kd94hf93k423kf44");
        let strange = TokenCredentials::new("nothing", "pfkkdhi9sl3r4s00");
        Self {
            own: Signatory::with(&client, &token),
            forger: Signatory::with(&forged, &token),
            stranger: Signatory::with(&unknown, &token),
            without_token: Signatory::with(&client, &strange),
        }
    }

    /// One of a kind, with a nonce of this number and this time.
    ///
    /// # Errors
    /// When it cannot be made, which none is known for.
    pub fn make(&self, kind: &Hostile, number: u64, now: u64) -> Result<Vec<u8>> {
        let maker = Maker {
            attacker: self,
            number,
            now,
        };
        (kind.make)(&maker).with_context(|| kind.name.to_owned())
    }
}

impl Default for Attacker {
    fn default() -> Self {
        Self::new()
    }
}

struct Maker<'m> {
    attacker: &'m Attacker,
    number: u64,
    now: u64,
}

impl Maker<'_> {
    fn sign(&self, shape: Shape) -> Result<Request<Vec<u8>>> {
        self.attacker.own.sign(shape, self.number, self.now)
    }

    /// Signed, with a text of the header changed.
    fn changed(&self, shape: Shape, from: &str, to: &str) -> Result<Vec<u8>> {
        let mut request = self.sign(shape)?;
        let header = authorization(&request)?;
        let start = header.find(from).context("not in the header")?;
        let changed = [&header[..start], to, &header[start + from.len()..]].concat();
        set(&mut request, &changed)?;
        Ok(bytes(&request))
    }

    /// Signed, without a parameter of the header.
    fn without(&self, name: &str) -> Result<Vec<u8>> {
        let mut request = self.sign(Shape::Header)?;
        let header = authorization(&request)?.to_owned();
        let parameters = header.strip_prefix("OAuth ").context("another scheme")?;
        let kept: Vec<_> = (parameters.split(','))
            .map(str::trim)
            .filter(|parameter| parameter.split('=').next() != Some(name))
            .collect();
        set(&mut request, &format!("OAuth {}", kept.join(", ")))?;
        Ok(bytes(&request))
    }

    /// Signed, and its head behind that.
    fn followed(&self, shape: Shape, more: &str, body: &[u8]) -> Result<Vec<u8>> {
        let request = self.sign(shape)?;
        Ok([&head(&request, more), body].concat())
    }
}

fn authorization(request: &Request<Vec<u8>>) -> Result<&str> {
    let header = request.headers().get(AUTHORIZATION).context("no header")?;
    Ok(header.to_str()?)
}

fn set(request: &mut Request<Vec<u8>>, header: &str) -> Result<()> {
    let value = HeaderValue::from_str(header)?;
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

const fn refused(
    name: &'static str,
    (status, problem): (u16, &'static str),
    outcome: &'static str,
    make: fn(&Maker<'_>) -> Result<Vec<u8>>,
) -> Hostile {
    Hostile {
        name,
        status,
        problem,
        outcome: Some(outcome),
        make,
    }
}

/// Refused by the server, before the layer.
const fn unread(
    name: &'static str,
    status: u16,
    make: fn(&Maker<'_>) -> Result<Vec<u8>>,
) -> Hostile {
    Hostile {
        name,
        status,
        problem: "",
        outcome: None,
        make,
    }
}

const INVALID: (u16, &str) = (401, "signature_invalid");
const ABSENT: (u16, &str) = (400, "parameter_absent");
const REJECTED: (u16, &str) = (400, "parameter_rejected");
const STALE: (u16, &str) = (401, "timestamp_refused");
const DAY: u64 = 24 * 60 * 60;

/// All of them.
pub const ALL: &[Hostile] = &[
    refused("garbled signature", INVALID, "signature_invalid", |maker| {
        let request = maker.sign(Shape::Header)?;
        let header = authorization(&request)?;
        let at = header.find("oauth_signature=\"").context("no signature")?;
        let first = header[at..].chars().nth("oauth_signature=\"".len());
        let other = if first == Some('A') { 'B' } else { 'A' };
        let from = format!("oauth_signature=\"{}", first.unwrap_or_default());
        maker.changed(Shape::Header, &from, &format!("oauth_signature=\"{other}"))
    }),
    refused("another secret", INVALID, "signature_invalid", |maker| {
        let forger = &maker.attacker.forger;
        Ok(bytes(&forger.sign(Shape::Form, maker.number, maker.now)?))
    }),
    refused("unknown client", INVALID, "client_unknown", |maker| {
        let stranger = &maker.attacker.stranger;
        Ok(bytes(&stranger.sign(
            Shape::Header,
            maker.number,
            maker.now,
        )?))
    }),
    refused("unknown token", INVALID, "token_unknown", |maker| {
        let stranger = &maker.attacker.without_token;
        Ok(bytes(&stranger.sign(
            Shape::Query,
            maker.number,
            maker.now,
        )?))
    }),
    refused("timestamp a day old", STALE, "timestamp_refused", |maker| {
        let own = &maker.attacker.own;
        Ok(bytes(&own.sign(
            Shape::Header,
            maker.number,
            maker.now - DAY,
        )?))
    }),
    refused(
        "timestamp a day ahead",
        STALE,
        "timestamp_refused",
        |maker| {
            let own = &maker.attacker.own;
            Ok(bytes(&own.sign(
                Shape::InForm,
                maker.number,
                maker.now + DAY,
            )?))
        },
    ),
    refused("timestamp not a number", REJECTED, "malformed", |maker| {
        maker.changed(Shape::Header, "oauth_timestamp=\"", "oauth_timestamp=\"x")
    }),
    refused("no timestamp", ABSENT, "missing_parameter", |maker| {
        maker.without("oauth_timestamp")
    }),
    refused("no nonce", ABSENT, "missing_parameter", |maker| {
        maker.without("oauth_nonce")
    }),
    refused("no signature", ABSENT, "missing_parameter", |maker| {
        maker.without("oauth_signature")
    }),
    refused(
        "no signature method",
        ABSENT,
        "missing_parameter",
        |maker| maker.without("oauth_signature_method"),
    ),
    refused(
        "unknown signature method",
        (400, "signature_method_rejected"),
        "unsupported_signature_method",
        |maker| maker.changed(Shape::Header, "HMAC-SHA1", "HMAC-MD5"),
    ),
    refused(
        "another version",
        (400, "version_rejected"),
        "unsupported_version",
        |maker| maker.changed(Shape::Header, "OAuth ", "OAuth oauth_version=\"2.0\", "),
    ),
    refused("nonce twice", REJECTED, "duplicate_parameter", |maker| {
        maker.changed(Shape::Header, "OAuth ", "OAuth oauth_nonce=\"x\", ")
    }),
    refused(
        "token in two places",
        REJECTED,
        "duplicate_parameter",
        |maker| {
            let request = maker.sign(Shape::Header)?;
            let text = String::from_utf8(bytes(&request))?;
            Ok(text.replacen("size=original", "oauth_token=x", 1).into())
        },
    ),
    refused("values without quotes", REJECTED, "malformed", |maker| {
        let mut request = maker.sign(Shape::Header)?;
        let header = authorization(&request)?.replace('"', "");
        set(&mut request, &header)?;
        Ok(bytes(&request))
    }),
    refused("no OAuth at all", REJECTED, "malformed", |maker| {
        let mut request = maker.sign(Shape::Header)?;
        set(&mut request, "OAuth this is bad")?;
        Ok(bytes(&request))
    }),
    refused("two headers", REJECTED, "malformed", |maker| {
        let request = maker.sign(Shape::Header)?;
        let more = format!("Authorization: {}\r\n", authorization(&request)?);
        Ok(head(&request, &more))
    }),
    refused("no credentials", (401, ""), "absent", |maker| {
        let mut request = maker.sign(Shape::Form)?;
        request.headers_mut().remove(AUTHORIZATION);
        Ok(bytes(&request))
    }),
    refused("another scheme", (401, ""), "absent", |maker| {
        maker.changed(Shape::Header, "OAuth ", "OAuthX ")
    }),
    refused("another method", INVALID, "signature_invalid", |maker| {
        let mut request = maker.sign(Shape::Header)?;
        *request.method_mut() = Method::DELETE;
        Ok(bytes(&request))
    }),
    refused("another query", INVALID, "signature_invalid", |maker| {
        let mut request = maker.sign(Shape::Form)?;
        *request.uri_mut() = format!("{}&more", request.uri()).parse()?;
        Ok(bytes(&request))
    }),
    refused("another form", INVALID, "signature_invalid", |maker| {
        let mut request = maker.sign(Shape::Form)?;
        request.body_mut().push(b'x');
        Ok(bytes(&request))
    }),
    // It is let through to the handler, which hears of it at the end of the body; the nonce is spent.
    refused(
        "another body under a signed hash",
        (401, "parameter_rejected"),
        "accepted",
        |maker| {
            let mut request = maker.sign(Shape::Hashed)?;
            request.body_mut().push(b' ');
            Ok(bytes(&request))
        },
    ),
    refused(
        "for another server",
        INVALID,
        "signature_invalid",
        |maker| {
            let (own, origin) = (&maker.attacker.own, "https://evil.example");
            let request = own.sign_for(origin, Shape::Header, maker.number, maker.now)?;
            Ok(bytes(&request))
        },
    ),
    refused(
        "query that ends within an escape",
        REJECTED,
        "malformed",
        |maker| {
            let request = maker.sign(Shape::Header)?;
            let text = String::from_utf8(bytes(&request))?;
            Ok(text.replacen(" HTTP/1.1", "%2 HTTP/1.1", 1).into())
        },
    ),
    refused("two types", REJECTED, "malformed", |maker| {
        let mut request = maker.sign(Shape::Form)?;
        let plain = HeaderValue::from_static("text/plain");
        request.headers_mut().append(CONTENT_TYPE, plain);
        Ok(bytes(&request))
    }),
    refused(
        "compressed form",
        (415, "parameter_rejected"),
        "encoded_form",
        |maker| {
            let body = maker.sign(Shape::Form)?.into_body();
            let more = format!(
                "Content-Encoding: gzip\r\nContent-Length: {}\r\n",
                body.len()
            );
            maker.followed(Shape::Form, &more, &body)
        },
    ),
    refused(
        "form above the limit",
        (413, "parameter_rejected"),
        "too_large",
        |maker| {
            // No more than what the layer reads and forgets, so that the connection goes on.
            let body = vec![b'x'; 1024 * 1024 + 1];
            let more = format!("Content-Length: {}\r\n", body.len());
            maker.followed(Shape::Form, &more, &body)
        },
    ),
    refused("chunks that are none", REJECTED, "malformed", |maker| {
        let more = "Transfer-Encoding: chunked\r\n";
        maker.followed(Shape::Form, more, b"5\r\ntitle\r\nzz\r\n")
    }),
    refused("header of 60 KiB", REJECTED, "too_large", |maker| {
        let more = format!("OAuth {}=\"\", ", "x".repeat(60_000));
        maker.changed(Shape::Header, "OAuth ", &more)
    }),
    refused(
        "a thousand parameters",
        (413, "parameter_rejected"),
        "too_large",
        |maker| {
            let more = format!("OAuth {}", "a=\"\", ".repeat(1_000));
            maker.changed(Shape::Header, "OAuth ", &more)
        },
    ),
    // More than a buffer for 64 KiB may happen to hold: a header that is there whole is parsed, whatever its length.
    unread("header of 1 MiB", 431, |maker| {
        let more = format!("OAuth {}=\"\", ", "x".repeat(1 << 20));
        maker.changed(Shape::Header, "OAuth ", &more)
    }),
    unread("ten thousand headers", 431, |maker| {
        maker.followed(Shape::Header, &"a: b\r\n".repeat(10_000), b"")
    }),
    unread("length that is no number", 400, |maker| {
        maker.followed(Shape::Form, "Content-Length: x\r\n", b"title=Lunch")
    }),
    unread("two lengths", 400, |maker| {
        let more = "Content-Length: 3\r\nContent-Length: 4\r\n";
        maker.followed(Shape::Form, more, b"a=bc")
    }),
    unread("header without a colon", 400, |maker| {
        maker.followed(Shape::Header, "no colon\r\n", b"")
    }),
    unread("another protocol", 400, |_| {
        let line = "EHLO mail.example.com\r\n\r\n";
        Ok(line.into())
    }),
    unread("nonsense", 400, |maker| {
        let text = format!("\u{0}\u{1}{FORM}{ORIGIN}{}\r\n\r\n", maker.number);
        Ok(text.into())
    }),
];
