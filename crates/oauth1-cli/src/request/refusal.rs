//! What a refusal means, and what to do about it.

use http::{HeaderMap, StatusCode};
use oauth1_core::problem::{Code, Problem};

use super::{
    answer::may_be_form,
    content::{Content, Piece},
    shows_secrets,
};
use crate::{
    arguments::SendArguments,
    page::{BAD, printable},
    signature_method::SignatureMethod,
    transport::Sent,
};

/// What of the command line belongs into one that is suggested.
pub(super) struct Hint {
    /// Options that say where credentials come from, quoted.
    credentials: String,
    method: SignatureMethod,
    /// The form, whose pairs are signed.
    form: Option<String>,
}

impl Hint {
    pub(super) fn new(arguments: &SendArguments) -> Self {
        let profile = &arguments.protocol.profile;
        let secrets = &arguments.keys.secrets;
        let options = [
            ("--profile", &profile.profile),
            ("--place", &profile.place),
            ("--config", &profile.folder.config),
            ("--client-secret-file", &secrets.client_secret_file),
            ("--token-secret-file", &secrets.token_secret_file),
            ("--private-key-file", &arguments.keys.private_key_file),
        ];
        let options = options.iter().filter_map(|(option, value)| {
            let value = value.as_deref().filter(|value| *value != "-")?;
            Some(format!(" {option} {}", quoted(value)))
        });
        Self {
            credentials: options.collect(),
            method: arguments.protocol.signature_method(),
            form: None,
        }
    }

    /// With the form that is sent, if it is short enough for a command line.
    pub(super) fn with_form(mut self, content: &Content) -> Self {
        if let [Piece::Bytes(bytes)] = &*content.pieces
            && bytes.len() <= 2048
        {
            self.form = core::str::from_utf8(bytes).ok().map(str::to_owned);
        }
        self
    }

    /// The command that asks for a URL in the first place.
    pub(super) fn command_for(&self, url: &str) -> String {
        format!("oauth1 request {}{} ...", quoted(url), self.credentials)
    }

    /// The command that explains a request that was sent.
    fn explain(&self, sent: &Sent) -> String {
        let mut command = format!("oauth1 explain {}", quoted(&sent.uri));
        if sent.method != "GET" {
            command.extend([" -X ", &sent.method]);
        }
        if let Some(authorization) = &sent.authorization {
            command.push_str(" \\\n    -H ");
            command.push_str(&quoted(&format!("Authorization: {authorization}")));
        }
        if let Some(form) = &self.form {
            command.extend([" \\\n    -d ", &quoted(form)]);
        }
        command.push_str(&self.credentials);
        command.push_str(" \\\n    --expected-base-string 'WHAT THE SERVER HAS SIGNED'");
        command
    }
}

/// A word of a shell's command line.
pub(super) fn quoted(text: &str) -> String {
    // Only a NUL cannot be quoted, and no argument holds one.
    shlex::try_quote(text).map_or_else(|_| String::new(), Into::into)
}

/// Says it on standard error.
pub(super) fn tell(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    hint: &Hint,
    sent: Option<&Sent>,
) {
    let problem = Problem::from_headers(headers).or_else(|| {
        may_be_form(headers)
            .then(|| Problem::from_form(body))
            .flatten()
    });
    let reason = status.canonical_reason().unwrap_or_default();
    let refused = format!("{} {reason}", status.as_str());
    let Some(problem) = problem else {
        anstream::eprintln!("{BAD}refused:{BAD:#} {}", refused.trim_end());
        if status == StatusCode::UNAUTHORIZED {
            anstream::eprintln!(
                "The server does not say why. Most often it is a secret, a clock or a URL: \
                 --verbose shows what was signed."
            );
            explain(hint, sent);
        }
        return;
    };
    let name = printable(problem.name().as_bytes());
    anstream::eprintln!("{BAD}refused:{BAD:#} {name} ({})", refused.trim_end());
    anstream::eprintln!("  {}", problem.code().meaning());
    if let Some(advice) = problem.advice() {
        anstream::eprintln!("  the server: {}", printable(advice.as_bytes()));
    }
    for (what, names) in [
        ("missing", problem.parameters_absent()),
        ("refused", problem.parameters_rejected()),
    ] {
        if !names.is_empty() {
            let names = printable(names.join(", ").as_bytes());
            anstream::eprintln!("  {what}: {names}");
        }
    }
    match problem.code() {
        Code::TimestampRefused => {
            if let Some((oldest, newest)) = problem.acceptable_timestamps() {
                let (oldest, newest) = (oldest.unix_seconds(), newest.unix_seconds());
                anstream::eprintln!("  accepted are timestamps from {oldest} to {newest}");
            }
            anstream::eprintln!("  --clock-correction does it by itself");
        }
        Code::SignatureInvalid | Code::Unknown => explain(hint, sent),
        _ => {}
    }
}

fn explain(hint: &Hint, sent: Option<&Sent>) {
    if let Some(sent) = sent.filter(|_| !shows_secrets(hint.method)) {
        anstream::eprintln!(
            "If you can see what the server signs (in its log, or on a page of its developers), this \
             names the difference:\n  {}",
            hint.explain(sent)
        );
    }
}
