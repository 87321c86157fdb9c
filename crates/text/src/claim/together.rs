//! Moves that are said of all levels before them: 锂报8.2万元/吨，钴报25万元/吨，均较上周上涨2%.

use super::scene::Scene;
use super::slots::{Change, Claim};

/// Gives a change that is said of several figures of a sentence to each of them.
pub(super) fn spread(scene: &Scene<'_, '_>, claims: &mut [Claim<'_>]) {
    for index in (1..claims.len()).rev() {
        let (before, [claim, ..]) = claims.split_at_mut(index) else { continue };
        let Some(end) = claim.value.as_ref().map(|value| value.origin.end_byte) else { continue };
        let of_all = |change: &&Change<'_>| {
            let told = change.by.as_ref().map_or(change.origin.end_byte, |by| by.origin.start_byte);
            scene.text.get(end..told.max(change.origin.end_byte)).is_some_and(says_all)
        };
        let shared: Vec<Change<'_>> = claim.changes.iter().filter(of_all).cloned().collect();
        if shared.is_empty() {
            continue;
        }
        for other in before.iter_mut().rev() {
            let alike = other.sentence == claim.sentence
                && other.event.is_none()
                && other.changes.is_empty()
                && other.value.is_some()
                && (other.unit() == claim.unit() || other.measure_id() == claim.measure_id());
            if !alike {
                break;
            }
            other.changes.extend(shared.iter().cloned());
        }
    }
}

/// True if the last clause of the words behind a level says of all before it that they moved.
fn says_all(words: &str) -> bool {
    const NEXT: &[char] = &[
        '较', '比', '与', '环', '同', '上', '下', '涨', '跌', '降', '升', '增', '减', '持', '走', '有', '为',
    ];
    let Some(mark) = words.rfind([',', '，']) else { return false };
    let clause = words[mark..].trim_start_matches([',', '，', ' ']);
    let all = clause.match_indices('均').any(|(at, all)| {
        !clause[..at].ends_with(['平', '日', '月', '年', '周', '人'])
            && clause[at + all.len()..].starts_with(NEXT)
    });
    all || clause.starts_with("both ")
}
