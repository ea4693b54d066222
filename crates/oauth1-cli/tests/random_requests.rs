//! Random requests: all that `sign --json` signs `verify --json` accepts, and none once a byte of it is
//! another.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::env;

use serde_json::{Value, json};

use crate::support::{answers, question_about};

mod support;

/// How many are tried at a time; `OAUTH1_RANDOM_REQUESTS` in the environment tries more.
const COUNT: usize = 5_000;

/// `SplitMix64`: what fails can be run again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }

    /// A text of whatever has to be encoded somewhere.
    fn text(&mut self, longest: usize) -> String {
        const CHARACTERS: &[char] = &[
            'a', 'Z', '0', '9', '-', '.', '_', '~', ' ', '+', '%', '&', '=', '/', '?', '#', '"',
            '\\', '\'', ';', ',', ':', '@', '\n', '\0', 'é', 'ß', '中', '🦀', '\u{7f}', '\u{ffff}',
        ];
        let length = self.below(longest + 1);
        (0..length)
            .map(|_| CHARACTERS[self.below(CHARACTERS.len())])
            .collect()
    }

    /// The same without control characters, which no identifier has.
    fn word(&mut self) -> String {
        self.text(10).replace(char::is_control, "")
    }

    fn pairs(&mut self, most: usize) -> String {
        let count = self.below(most + 1);
        let pairs: Vec<_> = (0..count)
            .map(|_| format!("{}={}", encode(&self.text(6)), encode(&self.text(12))))
            .collect();
        pairs.join("&")
    }

    fn request(&mut self, at: usize) -> Value {
        const METHODS: [&str; 4] = ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"];
        let mut url = format!("https://a{}.example/", self.below(10));
        url.push_str(&encode(&self.text(8)));
        url.push('?');
        url.push_str(&self.pairs(6));
        let mut line = json!({
            "method": self.one(&["GET", "POST", "PUT", "DELETE"]),
            "url": url,
            "signature_method": self.one(&METHODS),
            "client_key": format!("c{}", self.word()),
            "client_secret": self.text(20),
            "timestamp": 1_700_000_000,
            "nonce": format!("n{at}"),
            "transmission": self.one(&["header", "query"]),
        });
        let fields = line.as_object_mut().unwrap();
        match self.below(3) {
            0 => {
                let form = "application/x-www-form-urlencoded";
                fields.insert("content_type".into(), form.into());
                fields.insert("body".into(), self.pairs(6).into());
                if self.below(2) == 0 {
                    fields.insert("transmission".into(), "form".into());
                }
            }
            1 => {
                fields.insert("content_type".into(), "text/plain".into());
                fields.insert("body".into(), format!("x{}", self.text(30)).into());
            }
            _ => {}
        }
        if self.below(2) == 0 {
            fields.insert("token".into(), self.word().into());
            fields.insert("token_secret".into(), self.text(20).into());
        }
        line
    }
}

fn encode(text: &str) -> String {
    oauth1_core::percent::encode(text).to_string()
}

/// The places of letters and digits that are no part of `%XX`, from `start`.
fn places(text: &str, start: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let escaped = |at: usize| (1..=2).any(|back| at >= back && bytes[at - back] == b'%');
    (start..bytes.len())
        .filter(|&at| bytes[at].is_ascii_alphanumeric() && !escaped(at))
        .collect()
}

/// The same text with another letter or digit in one place.
fn changed(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = match bytes[at] {
        b'z' => b'a',
        b'Z' => b'A',
        b'9' => b'0',
        other => other + 1,
    };
    String::from_utf8(bytes).unwrap()
}

/// Changes one byte of what is signed: of the URL, of the values of the header, or of the body.
fn change(question: &mut Value, random: &mut Random, is_hashed: bool) {
    let url = question["url"].as_str().unwrap().to_owned();
    // Behind the host, which is not in the text that a client chooses.
    let path = url.match_indices('/').nth(2).unwrap().0;
    let mut candidates: Vec<(usize, usize)> =
        places(&url, path).into_iter().map(|at| (0, at)).collect();
    let header = question["headers"]
        .as_array()
        .unwrap()
        .iter()
        .position(|pair| pair[0] == "Authorization");
    let text = header.map(|at| question["headers"][at][1].as_str().unwrap().to_owned());
    if let Some(text) = &text {
        candidates.extend(places(text, "OAuth ".len()).into_iter().map(|at| (1, at)));
    }
    let body = question["body"].as_str().map(str::to_owned);
    if let Some(body) = body.as_ref().filter(|_| is_hashed) {
        candidates.extend(places(body, 0).into_iter().map(|at| (2, at)));
    }
    let (place, at) = candidates[random.below(candidates.len())];
    match place {
        0 => question["url"] = changed(&url, at).into(),
        1 => question["headers"][header.unwrap()][1] = changed(&text.unwrap(), at).into(),
        _ => question["body"] = changed(&body.unwrap(), at).into(),
    }
}

#[test]
fn what_is_signed_is_accepted_and_refused_with_one_byte_changed() {
    let count = env::var("OAUTH1_RANDOM_REQUESTS").map_or(COUNT, |count| count.parse().unwrap());
    let mut random = Random(2026);
    let mut tried = 0;
    while tried < count {
        let lines: Vec<_> = (0..5_000.min(count - tried))
            .map(|at| random.request(tried + at))
            .collect();
        let signed = answers("sign", &lines);
        let mut questions: Vec<_> = lines
            .iter()
            .zip(&signed)
            .map(|(line, signed)| question_about(line, signed))
            .collect();
        for question in &mut questions {
            question["allowed_methods"] =
                json!(["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"]);
        }
        for (question, answer) in questions.iter().zip(answers("verify", &questions)) {
            assert_eq!(answer["ok"], true, "{question}\n{answer}");
        }
        let mut altered = Vec::new();
        for (question, line) in questions.iter().zip(&lines) {
            // The secrets alone sign nothing of a request.
            if line["signature_method"] == "PLAINTEXT" {
                continue;
            }
            let mut question = question.clone();
            change(&mut question, &mut random, line["body"].is_string());
            altered.push(question);
        }
        assert!(altered.len() > lines.len() / 2);
        for (question, answer) in altered.iter().zip(answers("verify", &altered)) {
            assert_eq!(answer["ok"], false, "{question}\n{answer}");
        }
        tried += lines.len();
    }
    println!("{tried} requests");
}
