//! The story in the terminal.

use std::process::{Command, Output, Stdio};

use rusqlite::Connection;

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oauth1-demo"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

const COUNTS: &str = "16 of 16 steps as expected: 10 done, 6 refused.";
const TITLES: [&str; 16] = [
    "Jane signs up at Warble",
    "Postcard is registered: client credentials",
    "The first leg: temporary credentials",
    "The second leg: Jane decides",
    "The third leg: token credentials",
    "Postcard asks who she is",
    "She sends a postcard",
    "It is on her timeline",
    "Somebody sends the postcard again",
    "Somebody changes its text",
    "Somebody signs for a client that does not exist",
    "A request comes an hour late",
    "Jane revokes the access",
    "Postcard is refused",
    "The first leg: temporary credentials",
    "Jane denies it",
];

/// What is printed, step by step.
fn steps(printed: &str) -> Vec<String> {
    let mut steps: Vec<String> = vec![String::new()];
    for line in printed.lines() {
        if line.ends_with("----") {
            steps.push(String::new());
        }
        let step = steps.last_mut().unwrap();
        step.push_str(line);
        step.push('\n');
    }
    steps.split_off(1)
}

/// The texts of a step's blocks with that label, their folds taken out.
fn blocks(step: &str, label: &str) -> Vec<String> {
    let label = format!("   {label}  ");
    let mut blocks = Vec::new();
    let mut lines = step.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with(&label) {
            continue;
        }
        let mut text = line[24..].to_owned();
        while let Some(line) = lines.next_if(|line| line.is_empty() || line.starts_with("     ")) {
            let line = line.get(24..).unwrap_or_default();
            text.push_str(line.strip_prefix("    ").unwrap_or(line));
        }
        blocks.push(text);
    }
    blocks
}

#[test]
fn the_story_goes_as_expected() {
    let output = demo(&[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(output.stderr), "");
    let printed = text(output.stdout);
    assert_eq!(printed.lines().last(), Some(COUNTS));
    let steps = steps(&printed);
    assert_eq!(steps.len(), TITLES.len());
    for (number, (step, title)) in (1..).zip(steps.iter().zip(TITLES)) {
        assert!(step.starts_with(&format!("{number}. {title} -")), "{step}");
    }
    let problems = [
        "nonce_used",
        "signature_invalid",
        "signature_invalid",
        "timestamp_refused",
    ];
    for (step, problem) in steps[8..12].iter().zip(problems) {
        let [answer] = &blocks(step, "Mallory < Warble")[..] else {
            panic!("{step}");
        };
        assert!(answer.starts_with("HTTP/1.1 401 Unauthorized"), "{step}");
        assert!(
            answer.contains(&format!("oauth_problem=\"{problem}\"")),
            "{step}"
        );
        assert!(step.contains("   Refused, as expected.\n"), "{step}");
    }
}

/// Each leg, as it travels: who sends what to whom, in its order.
#[test]
fn the_three_legs_are_shown_as_they_are_sent() {
    let printed = text(demo(&[]).stdout);
    let steps = steps(&printed);
    let order = |step: &str| -> Vec<String> {
        let blocks = step
            .lines()
            .filter(|line| line.starts_with("   ") && !line.starts_with("    "));
        let labels = blocks.filter_map(|line| {
            let label: Vec<&str> = line.split_whitespace().take(3).collect();
            matches!(label[..], [_, "<" | ">", _]).then(|| label.join(" "))
        });
        labels.collect()
    };
    let inside = [
        "Jane > Postcard",
        "Postcard > Warble",
        "Postcard < Warble",
        "Jane < Postcard",
    ];
    assert_eq!(order(&steps[2]), inside);
    let [request] = &blocks(&steps[2], "Postcard > Warble")[..] else {
        panic!("{}", steps[2]);
    };
    assert!(
        request.starts_with("POST /oauth/request_token HTTP/1.1"),
        "{request}"
    );
    assert!(
        request.contains("oauth_callback=\"http%3A%2F%2Flocalhost"),
        "{request}"
    );
    let [base_string] = &blocks(&steps[2], "base string")[..] else {
        panic!("{}", steps[2]);
    };
    assert!(
        base_string.starts_with("POST&http%3A%2F%2F127.0.0.1%3A"),
        "{base_string}"
    );
    let [answer] = &blocks(&steps[2], "Postcard < Warble")[..] else {
        panic!("{}", steps[2]);
    };
    assert!(answer.contains("oauth_callback_confirmed=true"), "{answer}");
    let [redirect] = &blocks(&steps[2], "Jane < Postcard")[..] else {
        panic!("{}", steps[2]);
    };
    assert!(
        redirect.contains("/oauth/authenticate?oauth_token="),
        "{redirect}"
    );

    let outside = [
        "Jane > Warble",
        "Jane < Warble",
        "Jane > Warble",
        "Jane < Warble",
    ];
    assert_eq!(order(&steps[3]), outside);
    assert!(
        blocks(&steps[3], "Jane < Warble")[1].contains("oauth_verifier="),
        "{}",
        steps[3]
    );

    assert_eq!(order(&steps[4]), inside);
    let [request] = &blocks(&steps[4], "Postcard > Warble")[..] else {
        panic!("{}", steps[4]);
    };
    assert!(
        request.starts_with("POST /oauth/access_token HTTP/1.1"),
        "{request}"
    );
    assert!(request.contains("oauth_verifier=\""), "{request}");
    // The callback that comes back after a denial has no verifier.
    let denied = &blocks(&steps[15], "Jane < Warble")[1];
    assert!(
        denied.contains("oauth_problem=user_refused") && !denied.contains("oauth_verifier"),
        "{denied}"
    );
}

#[test]
fn secrets_are_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("story.sqlite3");
    let file = file.to_str().unwrap();
    let printed = text(demo(&["--database", file]).stdout).replace(['\n', ' '], "");
    assert!(printed.contains("oauth_token_secret=(hidden)"), "{printed}");
    assert!(printed.contains("password=(hidden)"));
    assert!(!printed.contains("correcthorse") && !printed.contains("horse+battery"));

    let mut secrets: Vec<String> = Vec::new();
    let mut add = |file: &str, select: &str| {
        let connection = Connection::open(file).unwrap();
        let mut statement = connection.prepare(select).unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        let before = secrets.len();
        secrets.extend(found.map(Result::<String, _>::unwrap));
        assert!(secrets.len() > before, "{select} finds nothing");
    };
    add(file, "SELECT id FROM sessions");
    let postcard = format!("{file}-postcard");
    add(&postcard, "SELECT secret FROM consumer");
    add(&postcard, "SELECT id FROM sessions");
    let pending = "SELECT json_extract(data, '$.pending.temporary.secret') FROM sessions \
                   WHERE json_extract(data, '$.pending') IS NOT NULL UNION SELECT secret FROM consumer";
    add(&postcard, pending);
    for secret in secrets {
        assert!(!printed.contains(&secret), "{secret}");
    }
}

#[test]
fn the_text_fits_and_is_plain() {
    let printed = text(demo(&[]).stdout);
    for line in printed.lines() {
        assert!(line.chars().count() <= 100, "{line}");
        assert_eq!(line, line.trim_end());
    }
    assert!(!printed.contains('\u{1b}'), "no colour without a terminal");
}

#[test]
fn quiet_prints_the_counts_alone() {
    let output = demo(&["--quiet"]);
    assert!(output.status.success());
    assert_eq!(text(output.stdout), format!("{COUNTS}\n"));
}

#[test]
fn options_are_explained() {
    let output = demo(&["--help"]);
    assert!(output.status.success());
    let help = text(output.stdout);
    for option in [
        "--quiet",
        "--serve",
        "--open",
        "--redis",
        "--database",
        "--microblog-port",
    ] {
        assert!(help.contains(option), "{help}");
    }
    let output = demo(&["--loud"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stderr).contains("--loud"));
}

#[test]
fn what_cannot_be_used_is_said() {
    let here = env!("CARGO_MANIFEST_DIR");
    let cases: [(&[&str], &str); 3] = [
        (&["--database", here], "the story begins with a new file"),
        (
            &["--database", "/nowhere/at/all.sqlite3"],
            "/nowhere/at/all.sqlite3 cannot be opened",
        ),
        (
            &["--redis", "redis://127.0.0.1:1"],
            "the Redis server cannot be used",
        ),
    ];
    for (arguments, complaint) in cases {
        let output = demo(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let complaints = text(output.stderr);
        assert!(complaints.contains(complaint), "{complaints}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oauth1-demo"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(output.stderr), "");
}
