//! The stream of lines: order, pauses, ids, and lines that cannot be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{
    PHOTOS_SIGNATURE, Session, answers, answers_to_text, error, oauth1, photos, run_with_input,
    stderr, stdout, with,
};

mod support;

const COMMANDS: [&str; 6] = [
    "sign",
    "base-string",
    "verify",
    "parse",
    "body-hash",
    "sasl",
];

fn lines(command: &str, input: &str) -> Vec<Value> {
    answers_to_text(command, input.as_bytes())
}

#[test]
fn answers_come_in_order_with_their_ids() {
    let questions: Vec<Value> = (0..5_000)
        .map(|at| with(&photos(), json!({"id": at, "nonce": at.to_string()})))
        .collect();
    for (at, answer) in answers("sign", &questions).iter().enumerate() {
        assert_eq!(answer["id"], at);
        let nonce = format!("oauth_nonce%3D{at}%26");
        assert!(answer["base_string"].as_str().unwrap().contains(&nonce));
    }
}

#[test]
fn an_id_of_any_type_comes_back_as_it_was_written() {
    for id in [
        "null",
        "true",
        "-0",
        "1E400",
        "123456789012345678901234567890",
        "\"\\u00e9\\n\"",
        "\"\u{e9}\"",
        "[1, {\"a\":[]}]",
        "{\"id\" : {\"id\": 1}}",
        "\"\"",
    ] {
        for (command, line) in [
            ("sign", "\"url\": \"http://a/\", \"client_key\": \"k\""),
            ("sign", "\"url\": 1"),
            ("sign", "\"unknown\": 1"),
            (
                "base-string",
                "\"url\": \"http://a/\", \"client_key\": \"k\"",
            ),
            ("verify", "\"url\": \"http://a/\""),
            ("verify", "\"url\": []"),
            ("parse", "\"form\": \"\""),
            ("parse", "\"header\": \"\""),
            ("body-hash", "\"body\": \"\""),
        ] {
            let input = format!("{{ \"id\" : {id} , {line}}}\n");
            let output = run_with_input(oauth1(&[command, "--json"]), input.as_bytes());
            assert!(
                stdout(&output).starts_with(&format!("{{\"id\":{id},\"")),
                "{}",
                stdout(&output)
            );
            // Behind the rest as well.
            let input = format!("{{{line},\"id\":{id}}}");
            let output = run_with_input(oauth1(&[command, "--json"]), input.as_bytes());
            assert!(
                stdout(&output).starts_with(&format!("{{\"id\":{id},\"")),
                "{}",
                stdout(&output)
            );
        }
    }
    for command in COMMANDS {
        assert_eq!(lines(command, "{}\n")[0].get("id"), None);
    }
}

#[test]
fn a_line_that_cannot_be_read_is_answered_and_the_next_is_read() {
    let good = photos().to_string();
    for (bad, code, id) in [
        ("", "invalid_json", None),
        ("   ", "invalid_json", None),
        ("url", "invalid_json", None),
        ("null", "invalid_json", None),
        ("[\"GET\", \"http://a/\"]", "invalid_json", None),
        ("\"http://a/\"", "invalid_json", None),
        ("{", "invalid_json", None),
        ("{\"id\": 3, \"url\": \"http:", "invalid_json", Some(3)),
        (
            "{\"id\": 3, \"url\": \"http://a/\", }",
            "invalid_json",
            Some(3),
        ),
        ("{\"id\": 3} {\"id\": 4}", "invalid_json", Some(3)),
        ("{\"id\": 3, \"url\": \"\u{1}\"}", "invalid_json", Some(3)),
        ("{\"id\": 3, \"id\": 4}", "invalid_field", Some(3)),
        (
            "{\"id\": 3, \"method\": \"\\ud800\"}",
            "invalid_json",
            Some(3),
        ),
        ("{\"id\": 3, \"url\": {}}", "invalid_field", Some(3)),
        (
            "{\"id\": 3, \"extra\": [[[[[[[]]]]]]]}",
            "invalid_field",
            Some(3),
        ),
    ] {
        let found = lines("sign", &format!("{good}\n{bad}\r\n{good}"));
        assert_eq!(found.len(), 3, "{bad}");
        assert_eq!(found[0]["signature"], PHOTOS_SIGNATURE);
        assert_eq!(error(&found[1]).0, code, "{bad}: {}", found[1]);
        assert_eq!(found[1].get("id"), id.map(Value::from).as_ref(), "{bad}");
        assert_eq!(found[2]["signature"], PHOTOS_SIGNATURE);
    }
}

#[test]
fn bytes_that_are_no_text_and_deep_nesting_are_answered_too() {
    let deep = "[".repeat(200_000);
    for command in COMMANDS {
        let mut input = b"{\"id\":1,\"body\":\"\xFF\"}\n{\"\xC3\n\xFF\xFE\n\0\n".to_vec();
        input.extend_from_slice(deep.as_bytes());
        input.extend_from_slice(format!("\n{{\"id\":2,\"x\":{deep}\n{{\"body\":{deep}").as_bytes());
        let found = answers_to_text(command, &input);
        assert_eq!(found.len(), 7);
        assert_eq!(found[0]["id"], 1);
        for answer in &found {
            assert!(
                matches!(error(answer).0, "invalid_json" | "invalid_field"),
                "{answer}"
            );
            assert_eq!(
                answer.get("ok"),
                (command == "verify").then_some(&json!(false))
            );
        }
    }
}

#[test]
fn a_line_that_is_too_long_is_answered_without_being_held() {
    const LIMIT: usize = 16 * 1024 * 1024;
    let start = "{\"id\":1,\"body\":\"";
    let line = |length: usize| format!("{start}{}\"}}\n", "x".repeat(length - start.len() - 2));
    let input = [
        line(LIMIT),
        line(LIMIT + 1),
        line(3 * LIMIT),
        "{\"id\":2}\n".to_owned(),
    ]
    .concat();
    let found = lines("body-hash", &input);
    assert_eq!(found.len(), 4);
    assert_eq!(found[0]["body_hash"].as_str().unwrap().len(), 28);
    for answer in &found[1..3] {
        assert_eq!(error(answer).0, "line_too_long");
        assert_eq!(answer["id"], 1);
    }
    assert_eq!(found[3]["id"], 2);
}

#[test]
fn answers_are_there_when_the_input_pauses() {
    for command in COMMANDS {
        let mut session = Session::new(command);
        for id in 0..3 {
            assert_eq!(session.ask(&json!({"id": id}))["id"], id);
        }
        // Two lines and a half: two answers; the other half: the third.
        session.write(b"{\"id\":1}\n{\"id\":2}\n{\"id\"");
        assert_eq!(
            (&session.read()["id"], &session.read()["id"]),
            (&json!(1), &json!(2))
        );
        session.write(b":3}\n");
        assert_eq!(session.read()["id"], 3);
        session.end();
    }
}

#[test]
fn nothing_in_means_nothing_out() {
    for command in COMMANDS {
        assert_eq!(lines(command, ""), Vec::<Value>::new());
        assert_eq!(lines(command, "{}").len(), 1);
    }
}

#[test]
fn a_command_line_that_is_wrong_ends_with_2_and_reads_nothing() {
    for arguments in [
        &["sign", "--json", "http://a/"][..],
        &["sign", "--json", "--verbose"],
        &["sign", "--json", "--client-key", "k"],
        &["sign", "--json", "--jsn"],
        &["base-string", "--json", "-X", "GET"],
        &["verify", "--json", "--now", "1"],
        &["parse", "--json", "OAuth"],
        &["body-hash", "--json", "file"],
        &["body-hash", "--json", "--digest", "SHA-1"],
        &["--json"],
        &["sing", "--json"],
    ] {
        let output = run_with_input(oauth1(arguments), b"{}\n");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains("--help"), "{arguments:?}");
    }
}

#[test]
fn output_that_nobody_reads_ends_it_quietly() {
    let mut command = oauth1(&["sign", "--json"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let line = format!("{}\n", photos());
    // Until the pipe is broken.
    while std::io::Write::write_all(&mut stdin, line.as_bytes()).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), ""));
}
