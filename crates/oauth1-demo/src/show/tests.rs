use super::*;

#[test]
fn secrets_are_hidden_and_pages_counted() {
    let message = "HTTP/1.1 200 OK\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                   Set-Cookie: warble=abc%3D; HttpOnly; SameSite=Lax; Path=/\r\nX-Other: 1\r\n\r\n\
                   oauth_token=t&oauth_token%5Fsecret=s3cret&user_id=1&password=p&secret=q";
    // Without the folds.
    let shown = message_lines(message.as_bytes()).concat();
    assert!(
        shown.contains("set-cookie: warble=(hidden); HttpOnly; SameSite=Lax; Path=/"),
        "{shown}"
    );
    assert!(
        shown.contains("oauth_token=t&oauth_token_secret=(hidden)&user_id=1"),
        "{shown}"
    );
    assert!(
        shown.contains("password=(hidden)&secret=(hidden)"),
        "{shown}"
    );
    assert!(shown.contains("(and 1 more headers)"), "{shown}");
    for secret in ["abc", "s3cret", "=p", "=q"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let page =
        "HTTP/1.1 201 Created\r\ncontent-type: text/html; charset=utf-8\r\n\r\n<b>secret</b>";
    let shown = message_lines(page.as_bytes()).join("\n");
    assert!(
        shown.ends_with("(13 bytes of HTML)") && !shown.contains("<b>"),
        "{shown}"
    );
}

#[test]
fn what_goes_wrong_is_noticed_and_counted() {
    let show = Show { colour: false };
    let lesson = Lesson {
        title: "A step",
        text: "It says something.",
    };
    let error = anyhow::anyhow!("the answer is 500");
    let text = show.step(1, &lesson, &[], Outcome::Refused, Some(&error));
    assert!(
        text.contains("NOT as expected: the answer is 500."),
        "{text}"
    );
    let mut tally = Tally::default();
    tally.count(Outcome::Refused, false);
    tally.count(Outcome::Refused, true);
    tally.count(Outcome::Done, true);
    assert_eq!((tally.done, tally.refused, tally.unexpected), (1, 1, 1));
    assert!(
        show.closing(tally)
            .starts_with("1 of 3 steps NOT as expected")
    );
}
