//! A clock that is off (RFC 5849 section 3.3: the timestamp is the server's to accept).

use ::http::{HeaderMap, StatusCode, header::DATE};

use super::Client;
use crate::{
    problem::{Code, Problem},
    stamp::Timestamp,
};

/// Seconds that a `Date` must differ from what was sent before it is taken for the reason of a refusal
/// that names none. Servers accept some minutes; and a response takes its time.
const NOTICEABLE: u64 = 30;

/// Whether the client's clock was corrected by the response to a request whose timestamp was `used` seconds
/// ahead of the caller's clock.
pub(super) fn correct<K>(
    client: &Client<K>,
    used: i64,
    status: StatusCode,
    headers: &HeaderMap,
    now: Timestamp,
) -> bool {
    let most = client.clock_correction();
    if most == 0 {
        return false;
    }
    let problem = Problem::from_headers(headers);
    let threshold = match (status, problem.as_ref().map(Problem::code)) {
        (StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST, Some(Code::TimestampRefused)) => 1,
        (StatusCode::UNAUTHORIZED, None) => NOTICEABLE,
        // It has another reason.
        _ => return false,
    };
    let Some(server) = server_time(problem.as_ref(), headers) else {
        return false;
    };
    // Compared with what was sent, not with what another request has learned since.
    let believed = now.shifted(used);
    if believed.unix_seconds().abs_diff(server.unix_seconds()) < threshold {
        return false;
    }
    let (server, now) = (server.unix_seconds(), now.unix_seconds());
    if server.abs_diff(now) > most {
        return false;
    }
    let offset = i64::try_from(i128::from(server) - i128::from(now)).unwrap_or_default();
    client.set_clock_offset(offset);
    true
}

/// What the server's clock shows: its `Date`, unless that is none of the timestamps that it says it
/// accepts; else the middle of these.
fn server_time(problem: Option<&Problem>, headers: &HeaderMap) -> Option<Timestamp> {
    let date = date(headers);
    let Some((oldest, newest)) = problem.and_then(Problem::acceptable_timestamps) else {
        return date;
    };
    let fits = date.filter(|date| (oldest..=newest).contains(date));
    Some(fits.unwrap_or_else(|| {
        let (oldest, newest) = (oldest.unix_seconds(), newest.unix_seconds());
        Timestamp::from_unix_seconds(oldest + (newest - oldest) / 2)
    }))
}

/// RFC 9110 section 6.6.1.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let date = httpdate::parse_http_date(text).ok()?;
    let elapsed = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix_seconds(elapsed.as_secs()))
}
