use super::*;

#[test]
fn every_random_bit_is_in_what_is_given_out() {
    let identifiers = |random| {
        let new = NewCredentials::from_bytes(random);
        (
            String::from(new.identifier()),
            String::from(new.secret().expose()),
        )
    };
    let zero = identifiers([0; 52]);
    for bit in 0..52 * 8 {
        let mut random = [0; 52];
        random[bit / 8] = 1 << (bit % 8);
        let other = identifiers(random);
        let changed = (zero.0 != other.0, zero.1 != other.1);
        assert_eq!(changed, (bit < 160, bit >= 160), "bit {bit}");
    }
    for bit in 0..160 {
        let mut random = [0; 20];
        random[bit / 8] = 1 << (bit % 8);
        assert_ne!(
            Verifier::from_bytes(random).expose(),
            Verifier::from_bytes([0; 20]).expose()
        );
        let handle = SessionHandle::from_bytes(random);
        assert_ne!(handle.expose(), SessionHandle::from_bytes([0; 20]).expose());
    }
}

#[test]
fn what_is_given_out_is_letters_and_digits_of_a_length() {
    let new = NewCredentials::from_bytes([0xA7; 52]);
    let verifier = Verifier::from_bytes([0x5B; 20]);
    let typed = Verifier::to_type([0xFF; 5]);
    let texts = [
        (new.identifier(), 32),
        (new.secret().expose(), 52),
        (verifier.expose(), 32),
        (typed.expose(), 8),
    ];
    for (text, length) in texts {
        assert_eq!(text.len(), length);
        assert!(
            text.bytes()
                .all(|byte| b"abcdefghijkmnpqrstuvwxyz23456789".contains(&byte))
        );
    }
}

#[test]
fn replies_are_forms() {
    let new = NewCredentials::from_bytes([0; 52]);
    let (identifier, secret) = ("a".repeat(32), "a".repeat(52));
    let credentials = format!("oauth_token={identifier}&oauth_token_secret={secret}");
    assert_eq!(
        new.temporary_reply().expose(),
        format!("{credentials}&oauth_callback_confirmed=true"),
    );
    let handle = SessionHandle::from_stored(String::from("h&=é"));
    let reply = TokenReply::new(&new)
        .with_expiry(LATER, NOW)
        .with_session(&handle, NOW, LATER)
        .with_xauth_expiry(None)
        .with_extra("user_id", "7")
        .with_extra("screen name", "jane & joe");
    assert_eq!(
        reply.write().expose(),
        format!(
            "{credentials}&oauth_expires_in=600&oauth_session_handle=h%26%3D%C3%A9\
             &oauth_authorization_expires_in=0&x_auth_expires=0&user_id=7\
             &screen%20name=jane%20%26%20joe"
        ),
    );
    let reply = TokenReply::new(&new).with_xauth_expiry(Some(NOW)).write();
    assert!(reply.expose().ends_with("&x_auth_expires=137131200"));
}

#[test]
fn no_secret_shows_in_debug() {
    let new = NewCredentials::from_bytes([0; 52]);
    let verifier = Verifier::from_bytes([0; 20]);
    let shown = [
        format!("{new:?}"),
        format!("{:?}", new.temporary_reply()),
        format!("{:?}", TokenReply::new(&new)),
        format!("{:?}", SessionHandle::from_bytes([0; 20])),
        format!("{verifier:?}"),
        format!("{:?}", Outcome::ShowVerifier(verifier.clone())),
        format!("{:?}", Outcome::Redirect(String::from(verifier.expose()))),
    ];
    for (at, text) in shown.iter().enumerate() {
        let text = text.replace(new.identifier(), "");
        assert!(!text.contains("aaaa"), "{at}: {text}");
        assert!(!text.is_empty(), "{at}");
    }
}
