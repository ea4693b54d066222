//! What a response is printed as, and the status that the program ends with.

use core::mem;
use std::{
    fs::File,
    io::{self, IsTerminal as _, Write},
};

use http::{Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use indicatif::ProgressBar;
use oauth1_core::{
    exchange::{Report, Stop},
    flow::REPLY_LIMIT,
};

use super::{
    progress,
    refusal::{self, Hint},
};
use crate::{
    arguments::OutputArguments,
    page::printable,
    problem::Failure,
    transport::{Sent, status_line},
};

pub(super) async fn print(
    response: Response<Incoming>,
    arguments: &OutputArguments,
    hint: &Hint,
    sent: Option<Sent>,
) -> Result<(), Failure> {
    let (parts, mut body) = response.into_parts();
    let status = parts.status;
    let is_error = status.is_client_error() || status.is_server_error();
    let is_dropped = arguments.fail && is_error;
    let mut out = Out::new(arguments, is_dropped)?;
    if arguments.include {
        let head = Response::from_parts(parts.clone(), ());
        out.line(&status_line(&head))?;
        for (name, value) in &parts.headers {
            out.line(&format!("{name}: {}", printable(value.as_bytes())))?;
        }
        out.line("")?;
    }

    let bar = match arguments.output {
        Some(_) if !arguments.silent => progress::bar("received", body.size_hint().exact()),
        _ => ProgressBar::hidden(),
    };
    // What a server says of a refusal may stand in its body.
    let mut start = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| Failure::Failed(format!("the response broke off: {error}")))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        bar.inc(data.len() as u64);
        let room = REPLY_LIMIT - start.len();
        if is_error && room > 0 {
            start.extend_from_slice(&data[..data.len().min(room)]);
        }
        if !is_dropped {
            out.body(&data)?;
        }
    }
    bar.finish_and_clear();
    out.end()?;

    let stop = parts.extensions.get::<Report>().and_then(Report::stop);
    if !arguments.silent {
        if let Some(stop) = stop {
            tell_stop(stop, hint);
        }
        if is_error {
            refusal::tell(status, &parts.headers, &start, hint, sent.as_ref());
        }
    }
    match exit_status(status, arguments.fail) {
        0 => Ok(()),
        code => Err(Failure::Status(code)),
    }
}

/// As HTTPie has it: 3 for a redirect that was not followed, 4 and 5 for what the server refuses or
/// fails at; with `--fail` 22, as curl has it.
fn exit_status(status: StatusCode, fail: bool) -> u8 {
    match status.as_u16() {
        400.. if fail => 22,
        500.. => 5,
        400.. => 4,
        304 => 0,
        300.. => 3,
        _ => 0,
    }
}

fn tell_stop(stop: &Stop, hint: &Hint) {
    let advice = match stop {
        Stop::OtherOrigin(elsewhere) => {
            let target = printable(elsewhere.target().to_string().as_bytes());
            format!(
                "the server redirects to another origin, where no signature goes:\n  {target}\n\
                 --follow-unsigned follows it without one. If the API lives there, ask there in the \
                 first place:\n  {}",
                hint.command_for(&target)
            )
        }
        Stop::TooManyRedirects => format!("{stop}: --max-redirects allows more"),
        Stop::BodyNotReplayable => {
            "the server wants the body once more, which has flowed by: send it again".to_owned()
        }
        other => other.to_string(),
    };
    anstream::eprintln!("oauth1: {advice}");
}

/// Where a response goes.
enum Out {
    Nowhere,
    File(String, File),
    /// Other programs read it.
    Plain(io::StdoutLock<'static>),
    /// A person does: nothing in it moves a cursor. And whether the last line has ended.
    Terminal(io::StdoutLock<'static>, bool),
}

impl Out {
    fn new(arguments: &OutputArguments, is_dropped: bool) -> Result<Self, Failure> {
        Ok(match &arguments.output {
            _ if is_dropped && !arguments.include => Self::Nowhere,
            Some(path) if path != "-" => {
                let file = File::create(path).map_err(|error| Failure::file(path, &error))?;
                Self::File(path.clone(), file)
            }
            None if io::stdout().is_terminal() => Self::Terminal(io::stdout().lock(), true),
            // Who says `-` on a terminal means it.
            _ => Self::Plain(io::stdout().lock()),
        })
    }

    fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.write(&[line.as_bytes(), b"\n"].concat())
    }

    fn body(&mut self, data: &[u8]) -> Result<(), Failure> {
        let Self::Terminal(_, is_ended) = self else {
            return self.write(data);
        };
        *is_ended = data.last().map_or(*is_ended, |&last| last == b'\n');
        let mut shown = Vec::with_capacity(data.len());
        for &byte in data {
            match byte {
                b'\n' | b'\t' => shown.push(byte),
                b'\r' => {}
                0..0x20 | 0x7F => shown.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
                _ => shown.push(byte),
            }
        }
        self.write(&shown)
    }

    fn write(&mut self, data: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Nowhere => Ok(()),
            Self::File(path, file) => file
                .write_all(data)
                .map_err(|error| Failure::file(mem::take(path), &error)),
            Self::Plain(out) => {
                out.write_all(data)?;
                // What comes slowly shows as it comes.
                Ok(out.flush()?)
            }
            Self::Terminal(out, _) => Ok(out.write_all(data)?),
        }
    }

    fn end(mut self) -> Result<(), Failure> {
        if matches!(self, Self::Terminal(_, false)) {
            self.write(b"\n")?;
        }
        match self {
            Self::Plain(mut out) | Self::Terminal(mut out, _) => Ok(out.flush()?),
            Self::Nowhere | Self::File(..) => Ok(()),
        }
    }
}

/// Whether a body says what it is in the words of the protocol: a form, or a text that may be one.
pub(super) fn may_be_form(headers: &http::HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    media_type.is_none_or(|value| {
        let value = value.as_bytes();
        value.starts_with(b"text/") || oauth1_core::content_type::is_form(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_that_of_the_response() {
        for (status, code) in [
            (200, 0),
            (204, 0),
            (301, 3),
            (304, 0),
            (399, 3),
            (400, 4),
            (499, 4),
            (500, 5),
            (999, 5),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(exit_status(status, false), code, "{status}");
            let with_fail = if status.as_u16() >= 400 { 22 } else { code };
            assert_eq!(exit_status(status, true), with_fail, "{status}");
        }
    }
}
