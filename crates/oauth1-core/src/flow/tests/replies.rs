use super::*;

fn receive(
    status: u16,
    headers: &[(&'static str, &str)],
    body: &[u8],
) -> Result<Authorize, FlowError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_str(value).unwrap());
    }
    await_temporary().receive(StatusCode::from_u16(status).unwrap(), &map, body)
}

#[test]
fn answers_are_forms_or_json_of_whatever_type() {
    let json = br#"{"oauth_token":"for-now","oauth_token_secret":"s","oauth_callback_confirmed":true,"ttl":900,"none":null,"more":{"a":[1]}}"#;
    let form =
        b"oauth_token=for-now&oauth_token_secret=s&oauth_callback_confirmed=true&ttl=900\r\n";
    let table: [(&str, &[u8]); 6] = [
        ("application/x-www-form-urlencoded", form),
        ("text/html; charset=utf-8", form),
        ("text/plain", form),
        ("application/json;charset=utf-8", json),
        ("Application/vnd.example+JSON", json),
        ("text/html", json),
    ];
    for (content_type, body) in table {
        let authorize = receive(200, &[("content-type", content_type)], body).unwrap();
        assert_eq!(
            authorize.temporary().identifier(),
            "for-now",
            "{content_type}"
        );
        assert_eq!(
            authorize.temporary().secret().expose(),
            "s",
            "{content_type}"
        );
        assert_eq!(
            authorize.parameters().get("ttl"),
            Some("900"),
            "{content_type}"
        );
        assert_eq!(authorize.parameters().get("none"), None);
    }
    let authorize = receive(200, &[], json).unwrap();
    assert_eq!(authorize.parameters().get("more"), Some(r#"{"a":[1]}"#));
    // What calls itself JSON is taken at its word.
    for content_type in ["application/json", "application/vnd.example+json; a=b"] {
        let error = receive(200, &[("content-type", content_type)], form).unwrap_err();
        assert_eq!(error, FlowError::NotForm, "{content_type}");
    }
}

#[test]
fn answers_that_give_nothing() {
    use FlowError::{Duplicate, Missing, NotConfirmed, NotForm, NotUtf8, TooLong};
    let confirmed = "&oauth_callback_confirmed=true";
    let long = format!("{TEMPORARY}&a={}", "a".repeat(REPLY_LIMIT));
    let deep = format!("{{\"a\":{}", "[".repeat(10_000));
    let with = |start: &str| format!("{start}{confirmed}").into_bytes();
    let table: Vec<(Vec<u8>, FlowError)> = std::vec![
        (b"".to_vec(), NotForm),
        (b"Service unavailable".to_vec(), NotForm),
        (
            b"<!DOCTYPE html><a href=\"?oauth_token=t&oauth_token_secret=s\">".to_vec(),
            NotForm
        ),
        (b"oauth_token=a%zz&oauth_token_secret=s".to_vec(), NotForm),
        (b"oauth_token=a\x00b&oauth_token_secret=s".to_vec(), NotForm),
        (b"{\"oauth_token\":\"t\"".to_vec(), NotForm),
        (b"{}x".to_vec(), NotForm),
        (deep.into_bytes(), NotForm),
        (
            b"oauth_token=caf\xe9&oauth_token_secret=s".to_vec(),
            NotUtf8
        ),
        (b"oauth_token=caf%E9&oauth_token_secret=s".to_vec(), NotUtf8),
        (b"{\"oauth_token\":\"caf\xe9\"}".to_vec(), NotUtf8),
        (long.into_bytes(), TooLong { limit: REPLY_LIMIT }),
        (b"{}".to_vec(), Missing("oauth_token")),
        (with("oauth_token_secret=s"), Missing("oauth_token")),
        (
            with("oauth_token=&oauth_token_secret=s"),
            Missing("oauth_token")
        ),
        (with("oauth_token=t"), Missing("oauth_token_secret")),
        (
            with("oauth_token=t&oauth_token=t&oauth_token_secret=s"),
            Duplicate("oauth_token")
        ),
        (
            with("oauth_token=t&oauth_token_secret=s&oauth_token_secret=s"),
            Duplicate("oauth_token_secret")
        ),
        (
            with("oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true"),
            Duplicate("oauth_callback_confirmed")
        ),
        (
            br#"{"oauth_token":"a","oauth_token":"b","oauth_token_secret":"s"}"#.to_vec(),
            Duplicate("oauth_token")
        ),
        (b"oauth_token=t&oauth_token_secret=s".to_vec(), NotConfirmed),
        (
            b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=false".to_vec(),
            NotConfirmed
        ),
        (
            b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=yes".to_vec(),
            NotConfirmed
        ),
    ];
    assert_eq!(table.len(), 23);
    for (body, expected) in table {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        assert_eq!(receive(200, &[], &body).unwrap_err(), expected, "{shown}");
    }
}

#[test]
fn a_callback_is_confirmed_in_capitals_too() {
    let body = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=True";
    let authorize = receive(200, &[], body).unwrap();
    assert!(authorize.url().ends_with("oauth_token=t"), "{authorize:?}");
}

#[test]
fn an_answer_at_the_limit_is_read() {
    let start = format!("{TEMPORARY}&a=");
    let fits = format!("{start}{}", "a".repeat(REPLY_LIMIT - start.len()));
    assert!(receive(200, &[], fits.as_bytes()).is_ok());
}

#[test]
fn a_secret_may_be_empty_and_a_number_must_be_one() {
    assert!(Granted::from_text(b"oauth_token=t&oauth_token_secret=").is_ok());
    for number in ["-1", "+1", "", "soon", "18446744073709551616", "1e3", "1.5"] {
        let number = crate::percent::encode(number);
        let text = format!("oauth_token=t&oauth_token_secret=s&oauth_expires_in={number}");
        let error = Granted::from_text(text.as_bytes()).unwrap_err();
        assert_eq!(error, FlowError::Malformed("oauth_expires_in"), "{text}");
    }
}

/// Status, headers and body of an answer; the name of the problem and the advice that are read.
type Refusal<'a> = (
    u16,
    &'a [(&'static str, &'a str)],
    &'a [u8],
    Option<(&'a str, Option<&'a str>)>,
);

#[test]
fn refusals_say_what_the_server_says() {
    let challenge = "OAuth realm=\"x\", oauth_problem=\"timestamp_refused\", oauth_problem_advice=\"set%20your%20clock\"";
    let basic = "Basic realm=\"x\"";
    let table: [Refusal<'_>; 9] = [
        (401, &[], b"", None),
        (
            401,
            &[],
            b"Failed to validate oauth signature and token",
            None,
        ),
        (
            401,
            &[("www-authenticate", challenge)],
            b"oauth_problem=other",
            Some(("timestamp_refused", Some("set your clock"))),
        ),
        (
            401,
            &[("www-authenticate", basic), ("www-authenticate", challenge)],
            b"",
            Some(("timestamp_refused", Some("set your clock"))),
        ),
        (
            400,
            &[],
            b"oauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce\n",
            Some(("parameter_absent", None)),
        ),
        (
            200,
            &[],
            b"oauth_problem=consumer_key_unknown",
            Some(("consumer_key_unknown", None)),
        ),
        (201, &[], TEMPORARY.as_bytes(), None),
        (302, &[("location", "https://example.com/")], b"", None),
        (503, &[], b"<html>", None),
    ];
    for (status, headers, body, expected) in table {
        match receive(status, headers, body).unwrap_err() {
            FlowError::Refused {
                status: got,
                problem,
            } => {
                assert_eq!(got.as_u16(), status);
                let problem = problem.as_ref().map(|it| (it.name(), it.advice()));
                assert_eq!(problem, expected, "{status} {headers:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_problem_is_bounded_and_shown_harmlessly() {
    let body = format!(
        "oauth_problem={}&oauth_problem_advice=%1B%5B31m",
        "\u{e9}".repeat(1000)
    );
    let error = receive(401, &[], body.as_bytes()).unwrap_err();
    let FlowError::Refused {
        problem: Some(problem),
        ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert!(problem.name().len() < 1_000);
    assert!(!error.to_string().contains('\u{1b}'), "{error:?}");
}

#[test]
fn a_server_of_core_1_0_does_when_it_may() {
    let body = "oauth_token=for-now&oauth_token_secret=s";
    let client = client();
    let leg = |confirmation, callback| {
        let server = server().with_confirmation(confirmation);
        let start = Start::new(&server, &client, callback);
        start.request::<HmacSha1>().unwrap()
    };
    let authorize = answer(leg(Confirmation::Core10, "app:ready"), body).unwrap();
    assert!(
        authorize
            .url()
            .ends_with("?oauth_token=for-now&oauth_callback=app%3Aready")
    );
    assert!(authorize.callback_query("oauth_token=for-now").is_ok());
    let authorize = answer(leg(Confirmation::Core10, "oob"), body).unwrap();
    assert!(authorize.url().ends_with("?oauth_token=for-now"));
    assert!(authorize.verifier("").is_ok());

    // One that confirms is held to its word.
    let authorize = answer(leg(Confirmation::Core10, "app:ready"), TEMPORARY).unwrap();
    assert!(authorize.url().ends_with("?oauth_token=for-now"));
    let error = authorize.callback_query("oauth_token=for-now").unwrap_err();
    assert_eq!(error, CallbackError::Missing("oauth_verifier"));

    // Or it takes the callback later, and sends a verifier.
    let authorize = answer(leg(Confirmation::AtAuthorization, "app:ready"), body).unwrap();
    assert!(
        authorize
            .url()
            .ends_with("?oauth_token=for-now&oauth_callback=app%3Aready")
    );
    assert!(authorize.callback_query("oauth_token=for-now").is_err());
    let (_, pairs) = signed(
        leg(Confirmation::AtAuthorization, "app:ready").outgoing(),
        &SharedSecrets::of_client(HUSH),
    );
    assert_eq!(find(&pairs, "oauth_callback"), None);

    // And without a callback there is none to confirm, but a verifier all the same.
    let server = server().with_confirmation(Confirmation::None);
    let leg = Start::without_callback(&server, &client)
        .request::<HmacSha1>()
        .unwrap();
    let (_, pairs) = signed(leg.outgoing(), &SharedSecrets::of_client(HUSH));
    assert_eq!(find(&pairs, "oauth_callback"), None);
    let authorize = answer(leg, body).unwrap();
    assert!(authorize.verifier("1234").is_ok());
    assert!(authorize.verifier("").is_err());
}

#[test]
fn every_error_says_what_is_wrong() {
    let problem = problem("token_used");
    let status = StatusCode::UNAUTHORIZED;
    let errors = [
        (
            FlowError::Refused {
                status,
                problem: None,
            },
            "status 401",
        ),
        (
            FlowError::Refused { status, problem },
            "status 401: token_used",
        ),
        (FlowError::TooLong { limit: 7 }, "7 bytes"),
        (FlowError::NotUtf8, "UTF-8"),
        (FlowError::NotForm, "neither a form"),
        (FlowError::Missing("oauth_token"), "no oauth_token"),
        (FlowError::Duplicate("oauth_token"), "oauth_token twice"),
        (FlowError::Malformed("oauth_expires_in"), "oauth_expires_in"),
        (FlowError::NotConfirmed, "oauth_callback_confirmed=true"),
    ];
    for (error, text) in errors {
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.is_temporary());
    }
    for (status, is_temporary) in [
        (400, false),
        (401, false),
        (429, true),
        (500, true),
        (503, true),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let error = FlowError::Refused {
            status,
            problem: None,
        };
        assert_eq!(error.is_temporary(), is_temporary, "{status}");
    }
}

#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request got no response")
    }
}

impl core::error::Error for Broken {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&fmt::Error)
    }
}

#[test]
fn why_a_step_did_not_end_is_said_once() {
    use core::error::Error as _;

    // The message is that of what it holds, and so is its cause: whoever prints all of them prints
    // nothing twice.
    let sent = LegError::Send(Broken);
    assert_eq!(sent.to_string(), Broken.to_string());
    assert!(
        sent.source()
            .is_some_and(<dyn core::error::Error>::is::<fmt::Error>)
    );

    let missing = FlowError::Missing("oauth_token");
    let replied: LegError<Broken> = missing.clone().into();
    assert!(matches!(&replied, LegError::Reply(error) if *error == missing));
    assert_eq!(replied.to_string(), missing.to_string());
    assert!(replied.source().is_none());
}

#[test]
fn a_reply_is_an_object_and_says_so() {
    for text in ["[]", "1", "\"a\"", "null"] {
        let error = serde_json::from_str::<reply::Reply>(text).err().unwrap();
        assert!(error.to_string().contains("expected an object"), "{error}");
    }
}

#[test]
fn parameters_are_empty_where_there_are_none() {
    let granted = |text: &[u8]| Granted::from_text(text).unwrap();
    let none = granted(b"oauth_token=t&oauth_token_secret=s");
    assert!(none.parameters().is_empty());
    let some = granted(b"oauth_token=t&oauth_token_secret=s&user_id=1");
    assert!(!some.parameters().is_empty());
    assert_eq!(format!("{:?}", some.parameters()), "[\"user_id\"]");
}
