//! How the story looks: plain text of 100 columns, with colour where that helps.

use oauth1_core::form;

use self::fold::{base_string_pieces, fold, header_pieces, printable, words};
pub(crate) use self::signed::Signed;
use crate::{
    browser::Browser,
    story::{Lesson, Outcome},
    wire::Message,
};

mod fold;
mod signed;

/// Wide enough for a header, narrow enough for half a screen.
const WIDTH: usize = 100;
/// Where the texts stand that have a label on their left.
const COLUMN: usize = 24;
/// How far the rest of a folded line stands to the right.
const INDENT: usize = 4;

/// The headers that have to do with the story; the others are counted.
const HEADERS: [&str; 7] = [
    "authorization",
    "content-type",
    "cookie",
    "host",
    "location",
    "set-cookie",
    "www-authenticate",
];
/// The fields of forms that are secrets.
const SECRETS: [&str; 4] = ["password", "secret", "oauth_token_secret", "consent"];
/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";

/// Turns what happened into text.
#[derive(Clone, Copy)]
pub(crate) struct Show {
    pub(crate) colour: bool,
}

/// What a piece of text is, for who sees colours.
#[derive(Clone, Copy)]
enum Look {
    Heading,
    Label,
    Good,
    Bad,
    Dim,
}

/// How the story went, in numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) unexpected: usize,
}

impl Tally {
    /// Counts a step.
    pub(crate) fn count(&mut self, expected: Outcome, as_expected: bool) {
        *match (as_expected, expected) {
            (false, _) => &mut self.unexpected,
            (true, Outcome::Done) => &mut self.done,
            (true, Outcome::Refused) => &mut self.refused,
        } += 1;
    }
}

impl Show {
    /// What this is about.
    pub(crate) fn opening(self, microblog: &str, postcard: &str) -> String {
        let mut text = self.paint(
            Look::Heading,
            "OAuth 1.0a: who acts for whom, and how one can be sure",
        );
        text.push_str("\n\n");
        let about = format!(
            "Warble, a microblog with an API, is at {microblog}; Postcard, a site that people sign in to \
             with their account at Warble, is at {postcard}. All that travels between them and a browser \
             is shown as it was on the wire, in its order; of the headers, those that matter here. Secrets \
             are hidden, pages are counted. What is signed is shown with its base string, of which the \
             signature is made. Long lines are folded; the folds are not sent."
        );
        push_lines(&mut text, 0, fold(words(&about), WIDTH, 0));
        text
    }

    /// A step and how it went; `number` counts from 1.
    pub(crate) fn step(
        self,
        number: usize,
        lesson: &Lesson,
        messages: &[Message],
        expected: Outcome,
        error: Option<&anyhow::Error>,
    ) -> String {
        let title = format!("{number}. {}", lesson.title);
        let rule = "-".repeat(WIDTH.saturating_sub(title.chars().count() + 1));
        let mut text = format!(
            "\n{} {}\n\n",
            self.paint(Look::Heading, &title),
            self.paint(Look::Dim, &rule)
        );
        push_lines(&mut text, 3, fold(words(lesson.text), WIDTH - 3, 0));
        for (at, message) in messages.iter().enumerate() {
            let server = message.server;
            if message.is_request {
                let label = format!("{} > {server}", sender(message));
                self.push_block(&mut text, &label, &message_lines(&message.bytes));
                if let Some(signed) = Signed::read(message) {
                    let lines = base_string_lines(&signed.base_string);
                    self.push_block(&mut text, "base string", &lines);
                }
            } else {
                let request = messages[..at]
                    .iter()
                    .rfind(|request| message.answers(request));
                let label = format!("{} < {server}", request.map_or_else(String::new, sender));
                self.push_block(&mut text, &label, &message_lines(&message.bytes));
            }
        }
        text.push('\n');
        let (look, verdict) = match (error, expected) {
            (None, Outcome::Done) => (Look::Good, "Done, as expected.".to_owned()),
            (None, Outcome::Refused) => (Look::Good, "Refused, as expected.".to_owned()),
            (Some(error), _) => (Look::Bad, format!("NOT as expected: {error:#}.")),
        };
        push_lines(&mut text, 3, [self.paint(look, &printable(&verdict))]);
        text
    }

    /// The line at the end.
    pub(crate) fn closing(self, tally: Tally) -> String {
        let Tally {
            done,
            refused,
            unexpected,
        } = tally;
        let total = done + refused + unexpected;
        if unexpected == 0 {
            let line =
                format!("{total} of {total} steps as expected: {done} done, {refused} refused.");
            self.paint(Look::Good, &line) + "\n"
        } else {
            let line = format!(
                "{unexpected} of {total} steps NOT as expected; as expected were {done} that were done \
                 and {refused} that were refused."
            );
            self.paint(Look::Bad, &line) + "\n"
        }
    }

    fn push_block(self, text: &mut String, label: &str, lines: &[String]) {
        text.push('\n');
        let label = format!("   {label:<width$}", width = COLUMN - 3);
        let mut margin = self.paint(Look::Label, &label);
        for line in lines {
            text.push_str(format!("{margin}{line}").trim_end());
            text.push('\n');
            margin = " ".repeat(COLUMN);
        }
    }

    fn paint(self, look: Look, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match look {
            Look::Heading => "1",
            Look::Label => "36",
            Look::Good => "32",
            Look::Bad => "1;31",
            Look::Dim => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

fn push_lines(text: &mut String, indent: usize, lines: impl IntoIterator<Item = String>) {
    for line in lines {
        text.push_str(&" ".repeat(indent));
        text.push_str(&line);
        text.push('\n');
    }
}

/// Whose request it is, as it says itself.
fn sender(request: &Message) -> String {
    let head = String::from_utf8_lossy(&request.bytes);
    let agent = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("user-agent").then_some(value)
    });
    match agent {
        Some(Browser::NAME) => "Jane".to_owned(),
        Some(agent) => printable(agent),
        None => "somebody".to_owned(),
    }
}

/// An HTTP message, as it is but for what is hidden, counted or folded.
fn message_lines(message: &[u8]) -> Vec<String> {
    let message = String::from_utf8_lossy(message);
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((&message, ""));
    let mut lines = Vec::new();
    let mut left_out = 0_usize;
    let mut kind = "";
    for (at, line) in head.lines().enumerate() {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let name = name.to_ascii_lowercase();
        if at > 0 && !HEADERS.contains(&name.as_str()) {
            left_out += 1;
            continue;
        }
        if name == "content-type" {
            kind = value;
        }
        let shown = match name.as_str() {
            "cookie" | "set-cookie" => format!("{name}: {}", without_values(value)),
            _ => line.to_owned(),
        };
        let shown = printable(&shown);
        let pieces: Vec<&str> = if at == 0 || name == "location" {
            pair_pieces(&shown).collect()
        } else {
            header_pieces(&shown).collect()
        };
        lines.extend(fold(pieces, WIDTH - COLUMN, INDENT));
    }
    if left_out > 0 {
        lines.push(format!("(and {left_out} more headers)"));
    }
    if body.is_empty() {
        return lines;
    }
    lines.push(String::new());
    if kind.starts_with("text/html") {
        lines.push(format!("({} bytes of HTML)", body.len()));
        return lines;
    }
    let shown =
        if kind.starts_with(oauth1_core::content_type::FORM) || kind.starts_with("text/plain") {
            without_secrets(body)
        } else {
            body.to_owned()
        };
    for line in shown.lines() {
        lines.extend(fold(pair_pieces(&printable(line)), WIDTH - COLUMN, 0));
    }
    lines
}

/// Cookies, of which the value is the secret of a session.
fn without_values(cookies: &str) -> String {
    let is_attribute = |name: &str| {
        let attributes = ["Path", "SameSite", "Max-Age", "Expires"];
        attributes.iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    let shown = cookies
        .split("; ")
        .map(|cookie| match cookie.split_once('=') {
            Some((name, _)) if !is_attribute(name) => format!("{name}={HIDDEN}"),
            _ => cookie.to_owned(),
        });
    shown.collect::<Vec<_>>().join("; ")
}

/// A form, of which some fields are secrets.
fn without_secrets(form: &str) -> String {
    let shown = form.split('&').map(|pair| {
        let name = form::pairs(pair.as_bytes()).next();
        match name {
            Some((name, _)) if SECRETS.iter().any(|secret| name == *secret) => {
                format!("{}={HIDDEN}", name.to_string_lossy())
            }
            _ => pair.to_owned(),
        }
    });
    shown.collect::<Vec<_>>().join("&")
}

/// What a URL and a body are folded between.
fn pair_pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['?', '&', ' ', ','])
}

/// Method and address on one line, the parameters below.
fn base_string_lines(base_string: &str) -> Vec<String> {
    let pieces: Vec<&str> = base_string_pieces(base_string).collect();
    let (address, parameters) = pieces.split_at(pieces.len().min(2));
    let mut lines = fold([address.concat().as_str()], WIDTH - COLUMN, INDENT);
    let parameters = fold(parameters.iter().copied(), WIDTH - COLUMN - INDENT, 0);
    lines.extend(
        parameters
            .into_iter()
            .map(|line| " ".repeat(INDENT) + &line),
    );
    lines
}

#[cfg(test)]
mod tests;
