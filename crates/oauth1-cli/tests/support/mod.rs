//! Runs the real binary.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    thread,
};

use serde_json::{Value, json};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_oauth1");

/// The binary, with nothing of this machine's environment that it looks at.
pub(crate) fn oauth1(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments);
    for name in [
        "OAUTH1_CLIENT_KEY",
        "OAUTH1_CLIENT_SECRET",
        "OAUTH1_TOKEN",
        "OAUTH1_TOKEN_SECRET",
        "OAUTH1_PRIVATE_KEY_FILE",
        "OAUTH1_CONFIG_DIR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it, with this on standard input.
pub(crate) fn run_with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // It may end before it has read all.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

pub(crate) fn stdout(output: &Output) -> &str {
    core::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    core::str::from_utf8(&output.stderr).unwrap()
}

/// The answers to lines, as text. It ends with status 0 and says nothing else.
pub(crate) fn answers_to_text(command: &str, input: &[u8]) -> Vec<Value> {
    let output = run_with_input(oauth1(&[command, "--json"]), input);
    assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
    let lines = stdout(&output).lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect()
}

/// The answers to questions, one each.
pub(crate) fn answers(command: &str, questions: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = questions
        .iter()
        .map(|question| format!("{question}\n"))
        .collect();
    let answers = answers_to_text(command, lines.concat().as_bytes());
    assert_eq!(answers.len(), questions.len());
    answers
}

/// The answer to one question.
pub(crate) fn answer(command: &str, question: Value) -> Value {
    answers(command, &[question]).remove(0)
}

/// A process that is asked one question after the other.
pub(crate) struct Session {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Session {
    pub(crate) fn new(command: &str) -> Self {
        let mut child = oauth1(&[command, "--json"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
        }
    }

    pub(crate) fn write(&mut self, text: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text).unwrap();
        stdin.flush().unwrap();
    }

    pub(crate) fn read(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        self.write(format!("{question}\n").as_bytes());
        self.read()
    }

    /// Ends the input: nothing more is said, and the status is 0.
    pub(crate) fn end(mut self) {
        drop(self.stdin.take());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

/// `base` with these fields in place of its own.
pub(crate) fn with(base: &Value, fields: Value) -> Value {
    let mut all = base.clone();
    let Value::Object(fields) = fields else {
        panic!("no object")
    };
    all.as_object_mut().unwrap().extend(fields);
    all
}

/// `base` without a field.
pub(crate) fn without(base: &Value, field: &str) -> Value {
    let mut rest = base.clone();
    assert!(rest.as_object_mut().unwrap().remove(field).is_some());
    rest
}

/// The error of an answer.
pub(crate) fn error(answer: &Value) -> (&str, &str) {
    let text = |field: &str| answer[field].as_str().unwrap_or_else(|| panic!("{answer}"));
    (text("error"), text("message"))
}

pub(crate) fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

pub(crate) fn vector(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(vectors().join(name)).unwrap()).unwrap()
}

pub(crate) fn pem(name: &str) -> String {
    fs::read_to_string(vectors().join("keys").join(name)).unwrap()
}

/// The request of RFC 5849 section 1.2 with a signature that is right.
pub(crate) fn photos() -> Value {
    json!({
        "method": "GET",
        "url": "http://photos.example.net/photos?file=vacation.jpg&size=original",
        "client_key": "dpf43f3p2l4k3l03",
        "client_secret": "kd94hf93k423kf44",
        "token": "nnch734d00sl2jdk",
        "token_secret": "pfkkdhi9sl3r4s00",
        "timestamp": 137_131_202,
        "nonce": "chapoH",
    })
}

pub(crate) const PHOTOS_SIGNATURE: &str = "MdpQcU8iPSUjWoN/UDMsK2sui9I=";

pub(crate) const METHODS: [&str; 8] = [
    "HMAC-SHA1",
    "HMAC-SHA256",
    "HMAC-SHA512",
    "RSA-SHA1",
    "RSA-SHA256",
    "RSA-SHA512",
    "RSA-PSS",
    "PLAINTEXT",
];

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte.unwrap()).to_digit(16).unwrap();
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next()) * 16 + digit(rest.next())).unwrap(),
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The decoded parameters of an answer's base string.
pub(crate) fn parameters(answer: &Value) -> Vec<(String, String)> {
    let base_string = answer["base_string"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (decode(name), decode(value))
    };
    decode(base_string.rsplit('&').next().unwrap())
        .split('&')
        .map(pair)
        .collect()
}

pub(crate) fn has(answer: &Value, name: &str, value: &str) -> bool {
    parameters(answer).contains(&(name.to_owned(), value.to_owned()))
}

/// What answers the request of RFC 5849 section 1.2 with these fields.
pub(crate) fn sign(fields: Value) -> Value {
    answer("sign", with(&photos(), fields))
}

pub(crate) fn assert_invalid(fields: Value, message: &str) {
    let answer = sign(fields);
    let (code, text) = error(&answer);
    assert_eq!(code, "invalid_field");
    assert!(text.contains(message), "{text}");
}

/// What a server is asked that knows all that a line of `sign` holds.
pub(crate) fn question_of(line: &Value) -> Value {
    let signed = answer("sign", line.clone());
    question_about(line, &signed)
}

/// The same, of a request that was signed already.
pub(crate) fn question_about(line: &Value, signed: &Value) -> Value {
    assert!(signed["signature"].is_string(), "{signed}");
    let mut question = json!({"url": signed["url"], "headers": signed["headers"]});
    if !signed["body"].is_null() {
        question["body"] = signed["body"].clone();
    }
    for field in [
        "method",
        "client_key",
        "client_secret",
        "token",
        "token_secret",
    ] {
        if let Some(value) = line.get(field) {
            question[field] = value.clone();
        }
    }
    question["now"] = line.get("timestamp").cloned().unwrap_or_default();
    question
}

/// What a server is asked about the request of RFC 5849 section 1.2.
pub(crate) fn question() -> Value {
    question_of(&photos())
}

pub(crate) fn verify(question: Value) -> Value {
    answer("verify", question)
}
