//! The list: each case and its answer.

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attack {
    /// A request for temporary credentials with this callback, signed as it should be.
    Callback(&'static str),
    NoCallback,
    UnknownClient,
    /// `oauth_token` with this value and a made-up secret, at a path.
    UnknownToken(&'static str, &'static str),
    /// The client's request, keyed with the token's secret as well.
    SignedWithTokenSecret(&'static str),
    /// An RSA client, attacked with HMAC and this key.
    RsaClientWithHmac(HmacKey),
    SharedClientWithRsa,
    MethodNotAllowed,
    /// The raw value, percent-encoded, of a parameter of the header.
    RawParameter(&'static str, &'static str),
    ExchangeByAnotherClient,
    ResourceByAnotherClient,
    TemporaryAsToken,
    TemporaryToRevoke,
    TokenAsTemporary,
    UsedTwice,
    AfterItsTime,
    Verifier(Option<&'static str>),
    VerifierOfAnother,
    VerifierReused,
    GuessedFiveTimes,
    /// The attacker began; the victim was sent to the page and approved.
    Fixation,
    /// A decision posted with these changes to what the page sends.
    Forged(Forgery),
    SubmittedTwice,
    DeniedThenApproved,
    ApprovedThenDenied,
    Framed,
    OverHttp(&'static str),
    LoopbackWhereTlsIsDemanded,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum HmacKey {
    Pem,
    Der,
    Empty,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Forgery {
    WithoutToken,
    TokenOfAnotherSession,
    TokenOfAnotherRequest,
    FromAnotherSite,
    SignedOut,
    WithoutDecision,
    BothDecisions,
    NotAForm,
    TooLong,
}

/// The line of the list, what is tried, and the answer: status and `oauth_problem`.
type Case = (u8, &'static str, Attack, u16, &'static str);

pub(super) const INITIATE: &str = "/oauth/initiate";
pub(super) const TOKEN: &str = "/oauth/token";
pub(super) const REVOKE: &str = "/oauth/revoke";
pub(super) const PHOTOS: &str = "/photos";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    (46, "unknown client", Attack::UnknownClient, 401, "signature_invalid"),
    (47, "unknown token at the token endpoint", Attack::UnknownToken(TOKEN, "nobody"), 401, "signature_invalid"),
    (47, "unknown token to revoke", Attack::UnknownToken(REVOKE, "nobody"), 401, "signature_invalid"),
    (47, "unknown token for temporary credentials", Attack::UnknownToken(INITIATE, "nobody"), 401, "signature_invalid"),
    (48, "request for temporary credentials signed with a token's secret", Attack::SignedWithTokenSecret(INITIATE), 401, "signature_invalid"),
    (48, "two-legged request signed with a token's secret", Attack::SignedWithTokenSecret(PHOTOS), 401, "signature_invalid"),
    (53, "RSA client, HMAC keyed by the PEM", Attack::RsaClientWithHmac(HmacKey::Pem), 401, "signature_invalid"),
    (53, "RSA client, HMAC keyed by the DER", Attack::RsaClientWithHmac(HmacKey::Der), 401, "signature_invalid"),
    (53, "RSA client, HMAC keyed by nothing", Attack::RsaClientWithHmac(HmacKey::Empty), 401, "signature_invalid"),
    (54, "client with a secret, RSA", Attack::SharedClientWithRsa, 401, "signature_invalid"),
    (55, "a method that the policy does not allow", Attack::MethodNotAllowed, 400, "signature_method_rejected"),
    (58, "CR LF in the callback", Attack::Callback("https://printer.example/ready\r\nSet-Cookie: a=b"), 400, "parameter_rejected"),
    (58, "NUL in the callback", Attack::Callback("https://printer.example/ready\0"), 400, "parameter_rejected"),
    (58, "CR LF in the token", Attack::RawParameter("oauth_token", "a%0D%0Ab"), 400, "parameter_rejected"),
    (58, "NUL in the verifier", Attack::RawParameter("oauth_verifier", "a%00"), 400, "parameter_rejected"),
    (58, "CR LF in the client", Attack::RawParameter("oauth_consumer_key", "a%0D%0ab"), 400, "parameter_rejected"),
    (59, "temporary credentials of another client", Attack::ExchangeByAnotherClient, 401, "signature_invalid"),
    (59, "token of another client", Attack::ResourceByAnotherClient, 401, "signature_invalid"),
    (60, "temporary credentials as a token", Attack::TemporaryAsToken, 401, "signature_invalid"),
    (60, "temporary credentials to revoke", Attack::TemporaryToRevoke, 401, "signature_invalid"),
    (60, "token as temporary credentials", Attack::TokenAsTemporary, 401, "signature_invalid"),
    (61, "temporary credentials used twice", Attack::UsedTwice, 401, "signature_invalid"),
    (61, "after their time", Attack::AfterItsTime, 401, "signature_invalid"),
    (61, "wrong verifier", Attack::Verifier(Some("abcdefgh")), 401, "parameter_rejected"),
    (61, "no verifier", Attack::Verifier(None), 401, "parameter_absent"),
    (61, "empty verifier", Attack::Verifier(Some("")), 401, "parameter_absent"),
    (62, "no callback", Attack::NoCallback, 400, "parameter_absent"),
    (62, "empty", Attack::Callback(""), 400, "parameter_rejected"),
    (62, "relative", Attack::Callback("/ready"), 400, "parameter_rejected"),
    (62, "without a scheme", Attack::Callback("//printer.example/ready"), 400, "parameter_rejected"),
    (62, "oob in capitals", Attack::Callback("OOB"), 400, "parameter_rejected"),
    (62, "javascript:", Attack::Callback("javascript:alert(document.domain)"), 400, "parameter_rejected"),
    (62, "data:", Attack::Callback("data:text/html,x"), 400, "parameter_rejected"),
    (62, "http", Attack::Callback("http://printer.example/ready"), 400, "parameter_rejected"),
    (62, "the scheme of an application that is not registered", Attack::Callback("printer:/ready"), 400, "parameter_rejected"),
    (62, "another host", Attack::Callback("https://evil.example/ready"), 400, "parameter_rejected"),
    (62, "the host as the start of another", Attack::Callback("https://printer.example.evil.example/ready"), 400, "parameter_rejected"),
    (62, "the host as the user of another", Attack::Callback("https://printer.example@evil.example/ready"), 400, "parameter_rejected"),
    (62, "the host and a port as the user of another", Attack::Callback("https://printer.example:443@evil.example/ready"), 400, "parameter_rejected"),
    (62, "a backslash", Attack::Callback("https://evil.example\\@printer.example/ready"), 400, "parameter_rejected"),
    (62, "a subdomain", Attack::Callback("https://evil.printer.example/ready"), 400, "parameter_rejected"),
    (62, "a dot at the end", Attack::Callback("https://printer.example./ready"), 400, "parameter_rejected"),
    (62, "another port", Attack::Callback("https://printer.example:8443/ready"), 400, "parameter_rejected"),
    (62, "another path", Attack::Callback("https://printer.example/ready2"), 400, "parameter_rejected"),
    (62, "out of the path", Attack::Callback("https://printer.example/ready/../evil"), 400, "parameter_rejected"),
    (62, "out of the path, encoded", Attack::Callback("https://printer.example/ready/%2e%2e/evil"), 400, "parameter_rejected"),
    (62, "out of the path, slash encoded", Attack::Callback("https://printer.example/ready/..%2Fevil"), 400, "parameter_rejected"),
    (62, "with a fragment", Attack::Callback("https://printer.example/ready#x"), 400, "parameter_rejected"),
    (62, "with a verifier of its own", Attack::Callback("https://printer.example/ready?oauth_verifier=x"), 400, "parameter_rejected"),
    (63, "session fixation: the attacker has no verifier", Attack::Fixation, 401, "parameter_rejected"),
    (64, "forged without the token of the page", Attack::Forged(Forgery::WithoutToken), 403, ""),
    (64, "forged with the token of another session", Attack::Forged(Forgery::TokenOfAnotherSession), 403, ""),
    (64, "forged with the token of another request", Attack::Forged(Forgery::TokenOfAnotherRequest), 403, ""),
    (64, "posted from another site", Attack::Forged(Forgery::FromAnotherSite), 403, ""),
    (64, "posted by nobody", Attack::Forged(Forgery::SignedOut), 303, ""),
    (64, "without a decision", Attack::Forged(Forgery::WithoutDecision), 400, ""),
    (64, "with both decisions", Attack::Forged(Forgery::BothDecisions), 400, ""),
    (64, "not a form", Attack::Forged(Forgery::NotAForm), 415, ""),
    (64, "a form without end", Attack::Forged(Forgery::TooLong), 413, ""),
    (64, "framed", Attack::Framed, 200, ""),
    (64, "submitted twice", Attack::SubmittedTwice, 409, ""),
    (64, "denied, then approved", Attack::DeniedThenApproved, 409, ""),
    (64, "approved, then denied", Attack::ApprovedThenDenied, 409, ""),
    (89, "verifier guessed until they are gone", Attack::GuessedFiveTimes, 401, "signature_invalid"),
    (89, "verifier reused for others", Attack::VerifierReused, 401, "parameter_rejected"),
    (89, "verifier of other temporary credentials", Attack::VerifierOfAnother, 401, "parameter_rejected"),
    (91, "temporary credentials over http", Attack::OverHttp(INITIATE), 403, "parameter_rejected"),
    (91, "token credentials over http", Attack::OverHttp(TOKEN), 403, "parameter_rejected"),
    (91, "revocation over http", Attack::OverHttp(REVOKE), 403, "parameter_rejected"),
    (91, "authorization over http", Attack::OverHttp("/oauth/authorize"), 403, "parameter_rejected"),
    (91, "loopback without TLS that nobody switched off", Attack::LoopbackWhereTlsIsDemanded, 403, "parameter_rejected"),
];
