//! The resource owner's authorization (RFC 5849 section 2.2).

use alloc::string::String;
use core::fmt;

use super::{Callback, Refusal, Verifier, text};
use crate::{form, stamp::Timestamp};

/// The longest identifier that is looked up: those that are given out have 32 bytes.
const LONGEST: usize = 1_024;

/// An owner comes with the identifier of temporary credentials. Who the owner is, the application
/// finds out before it goes on.
#[derive(Clone, Debug)]
#[must_use = "the temporary credentials are to be looked up"]
pub struct AuthorizationRequest {
    identifier: String,
}

impl AuthorizationRequest {
    /// Reads `oauth_token` from a query, or from the form of a decision.
    ///
    /// # Errors
    /// [`Refusal`] with status 400 where it is missing, is there twice, or can be no identifier.
    pub fn read(pairs: &[u8]) -> Result<Self, Refusal> {
        const NAME: &str = "oauth_token";
        let mut values = form::pairs(pairs)
            .filter(|(name, _)| *name == NAME)
            .map(|(_, value)| value);
        let value = match (values.next(), values.next()) {
            (None, _) => return Err(Refusal::ParameterAbsent(NAME)),
            (Some(value), None) if !value.is_empty() && value.raw().len() <= LONGEST => value,
            _ => return Err(Refusal::ParameterRejected(NAME)),
        };
        match text(value).filter(|text| !text.bytes().any(|byte| byte.is_ascii_control())) {
            Some(identifier) => Ok(Self { identifier }),
            None => Err(Refusal::ParameterRejected(NAME)),
        }
    }

    /// What is to be looked up.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Takes what the store knows of them. `None` stands for unknown, used and expired ones alike.
    ///
    /// # Errors
    /// [`Refusal`] when they are unknown or their time is over.
    pub fn found(self, pending: Option<Pending<'_>>, now: Timestamp) -> Result<Consent, Refusal> {
        let pending = pending
            .filter(|pending| now <= pending.expires)
            .ok_or(Refusal::TemporaryUnknown)?;
        if pending.decided {
            return Err(Refusal::AlreadyDecided);
        }
        // What was stored was read once before.
        Callback::parse(pending.callback)?;
        Ok(Consent {
            identifier: self.identifier,
            callback: pending.callback.into(),
        })
    }
}

/// What a store knows of temporary credentials that an owner has come with.
#[derive(Clone, Copy, Debug)]
pub struct Pending<'s> {
    callback: &'s str,
    expires: Timestamp,
    decided: bool,
}

impl<'s> Pending<'s> {
    /// Their callback, and the last second in which they are there.
    #[must_use]
    pub const fn new(callback: &'s str, expires: Timestamp) -> Self {
        Self {
            callback,
            expires,
            decided: false,
        }
    }

    /// Whether the owner has approved or denied already: nothing is asked twice.
    #[must_use]
    pub const fn decided(self, decided: bool) -> Self {
        Self { decided, ..self }
    }
}

/// The owner is asked. What is shown is the client's name, the realms and where the owner is sent then;
/// the answer must come from the owner alone, which is for the application's form to make sure of
/// (section 4.13).
#[derive(Clone, Debug)]
#[must_use = "the owner is to be asked"]
pub struct Consent {
    identifier: String,
    callback: String,
}

impl Consent {
    /// The temporary credentials in question.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Where the owner is sent after the decision.
    #[must_use]
    pub fn callback(&self) -> Callback<'_> {
        // `found` has read it.
        Callback::parse(&self.callback).unwrap_or(Callback::OutOfBand)
    }

    /// The owner approves. `random` is fresh from the system's random source and becomes the verifier:
    /// all of it for a redirect, the first five bytes where it is to be typed.
    pub fn approve(self, random: [u8; 20]) -> Approval {
        let verifier = match self.callback() {
            Callback::Uri(_) => Verifier::from_bytes(random),
            Callback::OutOfBand => Verifier::to_type(random[..5].try_into().unwrap_or_default()),
        };
        Approval {
            consent: self,
            verifier,
        }
    }

    /// The owner denies.
    pub const fn deny(self) -> Denial {
        Denial { consent: self }
    }
}

/// What a store says of a decision, which it records in one atomic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is the first, and is recorded.
    Recorded,
    /// There was one before it, which stands.
    TooLate,
    /// The temporary credentials are unknown or gone.
    Unknown,
}

impl Decided {
    const fn check(self) -> Result<(), Refusal> {
        match self {
            Self::Recorded => Ok(()),
            Self::TooLate => Err(Refusal::AlreadyDecided),
            Self::Unknown => Err(Refusal::TemporaryUnknown),
        }
    }
}

/// An approval that is to be recorded: the owner and the verifier, for these temporary credentials.
#[derive(Clone, Debug)]
#[must_use = "it is to be recorded"]
pub struct Approval {
    consent: Consent,
    verifier: Verifier,
}

impl Approval {
    /// The temporary credentials.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.consent.identifier
    }

    /// What is to be stored, and compared when the client comes back.
    #[must_use]
    pub const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Takes the store's word that the approval is the first decision.
    ///
    /// # Errors
    /// [`Refusal`] when it is not, or comes too late.
    pub fn recorded(self, decided: Decided) -> Result<Outcome, Refusal> {
        decided.check()?;
        Ok(match self.consent.callback() {
            Callback::Uri(uri) => Outcome::Redirect(uri.with_parameters(&[
                ("oauth_token", &self.consent.identifier),
                ("oauth_verifier", self.verifier.expose()),
            ])),
            Callback::OutOfBand => Outcome::ShowVerifier(self.verifier),
        })
    }
}

/// A denial that is to be recorded.
#[derive(Clone, Debug)]
#[must_use = "it is to be recorded"]
pub struct Denial {
    consent: Consent,
}

impl Denial {
    /// The temporary credentials.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.consent.identifier
    }

    /// Takes the store's word that the denial is the first decision.
    ///
    /// # Errors
    /// [`Refusal`] when it is not, or comes too late.
    pub fn recorded(self, decided: Decided) -> Result<Outcome, Refusal> {
        decided.check()?;
        Ok(match self.consent.callback() {
            Callback::Uri(uri) => Outcome::Redirect(uri.with_parameters(&[
                ("oauth_token", &self.consent.identifier),
                ("oauth_problem", "user_refused"),
            ])),
            Callback::OutOfBand => Outcome::ShowDenial,
        })
    }
}

/// What the owner's browser gets after the decision.
#[derive(Clone)]
#[must_use = "it is the answer"]
pub enum Outcome {
    /// It is sent to this URI, which holds the verifier or the owner's refusal.
    Redirect(String),
    /// There is no callback: the verifier is shown, to be typed into the client.
    ShowVerifier(Verifier),
    /// There is no callback, and nothing to hand over.
    ShowDenial,
}

/// Without the verifier.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(..)",
            Self::ShowVerifier(_) => "ShowVerifier(..)",
            Self::ShowDenial => "ShowDenial",
        })
    }
}
