//! What a search costs, and what ends it.

use super::*;

fn long(parameters: usize) -> Asked {
    let query: Vec<String> = (0..parameters)
        .map(|at| format!("name{at}=a%20value+of%2C{at}~!"))
        .collect();
    let mut asked = Asked::get(&format!(
        "https://Api.example.com:443/a%2Fb?{}",
        query.join("&")
    ));
    asked.params.push(("oauth_version".into(), "1.0".into()));
    asked
        .params
        .push(("oauth_callback".into(), "http://client.example.net/".into()));
    asked
}

fn signature() -> Expected<'static> {
    Expected::NONE.with_signature("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
}

#[test]
fn a_request_of_twenty_parameters_is_searched_to_the_end() {
    let found = long(13).explain(&signature(), &Limits::PERSON);
    assert!(!found.is_found() && found.is_complete());
    assert!(
        (10_000..200_000).contains(&found.tried()),
        "{}",
        found.tried()
    );
    assert!(found.advice().starts_with("A wrong secret is most likely"));
    let server = long(13).explain(&signature(), &Limits::SERVER);
    assert!(server.tried() < found.tried() / 5, "{}", server.tried());
}

#[test]
fn limits_end_a_search_and_refuse_what_is_larger() {
    let limits = Limits {
        work_bytes: 100_000,
        ..Limits::PERSON
    };
    let found = long(13).explain(&signature(), &limits);
    assert!(!found.is_complete() && !found.is_found() && found.tried() < 200);

    // The worst that is let in ends too, and soon.
    let mut worst = long(480);
    worst.url = worst.url.replace("name", "n");
    let found = worst.explain(
        &signature(),
        &Limits {
            parameters: 512,
            ..Limits::SERVER
        },
    );
    assert!(!found.is_complete());

    let refused = |asked: &Asked| {
        asked.ask(|question, keys| {
            question
                .explain(keys, &signature(), &Limits::SERVER)
                .unwrap_err()
        })
    };
    assert_eq!(refused(&long(257)), TooLarge::Parameters);
    let mut asked = Asked::get("https://api.example.com/");
    asked.body = Some("x".repeat(70_000));
    assert_eq!(refused(&asked), TooLarge::Bytes(64 << 10));
    assert!(refused(&asked).to_string().contains("65536 bytes"));
}

#[test]
fn nothing_is_tried_twice_and_nothing_without_a_question() {
    // The only parameter besides is sorted in one way.
    let found = Asked::get("https://a.example/").explain(&signature(), &Limits::PERSON);
    let again = Asked::get("https://a.example/").explain(&signature(), &Limits::PERSON);
    assert_eq!(found.tried(), again.tried());
    let found = Asked::get("https://a.example/").explain(&Expected::NONE, &Limits::PERSON);
    assert!(!found.is_found() && !found.matches());
    assert_eq!(found.tried(), 0);
    let unknown = Asked::get("https://a.example/").ask(|question, _| {
        question
            .explain(&Keys::UNKNOWN, &signature(), &Limits::PERSON)
            .unwrap()
    });
    assert_eq!((unknown.is_found(), unknown.tried()), (false, 0));
}

#[test]
fn strange_expectations_are_answered() {
    let asked = long(3);
    for base_string in [
        &b""[..],
        b"&",
        b"&&",
        b"GET",
        b"\xFF&\xFF&\xFF",
        b"&&%26%26",
        b"%%%&%&%2",
    ] {
        let expected = Expected::NONE.with_base_string(base_string);
        let found = asked.explain(&expected, &Limits::SERVER);
        assert!(!found.is_found());
        drop((found.first_difference(), found.differences()));
    }
    let found = asked.explain(&Expected::NONE.with_signature("%"), &Limits::SERVER);
    assert!(!found.is_found());
}
