//! What an answer that refuses says.

use super::*;

#[test]
fn a_challenge_names_the_parameters_that_the_problem_is_about() {
    for (refusal, problem, about) in [
        (
            Refusal::ParameterAbsent("oauth_callback"),
            "parameter_absent",
            ", oauth_parameters_absent=\"oauth_callback\"",
        ),
        (
            Refusal::ParameterRejected("x_auth_mode"),
            "parameter_rejected",
            ", oauth_parameters_rejected=\"x_auth_mode\"",
        ),
        (
            Refusal::Callback(CallbackError::NotRegistered),
            "parameter_rejected",
            ", oauth_parameters_rejected=\"oauth_callback\"",
        ),
        (
            Refusal::VerifierWrong,
            "parameter_rejected",
            ", oauth_parameters_rejected=\"oauth_verifier\"",
        ),
        (
            Refusal::RealmUnknown,
            "parameter_rejected",
            ", oauth_parameters_rejected=\"scope\"",
        ),
        (Refusal::Denied, "user_refused", ""),
    ] {
        assert_eq!(
            refusal.challenge("Photos"),
            format!("OAuth realm=\"Photos\", oauth_problem=\"{problem}\"{about}")
        );
    }
}
