use alloc::{format, string::ToString, vec};

use super::*;

#[test]
fn every_name_is_read_from_a_header_and_a_form_and_says_what_to_do() {
    for &code in Code::ALL {
        let name = code.as_str();
        let header = format!("OAuth realm=\"a\", oauth_problem=\"{name}\"");
        let problem = Problem::from_challenge(header.as_bytes()).unwrap();
        assert_eq!((problem.code(), problem.name()), (code, name));
        let form = format!("a=b&oauth_problem={name}");
        assert_eq!(Problem::from_form(form.as_bytes()), Some(problem.clone()));
        assert_eq!(problem.to_string(), format!("{name}: {}", code.meaning()));
        assert_eq!(code.to_string(), name);
    }
    assert_eq!(Code::ALL.len(), 19);
}

#[test]
fn challenges_are_found_wherever_they_stand() {
    let found = [
        r#"OAuth oauth_problem="nonce_used""#,
        r#"oauth realm="Photos",oauth_problem="nonce_used""#,
        "OAUTH oauth_problem=nonce_used",
        r#"OAuth oauth_problem = "nonce_used" , realm="b""#,
        r#"OAuth oauth_problem="nonce%5Fused""#,
        r#"OAuth oauth_problem="nonce used""#,
        r#"OAuth oauth_problem="Nonce-Used""#,
        r#"Basic realm="a, OAuth \"b", OAuth oauth_problem="nonce_used""#,
        r#"Negotiate YWJj==, OAuth realm="a", oauth_problem="nonce_used", Bearer error="c""#,
        r#"Negotiate, , OAuth oauth_problem="nonce_used""#,
        r#"OAuth realm="unbalanced \" quote", oauth_problem="nonce_used""#,
        r#"OAuth "quoted, alone", oauth_problem="nonce_used""#,
        r#"OAuth oauth_problem="nonce_used", oauth_problem="token_used""#,
        r#"OAuth oauth_problem="nonce_used"#,
    ];
    for header in found {
        let problem = Problem::from_challenge(header.as_bytes());
        let code = problem.map(|problem| problem.code());
        assert_eq!(code, Some(Code::NonceUsed), "{header}");
    }
    let none = [
        "",
        "OAuth",
        ",,,",
        "\"",
        "OAuth realm=\"a\"",
        "OAuth oauth_problem=\"\"",
        "OAuth oauth_problem=",
        "Bearer oauth_problem=\"nonce_used\"",
        "OAuth realm=\"a\", Bearer oauth_problem=\"nonce_used\"",
        "Basic realm=\"OAuth oauth_problem=nonce_used\"",
        "OAuth2 oauth_problem=\"nonce_used\"",
        "oauth_problem=\"nonce_used\"",
    ];
    for header in none {
        assert_eq!(Problem::from_challenge(header.as_bytes()), None, "{header}");
    }
    assert_eq!((found.len(), none.len()), (14, 12));
}

#[test]
fn what_is_added_to_a_problem_is_read() {
    let problem = Problem::from_challenge(
        b"OAuth oauth_problem=\"version_rejected\", oauth_acceptable_versions=\"1.0-1.1\", \
          oauth_problem_advice=\"Update%20your%20client\"",
    )
    .unwrap();
    assert_eq!(problem.acceptable_versions(), Some(("1.0", "1.1")));
    assert_eq!(problem.advice(), Some("Update your client"));
    assert_eq!(
        problem.to_string(),
        "version_rejected: the server does not take this oauth_version (acceptable: 1.0 to 1.1); \
         the server says: Update your client"
    );

    let problem = Problem::from_form(
        b"oauth_problem=parameter_rejected\
          &oauth_parameters_rejected=oauth_signature%3Dsecret%2526other%26a%2520b%3Dc",
    )
    .unwrap();
    assert_eq!(problem.parameters_rejected(), ["oauth_signature", "a b"]);
    let shown = format!("{problem:?}{problem}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("(oauth_signature, a b)"), "{shown}");

    // Of two lists, the one that the problem is about is shown.
    let lists = "&oauth_parameters_absent=a&oauth_parameters_rejected=b";
    for (name, shown) in [("parameter_absent", " (a)"), ("parameter_rejected", " (b)")] {
        let form = format!("oauth_problem={name}{lists}");
        let problem = Problem::from_form(form.as_bytes()).unwrap();
        assert!(problem.to_string().ends_with(shown), "{problem}");
    }
    for versions in ["1.0-", "-1.0", "-", "1.0"] {
        let form = format!("oauth_problem=version_rejected&oauth_acceptable_versions={versions}");
        let problem = Problem::from_form(form.as_bytes()).unwrap();
        assert_eq!(problem.acceptable_versions(), None, "{versions}");
    }

    let problem = Problem::from_form(b"oauth_problem=sorry+about+that").unwrap();
    assert_eq!(
        (problem.code(), problem.name()),
        (Code::Unknown, "sorry about that")
    );
}

#[test]
fn acceptable_timestamps_are_a_range_or_nothing() {
    let read = |value: &str| {
        let form = format!("oauth_problem=timestamp_refused&oauth_acceptable_timestamps={value}");
        let range = Problem::from_form(form.as_bytes())
            .unwrap()
            .acceptable_timestamps();
        range.map(|(from, to)| (from.unix_seconds(), to.unix_seconds()))
    };
    assert_eq!(read("100-200"), Some((100, 200)));
    assert_eq!(read("100+-+200"), Some((100, 200)));
    assert_eq!(read("7-7"), Some((7, 7)));
    let nothing = [
        "",
        "-",
        "1-",
        "-1",
        "200-100",
        "a-b",
        "1-2-3",
        "1-18446744073709551616",
    ];
    for value in nothing {
        assert_eq!(read(value), None, "{value}");
    }
}

#[test]
fn a_hostile_server_gets_no_memory_and_no_control_characters() {
    let long = "x".repeat(100_000);
    let header = format!("OAuth oauth_problem=\"{long}\", oauth_problem_advice=\"{long}\"");
    let problem = Problem::from_challenge(header.as_bytes()).unwrap();
    assert_eq!(
        (problem.name().len(), problem.advice()),
        (LONGEST_NAME, None)
    );

    let form = format!(
        "oauth_problem=a&oauth_problem_advice={}",
        "%0A%1B%FFb".repeat(1_500)
    );
    let advice = Problem::from_form(form.as_bytes()).unwrap();
    let advice = advice.advice().unwrap();
    assert_eq!(advice.chars().filter(|char| char.is_control()).count(), 0);
    assert!((1..=LONGEST_ADVICE).contains(&advice.chars().count()));

    // A character counts as one, however many bytes it has.
    let form = format!("oauth_problem={}", "\u{1F511}".repeat(200));
    let problem = Problem::from_form(form.as_bytes()).unwrap();
    assert_eq!(problem.name(), "\u{1F511}".repeat(LONGEST_NAME));

    let list = "a%26".repeat(4_000);
    let form = format!("oauth_problem=parameter_absent&oauth_parameters_absent={list}");
    let problem = Problem::from_form(form.as_bytes()).unwrap();
    assert_eq!(problem.parameters_absent(), vec!["a"; LONGEST_LIST]);
}

#[test]
fn a_text_is_read_to_its_sixteenth_kibibyte() {
    let end = "&oauth_problem=token_used";
    for (length, name) in [(16_384, "token_used"), (16_385, "token_use")] {
        let form = format!("a={}{end}", "x".repeat(length - 2 - end.len()));
        assert_eq!(form.len(), length);
        let problem = Problem::from_form(form.as_bytes()).unwrap();
        assert_eq!(problem.name(), name);
    }
}

#[test]
fn what_stands_there_first_counts() {
    let form = b"oauth_problem_advice=a&oauth_problem=token_used&oauth_problem=nonce_used&\
        oauth_problem_advice=b";
    let problem = Problem::from_form(form).unwrap();
    assert_eq!(
        (problem.code(), problem.advice()),
        (Code::TokenUsed, Some("a"))
    );
    let none = Problem::from_form(b"oauth_token=a&oauth_problem_advice=a");
    assert_eq!(none, None);
}

#[test]
#[cfg(feature = "http")]
fn the_first_header_with_a_problem_counts() {
    use ::http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};

    let mut headers = HeaderMap::new();
    for value in [
        "Basic realm=\"a\"",
        "OAuth realm=\"a\"",
        "OAuth oauth_problem=\"token_used\"",
    ] {
        assert_eq!(Problem::from_headers(&headers), None);
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(value));
    }
    let problem = Problem::from_headers(&headers).unwrap();
    assert_eq!(problem.code(), Code::TokenUsed);
}

/// What a refusal of ours says is read as what it is.
#[test]
fn the_servers_side_and_the_clients_speak_alike() {
    use crate::verify::{ParameterSet, Reason, Rejection};

    let reasons = [
        (Reason::NonceReplayed, Code::NonceUsed),
        (Reason::ClientUnknown, Code::SignatureInvalid),
        (Reason::SignatureInvalid, Code::SignatureInvalid),
        (Reason::UnsupportedVersion, Code::VersionRejected),
        (
            Reason::UnsupportedSignatureMethod,
            Code::SignatureMethodRejected,
        ),
        (
            Reason::MissingParameters(ParameterSet::NONCE),
            Code::ParameterAbsent,
        ),
        (Reason::MixedLocations, Code::ParameterRejected),
    ];
    for (reason, code) in reasons {
        let rejection = Rejection::new(reason);
        assert_eq!(rejection.problem(), code.as_str());
        let challenge = rejection.challenge("Photos, \"b\"");
        let problem = Problem::from_challenge(challenge.as_bytes()).unwrap();
        assert_eq!(problem.code(), code);
    }
    let at = Timestamp::from_unix_seconds;
    let rejection = Rejection::new(Reason::TimestampRefused(at(100), at(700)));
    let problem = Problem::from_challenge(rejection.challenge("a").as_bytes()).unwrap();
    assert_eq!(problem.acceptable_timestamps(), Some((at(100), at(700))));
}

#[test]
fn what_would_be_acceptable_is_shown_with_what_was_refused() {
    for (form, text) in [
        (
            "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1000-2000",
            " (acceptable: 1000 to 2000)",
        ),
        (
            "oauth_problem=version_rejected&oauth_acceptable_versions=1.0-1.1",
            " (acceptable: 1.0 to 1.1)",
        ),
        // What does not belong to the problem is not shown.
        (
            "oauth_problem=nonce_used&oauth_acceptable_timestamps=1000-2000",
            "",
        ),
    ] {
        let problem = Problem::from_form(form.as_bytes()).unwrap();
        let meaning = problem.code().meaning();
        let shown = problem.to_string();
        assert!(shown.ends_with(&format!("{meaning}{text}")), "{shown}");
    }
    assert_eq!(Code::Unknown.as_str(), "unknown");
}
