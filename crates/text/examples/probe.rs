//! Probe.
#![expect(clippy::print_stdout, reason = "an example that prints")]
use text::{Context, Kinds, Reader};
fn main() {
    let kinds: Kinds = std::env::args()
        .nth(1)
        .unwrap_or("number,percent,quantity,time,duration,entity,code,citation".into())
        .parse()
        .expect("kinds");
    let reader = Reader::standard();
    for line in std::io::stdin().lines() {
        let line = line.expect("line");
        let m = reader.read(&line, &Context { kinds, ..Context::default() });
        let all: Vec<String> = m
            .iter()
            .filter(|m| !matches!(m.kind, text::Kind::Entity))
            .map(|m| {
                format!(
                    "{}«{}»{}{}{}{}{}",
                    &m.kind.name()[..1],
                    m.quote,
                    m.value.as_deref().map(|v| format!(" ={v}")).unwrap_or_default(),
                    if m.low.is_some() || m.high.is_some() {
                        format!(" {}..{}", m.low.as_deref().unwrap_or(""), m.high.as_deref().unwrap_or(""))
                    } else {
                        String::new()
                    },
                    m.unit.as_deref().map(|v| format!(" {v}")).unwrap_or_default(),
                    m.qualifier.map(|v| format!(" {v:?}")).unwrap_or_default(),
                    m.doubt.map(|v| format!(" !{v:?}")).unwrap_or_default()
                )
            })
            .collect();
        println!("{line}\n      {}", all.join("  "));
    }
}
