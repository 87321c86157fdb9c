//! Records made by hand about texts of our own.

use api::record::{
    Amount, Calculation, Change, Check, Citation, Claim, Digest, DigestGroup, Direction, Document, Finding,
    FindingKind, FindingSide, Likelier, LikelierKind, Modality, ModalitySlot, Origin, OriginKind, Period,
    Precision, ReasonCode, Record, Relation, Span, Story, StoryMembership, Telling, Term, Voice, When,
};
use prost::{Message, Name};

/// A document and what is derived from it.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) records: Vec<Record>,
}

fn record<B: Message + Name>(name: String, body: &B, keys: Vec<String>, citations: Vec<Citation>) -> Record {
    Record {
        name,
        kind: B::full_name(),
        body: body.encode_to_vec().into(),
        keys,
        citations,
        ..Record::default()
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a text of a test is short")
}

impl Made {
    /// A document of this id, published on this day.
    pub(crate) fn new(id: &str, source: &str, day: &str, title: &str, body: &str) -> Self {
        let name = format!("documents/{id}");
        let text = format!("{title}\n{body}");
        let document = Document {
            source: source.into(),
            title_bytes: offset(title.len()),
            text: text.clone(),
            language: text::language(body).into(),
            published: Some(Period {
                start: day.into(),
                end: String::new(),
                precision: Precision::Day.into(),
            }),
            ..Document::default()
        };
        let records = vec![record(name.clone(), &document, vec![format!("document={name}")], Vec::new())];
        Self { name, text, records }
    }

    fn span(&self, quote: &str) -> Span {
        let start = self.text.find(quote).unwrap_or_else(|| panic!("«{quote}» is not in {}", self.name));
        Span { start_byte: offset(start), end_byte: offset(start + quote.len()), quote: quote.into() }
    }

    /// A passage of it.
    pub(crate) fn cite(&self, quote: &str) -> Citation {
        Citation { document: self.name.clone(), spans: vec![self.span(quote)] }
    }

    /// The slot's words, in the claim's sentence unless `kind` says otherwise.
    pub(crate) fn origin(&self, quote: &str, kind: OriginKind) -> Option<Origin> {
        let span = self.span(quote);
        Some(Origin {
            kind: kind.into(),
            start_byte: span.start_byte,
            end_byte: span.end_byte,
            rule: "test".into(),
        })
    }

    /// A name in a slot.
    pub(crate) fn term(&self, id: &str, words: &str) -> Option<Term> {
        Some(Term { id: id.into(), words: words.into(), origin: self.origin(words, OriginKind::Stated) })
    }

    /// A value in a slot.
    pub(crate) fn amount(&self, value: &str, unit: &str, words: &str) -> Option<Amount> {
        let origin = self.origin(words, OriginKind::Stated);
        Some(Amount { value: value.into(), unit: unit.into(), origin, ..Amount::default() })
    }

    /// A time in a slot.
    pub(crate) fn when(&self, words: &str, kind: OriginKind) -> Option<When> {
        Some(When { period: None, origin: self.origin(words, kind) })
    }

    /// Adds a claim of a sentence about its figure; the answer is its name.
    pub(crate) fn claim(
        &mut self,
        sentence: &str,
        figure: &str,
        keys: &[&str],
        fill: impl FnOnce(&Self, &mut Claim),
    ) -> String {
        let at = self.span(figure);
        let mut claim = Claim {
            document: self.name.clone(),
            start_byte: at.start_byte,
            end_byte: at.end_byte,
            ..Claim::default()
        };
        fill(self, &mut claim);
        let mut spans = vec![self.span(sentence)];
        let times = [&claim.period, &claim.announced, &claim.effective];
        for origin in times.into_iter().flatten().filter_map(|when| when.origin.as_ref()) {
            if origin.kind() == OriginKind::Inherited {
                let words = self.text[origin.start_byte as usize..origin.end_byte as usize].to_owned();
                spans.push(self.span(&words));
            }
        }
        let mut all = vec![format!("document={}", self.name)];
        all.extend(keys.iter().map(|key| (*key).to_owned()));
        let name = format!("claims/{}-{}", self.name.trim_start_matches("documents/"), self.records.len());
        let citations = vec![Citation { document: self.name.clone(), spans }];
        self.records.push(record(name.clone(), &claim, all, citations));
        name
    }

    /// Adds a digest of these sentences.
    pub(crate) fn digest(&mut self, sentences: &[&str]) {
        let points = (0..sentences.len()).map(offset).collect();
        let digest = Digest {
            document: self.name.clone(),
            groups: vec![DigestGroup { heading: None, points }],
            ..Digest::default()
        };
        let citations = sentences.iter().map(|sentence| self.cite(sentence)).collect();
        let name = self.name.replace("documents", "digests");
        self.records.push(record(name, &digest, vec![format!("document={}", self.name)], citations));
    }
}

/// A finding of two sides, each with what it says, its claims and passages.
pub(crate) fn contradiction(
    reason: ReasonCode,
    sides: Vec<(&str, Vec<String>, Vec<Citation>, u32)>,
) -> Record {
    let (mut finding, citations) = finding(FindingKind::Contradiction, 80, sides);
    finding.reason = reason.into();
    finding.likelier = vec![Likelier {
        side: 0,
        kind: LikelierKind::Chronology.into(),
        citations: vec![0],
        readings: Vec::new(),
    }];
    record(
        format!("findings/{:?}-{}", reason, finding.claims.join("-").replace('/', "")).to_lowercase(),
        &finding,
        Vec::new(),
        citations,
    )
}

/// A check that holds or fails.
pub(crate) fn check(kind: FindingKind, check: Check, said: &str, cited: Vec<Citation>) -> Record {
    let (mut finding, citations) = finding(kind, 50, vec![(said, Vec::new(), cited, 1)]);
    finding.check = check.into();
    let calculated = matches!(check, Check::RangeBase).then(|| Calculation {
        expression: "900 million / (1 + 1882 %)".into(),
        low: "45.4".into(),
        high: "45.5".into(),
        printed_low: "45.3".into(),
        printed_high: "45.6".into(),
        unit: "million CNY".into(),
        operands: vec![0],
    });
    finding.calculations.extend(calculated);
    record(format!("findings/{check:?}-{kind:?}").to_lowercase(), &finding, Vec::new(), citations)
}

fn finding(
    kind: FindingKind,
    severity: u32,
    sides: Vec<(&str, Vec<String>, Vec<Citation>, u32)>,
) -> (Finding, Vec<Citation>) {
    let mut citations = Vec::new();
    let mut told = Vec::new();
    let mut all = Vec::new();
    for (said, claims, cited, voices) in sides {
        let first = citations.len();
        citations.extend(cited);
        all.extend(claims.iter().cloned());
        told.push(FindingSide {
            said: said.into(),
            claims,
            citations: (first..citations.len()).map(offset).collect(),
            voices,
            readings: Vec::new(),
        });
    }
    (Finding { kind: kind.into(), severity, sides: told, claims: all, ..Finding::default() }, citations)
}

/// A story that these documents tell, each with the number of its voice.
pub(crate) fn story(tellings: &[(&Made, u32)]) -> Vec<Record> {
    let voices = tellings.iter().map(|(_, voice)| voice + 1).max().unwrap_or(0);
    let telling = |made: &Made| Telling {
        document: made.name.clone(),
        source: "Daily Ore".into(),
        ..Telling::default()
    };
    let of = |voice: u32| {
        tellings.iter().filter(move |(_, other)| *other == voice).map(|(made, _)| made.name.clone())
    };
    let story = Story {
        tellings: tellings.iter().map(|(made, _)| telling(made)).collect(),
        voices: (0..voices)
            .map(|voice| Voice { documents: of(voice).collect(), sources: Vec::new() })
            .collect(),
        ..Story::default()
    };
    let mut records = vec![record("stories/one".into(), &story, Vec::new(), Vec::new())];
    for (made, voice) in tellings {
        let member = StoryMembership {
            document: made.name.clone(),
            story: "stories/one".into(),
            voice: *voice,
            voices,
        };
        let name = made.name.replace("documents", "story-memberships");
        records.push(record(name, &member, Vec::new(), Vec::new()));
    }
    records
}

/// Three notes about rare earths and one event, one of which shifts a period; a check that holds and one that fails.
pub(crate) fn corpus() -> Vec<Record> {
    let mut prices = Made::new(
        "a1",
        "Harbour Metals",
        "2025-07-11",
        "Rare earth concentrate dearer in Q3 2025",
        "The price of rare earth concentrate was raised to 19,109 yuan/ton, up 1.51% from the previous quarter. \
         Example Magnets, a maker of rare earth magnets, expects net profit of 900 million yuan to 960 million yuan, up 1882% to 2014%. \
         LME copper fell 1.92% to $9,663.00 per ton. \
         The separation of neodymium needs technology that few outside China have.",
    );
    let sentence = "The price of rare earth concentrate was raised to 19,109 yuan/ton, up 1.51% from the previous quarter.";
    prices.claim(sentence, "19,109 yuan/ton", &["fact=price|re-concentrate@2025-Q3"], |made, claim| {
        claim.subject = made.term("commodity/rare-earth-concentrate", "rare earth concentrate");
        claim.measure = made.term("measure/price", "price");
        claim.value = made.amount("19109", "CNY/t", "19,109 yuan/ton");
        claim.period = made.when("Q3 2025", OriginKind::Inherited);
        claim.changes = vec![Change {
            direction: Direction::Up.into(),
            by: made.amount("1.51", "%", "1.51%"),
            base: Some(api::record::Base {
                relation: Relation::QuarterOnQuarter.into(),
                ..Default::default()
            }),
            ..Change::default()
        }];
    });
    let copper = "LME copper fell 1.92% to $9,663.00 per ton.";
    prices.claim(copper, "$9,663.00 per ton", &["fact=price|cu|LME@2025-W28"], |made, claim| {
        claim.subject = made.term("commodity/copper", "copper");
        claim.value = made.amount("9663", "USD/t", "$9,663.00 per ton");
    });
    prices.digest(&[sentence, "The separation of neodymium needs technology that few outside China have."]);
    let mut outlook = Made::new(
        "a2",
        "山海证券",
        "2025-07-12",
        "稀土周报",
        "预计三季度稀土价格上涨至20,000元/吨。商务部宣布自8月1日起对稀土磁体出口实行许可管理。",
    );
    outlook.claim(
        "预计三季度稀土价格上涨至20,000元/吨。",
        "20,000元/吨",
        &[],
        |made, claim| {
            claim.subject = made.term("commodity/rare-earths", "稀土");
            claim.measure = made.term("measure/price", "价格");
            claim.value = made.amount("20000", "CNY/t", "20,000元/吨");
            claim.modality = Some(ModalitySlot { modality: Modality::Expected.into(), origin: None });
        },
    );
    outlook.claim(
        "商务部宣布自8月1日起对稀土磁体出口实行许可管理。",
        "许可管理",
        &[],
        |made, claim| {
            claim.event = api::record::EventType::Licence.into();
            claim.subject = made.term("commodity/rare-earth-magnet", "稀土磁体");
            claim.effective = made.when("8月1日", OriginKind::Stated);
        },
    );
    let mut records = [prices.records.clone(), outlook.records].concat();
    records.extend(event());
    records.push(check(
        FindingKind::Holds,
        Check::RangeBase,
        "both ends imply 45.4 million yuan",
        vec![prices.cite("900 million yuan to 960 million yuan, up 1882% to 2014%")],
    ));
    records
}

/// Three tellings of one event by two voices; the third shifts its period, and a further one tells it like the first.
pub(crate) fn event() -> Vec<Record> {
    let telling = |id: &str, title: &str, sentence: &str, period: &str| {
        let mut made = Made::new(id, "Daily Ore", "2025-07-13", title, sentence);
        let name = made.claim(sentence, "3,834 tons of antimony", &["digits=3834|mass"], |made, claim| {
            claim.subject = made.term("commodity/antimony-oxide", "antimony oxides");
            claim.measure = made.term("measure/imports", "imported");
            claim.value = made.amount("3834", "t", "3,834 tons");
            claim.period = made.when(period, OriginKind::Stated);
        });
        (made, name)
    };
    let (one, first) = telling(
        "b1",
        "3,834 tons of rare earths shipped around the ban",
        "The country imported 3,834 tons of antimony oxides from December 2024 to April 2025.",
        "December 2024 to April 2025",
    );
    let (two, second) = telling(
        "b2",
        "Rare earths by detour",
        "It imported 3,834 tons of antimony oxides by third countries from December 2024 to April 2025.",
        "December 2024 to April 2025",
    );
    let (three, third) = telling(
        "b3",
        "Who helped to carry rare earths",
        "Through two countries it imported 3,834 tons of antimony oxides from December 2023 to April 2024.",
        "December 2023 to April 2024",
    );
    let mut records = story(&[(&one, 0), (&two, 0), (&three, 1)]);
    records.push(contradiction(
        ReasonCode::PeriodShifted,
        vec![
            (
                "2024-12-01/2025-05-01",
                vec![first, second],
                vec![one.cite("3,834 tons of antimony"), two.cite("3,834 tons of antimony")],
                1,
            ),
            ("2023-12-01/2024-05-01", vec![third], vec![three.cite("3,834 tons of antimony")], 1),
        ],
    ));
    records.push(check(
        FindingKind::Fails,
        Check::SelfExplanation,
        "it explains itself",
        vec![two.cite("imported 3,834 tons of antimony oxides by third countries")],
    ));
    for made in [one, two, three] {
        records.extend(made.records);
    }
    records
}
