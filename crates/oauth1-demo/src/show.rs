//! How the story looks: plain text of 100 columns, with colour where that helps.

use self::fold::{base_string_pieces, fold, header_pieces, printable, unseparated, words};
use crate::{
    stage::{Scene, Verdict},
    story::{Expectation, Step},
};

mod fold;

/// Wide enough for a header, narrow enough for half a screen.
const WIDTH: usize = 100;
/// Where the texts stand that have a label on their left.
const COLUMN: usize = 17;
/// How far the rest of a folded line stands to the right.
const INDENT: usize = 4;

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
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    pub(crate) unexpected: usize,
}

impl Tally {
    /// Counts a step.
    pub(crate) fn count(&mut self, expectation: Expectation, verdict: &Verdict) {
        *match (verdict, expectation) {
            (Verdict::Unexpected(_), _) => &mut self.unexpected,
            (Verdict::AsExpected, Expectation::Accepted) => &mut self.accepted,
            (Verdict::AsExpected, Expectation::Refused { .. }) => &mut self.refused,
        } += 1;
    }
}

impl Show {
    /// What this is about.
    pub(crate) fn opening(self, origin: &str) -> String {
        let mut text = self.paint(
            Look::Heading,
            "OAuth 1.0a: signed requests, and forged ones",
        );
        text.push_str("\n\n");
        let about = format!(
            "A server at {origin} verifies what a client sends it. Both know two secrets: the \
             client's own, and that of the token by which Ana lets the client act for her. Each \
             request and each answer is shown as it was on the wire, and with it the base string, \
             which is what the client signed. Long lines are folded; the folds are not sent."
        );
        push_lines(&mut text, 0, fold(words(&about), WIDTH, 0));
        text
    }

    /// A step and how it went; `number` counts from 1.
    pub(crate) fn step(self, number: usize, step: &Step, scene: &Scene) -> String {
        let title = format!("{number}. {}", step.title);
        let rule = "-".repeat(WIDTH.saturating_sub(title.chars().count() + 1));
        let mut text = format!(
            "\n{} {}\n\n",
            self.paint(Look::Heading, &title),
            self.paint(Look::Dim, &rule)
        );
        push_lines(&mut text, 3, fold(words(step.lesson), WIDTH - 3, 0));
        self.push_block(&mut text, "request", &message_lines(&scene.request));
        self.push_block(
            &mut text,
            "base string",
            &base_string_lines(&scene.base_string),
        );
        let differences = differences(scene);
        if !differences.is_empty() {
            self.push_block(&mut text, "difference", &differences);
        }
        self.push_block(&mut text, "answer", &message_lines(&scene.answer));
        if let Some(log) = &scene.log {
            let log = fold(words(&printable(log)), WIDTH - COLUMN, 0);
            self.push_block(&mut text, "server's log", &log);
        }
        text.push('\n');
        let (look, verdict) = verdict(step.expectation, &scene.verdict);
        push_lines(&mut text, 3, [self.paint(look, &verdict)]);
        text
    }

    /// The line at the end.
    pub(crate) fn closing(self, tally: Tally) -> String {
        let Tally {
            accepted,
            refused,
            unexpected,
        } = tally;
        let total = accepted + refused + unexpected;
        if unexpected == 0 {
            let line = format!(
                "{total} of {total} answers as expected: {accepted} accepted, {refused} refused."
            );
            self.paint(Look::Good, &line) + "\n"
        } else {
            let line = format!(
                "{unexpected} of {total} answers NOT as expected; as expected were {accepted} \
                 accepted and {refused} refused."
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

/// An HTTP message, as it is but for the folds.
fn message_lines(message: &[u8]) -> Vec<String> {
    let message = String::from_utf8_lossy(message);
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((&message, ""));
    let mut lines = Vec::new();
    for line in head.lines() {
        lines.extend(fold(
            header_pieces(&printable(line)),
            WIDTH - COLUMN,
            INDENT,
        ));
    }
    if !body.is_empty() {
        lines.push(String::new());
    }
    for line in body.lines() {
        lines.extend(fold(words(&printable(line)), WIDTH - COLUMN, 0));
    }
    lines
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

/// What the server found in place of what was signed.
fn differences(scene: &Scene) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(found) = &scene.other_base_string {
        let pieces = |text| -> Vec<&str> { base_string_pieces(text).map(unseparated).collect() };
        let (signed, found) = (pieces(&scene.base_string), pieces(found));
        let only = |these: &[&str], those: &[&str]| {
            let pieces = these.iter().filter(|piece| !those.contains(piece));
            pieces.copied().collect::<Vec<_>>().join(" ")
        };
        lines.push(format!("the client signed    {}", only(&signed, &found)));
        lines.push(format!("the server computed  {}", only(&found, &signed)));
    }
    if let Some([signed, found]) = &scene.body_hashes {
        lines.push(format!("the hash that was signed  {signed}"));
        lines.push(format!("the hash of this body     {found}"));
    }
    lines
}

fn verdict(expectation: Expectation, verdict: &Verdict) -> (Look, String) {
    let expected = match expectation {
        Expectation::Accepted => "Accepted".to_owned(),
        Expectation::Refused {
            status,
            problem,
            same_as: None,
        } => {
            format!("Refused with {status} {problem}")
        }
        Expectation::Refused {
            status,
            problem,
            same_as: Some(number),
        } => {
            format!("Refused with {status} {problem}, in the very words of step {number}")
        }
    };
    match verdict {
        Verdict::AsExpected => (Look::Good, format!("{expected}, as expected.")),
        Verdict::Unexpected(found) => (
            Look::Bad,
            format!("NOT as expected. Expected: {expected}. Found: {found}."),
        ),
    }
}
