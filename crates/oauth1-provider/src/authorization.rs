//! The authorization endpoint (RFC 5849 section 2.2): the page, and the owner's decision.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::error::Error;

use bytes::{Buf, Bytes};
use http::{HeaderMap, Method, StatusCode, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use oauth1_core::{
    Timestamp, form,
    http::has_form,
    provider::{AuthorizationRequest, Callback, Consent, Decided, Outcome, Pending, Refusal},
};
use oauth1_store::{Approval, Client, Decision, ProviderStore, Temporary};

use crate::{
    answer::{self, Answer},
    binding::{consent_token, is_consent_token},
    failure::Failure,
    owner::{Application, Owner, SignIn},
    page::{ConsentPage, Notice, VerifierPage},
    provider::Shared,
    random,
};

/// Bytes of a decision's form: many times what the page sends.
const FORM_BYTES: usize = 16 * 1024;

impl<S: ProviderStore, A: Application> Shared<S, A> {
    /// Answers whatever comes to the endpoint.
    pub(crate) async fn authorize<B>(&self, parts: &Parts, body: B) -> Answer
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let answered = match parts.method {
            Method::GET | Method::HEAD => self.ask(parts).await,
            Method::POST => match read_form(&parts.headers, body).await {
                Ok(form) => self.decide(parts, &form).await,
                Err(why) => Err(why),
            },
            _ => {
                let refusal = Refusal::MethodNotAllowed("GET, HEAD, POST");
                return answer::failed(&refusal.into(), &self.settings.realm);
            }
        };
        answered.unwrap_or_else(|why| match why {
            Why::Answer(answer) => *answer,
            Why::Notice(status, notice) => {
                tracing::info!(code = ?notice, "no decision");
                answer::page(status, self.application.notice_page(notice), "")
            }
            Why::Failure(failure) => {
                tracing::error!(code = failure.code(), "no decision: {failure}");
                let page = self.application.notice_page(Notice::Unavailable);
                answer::page(StatusCode::SERVICE_UNAVAILABLE, page, "")
            }
        })
    }

    /// Shows the page.
    async fn ask(&self, parts: &Parts) -> Result<Answer, Why> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = AuthorizationRequest::read(query.as_bytes())?;
        let owner = self.owner(parts).await?;
        let (consent, temporary, client) = self.consent(asked).await?;
        let token = consent_token(&owner, consent.identifier());
        let callback = consent.callback();
        let page = ConsentPage {
            client_name: shown_name(&client),
            client: &client.identifier,
            owner_name: owner.name.as_deref(),
            realms: &temporary.realms,
            callback_host: match &callback {
                Callback::Uri(uri) if is_web(uri.scheme()) => uri.host(),
                _ => None,
            },
            is_out_of_band: callback == Callback::OutOfBand,
            identifier: consent.identifier(),
            token: &token,
        };
        let page = self.application.consent_page(&page);
        Ok(answer::page(StatusCode::OK, page, &form_targets(callback)))
    }

    /// Takes the decision down, once, and sends the owner back.
    async fn decide(&self, parts: &Parts, form: &[u8]) -> Result<Answer, Why> {
        if is_from_elsewhere(&parts.headers) {
            return Err(Why::Notice(StatusCode::FORBIDDEN, Notice::Forged));
        }
        let asked = AuthorizationRequest::read(form)?;
        let owner = self.owner(parts).await?;
        let token = values(form, "consent").next().unwrap_or_default();
        if !is_consent_token(&token, &owner, asked.identifier()) {
            return Err(Why::Notice(StatusCode::FORBIDDEN, Notice::Forged));
        }
        let (consent, temporary, client) = self.consent(asked).await?;
        let mut decisions = values(form, "decision");
        let approves = match (decisions.next().as_deref(), decisions.next()) {
            (Some(b"approve"), None) => true,
            (Some(b"deny"), None) => false,
            _ => return Err(Refusal::ParameterRejected("decision").into()),
        };
        let now = (self.settings.clock)();
        let outcome = if approves {
            let realms = chosen_realms(form, &temporary.realms);
            self.approve(consent, &owner, realms, now).await?
        } else {
            let denial = consent.deny();
            let decided = self.store.deny_temporary(denial.identifier(), now).await?;
            denial.recorded(as_decided(decided))?
        };
        tracing::debug!(client = client.identifier, approves, "an owner has decided");
        Ok(match outcome {
            Outcome::Redirect(uri) => answer::redirect(&uri),
            Outcome::ShowVerifier(verifier) => {
                let page = VerifierPage {
                    client_name: shown_name(&client),
                    verifier: verifier.expose(),
                };
                let page = self.application.verifier_page(&page);
                answer::page(StatusCode::OK, page, "")
            }
            Outcome::ShowDenial => {
                let page = self.application.notice_page(Notice::Denied);
                answer::page(StatusCode::OK, page, "")
            }
        })
    }

    async fn approve(
        &self,
        consent: Consent,
        owner: &Owner,
        realms: Option<Vec<String>>,
        now: Timestamp,
    ) -> Result<Outcome, Why> {
        let approval = consent.approve(random::bytes()?);
        let verifier = String::from(approval.verifier().expose());
        let mut stored = Approval::new(owner.identifier.as_str(), verifier.into());
        stored.realms = realms;
        let decided = self
            .store
            .approve_temporary(approval.identifier(), stored, now)
            .await?;
        Ok(approval.recorded(as_decided(decided))?)
    }

    async fn owner(&self, parts: &Parts) -> Result<Owner, Why> {
        match self.application.signed_in(parts).await {
            SignIn::As(owner) => Ok(owner),
            SignIn::Needed(answer) => Err(Why::Answer(Box::new(answer))),
        }
    }

    /// What the owner is asked, if there is still something to ask.
    async fn consent(
        &self,
        asked: AuthorizationRequest,
    ) -> Result<(Consent, Temporary, Client), Why> {
        let now = (self.settings.clock)();
        let temporary = self.store.temporary(asked.identifier(), now).await?;
        let Some(temporary) = temporary else {
            return Err(Refusal::TemporaryUnknown.into());
        };
        let callback = match &temporary.callback {
            oauth1_store::Callback::Uri(uri) => uri,
            oauth1_store::Callback::OutOfBand => "oob",
        };
        let decided = temporary.decision != Decision::Pending;
        let pending = Pending::new(callback, temporary.expires).decided(decided);
        let consent = asked.found(Some(pending), now)?;
        let client = self.store.client(&temporary.client).await?;
        let client = client.filter(|client| client.revoked.is_none());
        let client = client.ok_or(Refusal::TemporaryUnknown)?;
        Ok((consent, temporary, client))
    }
}

/// Why there is no page to ask, or no decision.
enum Why {
    Answer(Box<Answer>),
    Notice(StatusCode, Notice),
    Failure(Failure),
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        let (status, notice) = match refusal {
            Refusal::TemporaryUnknown => (StatusCode::NOT_FOUND, Notice::Expired),
            Refusal::AlreadyDecided => (StatusCode::CONFLICT, Notice::AlreadyDecided),
            _ => (StatusCode::BAD_REQUEST, Notice::Invalid),
        };
        Self::Notice(status, notice)
    }
}

impl<E> From<E> for Why
where
    Failure: From<E>,
    E: ServerFault,
{
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

/// Errors that are nobody's fault but the server's.
trait ServerFault {}
impl ServerFault for oauth1_store::StoreError {}
impl ServerFault for random::RandomSourceError {}

fn shown_name(client: &Client) -> &str {
    if client.name.is_empty() {
        &client.identifier
    } else {
        &client.name
    }
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// Where the page's form may lead: browsers ask that of every redirect that follows it, those of the
/// client's own site included.
fn form_targets(callback: Callback<'_>) -> String {
    match callback {
        Callback::OutOfBand => String::new(),
        Callback::Uri(uri) => alloc::format!(" {}:", uri.scheme()),
    }
}

/// What browsers say of where a request comes from, and no page can forge. Those that do not say it are
/// held by the token alone.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

/// The realms that are granted: those that are ticked, where the page lets the owner choose, and none
/// that was not asked for.
fn chosen_realms(form: &[u8], asked: &[String]) -> Option<Vec<String>> {
    values(form, "realms").find(|value| value == b"chosen")?;
    let is_ticked = |realm: &&String| values(form, "realm").any(|it| it == realm.as_bytes());
    Some(asked.iter().filter(is_ticked).cloned().collect())
}

fn values<'f>(form: &'f [u8], name: &'f str) -> impl Iterator<Item = Vec<u8>> + 'f {
    let pairs = form::pairs(form).filter(move |(other, _)| *other == name);
    pairs.map(|(_, value)| value.bytes().collect())
}

fn as_decided(decided: oauth1_store::Decided) -> Decided {
    match decided {
        oauth1_store::Decided::Done => Decided::Recorded,
        oauth1_store::Decided::AlreadyDecided => Decided::TooLate,
        oauth1_store::Decided::Unknown => Decided::Unknown,
    }
}

async fn read_form<B>(headers: &HeaderMap, body: B) -> Result<Bytes, Why>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    if !has_form(headers).unwrap_or(false) {
        return Err(Why::Notice(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Notice::Invalid,
        ));
    }
    match Limited::new(body, FORM_BYTES).collect().await {
        Ok(form) => {
            let mut form = form.aggregate();
            Ok(form.copy_to_bytes(form.remaining()))
        }
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Why::Notice(StatusCode::PAYLOAD_TOO_LARGE, Notice::Invalid))
        }
        Err(_) => Err(Why::Notice(StatusCode::BAD_REQUEST, Notice::Invalid)),
    }
}
