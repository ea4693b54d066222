use super::*;

const CALLBACK: &str = "https://printer.example/ready?id=7";

fn consent(callback: &str) -> Consent {
    let asked = AuthorizationRequest::read(b"oauth_token=temp&lang=en").unwrap();
    assert_eq!(asked.identifier(), "temp");
    asked
        .found(Some(Pending::new(callback, LATER)), NOW)
        .unwrap()
}

#[test]
fn the_owner_comes_with_one_identifier() {
    let absent = Refusal::ParameterAbsent("oauth_token");
    let rejected = Refusal::ParameterRejected("oauth_token");
    let long = format!("oauth_token={}", "x".repeat(1_025));
    let table: &[(&[u8], Refusal)] = &[
        (b"", absent),
        (b"token=temp", absent),
        (b"oauth_token=", rejected),
        (b"oauth_token=a&oauth_token=a", rejected),
        (b"oauth_token=a&oauth%5Ftoken=b", rejected),
        (b"oauth_token=%ff", rejected),
        (b"oauth_token=a%0d%0ab", rejected),
        (long.as_bytes(), rejected),
    ];
    for (query, refusal) in table {
        assert_eq!(
            AuthorizationRequest::read(query).unwrap_err(),
            *refusal,
            "{query:?}"
        );
    }
}

#[test]
fn what_cannot_be_decided_on() {
    let pending = Pending::new("oob", NOW);
    let after = Timestamp::from_unix_seconds(NOW.unix_seconds() + 1);
    let table = [
        (None, NOW, Some(Refusal::TemporaryUnknown)),
        (Some(pending), NOW, None),
        (Some(pending), after, Some(Refusal::TemporaryUnknown)),
        (
            Some(pending.decided(true)),
            NOW,
            Some(Refusal::AlreadyDecided),
        ),
    ];
    for (pending, now, refusal) in table {
        let asked = AuthorizationRequest::read(b"oauth_token=temp").unwrap();
        assert_eq!(asked.found(pending, now).err(), refusal);
    }
}

#[test]
fn an_approval_leads_back_with_the_verifier() {
    let approval = consent(CALLBACK).approve([9; 20]);
    assert_eq!(approval.identifier(), "temp");
    let verifier = String::from(approval.verifier().expose());
    assert_eq!(verifier.len(), 32);
    let Ok(Outcome::Redirect(uri)) = approval.recorded(Decided::Recorded) else {
        panic!("no redirect");
    };
    assert_eq!(
        uri,
        format!("{CALLBACK}&oauth_token=temp&oauth_verifier={verifier}")
    );
}

#[test]
fn a_denial_leads_back_with_the_problem() {
    let denial = consent(CALLBACK).deny();
    assert_eq!(denial.identifier(), "temp");
    let Ok(Outcome::Redirect(uri)) = denial.recorded(Decided::Recorded) else {
        panic!("no redirect");
    };
    assert_eq!(
        uri,
        format!("{CALLBACK}&oauth_token=temp&oauth_problem=user_refused")
    );
}

#[test]
fn without_a_callback_the_verifier_is_short_and_shown() {
    let approval = consent("oob").approve([9; 20]);
    let Ok(Outcome::ShowVerifier(verifier)) = approval.recorded(Decided::Recorded) else {
        panic!("nothing to show");
    };
    assert_eq!(verifier.expose(), Verifier::to_type([9; 5]).expose());
    let denied = consent("oob").deny().recorded(Decided::Recorded);
    assert!(matches!(denied, Ok(Outcome::ShowDenial)));
}

#[test]
fn a_decision_that_was_not_recorded_is_told_to_nobody() {
    let table = [
        (Decided::TooLate, Refusal::AlreadyDecided),
        (Decided::Unknown, Refusal::TemporaryUnknown),
    ];
    for (decided, refusal) in table {
        for callback in [CALLBACK, "oob"] {
            let approval = consent(callback).approve([9; 20]);
            assert_eq!(approval.recorded(decided).unwrap_err(), refusal);
            assert_eq!(
                consent(callback).deny().recorded(decided).unwrap_err(),
                refusal
            );
        }
    }
}

#[test]
fn consent_and_outcome_tell_whom_it_is_about_and_no_verifier() {
    let consent = consent("oob");
    assert_eq!(consent.identifier(), "temp");
    let shown = consent.clone().approve([9; 20]).recorded(Decided::Recorded);
    assert_eq!(format!("{:?}", shown.unwrap()), "ShowVerifier(..)");
    let denied = consent.deny().recorded(Decided::Recorded).unwrap();
    assert_eq!(format!("{denied:?}"), "ShowDenial");
    let outcome = self::consent(CALLBACK).approve([9; 20]);
    let outcome = outcome.recorded(Decided::Recorded).unwrap();
    assert_eq!(format!("{outcome:?}"), "Redirect(..)");
}
