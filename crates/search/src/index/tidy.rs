//! Which segments are merged while there is nothing else to do.

/// The most records of a merge.
const LARGEST: u64 = 10_000_000;

/// A segment is merged with smaller ones if they have, all together, at least one in so many of its records: so the work
/// of merging a record again and again grows as the logarithm of all.
const RATIO: u64 = 4;

/// How many of the smallest segments are merged into one, given the records of each, the fewest first. At least two, or
/// none.
pub(super) fn together(records: &[u32]) -> usize {
    let mut sum = 0;
    let mut count = 0;
    for records in records.iter().copied().map(u64::from) {
        if count > 0 && records > RATIO * sum || sum + records > LARGEST {
            break;
        }
        sum += records;
        count += 1;
    }
    if count > 1 { count } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_segments_are_merged_and_a_large_one_is_left_alone_until_it_is_worth_it() {
        for (records, wanted) in [
            (&[][..], 0),
            (&[5], 0),
            (&[1, 1], 2),
            (&[1, 5], 0),
            (&[1, 1, 8], 3),
            (&[1, 1, 9], 2),
            (&[10, 30, 70, 5_000], 3),
            (&[8_000; 12], 12),
            (&[4_000_000, 4_000_000, 4_000_000], 2),
            (&[9_000_000, 9_000_000], 0),
        ] {
            assert_eq!(together(records), wanted, "{records:?}");
        }
    }
}
