//! The layer without a network.

use core::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use anyhow::{Context as _, Result, bail, ensure};
use http_body_util::Empty;
use hyper::{Request, body::Bytes};
use oauth1_core::Timestamp;
use tower::{Layer as _, Service as _};

use crate::{
    requests::{Kind, ORIGIN, Requests, path},
    servers::{handler, layer, memory},
};

/// Verifies so many requests, each with another nonce.
pub(crate) fn run(count: u64) -> Result<()> {
    let requests = Requests::new(Kind::Signed, 0, count, Timestamp::now())?;
    let host = ORIGIN.trim_start_matches("https://");
    let mut service = layer(memory()?)?.layer(tower::service_fn(handler));
    for authorization in requests.authorizations() {
        let request = Request::get(path())
            .header("host", host)
            .header("authorization", authorization)
            .body(Empty::<Bytes>::new())?;
        let mut answer = pin!(service.call(request));
        match answer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(answer) => {
                let status = answer.context("no answer")?.status();
                ensure!(status == 200, "answered with {status}");
            }
            Poll::Pending => bail!("memory does not wait"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_request_is_accepted() {
        super::run(3).unwrap();
    }
}
