//! Who, whom and which goods of an event.

use std::ops::Range;

use super::cues::Cue;
use super::described::{self, Who};
use super::draft::Draft;
use super::event_passive::{self, Side};
use super::figure::Reach;
use super::layout::Block;
use super::scene::{Memory, Scene};
use super::slots::{Claim, EventType, Slot, Term};
use super::{
    event_goods, event_notice, event_place, event_state, event_target, event_time, office, speaker, subject,
};
use crate::find::lower;

/// Longest stretch of other words before an event's word that is no subject, in bytes: 随后已正式.
const LONGEST_ADVERB: usize = 15;

/// The word that tells an event, with what stands around it.
pub(super) struct Around<'s, 't, 'a> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) block: &'s Block,
    pub(super) all: &'s Range<usize>,
    pub(super) clause: &'s Range<usize>,
    /// The word.
    pub(super) item: usize,
    pub(super) event: EventType,
}

impl<'t> Around<'_, 't, '_> {
    /// The event with every slot that the words around fill.
    pub(super) fn claim(&self, memory: &Memory, last: Option<&Claim<'t>>) -> Claim<'t> {
        let span = self.scene.items[self.item].span();
        let mut claim = Claim {
            start_byte: span.start,
            end_byte: span.end,
            quote: &self.scene.text[span],
            sentence: self.block.span.clone(),
            event: Some(self.event),
            ..Claim::default()
        };
        self.before(&mut claim);
        self.behind(&mut claim);
        if claim.actors.is_empty()
            && let Some(slot) = self.described(memory)
        {
            claim.actors.push(slot);
        }
        if claim.actors.is_empty() {
            claim.actors = event_notice::acting(self);
        }
        if claim.actors.is_empty() {
            claim.actors.extend(event_notice::capital(self));
        }
        if claim.actors.is_empty() {
            self.actor_told_before(memory, last, &mut claim);
        }
        self.turn_passive(&mut claim);
        event_target::turn_received(self, &mut claim);
        event_target::fill(self, memory, &mut claim);
        event_goods::fill(self, memory, &mut claim);
        event_place::fill(self, memory, &mut claim);
        event_time::fill(self, &mut claim);
        event_state::fill(self, &mut claim);
        // Who acts makes it known, and is no source of it.
        // A company that says so in words is both: «驰宏锌锗公告称,拟收购…».
        claim.attribution = self.attribution(memory).filter(|slot| {
            let company = slot.is.id.as_deref().is_some_and(|id| id.starts_with("company/"));
            company
                || !claim.actors.iter().any(|actor| {
                    actor.is.words == slot.is.words || actor.is.id.is_some() && actor.is.id == slot.is.id
                })
        });
        claim
    }

    fn attribution(&self, memory: &Memory) -> Option<Slot<Term<'t>>> {
        let draft = Draft::default();
        let reach = Reach {
            draft: &draft,
            anchor: self.item,
            left: self.all.start..self.item,
            tail: self.item + 1..self.all.end,
            all: self.all.clone(),
        };
        let (scene, block) = (self.scene, self.block);
        speaker::attribution(subject::Around { scene, block, reach: &reach, before: None, memory })
    }

    pub(super) fn term(&self, item: usize, rule: &'static str) -> Slot<Term<'t>> {
        self.scene.term(item, self.block, rule)
    }

    /// True for a name of somebody who may act: not in brackets, not the source of a report, and not a country that only
    /// says where the one named behind it is from.
    fn is_party(&self, item: usize) -> bool {
        let kind = self.scene.kind(item);
        let acts = match kind {
            "company" | "agency" | "exchange" | "institution" => true,
            // A country bans and licenses; a mine in it closes.
            "country" | "region" => match self.event {
                EventType::Closure => false,
                EventType::Announcement => self.is_of_a_state(),
                _ => true,
            },
            _ => false,
        };
        acts && !self.in_brackets(item)
            && !self.is_source(item)
            && !self.is_origin(item)
            && !self.is_owner(item)
    }

    /// BHP旗下Nickel West: the one that belongs to the other acts.
    fn is_owner(&self, item: usize) -> bool {
        let end = self.scene.items[item].end;
        let rest = self.scene.text.get(end..self.block.span.end).unwrap_or_default();
        let owns = ["旗下", "所属", "下属", "控股的", "持股的", "-owned ", "-controlled ", "-backed "]
            .iter()
            .any(|word| rest.starts_with(word));
        owns && self.is_before_name(item)
    }

    /// True if the clause speaks of duties and laws, which a country makes.
    fn is_of_a_state(&self) -> bool {
        let from = self.scene.items.get(self.clause.start).map_or(self.block.span.start, |item| item.start);
        let words = self.scene.text.get(from..self.block.span.end).unwrap_or_default();
        let laws = [
            "关税", "加征", "征税", "税", "法案", "法令", "tariff", "dut", "law", "decree", "tax", "royalt",
            "strategy", "quota",
        ];
        laws.iter().any(|law| words.contains(law))
    }

    pub(super) fn in_brackets(&self, item: usize) -> bool {
        let marks = (self.all.start..item).rev().filter_map(|at| self.scene.items[at].mark());
        marks.into_iter().find(|mark| matches!(mark, '(' | ')')) == Some('(')
    }

    fn is_source(&self, item: usize) -> bool {
        let before = item.checked_sub(1).filter(|before| *before >= self.all.start);
        before.is_some_and(|before| self.scene.items[before].cue() == Some(Cue::According))
    }

    /// 印尼国有企业Inalum, «American Freeport»: a country directly before the one who acts.
    fn is_origin(&self, item: usize) -> bool {
        if !matches!(self.scene.kind(item), "country" | "region") {
            return false;
        }
        let end = self.scene.items[item].end;
        let rest = self.scene.text.get(end..self.block.span.end).unwrap_or_default();
        let before = &self.scene.text[..self.scene.items[item].start];
        // 几内亚一家矿业公司, 一家美国催化剂厂: somebody there whose name is not said.
        if [
            "一家", "某", "国有", "籍", "原产", "制造的", "客户", "买家", "用户", "企业", "厂商", "-based",
            "-origin", "-made",
        ]
        .iter()
        .any(|word| rest.starts_with(word))
            || ends(before, &["一家", "某"])
        {
            return true;
        }
        self.is_before_name(item)
    }

    /// True if somebody who acts is named directly behind.
    pub(super) fn is_before_name(&self, item: usize) -> bool {
        let end = self.scene.items[item].end;
        let next = (item + 1..self.all.end).find(|next| !self.scene.kind(*next).is_empty());
        next.is_some_and(|next| {
            let gap = self.scene.text.get(end..self.scene.items[next].start).unwrap_or_default();
            matches!(self.scene.kind(next), "company" | "agency" | "institution")
                && gap.len() <= 18
                && !["和", "与", "及", "、", "and", "对", "向", ","].iter().any(|word| gap.contains(word))
        })
    }

    /// Who stands before the word: actors, joined perhaps, or against whom it is.
    fn before(&self, claim: &mut Claim<'t>) {
        let mut last = None;
        for item in (self.clause.start..self.item).filter(|item| self.is_party(*item)) {
            let words = self.scene.text[..self.scene.items[item].start].trim_end();
            let end = self.scene.items[item].end;
            let between = self.scene.text.get(end..self.scene.items[self.item].start).unwrap_or_default();
            let is_target = ends(words, &["对", "向", "针对"]);
            match event_passive::before(self, item) {
                Some(Side::Target) => {
                    claim.targets.push(self.term(item, "against whom"));
                    continue;
                }
                Some(_) => continue,
                None => {}
            }
            if matches!(between.trim(), "'s" | "’s" | "的") && !is_target {
                // «disruption from China's licensing»: who else is named before does not act.
                claim.actors.clear();
                claim.actors.push(self.term(item, "whose it is"));
            } else if event_target::is_let_off(self, item) {
                // «Lynas was granted an exemption from the ban».
                claim.targets.push(self.term(item, "whom it spares"));
            } else if ends(words, &["对", "向", "针对", "against", "涉", "原产于", "产自", "对来自", "自"])
            {
                claim.targets.push(self.term(item, "against whom"));
            } else if ends(words, &[" with", " from"]) || self.is_partner(item, last) {
                claim.targets.push(self.term(item, "with whom"));
            } else if last.is_none_or(|last| self.is_joined(last, item)) {
                if last.is_none()
                    && let Some(slot) = self.partner_before(item)
                {
                    claim.actors.push(slot);
                }
                claim.actors.push(self.term(item, "who acts"));
                last = Some(item);
            } else if last.is_some_and(|last| event_target::says_between(self, last, item)) {
                // «X said Y had banned …»: who speaks does not act.
                claim.actors.clear();
                claim.actors.push(self.term(item, "who acts"));
                last = Some(item);
            }
        }
    }

    /// True for B of «A于9月18日与B签署»: a partner whom 与 does not join to a name right before it. Those who announce together both
    /// act.
    fn is_partner(&self, item: usize, last: Option<usize>) -> bool {
        if self.event != EventType::Agreement {
            return false;
        }
        let text = self.scene.text;
        // 与加拿大Vista Gold
        let home = item
            .checked_sub(1)
            .filter(|home| self.scene.kind(*home) == "country" && self.scene.gap(*home, item).is_empty());
        let before = text[..self.scene.items[home.unwrap_or(item)].start].trim_end();
        let Some(lead) = ["与", "同"].iter().find_map(|word| before.strip_suffix(word)) else {
            return false;
        };
        let sentence = &text[self.block.span.clone()];
        let together = ["联合", "共同", "双方", "合资", "宣布"].iter().any(|word| sentence.contains(word));
        let joined = last.is_some_and(|last| self.scene.items[last].end >= lead.trim_end().len());
        // 与 right behind a word for the company tells its partner too.
        !together && (!joined || home.is_some())
    }

    /// 国内某电缆厂与江铜签下…: who is described before the first name and joined to it.
    fn partner_before(&self, item: usize) -> Option<Slot<Term<'t>>> {
        if self.event != EventType::Agreement {
            return None;
        }
        let text = self.scene.text;
        let from = match self.clause.start.checked_sub(1).filter(|mark| *mark >= self.all.start) {
            Some(mark) => self.scene.items[mark].end,
            None => self.block.span.start,
        };
        let lead = text.get(from..self.scene.items[item].start)?.trim_end();
        let lead = ["与", "和", "同", " and", " with"].iter().find_map(|word| lead.strip_suffix(word))?;
        let span = described::at_end(text, from..from + lead.trim_end().len(), Who::Actor)?;
        Some(self.scene.words_term(span, "who acts"))
    }

    /// True if two names act together: «A and B», A和B; A与B only if they sign or announce jointly.
    fn is_joined(&self, left: usize, right: usize) -> bool {
        let gap = self.scene.text.get(self.scene.items[left].end..self.scene.items[right].start);
        let gap = gap.unwrap_or_default();
        // «A (TSX: A) and B»: what stands in brackets between them says nothing.
        let gap = gap.rsplit([')', '）']).next().unwrap_or_default().trim();
        let sentence = &self.scene.text[self.block.span.clone()];
        let together = self.event == EventType::Agreement
            || ["联合", "共同", "双方", "jointly"].iter().any(|word| sentence.contains(word));
        gap.len() <= 24
            && (["和", "及", "、", "and", "&"].iter().any(|word| gap.starts_with(word))
                || ["会同", "联合", "together with", "along with", "jointly with"]
                    .iter()
                    .any(|word| gap.starts_with(word))
                || together && ["与", "同"].iter().any(|word| gap.starts_with(word)))
    }

    /// Whom it is with or against, behind the word; and who does it, if the sentence says «by».
    fn behind(&self, claim: &mut Claim<'t>) {
        for item in (self.item + 1..self.clause.end).filter(|item| self.is_party(*item)) {
            let words = self.scene.text[..self.scene.items[item].start].trim_end();
            let words = words.strip_suffix("the").map_or(words, str::trim_end);
            if event_passive::behind(self, item) == Some(Side::Actor) {
                // «Wogen said export bans from China …»: the owner goes before who speaks.
                claim.actors.retain(|actor| actor.origin.rule == "whose it is");
                if claim.actors.is_empty() {
                    claim.actors.push(self.term(item, "whose it is"));
                }
                continue;
            }
            if event_target::is_a_reason(self, item) {
                continue;
            }
            let holds = matches!(self.event, EventType::Licence | EventType::Quota) && ends(words, &[" of"])
                || matches!(self.event, EventType::Closure | EventType::Announcement)
                    && ends(words, &[" at"]);
            if ends(words, &[" by"]) || holds && claim.actors.is_empty() {
                claim.actors.push(self.term(item, "by whom"));
            } else if ends(words, &["对", "向", " with", " against", " to", "与", "at", "原产于", "产自"])
                || self.event == EventType::Agreement && ends(words, &[" from"])
                || self.event != EventType::Agreement
                    && self.scene.kind(item) == "country"
                    && ends(words, &[" on", " imports from", "originating in", "imported from"])
            {
                claim.targets.push(self.term(item, "with or against whom"));
            } else if self.event == EventType::Agreement && ends(words, &[" between"]) {
                claim.actors.push(self.term(item, "who acts"));
            } else if claim.actors.len() == 1 && ends(words, &[" and"]) && claim.targets.is_empty() {
                // «between A and B», «by A and B».
                if claim.actors[0].origin.start_byte > self.scene.items[self.item].start {
                    claim.actors.push(self.term(item, "who acts"));
                }
            } else {
                let gap = self.scene.items[item].start - self.scene.items[self.item].end;
                let word = self.scene.words(self.item);
                let buys =
                    ["收购", "入股", "并购", "受让", "参股", "竞得", "cquire", "bought", "buys", "to buy"];
                let takes_object =
                    self.event == EventType::Enforcement || buys.iter().any(|other| word.contains(other));
                let acts = matches!(self.scene.kind(item), "company" | "institution");
                if takes_object && acts && gap <= 24 && claim.targets.is_empty() {
                    claim.targets.push(self.term(item, "whom it meets"));
                }
            }
        }
    }

    /// «X was fined», X被立案, X收到警示函: who stands before the word is met by it.
    fn turn_passive(&self, claim: &mut Claim<'t>) {
        if self.event != EventType::Enforcement || claim.actors.is_empty() {
            return;
        }
        let start = self.scene.items[self.item].start;
        let word = lower(self.scene.words(self.item));
        let marked = ["被", "遭", "was ", "were ", "been ", "under ", "is being", "being "];
        let is_passive = |actor: &Slot<Term<'t>>| {
            let Some(between) = self.scene.text.get(actor.origin.end_byte..start).map(str::trim_end) else {
                return false;
            };
            let links = [
                " was", " were", " been", " received", " faces", " under", " being", "接到", "收到", "受到",
                "领到",
            ];
            between.contains(['被', '遭'])
                || ends(between, &links)
                || links[7..].contains(&between)
                || marked.iter().any(|mark| word.starts_with(mark))
        };
        let (met, acting): (Vec<_>, Vec<_>) = claim.actors.drain(..).partition(is_passive);
        claim.actors = acting;
        if claim.targets.is_empty() {
            claim.targets = met;
        }
    }

    /// Who is described before the word in its clause and not named: 宜春某锂盐厂, «officers at the port».
    fn described(&self, memory: &Memory) -> Option<Slot<Term<'t>>> {
        let text = self.scene.text;
        let from = match self.clause.start.checked_sub(1).filter(|mark| *mark >= self.all.start) {
            Some(mark) => self.scene.items[mark].end,
            None => self.block.span.start,
        };
        let to = self.scene.items[self.item].start;
        let span = described::nearest(text, from.min(to)..to, Who::Actor)?;
        let words = &text[span.clone()];
        if event_notice::is_met(words, self.scene.words(self.item)) {
            return None;
        }
        if let Some(item) = office::meant(self.scene, self.item, words) {
            return Some(self.term(item, "office told before"));
        }
        let before = text[..span.start].trim_end();
        let other = [
            "对", "向", "针对", "涉及", "在", "于", "从", " in", " at", " with", " from", " to", " against",
            " of", " for",
        ];
        let points = ["该", "本", "此", "其"].iter().any(|word| words.starts_with(word))
            || ["its ", "their ", "Its ", "Their "].iter().any(|word| words.starts_with(word));
        let is_company = self.scene.items_in(&span).any(|item| {
            self.scene.items[item].cue() == Some(Cue::Company)
                && self.scene.words(item).len() + 4 > words.len()
        });
        if points || is_company || ends(before, &other) || words.chars().count() < 2 {
            return None;
        }
        // 中国商务部, «China's MOFCOM».
        let known = |item: &usize| matches!(self.scene.kind(*item), "company" | "agency");
        if let Some(item) = self.scene.items_in(&span).rev().find(known) {
            return Some(self.term(item, "who acts"));
        }
        // A plant acts for the company of which the sentence or the text tells.
        let is_plant = ends(
            words,
            &[
                "项目", "矿", "矿山", "矿区", "工厂", "基地", "产线", "生产线", "plant", "mine", "furnace",
                "project", "line", "refinery", "smelter",
            ],
        );
        // 项目预计投产: which one the text has told.
        if ["项目", "该项目", "上述项目", "一期", "二期"].contains(&words) {
            let company = memory.company.or(memory.topic)?;
            return Some(self.term(company, "company told before"));
        }
        let is_one = ["某", "一家", "两家"].iter().any(|one| words.contains(one));
        if is_plant && !is_one {
            let here = (self.all.start..self.item)
                .rev()
                .find(|item| self.scene.kind(*item) == "company" && !self.in_brackets(*item));
            if here.is_some() {
                return None;
            }
            let told = ["the ", "The ", "one ", "One ", "whose "].iter().any(|word| words.starts_with(word));
            if let Some(item) = memory.company.or(memory.topic).filter(|_| told) {
                return Some(self.term(item, "company told before"));
            }
        }
        if ["数家", "多家", "若干家"].iter().any(|word| words.starts_with(word))
            && self.event == EventType::Enforcement
        {
            return None;
        }
        Some(self.scene.words_term(span, "who is described before the event"))
    }

    /// Who was told of in an earlier clause, or is only called «the company»; nobody if the clause has a subject of its own
    /// that is no known name.
    fn actor_told_before(&self, memory: &Memory, last: Option<&Claim<'t>>, claim: &mut Claim<'t>) {
        let mut here = self.clause.start..self.item;
        let company = here.any(|item| self.scene.items[item].cue() == Some(Cue::Company));
        if let Some(item) = memory.company.or(memory.topic).filter(|_| company) {
            claim.actors.push(self.term(item, "company told before"));
            return;
        }
        if self.has_own_subject() {
            return;
        }
        let earlier = (self.all.start..self.clause.start).filter(|item| {
            matches!(self.scene.kind(*item), "company" | "agency" | "exchange") && self.is_party(*item)
        });
        let mut before = None;
        for item in earlier {
            if before.is_none_or(|before| self.is_joined(before, item)) {
                claim.actors.push(self.term(item, "who is told of in the sentence"));
                before = Some(item);
            }
        }
        if claim.actors.is_empty()
            && let Some(last) = last.filter(|last| last.event == Some(self.event))
        {
            claim.actors.clone_from(&last.actors);
        }
    }

    /// True if more stands before the word in its clause than names, times and the words that are known here.
    fn has_own_subject(&self) -> bool {
        let start = match self.clause.start.checked_sub(1).filter(|mark| *mark >= self.all.start) {
            Some(mark) => self.scene.items[mark].end,
            None => self.block.span.start,
        };
        // 要求…须取得许可: the subject of the clause before goes on.
        let omits = ["要求", "规定", "明确", "决定", "并", "同意", "拟"];
        let lead = self.scene.text.get(start..self.block.span.end).unwrap_or_default().trim_start();
        if start > self.block.span.start && omits.iter().any(|word| lead.starts_with(word)) {
            return false;
        }
        let mut at = start;
        let mut other = 0;
        for item in self.clause.start..=self.item {
            let there = &self.scene.items[item];
            other += self.scene.text.get(at..there.start).map_or(0, |gap| gap.trim().len());
            at = at.max(there.end);
        }
        other > LONGEST_ADVERB
    }

    /// True for events that later clauses go on to describe.
    pub(super) fn reaches_on(&self) -> bool {
        matches!(self.event, EventType::Agreement | EventType::Announcement)
    }
}

pub(super) fn ends(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.ends_with(word))
}
