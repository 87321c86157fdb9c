//! Stories as entries: events that several documents tell, how many voices that is, and what the tellings say differently.

use std::collections::BTreeSet;

use api::record::{Difference, Story};

use crate::compose::Composer;
use crate::input::Read;
use crate::model::{Entry, Piece, Tellings};
use crate::words::{self, say};

/// Tellings that are cited.
const CITED: usize = 12;

impl<'r> Composer<'_, 'r> {
    /// An entry for a story: the title of its first telling at hand without a number in dispute, and who else tells it.
    pub(crate) fn story(&mut self, story: &Read<'r, Story>) -> Option<Entry> {
        let language = self.parameters.language;
        let mut titles = Vec::new();
        for telling in story.body.tellings.iter().take(CITED) {
            let Some(doc) = self.input.documents.get(telling.document.as_str()) else { continue };
            let end = if doc.title_end() > 0 { doc.title_end() } else { doc.heading().len() };
            let sure = !self.disputed.speaks_in(doc.name, &(0..end), &doc.body.text[..end]);
            titles.extend(self.shelf.passage(doc.name, &(0..end), &[]).map(|title| (title, sure)));
        }
        let (shown, sure) = *titles.iter().find(|(_, sure)| *sure).or_else(|| titles.first())?;
        let sources: BTreeSet<&str> =
            story.body.tellings.iter().map(|telling| telling.source.as_str()).collect();
        let (documents, voices) = (story.body.tellings.len(), story.body.voices.len());
        let mut parts = vec![words::count(
            language,
            sources.len(),
            "个来源平台",
            "publisher or platform",
            "publishers or platforms",
        )];
        if !story.body.origin_named {
            parts.push(say(language, "没有一篇注明出处", "no telling names its source").to_owned());
        }
        if story.body.cut {
            parts
                .push(say(language, "过大，按时间切分", "so many tell it that it is cut by time").to_owned());
        }
        if !sure {
            parts.push(say(language, "标题中的数字存疑", "a number of the title is in dispute").to_owned());
        }
        let mut head = vec![Piece::Quote(shown)];
        head.extend(titles.into_iter().map(|(title, _)| Piece::Cite(title)));
        let lines = vec![vec![Piece::Words(parts.join(" · "))]];
        let tellings = Some(Tellings { documents, voices });
        Some(Entry { head, lines, tellings, records: vec![story.name.to_owned()] })
    }

    /// An entry for what the tellings of a story say differently.
    pub(crate) fn difference(&mut self, story: &Read<'r, Story>, difference: &Difference) -> Entry {
        let language = self.parameters.language;
        let what = words::difference(difference.kind(), language);
        let changed =
            if difference.changed { say(language, "，转述时改动", ", changed on the way") } else { "" };
        let head = match language {
            crate::Language::Chinese => format!("✗ 同一事件的各篇说法不一：{what}{changed}"),
            crate::Language::English => format!("✗ tellings of one event differ in {what}{changed}"),
        };
        let mut entry = Entry {
            head: vec![Piece::Words(head)],
            records: vec![story.name.to_owned()],
            ..Entry::default()
        };
        for side in &difference.sides {
            let mut line = vec![Piece::Words(format!("{}  ", self.said(&side.said)))];
            let mut seen = BTreeSet::new();
            for index in side.citations.iter().take(CITED) {
                let Some(passage) =
                    self.cited(story.citations, *index).filter(|passage| seen.insert(*passage))
                else {
                    continue;
                };
                if seen.len() == 1 {
                    line.push(Piece::Quote(passage));
                }
                line.push(Piece::Cite(passage));
            }
            entry.lines.push(line);
        }
        entry
    }
}
