//! When a figure holds.

use super::base;
use super::carry;
use super::cues::Cue;
use super::dated;
use super::figure::{Reach, inherited};
use super::layout::{Block, BlockKind};
use super::scene::{Memory, Scene};
use super::slots::{Claim, Direction, Interval, Modality, OriginKind, Relation, Slot};
use crate::find::lower;
use crate::mention::Precision;

/// Fills the period: said beside the figure, else carried on from the figure before, the sentence before, or the title.
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
    claim: &mut Claim<'t>,
) {
    let slot = |item: usize, rule: &'static str| {
        scene.interval(item).map(|mut is| {
            // «with effect from 14 March»: from then on.
            if scene.text[..scene.items[item].start].ends_with("with effect from ") {
                is.end = None;
            }
            Slot { is, origin: scene.origin(item, block, rule) }
        })
    };
    // 年初至今产2.1万吨: what is no base of a change is the time of the level.
    let to_date = |item: usize| {
        let level = claim.value.is_some()
            && claim.changes.iter().all(|change| {
                change.base.as_ref().and_then(|base| base.is.relation) != Some(Relation::YearStart)
            });
        level && is_to_date(scene, item, reach)
    };
    let free = |item: &usize| scene.is_time(*item) && (!is_base(scene, *item, reach) || to_date(*item));
    // 自8月27日起加征25%关税: a duty holds from the day on which it is levied.
    let levied = |item: usize| {
        matches!(claim.measure_id(), Some("measure/tariff" | "measure/tax"))
            && scene.interval(item).is_some_and(|is| is.start.is_some() && is.end.is_none())
    };
    let own = |item: &usize| {
        free(item) && levied(*item)
            || free(item)
                && !dated::is_of_an_act(scene, *item, reach)
                && !dated::is_of_another_clause(scene, *item, reach, claim)
                && !dated::is_of_a_document(scene, *item)
    };
    // «said on Thursday that it made 300 t in June»: a speaker's day gives way to any other time.
    let told = |item: &usize| {
        own(item)
            && !dated::is_of_a_speaker(scene, *item, reach)
            && !dated::is_in_an_aside(scene, block, *item, reach)
    };
    if let Some(item) = dated::directly_before(scene, reach).filter(|item| scene.has_interval(*item)) {
        claim.period = slot(item, "time before the figure");
        return;
    }
    if let Some(item) = dated::at_once(scene, reach).filter(told) {
        claim.period = slot(item, "time behind the figure");
        return;
    }
    let left = reach.left.clone().rev().find(|item| told(item) && !is_aimed_past(scene, reach, *item, &told));
    if let Some(item) = left {
        claim.period = slot(item, "time before the figure");
        return;
    }
    let behind = |item: usize| dated::is_behind(scene, item, reach) || is_until(scene, item, reach, claim);
    if let Some(item) = reach.tail.clone().find(|item| told(item) && behind(*item)) {
        claim.period = slot(item, "time behind the figure");
        return;
    }
    let spoken = |item: &usize| own(item) && is_of_statement(scene, block, *item, reach, claim);
    if let Some(item) = reach.left.clone().rev().find(spoken) {
        claim.period = slot(item, "time of the statement");
        return;
    }
    if let Some(item) = takes_effect(scene, reach, claim) {
        claim.period = slot(item, "time behind the figure");
        return;
    }
    if !carry::inherits(claim)
        && let Some(period) = told_on(scene, reach, before, claim)
    {
        claim.period = Some(inherited(period, "the figure before"));
        return;
    }
    if !carry::inherits(claim) || dated::is_target(scene, block, reach.anchor) {
        return;
    }
    if is_of_now(scene, block, reach) {
        return;
    }
    let earlier = (reach.all.start..reach.left.start).find(told);
    // A time behind the semicolon is nearer than one at the head of the sentence.
    let parted = (reach.all.start..reach.anchor)
        .rev()
        .take_while(|item| earlier.is_some_and(|earlier| earlier < *item) && !told(item))
        .any(|item| scene.items[item].mark() == Some(';'));
    if let Some(item) = earlier.filter(|item| parted && takes(scene, *item, claim)) {
        claim.period = slot(item, "time at the head of the sentence");
        return;
    }
    if let Some(period) = before.and_then(|claim| claim.period.as_ref()).filter(|period| {
        let said_here = block.span.contains(&period.origin.start_byte);
        said_here || carry::takes(claim, period.is.precision)
    }) {
        claim.period = Some(inherited(period, "the figure before"));
        return;
    }
    if let Some(item) = earlier {
        claim.period = slot(item, "time earlier in the sentence");
        return;
    }
    // A sentence with a day of its own does not go on from the one before.
    if (reach.all.start..reach.anchor).any(|item| free(&item) && !dated::is_delivery(scene, item)) {
        return;
    }
    if let Some((item, rule)) = from_above(scene, block, memory, claim) {
        claim.period = slot(item, rule);
    }
}

/// True if the time at `item` before a figure gives way to one behind it: «Under its 2030 plan it targets 60,000 t by the end of the
/// decade», «opened a line on 8 April and aims to meet 30 % by 2030».
fn is_aimed_past(
    scene: &Scene<'_, '_>,
    reach: &Reach<'_>,
    item: usize,
    told: &dyn Fn(&usize) -> bool,
) -> bool {
    let behind = |item: usize| dated::is_behind(scene, item, reach);
    if dated::is_of_a_plan(scene, item) && reach.tail.clone().any(|next| told(&next) && behind(next)) {
        return true;
    }
    let by = |item: usize| {
        let word = scene.words(item).get(..3);
        word.is_some_and(|word| word.eq_ignore_ascii_case("by ")) && behind(item)
    };
    let aims = (item + 1..reach.anchor).any(|at| {
        matches!(
            scene.items[at].cue(),
            Some(Cue::Future | Cue::Modality(Modality::Planned | Modality::Expected))
        )
    });
    aims && reach.tail.clone().any(|next| told(&next) && by(next))
}

/// True unless the time only says when a forecast was made, or belongs to an aside.
fn is_of_statement(
    scene: &Scene<'_, '_>,
    block: &Block,
    item: usize,
    reach: &Reach<'_>,
    claim: &Claim<'_>,
) -> bool {
    let ahead = claim.modality.as_ref().is_some_and(|slot| slot.is.value != Modality::Contractual);
    let short = scene.precision(item).is_none_or(|precision| precision <= Precision::Week);
    let made = ahead && short && dated::is_of_a_speaker(scene, item, reach);
    !(made || dated::is_in_an_aside(scene, block, item, reach))
}

/// «halve its tariff to 10 %, effective 10 November»: the day behind a figure of a rule on which it takes effect.
fn takes_effect(scene: &Scene<'_, '_>, reach: &Reach<'_>, claim: &Claim<'_>) -> Option<usize> {
    matches!(claim.measure_id(), Some("measure/tariff" | "measure/tax" | "measure/quota")).then_some(())?;
    (reach.anchor + 1..reach.all.end)
        .take_while(|item| scene.items[*item].mark() != Some(';'))
        .find(|item| scene.is_time(*item) && dated::is_of_effect(scene, *item))
}

/// 目前国内均价1.5万元, «currently at»: what holds now is not of the period that a report or the sentence before is of.
fn is_of_now(scene: &Scene<'_, '_>, block: &Block, reach: &Reach<'_>) -> bool {
    const WORDS: &[&str] = &["目前", "当前", "眼下", "现阶段", "currently", "at present"];
    let lead = scene.text.get(block.span.start..scene.items[reach.anchor].start).unwrap_or_default();
    let clause = lead.rsplit(['；', ';', '，', ',']).next().unwrap_or_default();
    WORDS.iter().any(|word| clause.contains(word))
}

/// «a floor of US$75 per dmt until 31 December»: how long a term of a contract holds.
fn is_until(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>, claim: &Claim<'_>) -> bool {
    let bounded = claim.modality.as_ref().is_some_and(|slot| slot.is.value == Modality::Contractual);
    let words = scene.words(item);
    bounded
        && words.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("until "))
        && !(reach.anchor + 1..item)
            .any(|at| scene.items[at].mark().is_some() || super::figure::is_figure(scene, at))
}

/// 成本最高13,640元、最低12,910元: one sentence tells the same measure on.
fn told_on<'r, 't>(
    scene: &Scene<'t, '_>,
    reach: &Reach<'_>,
    before: Option<&'r Claim<'t>>,
    claim: &Claim<'t>,
) -> Option<&'r Slot<Interval>> {
    let before = before.filter(|before| {
        before.sentence == claim.sentence
            && before.measure_id() == claim.measure_id()
            && claim.modality.is_none()
            && claim.measure_id().is_some()
    })?;
    let period = before.period.as_ref()?;
    let mut clauses =
        (reach.all.start..reach.anchor).rev().take_while(|at| scene.items[*at].mark() != Some(';'));
    clauses.any(|at| scene.items[at].start <= period.origin.start_byte).then_some(period)
}

/// The time that holds on from the sentence before, or that the title sets.
fn from_above(
    scene: &Scene<'_, '_>,
    block: &Block,
    memory: &Memory,
    claim: &Claim<'_>,
) -> Option<(usize, &'static str)> {
    let takes = |item: &usize| takes(scene, *item, claim);
    let closed =
        |item: &usize| scene.interval(*item).is_some_and(|is| is.start.is_some() && is.end.is_some());
    let joined = memory.period.filter(|item| is_joined(scene, block) && closed(item) && takes(item));
    let lately = || memory.lately.filter(|item| goes_on(scene, block) && takes(item));
    let told = || memory.period.filter(|item| goes_on(scene, block) && takes(item));
    let before = joined.or_else(lately).map(|item| (item, "time told before"));
    before
        .or_else(|| memory.frame.filter(takes).map(|item| (item, "time of the title")))
        .or_else(|| told().map(|item| (item, "time told before")))
}

/// True if a sentence says by its first words that it goes on from the one before.
fn goes_on(scene: &Scene<'_, '_>, block: &Block) -> bool {
    const WORDS: &[&str] = &[
        "其中", "同时", "此外", "该", "其", "另", "而", "Of ", "It ", "Its ", "That ", "This ", "Total ",
        "In addition", "Also", "The company", "Meanwhile",
    ];
    let text = &scene.text[block.span.clone()];
    WORDS.iter().any(|word| text.starts_with(word))
}

/// True if a sentence stands behind a semicolon of the one before.
fn is_joined(scene: &Scene<'_, '_>, block: &Block) -> bool {
    scene.text[..block.span.start].trim_end().ends_with(['；', ';'])
}

/// True if a claim of this measure takes the time at `item` from above.
fn takes(scene: &Scene<'_, '_>, item: usize, claim: &Claim<'_>) -> bool {
    let here = scene.items[item].start;
    claim.sentence.contains(&here) || carry::takes(claim, scene.precision(item))
}

/// True if a time is what a change is measured against, not when the figure holds.
pub(super) fn is_base(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let span = scene.items[item].span();
    // A relation covers it: 较去年同期.
    let covered = reach.all.clone().any(|other| {
        let there = &scene.items[other];
        matches!(there.cue(), Some(Cue::Relation(_))) && there.start <= span.start && span.end <= there.end
    });
    let of_before = reach.draft.moves.iter().filter_map(|moved| moved.before);
    let of_before = of_before.filter(|before| *before > reach.anchor);
    covered
        || !reach.draft.moves.is_empty() && base::extreme(scene, item)
        || of_before.into_iter().any(|before| base::time_of(scene, before) == Some(item))
        || versus(scene, item, reach).is_some()
        || base::after_multiple(scene, item)
        || base::before_multiple(scene, item)
}

/// True for 今年以来 and "year to date", which tell a base of a price and the period of an output.
fn is_to_date(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let span = scene.items[item].span();
    reach.all.clone().any(|other| {
        let there = &scene.items[other];
        there.cue() == Some(Cue::Relation(Relation::YearStart))
            && there.start == span.start
            && span.end <= there.end
    })
}

/// «up 8.3 % on January», «31 % over the second quarter»: behind the amount of a change these words name its base, unless they name
/// the day on which it was; and «over» only where the change has a time of its own before it.
fn behind_a_change(scene: &Scene<'_, '_>, reach: &Reach<'_>, word: usize, time: usize) -> bool {
    let text = &scene.text[scene.items[word].span()];
    let on = text.eq_ignore_ascii_case("on");
    if !on && !text.eq_ignore_ascii_case("over") {
        return false;
    }
    let short =
        scene.interval(time).and_then(|interval| interval.precision).is_none_or(|p| p < Precision::Month);
    let amount = |at: &usize| {
        scene.mention(*at).is_some_and(|mention| {
            matches!(mention.unit.as_deref(), Some("%" | "[pp]"))
                && scene.items[word].start.saturating_sub(mention.end_byte) <= 1
        })
    };
    let behind = word.checked_sub(1).is_some_and(|at| amount(&at));
    let own = || (reach.all.start..word).any(|at| scene.is_time(at));
    behind && !short && (on || own())
}

/// The word that compares with the time at `item`: «from the low in Q3 2024», 较2024年末, «than in June».
pub(super) fn versus(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> Option<usize> {
    let start = scene.items[item].start;
    // 与5月相比, 与二季度持平
    const BEHIND: &[&str] = &[
        "相比", "相较", "对比", "比较", "持平", "一致", "相当", "相同", "相仿", "基本持平", "大致持平",
        "基本一致", "大致相当",
    ];
    let rest = scene.text.get(scene.items[item].end..).unwrap_or_default();
    let mut rest = rest.trim_start_matches(['末', '底', '的']);
    while let Some(behind) = rest.strip_prefix("水平") {
        rest = behind;
    }
    if BEHIND.iter().any(|word| rest.starts_with(word)) {
        return Some(item);
    }
    for left in (reach.all.start..item).rev() {
        let there = &scene.items[left];
        if start.saturating_sub(there.end) > 28 {
            return None;
        }
        // 比去年 runs into 去年四季度; the «from» of «from May to June» is inside the time.
        if there.end > start {
            // «in the week to 16 January» compares with nothing.
            let within = (reach.draft.level.is_some() || reach.draft.moves.is_empty())
                && ["in the", "for the", "in a", "over the", "on the"]
                    .iter()
                    .any(|word| lower(&scene.text[there.span()]).starts_with(word));
            if there.start < start
                && !within
                && matches!(there.cue(), Some(Cue::Relation(_)))
                && there.end < scene.items[item].end
            {
                return Some(left);
            }
            continue;
        }
        match there.cue() {
            Some(Cue::Versus | Cue::From) => {
                let word = &scene.text[there.span()];
                // «over» and «on» and 同 go before periods that are no base.
                let weak = matches!(word, "over" | "on" | "同" | "与" | "Over" | "On");
                // «the period from May to June» is one mention, so what is left of «from» is a base.
                return (!weak || behind_a_change(scene, reach, left, item)).then_some(left);
            }
            // «level with Thursday», «the same as in May»
            Some(Cue::Move(Direction::Flat))
                if scene.words(left).ends_with(['h', 's']) && scene.words(left).contains(' ') =>
            {
                return Some(left);
            }
            // «20 t less than in May», «lower than a week earlier».
            Some(Cue::Above(_)) if compares(scene.words(left)) => return Some(left),
            Some(_) => {}
            None if there.mark().is_some() => return None,
            None if scene.kind(left) == "measure" => {}
            None => return None,
        }
    }
    None
}

/// True for words of more and less with what they compare with: «higher than», 高于.
fn compares(word: &str) -> bool {
    word.ends_with("than") || word.ends_with(['于', '过', '比', '较']) || matches!(word, "above" | "below")
}

/// True if the first time of a report is the quarter or half that a title with a year alone means: "2024 interim results".
pub(super) fn refines(scene: &Scene<'_, '_>, item: usize, frame: Option<usize>) -> bool {
    let Some((part, whole)) = scene.interval(item).zip(frame.and_then(|frame| scene.interval(frame))) else {
        return false;
    };
    let shorter = matches!(part.precision, Some(Precision::Quarter | Precision::Half))
        && whole.precision == Some(Precision::Year);
    shorter && part.start >= whole.start && part.end <= whole.end
}

/// The item that sets the period for what is below a title or heading, or for the sentences behind one: the first time that
/// a claim of the sentence takes as its own, else the first that could be one.
pub(super) fn sets(scene: &Scene<'_, '_>, block: &Block, claims: &[Claim<'_>]) -> Option<usize> {
    let all = scene.items_of(block);
    let draft = super::draft::Draft::default();
    let reach =
        Reach { draft: &draft, anchor: all.end, left: all.clone(), tail: all.end..all.end, all: all.clone() };
    let mut times = all
        .filter(|item| scene.is_time(*item) && scene.has_interval(*item) && !is_base(scene, *item, &reach));
    match block.kind {
        // A title with two times sets neither, unless one of them is that of the figures.
        BlockKind::Title | BlockKind::Heading => {
            let times: Vec<usize> = times.collect();
            let same = |item: &usize| scene.interval(*item) == scene.interval(times[0]);
            match times.as_slice() {
                [first, rest @ ..] if rest.iter().all(same) => Some(*first),
                _ => times.into_iter().find(|item| dated::is_of_the_figures(scene, *item)),
            }
        }
        BlockKind::Sentence => {
            let said = claims.iter().find_map(|claim| {
                let origin = &claim.period.as_ref()?.origin;
                (origin.kind == OriginKind::Stated).then_some(origin.start_byte)
            });
            match said {
                Some(start) => Some(scene.items.partition_point(|item| item.start < start))
                    .and_then(|item| (item..scene.items.len()).take(3).find(|item| scene.is_time(*item))),
                None => times.find(|item| {
                    !dated::is_of_an_act(scene, *item, &reach)
                        && !dated::is_of_effect(scene, *item)
                        && !dated::is_of_a_speaker(scene, *item, &reach)
                }),
            }
        }
        BlockKind::Row => None,
    }
}
