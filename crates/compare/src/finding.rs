//! A set of figures that stand against each other, or agree, as a finding with its sides and passages.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{
    Citation, Extent, Finding, FindingKind, FindingSide, Likelier, LikelierKind, Period, Qualifier,
    ReasonCode, Word,
};
use prost::Message;

use crate::evidence::attribution;
use crate::figure::Figure;
use crate::printed::decimal;
use crate::reasons;
use crate::reconcile::Shared;
use crate::slot::trade_of_price;

/// Most figures of a side whose passages are cited.
pub(crate) const MAX_CITED: usize = 16;

/// Most claims that a finding names.
pub(crate) const MAX_CLAIMS: usize = 1_000;

/// Most documents in a finding's keys.
const MAX_DOCUMENTS: usize = 900;

/// A finding with what goes into its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The finding.
    pub finding: Finding,
    /// The passages that its sides refer to.
    pub citations: Vec<Citation>,
    /// Keys, as `name=value`.
    pub keys: Vec<String>,
}

/// The finding about a set of figures of a bucket; who says the same stands on one side, and so does who agrees. `None` if sides that oppose each other would be
/// shown as one.
pub(crate) fn found(
    figures: &[&Figure<'_>],
    clique: &[usize],
    what: (FindingKind, ReasonCode),
    shared: Shared<'_>,
    cut: bool,
    agree: impl Fn(usize, usize) -> bool,
) -> Option<Found> {
    let (mut kind, reason) = what;
    let mut writer = Writer::new(kind, reason);
    let mut sides: BTreeMap<String, Vec<&Figure<'_>>> = BTreeMap::new();
    let mut placed: Vec<(usize, String)> = Vec::new();
    for index in clique {
        // Who agrees stands on one side, though he may say it in other words: dry tonnes, 实物量.
        let beside =
            placed.iter().find(|(other, _)| kind == FindingKind::Contradiction && agree(*index, *other));
        let side = beside.map_or_else(|| said(figures[*index], kind, reason), |(_, side)| side.clone());
        placed.push((*index, side.clone()));
        sides.entry(side).or_default().push(figures[*index]);
    }
    match (kind, sides.len()) {
        (FindingKind::Rounding, 1) => kind = FindingKind::Agreement,
        // What differs has no words that could be shown.
        (FindingKind::Contradiction, 1) => return None,
        _ => {}
    }
    let cut = cut || sides.values().any(|side| side.len() > MAX_CITED);
    let told: Vec<FindingSide> = sides.iter().map(|(said, side)| writer.side(said, side)).collect();
    let all: Vec<&Figure<'_>> = sides.values().flatten().copied().collect();
    let mut claims: Vec<String> = all.iter().map(|figure| figure.item.statement.claim.clone()).collect();
    claims.sort_unstable();
    claims.dedup();
    claims.truncate(MAX_CLAIMS);
    let likelier = match kind {
        FindingKind::Contradiction => likelier(&sides, &told),
        FindingKind::Revision => reasons::edition(&sides).into_iter().collect(),
        _ => Vec::new(),
    };
    let finding = Finding {
        kind: kind.into(),
        reason: reason.into(),
        severity: severity(kind, reason, &told, voices(&all)),
        sides: told,
        likelier,
        claims,
        cut,
        ..Finding::default()
    };
    Some(Found { keys: keys(&all, kind, reason, shared), finding, citations: writer.citations })
}

/// Leaves one of findings that say the same of the same claims: a figure and its change, both of a shifted period, are one slip, and a
/// finding is named by what it says.
pub(crate) fn once(findings: &mut Vec<Found>) {
    let mut said = BTreeSet::new();
    findings.retain(|found| said.insert(found.finding.encode_to_vec()));
}

/// Collects the passages that the sides of a finding refer to.
pub(crate) struct Writer {
    citations: Vec<Citation>,
    kind: FindingKind,
    reason: ReasonCode,
}

impl Writer {
    pub(crate) fn new(kind: FindingKind, reason: ReasonCode) -> Writer {
        Writer { citations: Vec::new(), kind, reason }
    }

    pub(crate) fn into_citations(self) -> Vec<Citation> {
        self.citations
    }

    /// The side of all who say the same.
    pub(crate) fn side(&mut self, said: &str, figures: &[&Figure<'_>]) -> FindingSide {
        self.side_with(said, figures, |_| Vec::new())
    }

    /// The same, with further passages of each figure.
    pub(crate) fn side_with(
        &mut self,
        said: &str,
        figures: &[&Figure<'_>],
        further: impl Fn(&Figure<'_>) -> Vec<u32>,
    ) -> FindingSide {
        let mut cited = Vec::new();
        for figure in figures.iter().take(MAX_CITED) {
            for span in passages(figure, self.kind, self.reason).into_iter().chain(further(figure)) {
                if let Some(index) = self.cite(figure, span)
                    && !cited.contains(&index)
                {
                    cited.push(index);
                }
            }
        }
        let claims: BTreeSet<&str> =
            figures.iter().map(|figure| figure.item.statement.claim.as_str()).collect();
        FindingSide {
            said: said.to_owned(),
            claims: claims.into_iter().take(MAX_CLAIMS).map(str::to_owned).collect(),
            citations: cited,
            voices: voices(figures),
            readings: Vec::new(),
        }
    }

    /// The place of a passage among the citations; `None` for a slot without words.
    fn cite(&mut self, figure: &Figure<'_>, span: u32) -> Option<u32> {
        let from = &figure.item.citation;
        let span = from.spans.get((span as usize).checked_sub(1)?)?;
        let citation = Citation { document: from.document.clone(), spans: vec![span.clone()] };
        let known = self.citations.iter().position(|known| *known == citation);
        let index = known.unwrap_or_else(|| {
            self.citations.push(citation);
            self.citations.len() - 1
        });
        u32::try_from(index).ok()
    }
}

/// The passages of a figure that a finding shows: the value, then what decides.
fn passages(figure: &Figure<'_>, kind: FindingKind, reason: ReasonCode) -> Vec<u32> {
    let statement = &figure.item.statement;
    let span = |word: &Option<Word>| word.as_ref().map_or(0, |word| word.span);
    let mut spans = vec![figure.extent.span];
    match (kind, reason) {
        (FindingKind::Outturn, _) => spans.push(span(&statement.modal)),
        (_, ReasonCode::PeriodShifted) => spans.push(span(&statement.period)),
        (_, ReasonCode::GoodConfused) => spans.push(span(&statement.subject)),
        (_, ReasonCode::UnitOrBasis) => spans.extend(statement.basis.iter().map(|word| word.span)),
        (_, ReasonCode::ComparisonBase) => {
            spans.extend(figure.change.and_then(|change| change.base.as_ref()).map(|base| base.span));
        }
        (_, ReasonCode::Direction) => spans.extend(figure.change.map(|change| change.span)),
        (_, ReasonCode::ActorOrTradeDirection) => {
            let actor = actor(figure);
            let measure = statement.measure.as_ref().filter(|_| actor.is_empty());
            spans.extend(actor.into_iter().chain(measure).map(|word| word.span));
        }
        _ => {}
    }
    spans
}

/// Who acts, or the measure if both sides' actors are the same.
fn actor<'a>(figure: &Figure<'a>) -> Vec<&'a Word> {
    let statement = &figure.item.statement;
    let trade = |word: &&Word| matches!(word.id.as_str(), "measure/imports" | "measure/exports");
    if let Some(measure) = statement.measure.as_ref().filter(trade) {
        // Of mirrored trade the word is the same on both sides, and the country is another.
        return std::iter::once(measure).chain(&statement.place).chain(&statement.partners).collect();
    }
    let company = |word: &&Word| !word.id.starts_with("commodity/");
    statement.subject.iter().filter(company).chain(&statement.actors).take(1).collect()
}

/// What a figure says of that in which the sides differ, normalised.
fn said(figure: &Figure<'_>, kind: FindingKind, reason: ReasonCode) -> String {
    let statement = &figure.item.statement;
    let name = |word: &Word| if word.id.is_empty() { word.words.clone() } else { word.id.clone() };
    let value = value(figure.extent);
    match reason {
        ReasonCode::PeriodShifted => statement.over.as_ref().map(period).unwrap_or_default(),
        ReasonCode::GoodConfused => statement.subject.as_ref().map(name).unwrap_or_default(),
        ReasonCode::ActorOrTradeDirection => {
            let actor = actor(figure);
            // The price of what is imported, and of what is exported.
            let trade = if actor.is_empty() { trade_of_price(figure.item) } else { None };
            let words: Vec<String> = actor.into_iter().map(name).chain(trade.map(str::to_owned)).collect();
            words.join(", ")
        }
        ReasonCode::ComparisonBase => {
            let base = figure.change.and_then(|change| change.base.as_ref());
            let over = figure.change.and_then(|change| change.over.as_ref()).map(period);
            let relation = figure.change.map(|change| change.relation().as_str_name().to_lowercase());
            over.or(relation).or(base.map(|base| base.words.clone())).unwrap_or_default()
        }
        ReasonCode::Direction if figure.change.is_some() => {
            let direction = figure.change.map(|change| change.direction().as_str_name().to_lowercase());
            direction.map(|name| name.trim_start_matches("direction_").to_owned()).unwrap_or_default()
        }
        ReasonCode::UnitOrBasis if !statement.basis.is_empty() => {
            let basis: Vec<String> = statement.basis.iter().map(name).collect();
            format!("{value}, {}", basis.join(", "))
        }
        _ if kind == FindingKind::Outturn && statement.modality != 0 => format!("{value}, expected"),
        _ => value,
    }
}

fn period(over: &Period) -> String {
    format!("{}/{}", over.start, over.end)
}

/// A value in the unit in which it is printed.
pub(crate) fn value(extent: &Extent) -> String {
    let canonical = crate::unit::canonical(&extent.printed_unit);
    let back = |end: &str| -> String {
        let value = decimal(end).zip(canonical.as_ref()).and_then(|(end, told)| end.checked_div(told.factor));
        value.map_or_else(String::new, |value| value.normalize().to_string())
    };
    let number = if extent.value.is_empty() {
        format!("{}–{}", back(&extent.low), back(&extent.high))
    } else {
        back(&extent.value)
    };
    let qualifier = match extent.qualifier() {
        Qualifier::Unspecified => "",
        Qualifier::About => "about ",
        Qualifier::Nearly => "nearly ",
        Qualifier::Over => "over ",
        Qualifier::AtLeast => "at least ",
        Qualifier::Under => "under ",
        Qualifier::AtMost => "at most ",
    };
    format!("{qualifier}{number} {}", extent.printed_unit).trim_end().to_owned()
}

/// How many independent voices tell these figures: tellings of one voice of a story, documents of one publisher, and all who name one
/// source are one.
pub(crate) fn voices(figures: &[&Figure<'_>]) -> u32 {
    let mut parent: Vec<usize> = (0..figures.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        for token in tokens(figure) {
            let first = *known.entry(token).or_insert(index);
            let (one, other) = (root(&mut parent, first), root(&mut parent, index));
            parent[other] = one;
        }
    }
    let roots: BTreeSet<usize> = (0..figures.len()).map(|index| root(&mut parent, index)).collect();
    u32::try_from(roots.len()).unwrap_or(u32::MAX)
}

fn tokens(figure: &Figure<'_>) -> Vec<String> {
    let statement = &figure.item.statement;
    let mut tokens = vec![format!("document {}", statement.document)];
    if !statement.story.is_empty() {
        tokens.push(format!("voice {} {}", statement.story, statement.voice));
    }
    if !statement.source.is_empty() {
        tokens.push(format!("source {}", statement.source));
    }
    if let Some(attribution) = &statement.attribution {
        tokens.push(format!(
            "said by {} {}",
            attribution.id,
            if attribution.id.is_empty() { &attribution.words } else { "" }
        ));
    }
    tokens
}

/// Reasons why one side is the likelier; never more than that.
fn likelier(sides: &BTreeMap<String, Vec<&Figure<'_>>>, told: &[FindingSide]) -> Vec<Likelier> {
    let mut reasons = Vec::new();
    // Who names the other side as its source is not the likelier for it.
    let elsewhere = |side: &str, figure: &Figure<'_>| {
        let others = sides.iter().filter(|(other, _)| *other != side).flat_map(|(_, figures)| figures);
        !others.into_iter().any(|other| attribution(&figure.item.statement, &other.item.statement))
    };
    let named: Vec<bool> = sides
        .iter()
        .map(|(name, side)| {
            let has = |figure: &&Figure<'_>| figure.item.statement.attribution.is_some();
            side.iter().filter(|figure| has(figure)).any(|figure| elsewhere(name, figure))
        })
        .collect();
    if let [side] = places(&named)[..] {
        reasons.push(Likelier {
            side,
            kind: LikelierKind::Attribution.into(),
            citations: Vec::new(),
            readings: Vec::new(),
        });
    }
    reasons.extend(reasons::arithmetic(sides));
    let most = told.iter().map(|side| side.voices).max().unwrap_or_default();
    let loudest: Vec<bool> = told.iter().map(|side| side.voices == most).collect();
    if let ([side], true) = (&places(&loudest)[..], most > 1) {
        reasons.push(Likelier {
            side: *side,
            kind: LikelierKind::Voices.into(),
            citations: Vec::new(),
            readings: Vec::new(),
        });
    }
    reasons
}

fn places(which: &[bool]) -> Vec<u32> {
    (0..).zip(which).filter(|(_, is)| **is).map(|(place, _)| place).collect()
}

/// How much an analyst would want to see it. Contradictions stand above all; among them those that are the worse the likelier they
/// are to be taken over unseen: a wrong power of ten, a wrong good.
fn severity(kind: FindingKind, reason: ReasonCode, sides: &[FindingSide], voices: u32) -> u32 {
    let base = match kind {
        FindingKind::Contradiction => match reason {
            ReasonCode::Scale => 90,
            ReasonCode::GoodConfused | ReasonCode::PeriodShifted | ReasonCode::Direction => 85,
            ReasonCode::ActorOrTradeDirection | ReasonCode::Value => 80,
            ReasonCode::DigitsTransposed | ReasonCode::UnitOrBasis => 75,
            _ => 70,
        },
        FindingKind::Revision => 40,
        FindingKind::Outturn => 35,
        FindingKind::Rounding | FindingKind::Agreement if voices > 1 => return 10 + voices.min(5),
        _ => return 1,
    };
    // Independent voices on each side make it more than one slip of one text.
    let independent = sides.iter().filter(|side| side.voices > 1).count();
    (base + 3 * u32::try_from(independent).unwrap_or(3)).min(100)
}

/// The keys of a finding about these figures.
pub(crate) fn keys(
    figures: &[&Figure<'_>],
    kind: FindingKind,
    reason: ReasonCode,
    shared: Shared<'_>,
) -> Vec<String> {
    let tell = |name: &str, prefix: &str| name.trim_start_matches(prefix).to_lowercase().replace('_', "-");
    let mut keys = vec![format!("finding={}", tell(kind.as_str_name(), "FINDING_KIND_"))];
    if reason != ReasonCode::Unspecified {
        keys.push(format!("reason={}", tell(reason.as_str_name(), "REASON_CODE_")));
    }
    match shared {
        Shared::Fact(fact) => {
            keys.push(format!("fact={fact}"));
            keys.extend(fact.rsplit_once('@').map(|(series, _)| format!("series={series}")));
        }
        Shared::Story(story) => keys.push(format!("story={story}")),
    }
    let documents: BTreeSet<&str> =
        figures.iter().map(|figure| figure.item.statement.document.as_str()).collect();
    keys.extend(documents.into_iter().take(MAX_DOCUMENTS).map(|document| format!("document={document}")));
    keys
}
