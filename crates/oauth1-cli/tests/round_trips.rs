//! What is signed is accepted, and what was changed on the way is not.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{METHODS, Session, answers, pem, photos, question_about, with};

mod support;

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn every_method_and_every_transmission() {
    let mut lines = Vec::new();
    for method in METHODS {
        for transmission in ["header", "query", "form"] {
            for (content_type, body) in [
                (json!(null), json!(null)),
                (json!(FORM), json!("a=%FF+&b")),
                (json!(FORM), json!(null)),
                (json!("application/json"), json!("{\"a\":\"\u{e9}\"}")),
            ] {
                if transmission == "form" && content_type == "application/json" {
                    continue;
                }
                lines.push(with(
                    &photos(),
                    json!({
                        "signature_method": method,
                        "transmission": transmission,
                        "content_type": content_type,
                        "body": body,
                        "method": if body.is_null() { "GET" } else { "POST" },
                        "url": "https://photos.example.net:8443/a%2Fb?x=%C3%A9&x=1+2&x",
                        "private_key": pem("rsa2048.pem"),
                        "version": "1.0",
                        "callback": "https://a.example/?b=c",
                        "verifier": "v&v",
                        "extra": [["oauth_extra", "\u{2603}"]],
                    }),
                ));
            }
        }
    }
    assert_eq!(lines.len(), METHODS.len() * 11);
    let questions: Vec<Value> = lines
        .iter()
        .zip(answers("sign", &lines))
        .map(|(line, signed)| {
            let keys = json!({"public_key": pem("rsa2048.public.pem")});
            with(&question_about(line, &signed), keys)
        })
        .collect();
    for (line, answer) in lines.iter().zip(answers("verify", &questions)) {
        assert_eq!(answer["ok"], true, "{line} {answer}");
        assert_eq!(answer["signature_method"], line["signature_method"]);
    }
    // One more parameter, and it is another request.
    let changed: Vec<Value> = questions
        .iter()
        .map(|question| {
            let url = question["url"].as_str().unwrap().replacen('?', "?y&", 1);
            with(question, json!({"url": url}))
        })
        .collect();
    for (line, answer) in lines.iter().zip(answers("verify", &changed)) {
        // PLAINTEXT signs nothing of the request.
        let plaintext = line["signature_method"] == "PLAINTEXT";
        assert_eq!(answer["ok"], plaintext, "{line} {answer}");
    }
}

/// Numbers that look random and are the same each time (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        let at = self.below(from.len());
        &from[at]
    }

    /// A text with all that encodings stumble over.
    fn text(&mut self) -> String {
        const PIECES: [&str; 18] = [
            "a",
            "Z",
            "0",
            "-._~",
            " ",
            "+",
            "%",
            "&",
            "=",
            "\"",
            "\\",
            "/?#",
            "[]",
            "!*'()",
            "\u{e9}",
            "\u{2603}",
            "\u{1F600}",
            ",;:",
        ];
        (0..self.below(7)).map(|_| *self.of(&PIECES)).collect()
    }

    /// One with at least a character.
    fn name(&mut self) -> String {
        format!("{}{}", self.of(&["k", "t\u{e9}", "+", "%41"]), self.text())
    }

    /// A query or a form, in any of the ways to write one.
    fn pairs(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "a", "b", "a", "=", "=", "&", "&", "+", "%20", "%2B", "%c3%A9", "%FF", "[]", "!*'()",
            "~", ";",
        ];
        (0..self.below(24)).map(|_| *self.of(&PIECES)).collect()
    }

    fn line(&mut self) -> Value {
        let url = format!(
            "{}://{}{}{}?{}",
            self.of(&["http", "https", "HTTPS"]),
            self.of(&[
                "example.com",
                "EXAMPLE.com",
                "[2001:DB8::1]",
                "127.0.0.1",
                "u:p@a.example"
            ]),
            self.of(&["", ":80", ":443", ":8080"]),
            self.of(&["", "/", "/a/../b", "/%2F%c3%A9", "//x;y=1"]),
            self.pairs(),
        );
        let mut line = json!({
            "method": self.of(&["GET", "POST", "delete", "X-Y"]),
            "url": url,
            "signature_method": self.of(&METHODS[..3]),
            "client_key": self.name(),
            "client_secret": self.text(),
            "nonce": self.name(),
            "timestamp": 1 + self.next() % 5_000_000_000,
        });
        if self.below(2) == 0 {
            line["token"] = json!(if self.below(4) == 0 {
                String::new()
            } else {
                self.name()
            });
            line["token_secret"] = json!(self.text());
        }
        match self.below(3) {
            0 => {}
            1 => {
                line["content_type"] = json!(FORM);
                line["body"] = json!(self.pairs());
            }
            _ => line["body"] = json!(self.text()),
        }
        let is_opaque = line.get("body").is_some() && line.get("content_type").is_none();
        let places = if is_opaque {
            &["header", "query"][..]
        } else {
            &["header", "query", "form"]
        };
        line["transmission"] = json!(self.of(places));
        for (field, value) in [
            ("realm", self.text()),
            ("callback", self.text()),
            ("verifier", self.text()),
        ] {
            if self.below(3) == 0 {
                line[field] = json!(value);
            }
        }
        if self.below(4) == 0 {
            line["extra"] = json!([
                [format!("x{}", self.text()), self.text()],
                ["oauth_z", self.text()]
            ]);
        }
        line
    }

    /// The question about a request in which one byte is another one, and what was changed.
    fn changed(&mut self, question: &Value) -> (Value, &'static str) {
        let body = question["body"].as_str().unwrap_or_default();
        let header = question["headers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|header| header[0] == "Authorization");
        match self.below(4) {
            0 if !body.is_empty() => (with(question, json!({"body": self.replace(body)})), "body"),
            1 => {
                let path = question["url"].as_str().unwrap().replacen('?', "x?", 1);
                (with(question, json!({"url": path})), "url")
            }
            2 if header.is_some() => {
                // A digit of the signature, which is base64: of its first 24 letters.
                let header = header.unwrap()[1].as_str().unwrap();
                let at = header.find("oauth_signature=\"").unwrap() + 17 + self.below(20);
                let other = if header[at..].starts_with('A') {
                    "B"
                } else {
                    "A"
                };
                let header = format!("{}{other}{}", &header[..at], &header[at + 1..]);
                (
                    with(question, json!({"headers": [["Authorization", header]]})),
                    "signature",
                )
            }
            _ => {
                let method = format!("{}X", question["method"].as_str().unwrap());
                (with(question, json!({"method": method})), "method")
            }
        }
    }

    /// The text with another letter in the place of one.
    fn replace(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        let at = self.below(letters.len());
        letters[at] = if letters[at] == 'q' { 'r' } else { 'q' };
        letters.into_iter().collect()
    }
}

#[test]
fn random_requests_through_one_pair_of_processes() {
    const COUNT: usize = 2_000;
    let mut random = Random(5849);
    let (mut signer, mut verifier) = (Session::new("sign"), Session::new("verify"));
    let mut changes = [("body", 0), ("url", 0), ("signature", 0), ("method", 0)];
    for _ in 0..COUNT {
        let line = random.line();
        let signed = signer.ask(&line);
        let question = question_about(&line, &signed);
        let answer = verifier.ask(&question);
        assert_eq!(answer["ok"], true, "{line}\n{signed}\n{answer}");
        assert_eq!(answer["client_key"], line["client_key"]);
        assert_eq!(answer["nonce"], line["nonce"]);
        assert_eq!(answer["timestamp"], line["timestamp"]);
        let (changed, what) = random.changed(&question);
        let answer = verifier.ask(&changed);
        assert_eq!(answer["ok"], false, "{what}\n{line}\n{changed}\n{answer}");
        changes
            .iter_mut()
            .find(|(name, _)| *name == what)
            .unwrap()
            .1 += 1;
    }
    assert!(changes.iter().all(|(_, count)| *count > 100), "{changes:?}");
    signer.end();
    verifier.end();
}
