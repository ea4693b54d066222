//! The program itself, in haste: what it says of speed is not looked at, but that it measures everything.

use std::process::Command;

#[test]
fn servers_refusals_and_stores_are_measured_in_one_run() {
    let output = Command::new(env!("CARGO_BIN_EXE_oauth1-server-bench"))
        .args(["--rounds", "1", "--turn", "20", "--connections", "4"])
        .args(["--size", "10000"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    for measured in [
        "requests, each signed",
        "SQLite",
        "Redis",
        "refused: sent again",
        "nonces in memory",
        "RedisStore, 1 connection",
        "goal",
    ] {
        assert!(
            text.contains(measured),
            "{measured} is not measured:\n{text}"
        );
    }
}

#[test]
fn so_many_requests_are_verified_without_a_network() {
    let status = Command::new(env!("CARGO_BIN_EXE_oauth1-server-bench"))
        .args(["layer", "10"])
        .status()
        .unwrap();
    assert!(status.success());
}
