//! curl, which is given a header, or a URL or a form, that is signed already.

use alloc::sync::Arc;
use std::{
    io::{Write as _, pipe},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use http::StatusCode;
use oauth1_adapters::{
    Adapter, Answer, CLIENT, CLIENT_SECRET, Call, Case, Content, Error, TOKEN, TOKEN_SECRET,
};
use oauth1_core::{
    SigningKey, Stamp,
    exchange::{self, AttemptBody, Exchange},
    http::Payload,
    percent::encode,
};

use super::{Client, Ours, Sent};
use crate::case::Line;

/// curl, with headers that the core signs.
#[derive(Debug)]
pub struct Curl(Ours<Transfers>);

/// A process for each request.
#[derive(Debug)]
struct Transfers;

impl Curl {
    /// The one that is installed.
    ///
    /// # Errors
    /// When there is none: what to install.
    pub fn new() -> anyhow::Result<Self> {
        let output = Command::new("curl").arg("--version").output();
        let output =
            output.context("the tests need curl 7.88 or later: install it (Debian: curl)")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(text.starts_with("curl "), "curl --version says {text:?}");
        Ok(Self(Ours {
            // Its version is the machine's: signatures do not depend on it.
            name: "curl with a header".into(),
            adapter: Transfers,
        }))
    }
}

impl Client for Curl {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn send(&mut self, origin: &str, line: &Line) -> anyhow::Result<Sent> {
        if !line.bare {
            return self.0.send(origin, line);
        }
        let secrets = [encode(CLIENT_SECRET), encode(TOKEN_SECRET)].map(|text| text.to_string());
        let header = format!(
            "authorization: OAuth oauth_consumer_key=\"{}\", oauth_token=\"{}\", \
             oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"{}\"",
            encode(CLIENT),
            encode(TOKEN),
            encode(&secrets.join("&"))
        );
        let url = [origin, line.case.path].concat();
        let (status, body) = transfer(line.case.method, &url, &[header], None)?;
        Ok(Sent::Answered {
            status,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

impl Adapter for Transfers {
    fn name(&self) -> &'static str {
        "curl"
    }

    fn cannot(&self, case: &Case) -> Option<&'static str> {
        matches!(case.body, Content::Streamed(_)).then_some("what it is given is whole")
    }

    fn send<K>(&self, client: Arc<exchange::Client<K>>, call: &Call) -> Result<Answer, Error>
    where
        K: SigningKey + Send + Sync + 'static,
    {
        let bytes = call.body.bytes();
        let payload = match call.body {
            Content::Empty => Payload::Empty,
            Content::Bytes(_) | Content::Streamed(_) => Payload::Bytes(&bytes),
        };
        let (parts, ()) = call.request.clone().into_parts();
        let mut exchange = Exchange::new(&*client, parts, payload).with_parameters(call.parameters);
        let attempt = exchange.attempt(Stamp::now()?)?;
        let body = match &attempt.body {
            AttemptBody::Original => Some(&bytes),
            AttemptBody::Form(form) => Some(form),
            AttemptBody::Empty => None,
        };
        let headers = attempt.parts.headers.iter();
        let headers = headers
            .map(|(name, value)| Ok(format!("{name}: {}", value.to_str()?)))
            .collect::<Result<Vec<_>, http::header::ToStrError>>()?;
        let url = attempt.parts.uri.to_string();
        let body = body.map(Vec::as_slice);
        let (status, body) = transfer(attempt.parts.method.as_str(), &url, &headers, body)?;
        Ok(Answer {
            status: StatusCode::from_u16(status)?,
            body,
            nonce: None,
        })
    }
}

/// Has curl send a request as it is: status and body.
fn transfer(
    method: &str,
    url: &str,
    headers: &[String],
    body: Option<&[u8]>,
) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut command = Command::new("curl");
    command.args(["--disable", "--noproxy", "*", "--silent", "--show-error"]);
    command.args(["--globoff", "--path-as-is", "--write-out", "\n%{http_code}"]);
    if method == "HEAD" {
        command.arg("--head");
    } else {
        command.args(["--request", method]);
    }
    // Without one it would name a form.
    if body.is_some() && !headers.iter().any(|line| line.starts_with("content-type:")) {
        command.args(["--header", "content-type:"]);
    }
    for header in headers {
        command.args(["--header", header]);
    }
    if let Some(body) = body {
        let (reader, mut writer) = pipe()?;
        // What the cases have fits into a pipe.
        writer.write_all(body)?;
        command.args(["--data-binary", "@-"]).stdin(reader);
    } else {
        command.stdin(Stdio::null());
    }
    let output = command.arg(url).output()?;
    ensure!(
        output.status.success(),
        "curl: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut text = output.stdout;
    let end = text.iter().rposition(|&byte| byte == b'\n');
    let status = text.split_off(end.context("curl says no status")?);
    let status = core::str::from_utf8(&status)?.trim().parse()?;
    Ok((status, text))
}
