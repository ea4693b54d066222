//! Numbers: medians, and what the processor was used for.

use core::time::Duration;
use std::time::Instant;

/// The middle one.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Counts, which are below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^52")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}

/// As it is printed.
pub(crate) fn microseconds(seconds: f64) -> String {
    format!("{:.1}", seconds * 1e6)
}

/// As it is printed.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The time on the wall.
#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// What this process has used of the processors, in its own code and in the kernel.
pub(crate) fn processor_time() -> Duration {
    of_clock(rustix::time::ClockId::ProcessCPUTime)
}

/// What this thread has.
pub(crate) fn processor_time_of_thread() -> Duration {
    of_clock(rustix::time::ClockId::ThreadCPUTime)
}

fn of_clock(clock: rustix::time::ClockId) -> Duration {
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median([3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert!(median([]).is_nan());
    }

    #[test]
    fn work_takes_processor_time() {
        let before = processor_time_of_thread();
        while processor_time_of_thread() == before {}
        assert!(processor_time() >= processor_time_of_thread().saturating_sub(before));
    }
}
