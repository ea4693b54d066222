//! The curl command that would send a request.

use http::{HeaderName, header, request::Parts};
use oauth1_core::{
    Nonce, ProtocolParameters, Stamp, Timestamp,
    exchange::{AttemptBody, Client},
    http::Payload,
};

use super::{
    content::{Content, Piece},
    refusal::quoted,
};
use crate::{
    arguments::ProtocolArguments,
    page::Page,
    problem::{Failure, Problem},
    signatory::Signatory,
};

/// The longest body that stands in a command line.
const LONGEST: usize = 32 * 1024;

pub(super) fn print(
    client: &Client<Signatory>,
    mut parts: Parts,
    content: &Content,
    parameters: &ProtocolParameters<'_>,
    protocol: &ProtocolArguments,
) -> Result<(), Failure> {
    let bytes = match &*content.pieces {
        [Piece::Bytes(bytes)] => Some(bytes.clone()),
        _ => None,
    };
    let payload = match &bytes {
        Some(bytes) => Payload::Bytes(bytes),
        None if content.pieces.is_empty() => Payload::Empty,
        None => Payload::Streamed,
    };
    let timestamp = match protocol.stamp.timestamp {
        Some(seconds) => Timestamp::from_unix_seconds(seconds),
        None => Timestamp::now(),
    };
    let nonce = match &protocol.stamp.nonce {
        // A dry run signs once: this lives as long as the program.
        Some(nonce) => Nonce::new(nonce.clone().leak()),
        None => Nonce::random().map_err(Problem::from)?,
    };
    let stamp = Stamp::new(timestamp, nonce);
    let signed = client.sign_attempt(&mut parts, payload, parameters, stamp);
    let (body, _) = signed.map_err(|error| Failure::Failed(error.to_string()))?;

    let mut command = format!("curl -X {}", parts.method);
    for (name, value) in &parts.headers {
        if is_curls_own(name) {
            continue;
        }
        let value = value.to_str().map_err(|_| {
            Failure::Failed(format!("the header {name} is no text: no shell has it"))
        })?;
        command.push_str(" \\\n  -H ");
        command.push_str(&quoted(&format!("{name}: {value}")));
    }
    let has_body = !content.pieces.is_empty();
    if has_body && !parts.headers.contains_key(header::CONTENT_TYPE) {
        // curl would call it a form.
        command.push_str(" \\\n  -H 'content-type:'");
    }
    let form;
    let body = match body {
        AttemptBody::Empty => None,
        AttemptBody::Form(bytes) => {
            form = bytes;
            Some(&*form)
        }
        AttemptBody::Original => bytes.as_deref(),
    };
    match (body, &*content.pieces) {
        (None, []) => {}
        (Some(body), _) => {
            let (before, option) = data(body)?;
            command = format!("{before}{command} \\\n  {option}");
        }
        (None, [Piece::File { path, .. }]) => {
            let file = quoted(&format!("@{path}"));
            command.extend([" \\\n  --data-binary ", &file]);
        }
        (None, [Piece::Stdin]) => command.push_str(" \\\n  --data-binary @-"),
        (None, _) => return Err(too_long()),
    }
    command.extend([" \\\n  ", &quoted(&parts.uri.to_string())]);
    Ok(Page::new().line(command)?)
}

/// What curl sends by itself.
fn is_curls_own(name: &HeaderName) -> bool {
    [header::CONTENT_LENGTH, header::HOST].contains(name)
}

/// What stands before curl, and the option with the body.
fn data(body: &[u8]) -> Result<(String, String), Failure> {
    if body.len() > LONGEST {
        return Err(too_long());
    }
    match core::str::from_utf8(body) {
        Ok(text) if !text.contains('\0') => {
            Ok((String::new(), format!("--data-raw {}", quoted(text))))
        }
        _ => {
            // Whatever the bytes are, printf(1) of POSIX has them.
            let octal: Vec<_> = body.iter().map(|byte| format!("\\{byte:03o}")).collect();
            let octal = octal.concat();
            Ok((
                format!("printf '{octal}' | "),
                "--data-binary @-".to_owned(),
            ))
        }
    }
}

fn too_long() -> Failure {
    Failure::Failed(
        "the body is too long for a command line, or has several files: send it with `oauth1 request`"
            .into(),
    )
}
