//! A raw request of HTTP/1.1 (RFC 9112).

use crate::{order::flags::Given, problem::Failure};

/// How many headers a request may have that somebody pastes.
const HEADERS: usize = 128;

/// Reads a request. `scheme` is what the request does not say, unless its target is a whole URI.
pub(in crate::explain) fn read(text: &[u8], scheme: &str) -> Result<Given, Failure> {
    // What is pasted may begin with empty lines, and end with the headers.
    let text = text.trim_ascii_start();
    let mut whole = text.to_vec();
    whole.extend_from_slice(b"\n\n");
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(&whole) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => {
            return Err(Failure::Failed("the request ends in its headers".into()));
        }
        Err(error) => {
            return Err(Failure::Failed(format!(
                "this is no request of HTTP/1.1 (\"GET /path HTTP/1.1\", headers, an empty line, \
                 the body): {error}"
            )));
        }
    };
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), header.value.to_vec()))
        .collect();
    let value = |name: &str| {
        let mut headers = headers.iter();
        let header = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_slice())
    };
    let target = request.path.unwrap_or("/");
    let url = if target.starts_with('/') {
        let host = value("host").map(String::from_utf8_lossy);
        let host = host.ok_or_else(|| {
            Failure::Failed("the request has no Host header: add one, or give a whole URL".into())
        })?;
        format!("{scheme}://{host}{target}")
    } else {
        target.to_owned()
    };
    let mut body = text.get(length..).unwrap_or_default();
    let stated = value("content-length").and_then(|text| core::str::from_utf8(text).ok());
    match stated.and_then(|text| text.trim().parse::<usize>().ok()) {
        Some(length) if length <= body.len() => body = &body[..length],
        // An editor ends the last line.
        _ => {
            body = body.strip_suffix(b"\n").unwrap_or(body);
            body = body.strip_suffix(b"\r").unwrap_or(body);
        }
    }
    let body = (!body.is_empty()).then(|| body.to_vec());
    let method = request.method.unwrap_or("GET").to_owned();
    Ok(Given::taken_down(method, url, headers, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_is_pasted() {
        let text =
            "\nPOST /a?b=1 HTTP/1.1\nHost: example.com:8080\nContent-Type: text/plain\n\nbody\n";
        for (text, body) in [
            (text.to_owned(), "body"),
            (text.replace('\n', "\r\n"), "body"),
            (
                text.replace("\n\nbody", "\nContent-Length: 3\n\nbody"),
                "bod",
            ),
        ] {
            let given = read(text.as_bytes(), "http").unwrap();
            let request = given.request();
            assert_eq!(request.method, "POST");
            assert_eq!(request.url, "http://example.com:8080/a?b=1");
            assert_eq!(request.content_type, Some(&b"text/plain"[..]));
            assert_eq!(request.body, Some(body.as_bytes()), "{text}");
        }
        let given = read(b"GET https://example.com/x HTTP/1.1\nA: b", "http").unwrap();
        assert_eq!(given.request().url, "https://example.com/x");
        assert_eq!(given.request().body, None);
        assert!(read(b"GET / HTTP/1.1\n\n", "http").is_err());
        assert!(read(b"\x00", "http").is_err());
        assert!(read(b"", "http").is_err());
    }
}
