//! The names of the Problem Reporting extension.

use core::fmt;

macro_rules! codes {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// The value of `oauth_problem`, by the names of the Problem Reporting extension.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $name, "`: ", $meaning, ".")]
                $variant,
            )*
            /// Another word, of the server's own.
            Unknown,
        }

        impl Code {
            /// Every one that has a name.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire; `unknown` for [`Code::Unknown`].
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Unknown => "unknown",
                }
            }

            /// What it means for a client, and what to do.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                    Self::Unknown => "the server has a word of its own for it: see its documentation",
                }
            }
        }
    };
}

codes! {
    VersionRejected "version_rejected"
        "the server does not take this oauth_version"
    ParameterAbsent "parameter_absent"
        "the server misses parameters"
    ParameterRejected "parameter_rejected"
        "the server refuses parameters: look at their values and whether one is there twice"
    TimestampRefused "timestamp_refused"
        "the timestamp is too far from the server's clock: set the clock, or let it be corrected"
    NonceUsed "nonce_used"
        "the request was seen before: sign each attempt afresh, and let no proxy send one twice"
    SignatureMethodRejected "signature_method_rejected"
        "the server does not take this signature method: choose one that its documentation names"
    SignatureInvalid "signature_invalid"
        "the signature is not the one the server computes: compare base strings and check both secrets"
    ConsumerKeyUnknown "consumer_key_unknown"
        "the server does not know the client: check its identifier"
    ConsumerKeyRejected "consumer_key_rejected"
        "the server refuses the client: ask its operator"
    ConsumerKeyRefused "consumer_key_refused"
        "the server refuses the client for now: try later"
    TokenUsed "token_used"
        "the temporary credentials were used before: ask for new ones"
    TokenExpired "token_expired"
        "the token has expired: renew it, or ask the resource owner again"
    TokenRevoked "token_revoked"
        "the resource owner has taken the token back: ask again"
    TokenRejected "token_rejected"
        "the server refuses the token: check it, or ask the resource owner again"
    AdditionalAuthorizationRequired "additional_authorization_required"
        "the resource owner must allow more: send them to the authorization page"
    PermissionUnknown "permission_unknown"
        "the resource owner has not decided yet: try again once they have"
    PermissionDenied "permission_denied"
        "the resource owner or the server does not allow it: do not try again"
    UserRefused "user_refused"
        "the resource owner said no"
    VerifierInvalid "verifier_invalid"
        "the verifier is not the one the resource owner was given: ask again"
}

impl Code {
    /// From what a server wrote. Some write spaces, hyphens or capitals, which say the same.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let plain = |byte: u8| match byte {
            b' ' | b'-' => b'_',
            other => other.to_ascii_lowercase(),
        };
        let is = |code: &Self| name.bytes().map(plain).eq(code.as_str().bytes());
        Self::ALL.iter().copied().find(is).unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
