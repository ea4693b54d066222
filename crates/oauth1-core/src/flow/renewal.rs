//! One renewal at a time among all who share a session.

use super::{AwaitToken, Server, Session, StartError};
use crate::{
    credentials::{ClientCredentials, TokenCredentials},
    method::KeyFrom,
    stamp::Timestamp,
};

/// How long before its end a token is renewed, in seconds: longer than a request is under way and
/// clocks are apart.
const MARGIN: u64 = 60;

/// How long a renewal may take, in seconds, until it is taken for lost and somebody else has the turn:
/// a task that was cancelled tells nobody.
const LEASE: u64 = 60;

/// How long after a renewal that failed the next one is tried, in seconds.
const PAUSE: u64 = 5;

/// A session that many tasks or threads share, and that one of them renews when it is time.
///
/// It waits for nothing and knows no clock: keep it behind a mutex of the runtime's, ask whose
/// [`turn`](Self::turn) it is before each request, and wake the waiting (a condition variable, a
/// notification) after each [`renewed`](Self::renewed) and [`failed`](Self::failed). The mutex is
/// held for the questions alone, never while a request is under way.
///
/// ```text
///            expires soon                    renewed
///   Use ───────────────────▶ Renew (one) ──────────────▶ Use (the new credentials)
///    ▲                       Wait (others)
///    │   failed: after a pause │     │ failed, for good; or the consent has expired
///    └─────────────────────────┘     ▼
///                                   Over
/// ```
///
/// ```
/// use oauth1_core::{ClientCredentials, HmacSha1, Timestamp};
/// use oauth1_core::flow::{Granted, Renewal, Server, Turn};
///
/// # let answer = b"oauth_token=t&oauth_token_secret=s&oauth_session_handle=h&oauth_expires_in=3600";
/// # let server = Server::with_token_endpoint("https://photos.example.net/token")?;
/// # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
/// let start = Timestamp::from_unix_seconds(1_700_000_000);
/// let session = Granted::from_text(answer)?.session(start).expect("a session");
/// let mut renewal = Renewal::new(session);
/// assert!(matches!(renewal.turn(start), Turn::Use(_)));
///
/// let later = Timestamp::from_unix_seconds(1_700_003_590);
/// let Turn::Renew(ticket) = renewal.turn(later) else { panic!("it expires in ten seconds") };
/// assert!(matches!(renewal.turn(later), Turn::Wait { .. })); // The others.
///
/// let leg = ticket.request::<HmacSha1, _>(&server, &client)?;
/// # drop(leg);
/// # let answer = b"oauth_token=t2&oauth_token_secret=s2&oauth_expires_in=3600&oauth_session_handle=h2";
/// # let granted = Granted::from_text(answer)?;
/// // ... send it, receive `granted`, store `granted.session(later)`, and then
/// renewal.renewed(ticket, granted.session(later).expect("a session"));
/// assert!(matches!(renewal.turn(later), Turn::Use(new) if new.identifier() == "t2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Renewal {
    session: Session,
    /// The server has said that the token is no good any more.
    stale: bool,
    over: bool,
    /// The number of the last ticket, of the last one whose session was taken, and until when the
    /// running one has time.
    issued: u64,
    accepted: u64,
    running: Option<Timestamp>,
    pause: Option<Timestamp>,
}

/// What who is about to send a request has to do.
#[derive(Debug)]
pub enum Turn<'a> {
    /// Sign with these.
    Use(&'a TokenCredentials<'static>),
    /// Renew the session, and say how it went. Nobody else is told to.
    Renew(Ticket),
    /// Somebody else renews it, or a renewal has just failed: ask again when woken, and at this time
    /// at the latest.
    Wait {
        /// When to ask again if nobody wakes one.
        until: Timestamp,
    },
    /// The server does not renew it any more, or the resource owner's consent has expired: begin the
    /// flow anew.
    Over,
}

/// The right to renew a session, once.
#[must_use = "the others wait for what comes of it"]
#[derive(Debug)]
pub struct Ticket {
    number: u64,
    session: Session,
}

impl Ticket {
    /// The request that renews the session.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn request<K: KeyFrom<C>, C>(
        &self,
        server: &Server,
        client: &ClientCredentials<'_, C>,
    ) -> Result<AwaitToken<K>, StartError> {
        self.session.renew(server, client)
    }
}

/// Why a renewal came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalFailure {
    /// There was no answer, or [one that may be better later](super::FlowError::is_temporary).
    Temporary,
    /// The server refuses: the handle is worth nothing any more.
    Final,
}

impl Renewal {
    /// Over a session as it was granted or stored.
    #[must_use]
    pub const fn new(session: Session) -> Self {
        Self {
            session,
            stale: false,
            over: false,
            issued: 0,
            accepted: 0,
            running: None,
            pause: None,
        }
    }

    /// The session as it is.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What is to be done before a request at the time `now`.
    pub fn turn(&mut self, now: Timestamp) -> Turn<'_> {
        let is_past = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let expired = self.stale || is_past(self.session.expires_at);
        if !expired && !is_past(self.session.expires_at.map(|at| shifted(at, MARGIN, false))) {
            return Turn::Use(&self.session.credentials);
        }
        if self.over || is_past(self.session.authorization_expires_at) {
            // It cannot be renewed, but it has not ended yet.
            return if expired {
                Turn::Over
            } else {
                Turn::Use(&self.session.credentials)
            };
        }
        if let Some(until) = self.running.filter(|until| now < *until) {
            return Turn::Wait { until };
        }
        if let Some(until) = self.pause.filter(|until| now < *until) {
            return if expired {
                Turn::Wait { until }
            } else {
                Turn::Use(&self.session.credentials)
            };
        }
        self.issued += 1;
        self.running = Some(shifted(now, LEASE, true));
        Turn::Renew(Ticket {
            number: self.issued,
            session: self.session.clone(),
        })
    }

    /// The server has refused a request that was signed with these credentials because they have
    /// expired (`oauth_problem=token_expired`, most often): they are renewed before the next one, unless
    /// that has happened meanwhile.
    pub fn expired(&mut self, credentials: &TokenCredentials<'_>) {
        if credentials.identifier() == self.session.credentials.identifier()
            && credentials.secret().expose() == self.session.credentials.secret().expose()
        {
            self.stale = true;
        }
    }

    /// A renewal has brought a session. Wake all who wait.
    ///
    /// Of two that overlap, because the first was taken for lost, the one that began later counts:
    /// its handle is the one that the server gave last.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket is good once")]
    pub fn renewed(&mut self, ticket: Ticket, session: Session) {
        if ticket.number <= self.accepted {
            return;
        }
        self.accepted = ticket.number;
        self.session = session;
        self.stale = false;
        self.over = false;
        self.pause = None;
        if ticket.number == self.issued {
            self.running = None;
        }
    }

    /// A renewal has come to nothing, at the time `now`. Wake all who wait.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket is good once")]
    pub fn failed(&mut self, ticket: Ticket, why: RenewalFailure, now: Timestamp) {
        if ticket.number != self.issued {
            // Somebody else is at it, and will say.
            return;
        }
        self.running = None;
        // What an overlapping renewal has brought was not what this one was refused with.
        let superseded = ticket.session.handle.expose() != self.session.handle.expose();
        match why {
            RenewalFailure::Final if !superseded => self.over = true,
            _ => self.pause = Some(shifted(now, PAUSE, true)),
        }
    }
}

fn shifted(at: Timestamp, seconds: u64, later: bool) -> Timestamp {
    let at = at.unix_seconds();
    Timestamp::from_unix_seconds(if later {
        at.saturating_add(seconds)
    } else {
        at.saturating_sub(seconds)
    })
}
