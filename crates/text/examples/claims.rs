//! Prints the claims of a text from standard input, one line each: `cargo run -p text --example claims [published] [title]`.
//! With `title` the first line is the title.

use std::io::Read as _;

use text::{Amount, Claim, Context, Reader, Slot, Term};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let published = std::env::args().nth(1).and_then(|day| day.parse().ok());
    let title_bytes = if std::env::args().nth(2).is_some() { text.find('\n').unwrap_or(0) } else { 0 };
    let reader = Reader::standard();
    let context = Context { published, ..Context::default() };
    let mentions = reader.read(&text, &context);
    let mut sentence = 0..0;
    let mut out = String::new();
    for claim in reader.claims(&text, title_bytes, &mentions) {
        if claim.sentence != sentence {
            sentence = claim.sentence.clone();
            out.push_str(&format!("\n» {}\n", &text[sentence.clone()]));
        }
        out.push_str(&format!("   {}\n", line(&claim)));
    }
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}

fn term(slot: Option<&Slot<Term<'_>>>) -> String {
    slot.map(|slot| slot.is.id.clone().unwrap_or_else(|| slot.is.words.to_owned()))
        .unwrap_or_else(|| "-".into())
}

fn amount(amount: &Amount) -> String {
    let number = match (&amount.value, &amount.low, &amount.high) {
        (Some(value), ..) => value.clone(),
        (None, low, high) => {
            format!("{}..{}", low.as_deref().unwrap_or_default(), high.as_deref().unwrap_or_default())
        }
    };
    format!("{number} {}", amount.unit.as_deref().unwrap_or_default()).trim_end().to_owned()
}

fn line(claim: &Claim<'_>) -> String {
    let mut parts = vec![format!("«{}»", claim.quote)];
    if let Some(event) = claim.event {
        parts.push(format!("event={event:?}"));
    }
    parts.push(format!("{} of {}", term(claim.measure.as_ref()), term(claim.subject.as_ref())));
    if let Some(value) = &claim.value {
        parts.push(format!("= {}", amount(&value.is)));
    }
    for change in &claim.changes {
        let by = change.by.as_ref().map(|by| amount(&by.is)).unwrap_or_default();
        let base = change.base.as_ref().map(|base| {
            let relation = base.is.relation.map(|r| format!("{r:?}")).unwrap_or_default();
            let period = base
                .is
                .period
                .as_ref()
                .map(|p| format!("{}..{}", p.start.as_deref().unwrap_or(""), p.end.as_deref().unwrap_or("")))
                .unwrap_or_default();
            let value = base.is.value.as_ref().map(|v| format!(" was {}", amount(&v.is))).unwrap_or_default();
            format!(" vs {relation}{period}{value}")
        });
        parts.push(format!("[{:?} {by}{}]", change.direction, base.unwrap_or_default()));
    }
    let slots = [
        ("stat", &claim.statistic),
        ("part", &claim.part),
        ("whole", &claim.whole),
        ("place", &claim.place),
        ("venue", &claim.venue),
        ("by", &claim.attribution),
    ];
    for (name, slot) in slots {
        if slot.is_some() {
            parts.push(format!("{name}={}", term(slot.as_ref())));
        }
    }
    for (name, slots) in [
        ("actor", &claim.actors),
        ("target", &claim.targets),
        ("and", &claim.joint),
        ("partner", &claim.partners),
        ("basis", &claim.basis),
    ] {
        for slot in slots {
            parts.push(format!("{name}={}", term(Some(slot))));
        }
    }
    for (name, slot) in
        [("at", &claim.period), ("announced", &claim.announced), ("effective", &claim.effective)]
    {
        if let Some(slot) = slot {
            parts.push(format!(
                "{name}={}..{} ({:?})",
                slot.is.start.as_deref().unwrap_or(""),
                slot.is.end.as_deref().unwrap_or(""),
                slot.origin.kind
            ));
        }
    }
    if let Some(modality) = &claim.modality {
        parts.push(format!("{:?}", modality.is.value));
    }
    if let Some(status) = &claim.status {
        parts.push(format!("{:?}", status.is.value));
    }
    if let Some(qualifier) = &claim.qualifier {
        parts.push(format!("{:?}", qualifier.is.value));
    }
    parts.join(" ")
}
