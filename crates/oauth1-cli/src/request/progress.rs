//! How far a body has come, on a terminal.

use core::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter ones are through before anybody could look.
const WORTH_SHOWING: u64 = 256 * 1024;

/// On standard error, and only where that is a terminal.
pub(super) fn bar(what: &'static str, length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) if length < WORTH_SHOWING => return ProgressBar::hidden(),
        Some(length) => (
            ProgressBar::new(length),
            "{msg} {bytes}/{total_bytes} {wide_bar} {bytes_per_sec} {eta}",
        ),
        None => (ProgressBar::no_length(), "{msg} {bytes} {bytes_per_sec}"),
    };
    let style = ProgressStyle::with_template(template);
    let bar = bar.with_message(what);
    bar.set_draw_target(indicatif::ProgressDrawTarget::stderr_with_hz(5));
    bar.enable_steady_tick(Duration::from_millis(500));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
