//! The client's message of OAUTH10A (RFC 7628 section 3.1).

use super::{Identity, Reason, SEPARATOR};
use crate::{
    request::{Body, RequestView},
    target::{Origin, Target, UriError, parse_port},
};

/// The longest message: 12,288 bytes are no longer one. RFC 4954 section 4 gives a line that many
/// octets, base64 and line end included, and no other protocol more.
pub(super) const LONGEST: usize = 12 * 1024 - 1;

/// What a message says, and what is assumed where it says nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'m> {
    pub(super) identity: Option<Identity<'m>>,
    pub(super) host: &'m str,
    pub(super) port: u16,
    /// The value of an `Authorization` header.
    pub(super) auth: &'m [u8],
    pub(super) explicit: Explicit<'m>,
}

/// The keys of section 3.1.1, which are reserved for what is signed beside the protocol parameters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Explicit<'m> {
    pub(super) method: Option<&'m str>,
    pub(super) path: Option<&'m str>,
    pub(super) form: Option<&'m str>,
    pub(super) query: Option<&'m str>,
}

impl<'m> Explicit<'m> {
    /// What is signed.
    pub(super) fn request(&self, host: &'m str, port: u16) -> Result<RequestView<'m>, UriError> {
        let origin = Origin::new("http", host, Some(port))?;
        let query = self.query.filter(|query| !query.is_empty());
        let target = Target::from_parts(origin, self.path.unwrap_or("/"), query)?;
        let body = match self.form {
            Some(form) if !form.is_empty() => Body::Form(form.as_bytes()),
            _ => Body::None,
        };
        Ok(RequestView::new(self.method.unwrap_or("POST"), target).with(body))
    }

    pub(super) fn pairs(&self) -> [(&'static str, Option<&'m str>); 4] {
        [
            ("mthd", self.method),
            ("path", self.path),
            ("post", self.form),
            ("qs", self.query),
        ]
    }
}

impl<'m> Message<'m> {
    // client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep
    pub(super) fn parse(message: &'m [u8]) -> Result<Self, Reason> {
        if message.len() > LONGEST {
            return Err(Reason::TooLong);
        }
        if message == [SEPARATOR] {
            return Err(Reason::UnexpectedReply);
        }
        let (identity, mut rest) = parse_header(message)?;
        let mut pairs = Pairs::default();
        loop {
            // The kvsep that ends the message.
            if rest == [SEPARATOR] {
                break;
            }
            let end = rest.iter().position(|&byte| byte == SEPARATOR);
            let Some((pair, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
                return Err(Reason::Malformed("it does not end with ^A^A"));
            };
            pairs.add(pair)?;
            rest = after.get(1..).unwrap_or_default();
        }
        // Section 3.1: the server MUST fail a request that has to be signed and has no host and port.
        let host = pairs.host.ok_or(Reason::Missing("host"))?;
        let port = pairs.port.ok_or(Reason::Missing("port"))?;
        let auth = pairs.auth.ok_or(Reason::Missing("auth"))?;
        let port = parse_port(port, 0).map_err(|_| Reason::Malformed("the port is none"))?;
        Ok(Self {
            identity,
            host,
            port,
            auth: auth.as_bytes(),
            explicit: pairs.explicit,
        })
    }
}

/// The GS2 header and the kvsep behind it.
fn parse_header(message: &[u8]) -> Result<(Option<Identity<'_>>, &[u8]), Reason> {
    const MALFORMED: Reason = Reason::Malformed("the GS2 header");
    // RFC 5801 section 4: gs2-header = [gs2-nonstd-flag ","] gs2-cb-flag "," [gs2-authzid] ","
    let rest = match message {
        [b'n', b',', rest @ ..] => rest,
        // RFC 7628 section 3.1: no nonstandard flag, and "n", for there is no channel binding.
        [b'y', b',', ..] | [b'p', b'=', ..] => return Err(Reason::ChannelBinding),
        _ => return Err(MALFORMED),
    };
    let comma = rest.iter().position(|&byte| byte == b',');
    let (name, rest) = comma
        .and_then(|at| rest.split_at_checked(at))
        .ok_or(MALFORMED)?;
    let identity = match name.strip_prefix(b"a=") {
        Some(name) => Some(Identity::sasl_name(name).ok_or(MALFORMED)?),
        None if name.is_empty() => None,
        None => return Err(MALFORMED),
    };
    match rest {
        [b',', SEPARATOR, rest @ ..] => Ok((identity, rest)),
        _ => Err(MALFORMED),
    }
}

/// The pairs that mean something.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs<'m> {
    host: Option<&'m str>,
    port: Option<&'m str>,
    auth: Option<&'m str>,
    explicit: Explicit<'m>,
}

impl<'m> Pairs<'m> {
    // kvpair = key "=" value kvsep
    // key    = 1*(ALPHA)
    // value  = *(VCHAR / SP / HTAB / CR / LF )
    fn add(&mut self, pair: &'m [u8]) -> Result<(), Reason> {
        let equals = pair.iter().position(|&byte| byte == b'=');
        let pair = equals.and_then(|at| pair.split_at_checked(at));
        let (key, value) = pair.ok_or(Reason::Malformed("a pair without \"=\""))?;
        let value = value.get(1..).unwrap_or_default();
        if key.is_empty() || !key.iter().all(u8::is_ascii_alphabetic) {
            return Err(Reason::Malformed("a key that is no word"));
        }
        if !value.iter().all(|&byte| is_value(byte)) {
            return Err(Reason::Malformed("a value with a character that none has"));
        }
        // What a value holds is ASCII.
        let value = core::str::from_utf8(value).unwrap_or_default();
        let (name, place) = match key {
            b"host" => ("host", &mut self.host),
            b"port" => ("port", &mut self.port),
            b"auth" => ("auth", &mut self.auth),
            b"mthd" => ("mthd", &mut self.explicit.method),
            b"path" => ("path", &mut self.explicit.path),
            b"post" => ("post", &mut self.explicit.form),
            b"qs" => ("qs", &mut self.explicit.query),
            // Section 3.1: unknown keys MUST be ignored.
            _ => return Ok(()),
        };
        match place.replace(value) {
            None => Ok(()),
            Some(_) => Err(Reason::Duplicate(name)),
        }
    }
}

pub(super) const fn is_value(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}
