//! What is answered.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use http::{
    Request, Response, StatusCode,
    header::{DATE, LOCATION, WWW_AUTHENTICATE},
};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use oauth1_core::{Timestamp, verify::Rejection};

use super::{
    Closed, Place, Reply, Shared, lock,
    script::{Script, Skew},
};

/// Seconds that the clock of a skewed path is ahead.
const SKEW: i64 = 3_600;

impl Shared {
    pub(super) async fn answer(
        &self,
        place: Place,
        request: Request<Incoming>,
    ) -> Result<Response<Reply>, Closed> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|_| Closed)?.to_bytes();
        let (path, query) = (parts.uri.path(), parts.uri.query());
        if path == "/flow/authorize" {
            return Ok(self.authorize(query.unwrap_or_default()));
        }
        let skew = Skew::of(path);
        let now = Timestamp::now().shifted(if skew.is_some() { SKEW } else { 0 });
        let judged = self.judge(place, &parts, &body, now);
        let signed = match judged {
            Err(rejection) if place != Place::Other => return Ok(refusal(&rejection, skew, now)),
            judged => judged.ok(),
        };
        match self.script(place, path, query) {
            // The request was seen: its nonce is spent.
            Script::Drop if !core::mem::replace(&mut *lock(&self.dropped), true) => Err(Closed),
            Script::Drop | Script::Answer => {
                let leg = signed.and_then(|signed| self.leg(path, &signed, &body));
                Ok(leg.unwrap_or_else(|| text(StatusCode::OK, "here you are")))
            }
            Script::Redirect(status, location) => {
                let mut response = text(status, "elsewhere");
                let location = location.try_into().expect("an address of ours");
                response.headers_mut().insert(LOCATION, location);
                Ok(response)
            }
        }
    }
}

fn refusal(rejection: &Rejection, skew: Option<Skew>, now: Timestamp) -> Response<Reply> {
    let mut response = text(rejection.status_code(), rejection.code());
    let headers = response.headers_mut();
    if skew == Some(Skew::Date) {
        let time = UNIX_EPOCH + Duration::from_secs(now.unix_seconds());
        let date = httpdate::fmt_http_date(time);
        headers.insert(DATE, date.try_into().expect("a date"));
    } else {
        headers.insert(WWW_AUTHENTICATE, rejection.challenge_header("Photos"));
    }
    response
}

fn text(status: StatusCode, text: &'static str) -> Response<Reply> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response
}
