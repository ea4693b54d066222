//! Whether the memory of the server is flat.

use core::time::Duration;

const MIB: f64 = 1024.0 * 1024.0;

/// By so much it may grow, whatever its size: a few tables and buffers more or less.
const SLACK: f64 = 4.0 * MIB;

/// By such a part of its size it may grow as well: senders are not equally fast all the time.
const PART: f64 = 0.05;

/// The resident memory at times.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(f64, f64)>);

impl Samples {
    #[expect(clippy::cast_precision_loss, reason = "bytes of one machine")]
    pub(super) fn add(&mut self, passed: Duration, bytes: u64) {
        self.0.push((passed.as_secs_f64(), bytes as f64));
    }

    /// In bytes.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it was such a number"
    )]
    pub(super) fn last(&self) -> u64 {
        self.0.last().map_or(0, |(_, bytes)| *bytes as u64)
    }

    /// Whether it grew after the warm-up, and a sentence: the slope is that of the line of least squares.
    pub(super) fn judge(&self, warm: Duration) -> (bool, String) {
        let warm = warm.as_secs_f64();
        let after: Vec<_> = self
            .0
            .iter()
            .filter(|(at, _)| *at >= warm)
            .copied()
            .collect();
        let (Some(first), Some(last)) = (after.first(), after.last()) else {
            return (false, "the memory was not measured".to_owned());
        };
        let slope = slope(&after);
        let growth = slope * (last.0 - first.0);
        let most = |all: &[(f64, f64)]| all.iter().map(|(_, bytes)| *bytes).fold(0.0, f64::max);
        let least = after
            .iter()
            .map(|(_, bytes)| *bytes)
            .fold(f64::INFINITY, f64::min);
        let flat = growth <= SLACK.max(PART * least);
        let word = if flat { "flat" } else { "growing" };
        let text = format!(
            "memory: {word}: {:+.2} MiB a minute after {warm:.0} s of warm-up, between {:.1} and {:.1} MiB; \
             at most {:.1} MiB in all {} samples",
            slope * 60.0 / MIB,
            least / MIB,
            most(&after) / MIB,
            most(&self.0) / MIB,
            self.0.len()
        );
        (flat, text)
    }
}

/// Bytes a second.
#[expect(clippy::cast_precision_loss, reason = "a number of samples")]
fn slope(samples: &[(f64, f64)]) -> f64 {
    let count = samples.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (time, bytes) = (mean(|sample| sample.0), mean(|sample| sample.1));
    let together: f64 = (samples.iter())
        .map(|(at, held)| (at - time) * (held - bytes))
        .sum();
    let alone: f64 = samples.iter().map(|(at, _)| (at - time).powi(2)).sum();
    if alone > 0.0 { together / alone } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(bytes: impl Fn(u64) -> u64) -> Samples {
        let mut samples = Samples::default();
        for second in 0..600 {
            samples.add(Duration::from_secs(second), bytes(second));
        }
        samples
    }

    #[test]
    fn what_grows_is_told_from_what_is_flat() {
        let warm = Duration::from_secs(100);
        let mib = 1024 * 1024;
        let flat = samples(|second| 50 * mib + second % 7 * 1000 + second.min(90) * mib);
        let (is_flat, text) = flat.judge(warm);
        assert!(is_flat, "{text}");
        let leaking = samples(|second| 50 * mib + second * 20_000);
        let (is_flat, text) = leaking.judge(warm);
        assert!(!is_flat, "{text}");
        assert!(!Samples::default().judge(warm).0);
    }
}
