//! requests-oauthlib, which shares no code with this project, completes the flow.

use std::process::Output;

use oauth1_core::Timestamp;
use oauth1_store::memory::MemoryStore;

use crate::harness::{CALLBACK, Harness};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flow_of_requests_oauthlib_completes() {
    let provider = Harness::start(MemoryStore::new().unwrap(), |provider| {
        // Its clock is the machine's.
        provider.with_clock(Timestamp::now)
    })
    .await;
    for place in ["AUTH_HEADER", "BODY", "QUERY"] {
        let arguments = [
            provider.origin.as_str(),
            provider.client.identifier(),
            provider.client.key().expose(),
            CALLBACK,
            place,
        ]
        .map(str::to_owned);
        let Output {
            status,
            stdout,
            stderr,
        } = tokio::task::spawn_blocking(move || {
            let mut python = oauth1_foreign::python().unwrap().command();
            python
                .args(["-c", include_str!("foreign.py")])
                .args(arguments);
            python.output().unwrap()
        })
        .await
        .unwrap();
        let said = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "{place}: {said}");
        assert_eq!(
            String::from_utf8_lossy(&stdout).trim(),
            "completed",
            "{place}"
        );
    }
}
