extern crate alloc;

use alloc::{format, string::ToString, vec::Vec};

use super::*;

mod writing;

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

fn parse(header: &[u8]) -> AuthorizationHeader<'_> {
    AuthorizationHeader::parse(header).unwrap()
}

fn pairs(header: &[u8]) -> Result<Pairs, HeaderError> {
    let mut pairs = Vec::new();
    for parameter in parse(header).parameters() {
        if let HeaderParameter::Pair { name, value } = parameter? {
            pairs.push((name.bytes().collect(), value.bytes().collect()));
        }
    }
    Ok(pairs)
}

fn realm(header: &[u8]) -> Realm<'_> {
    let mut parameters = parse(header).parameters();
    match parameters.next() {
        Some(Ok(HeaderParameter::Realm(realm))) => realm,
        other => panic!("{other:?}"),
    }
}

fn ab_cd() -> Pairs {
    [("a", "b"), ("c", "d")]
        .map(|(name, value)| (name.into(), value.into()))
        .into()
}

#[test]
fn the_scheme_is_oauth_in_any_case_and_nothing_that_begins_like_it() {
    let headers: [&[u8]; 9] = [
        b"OAuth",
        b"OAuth ",
        b"OAuth\t",
        b"OAuth a=\"b\"",
        b"oauth a",
        b"OAUTH\ta",
        b"oAuTh  \t a",
        b" \tOAuth a",
        b"OAuth\r\n a",
    ];
    for header in headers {
        let parsed = parse(header);
        assert!(
            parsed.scheme().eq_ignore_ascii_case(b"OAuth"),
            "{}",
            header.escape_ascii()
        );
    }
    assert_eq!(parse(b" oAuTH x").scheme(), b"oAuTH");
    let others: [&[u8]; 17] = [
        b"",
        b" ",
        b"OAut",
        b"OAut h",
        b"OAuthX a=\"b\"",
        b"OAuth2 a=\"b\"",
        b"OAuth,a=\"b\"",
        b"OAuth=\"b\"",
        b"OAuth\"a\"",
        b"OAuth\0a",
        b"OAuth\ra",
        b"OAuth\na",
        b"OAuth\r\na",
        b"XOAuth a=\"b\"",
        b"Bearer OAuth",
        b"\xffOAuth ",
        "OAuth\u{a0}a".as_bytes(),
    ];
    for header in others {
        assert!(
            AuthorizationHeader::parse(header).is_none(),
            "{}",
            header.escape_ascii()
        );
    }
}

#[test]
fn white_space_folded_lines_and_empty_elements_separate_nothing_but_parameters() {
    let headers: [&[u8]; 9] = [
        br#"OAuth a="b", c="d""#,
        br#"OAuth a="b",c="d""#,
        b"OAuth\ta=\"b\" \t,\t c=\"d\" \t",
        br#"OAuth ,a="b",,, ,c="d",,"#,
        br#"OAuth , , a="b", c="d" , "#,
        br#"OAuth a = "b", c	=	"d""#,
        b"OAuth a=\"b\",\r\n c=\"d\"",
        b"OAuth\r\n\ta=\"b\"\r\n ,\r\n\tc\r\n =\r\n \"d\"\r\n ",
        b"  OAuth   a=\"b\",   c=\"d\"",
    ];
    for header in headers {
        assert_eq!(pairs(header), Ok(ab_cd()), "{}", header.escape_ascii());
    }
}

#[test]
fn a_header_may_have_no_parameters() {
    let headers: [&[u8]; 6] = [
        b"OAuth",
        b"OAuth ",
        b"OAuth\t",
        b"OAuth ,",
        b"OAuth , ,\t,",
        b"OAuth \r\n ",
    ];
    for header in headers {
        assert_eq!(pairs(header), Ok(Vec::new()), "{}", header.escape_ascii());
    }
}

#[test]
fn names_and_values_are_percent_decoded_and_a_plus_stays() {
    let header = br#"OAuth %61%2f="%41+b%2B", a!#$&'*+.^_`|~="(),/:;<=>?@[]{} ", b="""#;
    let expected: [(&[u8], &[u8]); 3] = [
        (b"a/", b"A+b+"),
        (b"a!#$&'*+.^_`|~", b"(),/:;<=>?@[]{} "),
        (b"b", b""),
    ];
    assert_eq!(
        pairs(header),
        Ok(expected
            .map(|(name, value)| (name.into(), value.into()))
            .into())
    );
}

#[test]
fn a_value_may_hold_bytes_that_are_no_text() {
    assert_eq!(
        pairs(b"OAuth a=\"\xff%FF\""),
        Ok([(b"a".to_vec(), b"\xff\xff".to_vec())].into())
    );
    assert_eq!(
        pairs("OAuth a=\"\u{e9}\"".as_bytes()),
        Ok([(b"a".to_vec(), "\u{e9}".into())].into())
    );
}

#[test]
fn parameters_may_stand_there_twice_and_keep_their_order() {
    let names: Vec<_> = pairs(br#"OAuth b="", a="", b="""#).unwrap();
    let names: Vec<_> = names.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [b"b", b"a", b"b"]);
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    use HeaderErrorKind::{
        BrokenEscape, Character, Name, NoValue, Separator, Unquoted, Unterminated,
    };
    let cases: [(&[u8], _, _); 44] = [
        (b"OAuth =\"b\"", Name, 6),
        (b"OAuth \"a\"=\"b\"", Name, 6),
        (b"OAuth (a)=\"b\"", Name, 6),
        (b"OAuth \xff=\"b\"", Name, 6),
        (b"OAuth \ra=\"b\"", Name, 6),
        (b"OAuth \n a=\"b\"", Name, 6),
        (b"OAuth \0", Name, 6),
        (b"OAuth a=\"b\", =\"c\"", Name, 13),
        (b"OAuth a=\"b\",\r\nc=\"d\"", Name, 12),
        (b"OAuth a=\"b\",;c=\"d\"", Name, 12),
        (b"OAuth a", NoValue, 7),
        (b"OAuth a ", NoValue, 8),
        (b"OAuth this is bad", NoValue, 11),
        (b"OAuth a, b=\"c\"", NoValue, 7),
        (b"OAuth a\"b\"", NoValue, 7),
        (b"OAuth a:b", NoValue, 7),
        (b"OAuth a\xff=\"b\"", NoValue, 7),
        (b"OAuth a=", Unquoted, 8),
        (b"OAuth a=b", Unquoted, 8),
        (b"OAuth a=, b=\"c\"", Unquoted, 8),
        (b"OAuth a = b", Unquoted, 10),
        (b"OAuth a='b'", Unquoted, 8),
        (b"OAuth a==\"b\"", Unquoted, 8),
        (b"OAuth realm=Photos", Unquoted, 12),
        (b"OAuth a=\"", Unterminated, 8),
        (b"OAuth a=\"b", Unterminated, 8),
        (b"OAuth a=\"b, c=", Unterminated, 8),
        (b"OAuth realm=\"b\\\"", Unterminated, 12),
        (b"OAuth a=\"b\nc\"", Character, 10),
        (b"OAuth a=\"b\r\n c\"", Character, 10),
        (b"OAuth a=\"b\tc\"", Character, 10),
        (b"OAuth a=\"\0\"", Character, 9),
        (b"OAuth a=\"\x7f\"", Character, 9),
        (b"OAuth a=\"b\\\"c\"", Character, 10),
        (b"OAuth realm=\"a\nb\"", Character, 14),
        (b"OAuth realm=\"a\\\nb\"", Character, 15),
        (b"OAuth realm=\"b\\", Character, 15),
        (b"OAuth a=\"%4\"", BrokenEscape, 9),
        (b"OAuth a=\"b%zz%\"", BrokenEscape, 10),
        (b"OAuth b=\"%41\", %a=\"%4\"", BrokenEscape, 15),
        (b"OAuth a=\"b\" c=\"d\"", Separator, 12),
        (b"OAuth a=\"b\"c=\"d\"", Separator, 11),
        (b"OAuth a=\"b\";c=\"d\"", Separator, 11),
        (b"OAuth realm=\"b\" \"", Separator, 16),
    ];
    for (header, kind, offset) in cases {
        let error = pairs(header).unwrap_err();
        assert_eq!(
            (error.kind(), error.offset()),
            (kind, offset),
            "{}",
            header.escape_ascii()
        );
    }
}

#[test]
fn after_an_error_there_is_nothing_more() {
    for broken in [
        "c",
        "c=d",
        "c=\"%2\"",
        "%zz=\"d\"",
        "=\"\"",
        "c=\"d\" e=\"\"",
    ] {
        let header = format!("OAuth a=\"b\", {broken}, d=\"e\", f=\"g\"");
        let mut parameters = parse(header.as_bytes()).parameters();
        let before_error = parameters.by_ref().take_while(Result::is_ok).count();
        assert!((1..=2).contains(&before_error), "{header}");
        assert!(parameters.next().is_none(), "{header}");
        assert!(parameters.next().is_none(), "{header}");
    }
}

#[test]
fn the_realm_is_told_from_other_names_in_any_case() {
    for header in [
        r#"OAuth realm="Photos""#,
        r#"OAuth Realm="Photos""#,
        r#"OAuth REALM = "Photos""#,
    ] {
        assert!(realm(header.as_bytes()) == *"Photos");
        assert_eq!(pairs(header.as_bytes()), Ok(Vec::new()));
    }
    for name in ["xrealm", "realms", "realm_", "real", "r%65alm"] {
        let header = format!(r#"OAuth {name}="Photos""#);
        assert_eq!(pairs(header.as_bytes()).unwrap().len(), 1, "{name}");
    }
}

#[test]
fn a_realm_is_a_quoted_string_and_not_percent_encoded() {
    let cases = [
        (r"", r"", ""),
        (r"a%20b+c%zz", r"a%20b+c%zz", "a%20b+c%zz"),
        (r#"a \"b\", c"#, r#"a \"b\", c"#, r#"a "b", c"#),
        (r"\\", r"\\", r"\"),
        (r#"\\\""#, r#"\\\""#, r#"\""#),
        (r"\a\b", r"\a\b", "ab"),
        (r"\é☃\\é", r"\é☃\\é", r"é☃\é"),
    ];
    for (text, raw, shown) in cases {
        let header = format!("OAuth realm=\"{text}\", a=\"b\"");
        let realm = realm(header.as_bytes());
        assert_eq!(realm.raw(), raw.as_bytes());
        assert_eq!(realm.to_string(), shown);
        assert_eq!(realm.bytes().collect::<Vec<_>>(), shown.as_bytes());
        assert!(realm == *shown);
        assert!(realm != *"another");
        assert_eq!(pairs(header.as_bytes()).unwrap().len(), 1);
    }
}

#[test]
fn a_realm_that_is_no_text_is_shown_with_what_is_text() {
    let shown = |header: &[u8]| {
        let realm = realm(header);
        (realm.to_string(), format!("{realm:?}"))
    };
    let expected = ("a\u{fffd}b".into(), r#"Realm("a\xffb")"#.into());
    assert_eq!(shown(b"OAuth realm=\"a\xffb\""), expected);
    let expected = (
        "\u{fffd}\u{fffd}\"\\".into(),
        r#"Realm("\xc3\xff\\\"\\\\")"#.into(),
    );
    assert_eq!(shown(b"OAuth realm=\"\xc3\xff\\\"\\\\\""), expected);
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    use HeaderErrorKind::{
        BrokenEscape, Character, Name, NoValue, Separator, Unquoted, Unterminated,
    };
    let cases = [
        (Name, "a parameter name was expected"),
        (NoValue, "a parameter name is not followed by \"=\""),
        (Unquoted, "a parameter value is not in double quotes"),
        (Unterminated, "a double quote is never closed"),
        (Character, "a control character or a backslash in a value"),
        (
            BrokenEscape,
            "a \"%\" is not followed by two hexadecimal digits",
        ),
        (Separator, "two parameters have no comma between them"),
    ];
    for (kind, text) in cases {
        let shown = HeaderError::new(kind, 3).to_string();
        assert_eq!(shown, format!("{text} (at byte 3 of the header)"));
    }
}

#[test]
fn the_end_of_a_value_is_seen_wherever_it_stands() {
    for length in 1..28 {
        for at in 0..length {
            for byte in 0..=u8::MAX {
                let mut value = [b'a'; 28];
                value[at] = byte;
                let header = [b"OAuth a=\"", &value[..length], b"\""].concat();
                let found = pairs(&header).map_err(|error| (error.kind(), error.offset()));
                let expected = match byte {
                    b'"' if at + 1 == length => Err((HeaderErrorKind::Separator, 9 + length)),
                    b'"' => Err((HeaderErrorKind::Separator, 10 + at)),
                    b'\\' | 0..=31 | 127 => Err((HeaderErrorKind::Character, 9 + at)),
                    b'%' if at + 2 >= length => Err((HeaderErrorKind::BrokenEscape, 9 + at)),
                    b'%' => continue,
                    _ => Ok([(b"a".to_vec(), value[..length].to_vec())].into()),
                };
                assert_eq!(found, expected, "{}", header.escape_ascii());
            }
        }
    }
}
