use std::io::{self, Read};

use serde_json::{Value, value::RawValue};

use super::assert_one_line;
use crate::{
    base_string, body_hash, parse, sasl, sign,
    stream::{
        self, Answerer,
        lines::{Lines, Step},
    },
    verify,
};

/// A secret of some seeds.
const SECRET: &str = "kd94hf93k423kf44";

/// Gives out no more than so many bytes at once.
struct Trickle<'t>(&'t [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, memory: &mut [u8]) -> io::Result<usize> {
        let room = memory.len().min(self.1);
        self.0.read(&mut memory[..room])
    }
}

/// Input: a byte for how long a line may be, one for how much comes at once; the rest is the stream.
pub(super) fn check_lines(input: &[u8]) {
    let [longest, at_once, stream @ ..] = input else {
        return;
    };
    let (longest, at_once) = (usize::from(*longest), usize::from(*at_once) + 1);
    let mut expected: Vec<_> = stream.split(|&byte| byte == b'\n').collect();
    if expected.last().is_some_and(|last| last.is_empty()) {
        expected.pop();
    }
    let mut expected = expected.into_iter();
    let mut lines = Lines::new(Trickle(stream, at_once), longest);
    loop {
        match lines.next() {
            Step::Line(line) => {
                assert_eq!(Some(line), expected.next());
                assert!(line.len() <= longest);
            }
            Step::TooLong(start) => {
                let whole = expected.next().expect("a line");
                assert!(whole.len() > longest && whole.starts_with(start));
                // So much of it that an `id` at its start can be answered with.
                assert_eq!(start.len(), longest + 1);
            }
            Step::Drained => lines.read().expect("memory"),
            Step::End => break,
        }
    }
    assert_eq!(expected.next(), None);
}

/// Input: a command and, on a line of its own, what it is asked.
pub(super) fn check_answers(input: &[u8]) {
    let Some(end) = input.iter().position(|&byte| byte == b'\n') else {
        return;
    };
    let (command, line) = (&input[..end], &input[end + 1..]);
    if line.contains(&b'\n') {
        return;
    }
    match command {
        b"sign" => check_answer(sign::Lines::default, line),
        b"base-string" => check_answer(base_string::Lines::default, line),
        b"verify" => check_answer(verify::lines::Lines::default, line),
        b"parse" => check_answer(|| parse::Lines, line),
        b"body-hash" => check_answer(|| body_hash::Lines, line),
        b"sasl" => check_answer(|| sasl::Lines, line),
        // `explain` may search for seconds, and reads a line as `sign` does.
        _ => {}
    }
}

fn check_answer<A: Answerer>(new: impl Fn() -> A, line: &[u8]) {
    let mut out = b"an answer before it\n".to_vec();
    let before = out.len();
    stream::answer(&mut new(), line, &mut out);
    let answer = &out[before..];
    // One line, whatever is in it.
    let (end, text) = answer.split_last().expect("an answer");
    assert!(*end == b'\n' && !text.contains(&b'\n'));
    let raw: &RawValue = serde_json::from_slice(text).expect("JSON");
    let question: Option<Value> = serde_json::from_slice(line).ok();
    let Ok(answer) = serde_json::from_str::<Value>(raw.get()) else {
        // An `id` comes back as it was, though it be a number that nobody has room for.
        assert!(question.is_none());
        return;
    };
    let answer = answer.as_object().expect("an object");
    let question = question.as_ref().and_then(Value::as_object);
    let is_error = answer.contains_key("error");
    if A::SAYS_OK {
        assert_eq!(answer["ok"].as_bool(), Some(!is_error));
    }
    if is_error {
        assert_one_line(answer["error"].as_str().expect("a code"));
        assert_one_line(answer["message"].as_str().expect("a message"));
    } else {
        // What is answered has been understood.
        assert!(question.is_some());
    }
    let Some(question) = question else { return };
    assert_eq!(answer.get("id"), question.get("id"));
    // Where a secret stands in its place, and there alone, an error does not show it.
    let is_secret = |name: &str| question.get(name).and_then(Value::as_str) == Some(SECRET);
    let occurrences = line
        .windows(SECRET.len())
        .filter(|window| *window == SECRET.as_bytes());
    if is_error && is_secret("client_secret") && occurrences.count() == 1 {
        let text = String::from_utf8_lossy(text);
        assert!(!text.contains(SECRET), "{text}");
    }
}
