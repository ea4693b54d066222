use super::*;

#[test]
fn a_form_is_told_by_its_media_type_in_any_case_and_with_any_parameters() {
    let forms: [&[u8]; 8] = [
        b"application/x-www-form-urlencoded",
        b"APPLICATION/X-WWW-FORM-URLENCODED",
        b"Application/x-WWW-Form-UrlEncoded; charset=UTF-8",
        b"application/x-www-form-urlencoded;charset=utf-8",
        b"application/x-www-form-urlencoded ; charset=\"a;b\"",
        b" \tapplication/x-www-form-urlencoded \t",
        b"application/x-www-form-urlencoded;",
        b"application/x-www-form-urlencoded; \xff",
    ];
    for form in forms {
        assert!(is_form(form), "{}", form.escape_ascii());
    }
}

#[test]
fn nothing_else_is_a_form() {
    let others: [&[u8]; 14] = [
        b"",
        b";",
        b"text/plain",
        b"application/json",
        b"multipart/form-data; boundary=application/x-www-form-urlencoded",
        b"application/x-www-form-urlencoded+xml",
        b"application/x-www-form-urlencode",
        b"application/x-www-form-urlencodedd",
        b"application / x-www-form-urlencoded",
        b"x-www-form-urlencoded",
        b"text/plain; application/x-www-form-urlencoded",
        b"application/x-www-form-urlencoded, text/plain",
        b"application/x-www-form-urlencoded charset=UTF-8",
        b"\"application/x-www-form-urlencoded\"",
    ];
    for other in others {
        assert!(!is_form(other), "{}", other.escape_ascii());
    }
}

#[test]
fn the_type_that_is_sent_is_read_as_a_form() {
    assert!(is_form(FORM.as_bytes()));
}
