//! Rounds and medians.

use std::time::Instant;

use anyhow::Result;

/// Measures `ours` and its `peer` in turn, so that a slow minute of the machine hits both, and gives the median of each.
///
/// # Errors
/// Those of the two.
pub(crate) async fn paired<A, B>(
    rounds: usize,
    mut ours: impl FnMut() -> A,
    mut peer: impl FnMut() -> B,
) -> Result<(f64, f64)>
where
    A: Future<Output = Result<f64>>,
    B: Future<Output = Result<f64>>,
{
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        // The first of a pair changes, so that neither always finds the caches warm.
        if round.is_multiple_of(2) {
            a.push(ours().await?);
            b.push(peer().await?);
        } else {
            b.push(peer().await?);
            a.push(ours().await?);
        }
    }
    Ok((median(a), median(b)))
}

/// The middle value; of an even number the lower of the two in the middle; zero of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// How many a second since `start`.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn per_second(count: usize, start: Instant) -> f64 {
    count as f64 / start.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }
}
