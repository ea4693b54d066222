//! `oauth1 explain` for people.

use anstyle::{AnsiColor, Style};
use oauth1_core::{
    Body, RsaPrivateKey, RsaPublicKey,
    explain::{Cause, Explanation},
};

use super::{
    Case, KnownKey, is_signed,
    pieces::{self, Side},
    transcript::{curl, har, http},
};
use crate::{
    arguments::{ExplainArguments, TranscriptArguments},
    order::flags::{self, Credentials, Given},
    page::{BAD, GOOD, Page, printable},
    problem::{Failure, Problem},
    profile,
    signing::Desk,
    source::{OwnSecrets, Sources, variable},
};

/// What one side has alone.
const OURS: Style = AnsiColor::Green.on_default();
const THEIRS: Style = AnsiColor::Red.on_default();

pub(super) fn run(mut arguments: ExplainArguments) -> Result<(), Failure> {
    profile::settle(
        &mut arguments.protocol,
        &mut arguments.client,
        Some(&mut arguments.keys),
    )?;
    let mut sources = Sources::default();
    let transcript = take_down(&arguments.transcript, &mut sources)?;
    let is_taken_down = transcript.is_some();
    let given = match transcript {
        Some(given) => given,
        None if arguments.request.url.is_none() => {
            return Err(Failure::usage(
                "which request? Give its URL, or --http, --curl or --har",
            ));
        }
        None => Given::new(arguments.request, &mut sources)?,
    };
    let base_string = match arguments.expected.expected_base_string {
        Some(path) if path == "-" => {
            Some(sources.text("--expected-base-string", &path)?.to_string())
        }
        other => other,
    };

    let credentials = Credentials::new(arguments.client)?;
    let extra = flags::extra(&arguments.protocol)?;
    let mut desk = Desk::default();
    let header = given.values("authorization").next();
    let in_pairs = || {
        let query = given
            .request()
            .url
            .split_once('?')
            .map_or("", |(_, rest)| rest);
        let form = match given.request().body() {
            Body::Form(form) => form,
            _ => b"",
        };
        is_signed(query.as_bytes()) || is_signed(form)
    };
    let case = if let Some(header) = header {
        Case::of_header(given.request(), header)?
    } else if in_pairs() {
        Case::of_pairs(given.request())
    } else if is_taken_down {
        return Err(Failure::Failed(
            "the request is not signed: it has neither an Authorization header of the scheme OAuth \
             nor oauth_ parameters"
                .into(),
        ));
    } else {
        let protocol = &arguments.protocol;
        if protocol.stamp.nonce.is_none() || protocol.stamp.timestamp.is_none() {
            return Err(Failure::usage(
                "with which nonce and timestamp was it signed? Give the Authorization header that \
                 was sent (-H), or --nonce and --timestamp",
            ));
        }
        let order = flags::order(&given, &credentials, protocol, &extra)?;
        Case::of_order(&order, &mut desk)?
    };

    let secrets = OwnSecrets::shared(arguments.keys.secrets, &mut sources)?;
    let public_key = public_key(
        arguments.public_key.public_key_file,
        arguments.keys.private_key_file,
        &mut sources,
    )?;
    let key = match (public_key, &secrets.client) {
        (Some(key), _) => KnownKey::Public(key),
        (None, Some(_)) => {
            let secrets = secrets.borrowed();
            KnownKey::Shared(secrets.client, secrets.token)
        }
        (None, None) if base_string.is_some() => KnownKey::Unknown,
        (None, None) => {
            return Err(Failure::usage(
                "what is the client's secret? Set OAUTH1_CLIENT_SECRET, or give \
                 --client-secret-file (or --client-secret '' if there is none). A base string \
                 needs no secret: --expected-base-string",
            ));
        }
    };
    let signature = arguments.expected.expected_signature.as_deref();
    let explanation = case.explain(&key, signature, base_string.as_deref())?;
    show(&explanation)
}

fn take_down(
    arguments: &TranscriptArguments,
    sources: &mut Sources,
) -> Result<Option<Given>, Failure> {
    Ok(Some(if let Some(path) = &arguments.http {
        http::read(&sources.read("--http", path)?, &arguments.scheme)?
    } else if let Some(command) = &arguments.curl {
        if command == "-" {
            curl::read(&sources.text("--curl", command)?)?
        } else {
            curl::read(command)?
        }
    } else if let Some(path) = &arguments.har {
        har::read(&sources.read("--har", path)?, arguments.entry)?
    } else {
        return Ok(None);
    }))
}

/// What checks the signatures of a client with a private key.
fn public_key(
    public: Option<String>,
    private: Option<String>,
    sources: &mut Sources,
) -> Result<Option<RsaPublicKey>, Failure> {
    if let Some(path) = public {
        let pem = sources.text("--public-key-file", &path)?;
        let key = RsaPublicKey::from_pem(&pem).map_err(|error| Problem::key(&path, error))?;
        return Ok(Some(key));
    }
    let path = match private {
        Some(path) => Some(path),
        None => variable("OAUTH1_PRIVATE_KEY_FILE")?,
    };
    let Some(path) = path else { return Ok(None) };
    let pem = sources.text("--private-key-file", &path)?;
    let key = RsaPrivateKey::from_pem(&pem).map_err(|error| Problem::key(&path, error))?;
    Ok(Some(key.public_key()))
}

fn show(explanation: &Explanation) -> Result<(), Failure> {
    let mut page = Page::new();
    if explanation.matches() {
        page.coloured(GOOD, "it matches: both sides have the same")?;
        return Ok(());
    }
    show_base_strings(&mut page, explanation)?;
    let tried = format!("{} candidates tried", explanation.tried());
    if explanation.is_found() {
        show_causes(&mut page, "Cause", explanation.causes())?;
        for other in explanation.alternatives() {
            show_causes(&mut page, "Or, which makes the same", other)?;
        }
        page.line("")?;
        page.note(&tried)?;
        return Ok(());
    }
    if !explanation.causes().is_empty() {
        show_causes(&mut page, "Cause of the base string", explanation.causes())?;
    }
    page.heading("Not explained")?;
    page.coloured(BAD, "  no known deviation makes what the other side has")?;
    for line in wrap(explanation.advice()) {
        page.item(line)?;
    }
    let end = if explanation.is_complete() {
        "all sets of up to three known deviations"
    } else {
        "the request is large: not all sets of three"
    };
    page.note(format_args!("{tried}: {end}"))?;
    Err(Failure::Refused)
}

fn show_causes(page: &mut Page, heading: &str, causes: &[Cause]) -> Result<(), Failure> {
    page.heading(heading)?;
    for cause in causes {
        page.coloured(BAD, format_args!("  {}", cause.code()))?;
        for line in wrap(&format!("{}.", capital(cause.message()))) {
            page.item(format_args!("  {line}"))?;
        }
        for line in wrap(cause.rule()) {
            page.note(format_args!("  {line}"))?;
        }
        for line in wrap(cause.fix()) {
            page.coloured(GOOD, format_args!("    {line}"))?;
        }
    }
    Ok(())
}

/// A sentence in lines that fit into a terminal of the usual width.
fn wrap(text: &str) -> Vec<String> {
    const WIDTH: usize = 74;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Columns before what is decoded, and between it and what is encoded.
const LEFT: usize = 10;
const GAP: usize = 2;

/// Both, piece by piece, and where they begin to differ.
fn show_base_strings(page: &mut Page, explanation: &Explanation) -> Result<(), Failure> {
    let ours = explanation.base_string();
    let Some(theirs) = explanation.expected_base_string() else {
        page.heading("Base string of this request, by RFC 5849")?;
        page.item(ours)?;
        return Ok(());
    };
    if ours == theirs {
        page.heading("Base string, the same on both sides")?;
        page.item(ours)?;
        return Ok(());
    }
    page.heading("Base strings: ours by RFC 5849, theirs the other side's")?;
    let lines = pieces::compare(ours, theirs);
    let decoded: Vec<_> = lines
        .iter()
        .map(|line| printable(pieces::decoded(line.piece).as_bytes()))
        .collect();
    let widths = decoded.iter().map(|text| text.chars().count());
    // One long value does not push the rest off the screen.
    let width = widths.filter(|&width| width <= 48).max().unwrap_or(0);
    let first = lines.iter().position(|line| line.side != Side::Both);
    let encoded: Vec<_> = lines
        .iter()
        .map(|line| printable(line.piece.as_bytes()))
        .collect();
    let widest = encoded.iter().map(|text| text.chars().count()).max();
    let row = LEFT + width + GAP + widest.unwrap_or(0);
    // Where a row is wider than the terminal, what is encoded stands below what is decoded.
    let is_narrow = terminal_size::terminal_size_of(std::io::stdout())
        .is_some_and(|(terminal_size::Width(columns), _)| row > usize::from(columns));
    for (at, line) in lines.iter().enumerate() {
        let mark = if Some(at) == first { '>' } else { ' ' };
        let (style, side) = match line.side {
            Side::Both => (Style::new(), "      "),
            Side::Ours => (OURS, "ours  "),
            Side::Theirs => (THEIRS, "theirs"),
        };
        let (decoded, encoded) = (&decoded[at], &encoded[at]);
        if is_narrow {
            page.coloured(style, format!("{mark} {side}  {decoded}"))?;
            if encoded != decoded {
                page.coloured(style, format!("{:LEFT$}{encoded}", ""))?;
            }
        } else {
            let text = format!("{mark} {side}  {decoded:width$}{:GAP$}{encoded}", "");
            page.coloured(style, text.trim_end())?;
        }
    }
    let Some(difference) = explanation.first_difference() else {
        return Ok(());
    };
    let place = match &difference.parameter {
        Some(name) => format!("parameter {}", printable(name.as_bytes())),
        None if ours[..difference.offset].contains('&') => "the URI".to_owned(),
        None => "the method".to_owned(),
    };
    page.heading(format_args!(
        "First difference: byte {}, {place}",
        difference.offset
    ))?;
    // Some of what stands before it, so that it can be found in a log.
    let start = difference.offset.saturating_sub(24);
    let excerpt = |text: &str| {
        let bytes = text.as_bytes();
        let end = (difference.offset + 44).min(bytes.len());
        printable(bytes.get(start..end).unwrap_or_default())
    };
    page.item(format_args!("ours    {}", excerpt(ours)))?;
    page.item(format_args!("theirs  {}", excerpt(theirs)))?;
    let room = difference.offset - start;
    page.item(format_args!("        {:room$}^", ""))?;
    Ok(())
}
