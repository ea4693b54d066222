//! The core as a WebAssembly module that imports nothing: no clock, no random source, no I/O.
//!
//! A function under a name of one's own cannot be exported without an unsafe attribute, and there is no unsafe
//! code in this project. What a program exports by itself is `main` and its memory, and these suffice: a
//! mailbox stands in the memory, behind a text by which it is found. Whoever calls `main` has put a request
//! into it and finds the header there. `sign.mjs` does so in Node.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, Stamp, Target,
    Timestamp, TokenCredentials,
};

/// What the mailbox is found by.
const MARK: &[u8; 16] = b"oauth1 mailbox: ";

/// The mailbox, mark and all.
static MAILBOX: [AtomicU8; 16 * 1024] = mailbox();

const fn mailbox() -> [AtomicU8; 16 * 1024] {
    let mut bytes = [const { AtomicU8::new(0) }; 16 * 1024];
    let mut at = 0;
    while at < MARK.len() {
        bytes[at] = AtomicU8::new(MARK[at]);
        at += 1;
    }
    bytes
}

/// Takes the request, leaves the header.
fn main() -> ExitCode {
    let letter: Vec<u8> = MAILBOX[MARK.len()..]
        .iter()
        .map(|byte| byte.load(Relaxed))
        .take_while(|&byte| byte != 0)
        .collect();
    let Some(header) = String::from_utf8(letter).ok().as_deref().and_then(sign) else {
        return ExitCode::FAILURE;
    };
    if header.len() >= MAILBOX.len() - MARK.len() {
        return ExitCode::FAILURE;
    }
    for (place, byte) in MAILBOX[MARK.len()..]
        .iter()
        .zip(header.into_iter().chain([0]))
    {
        place.store(byte, Relaxed);
    }
    ExitCode::SUCCESS
}

/// Of lines: client, its secret, token, its secret, version, timestamp, nonce, method, URL; the rest is a
/// form. Token and version may be empty.
fn sign(letter: &str) -> Option<Vec<u8>> {
    let mut lines = letter.splitn(10, '\n');
    let mut line = || lines.next();
    let client = ClientCredentials::new(line()?, line()?);
    let (token, token_secret) = (line()?, line()?);
    let version = line()?;
    let timestamp = Timestamp::from_unix_seconds(line()?.parse().ok()?);
    let stamp = Stamp::new(timestamp, Nonce::new(line()?));
    let request = RequestView::new(line()?, Target::parse(line()?).ok()?);
    let request = request.with_form(line()?.as_bytes());

    let mut signer = Signer::<HmacSha1>::for_client(&client);
    if !token.is_empty() {
        signer = Signer::for_token(&client, &TokenCredentials::new(token, token_secret));
    }
    if !version.is_empty() {
        signer = signer.with_version();
    }
    let mut header = Vec::new();
    signer
        .sign(
            &request,
            &ProtocolParameters::NONE,
            stamp,
            &mut Vec::new(),
            &mut header,
        )
        .ok()?;
    Some(header)
}
