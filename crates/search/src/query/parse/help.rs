//! What to write instead.

use crate::field::{Field, Form};

/// True if two names differ by one letter, or one begins the other.
pub(super) fn near(name: &str, known: &str) -> bool {
    let begins = name.len() >= 3 && (known.starts_with(name) || name.starts_with(known));
    let (a, b) = (name.as_bytes(), known.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let one = match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => a.len() <= 1 || a[1..] == b[1..],
        std::cmp::Ordering::Less => a == &b[1..],
        std::cmp::Ordering::Greater => &a[1..] == b,
    };
    begins || one
}

/// How a value of a field is written.
pub(super) fn example(field: Field) -> String {
    match field.form() {
        Form::Date => {
            format!(
                "write `{0}:2025-06`, `{0}:>=2025-06-30` or `{0}:[2025-01-01 TO 2025-06-30]`",
                field.name()
            )
        }
        Form::Number => format!("write `{0}:>120` or `{0}:[100 TO 120]`", field.name()),
        Form::Text => format!("write `{0}:稀土` or `{0}:\"rare earth\"`", field.name()),
        Form::Value => format!("write `{0}:value` or `{0}:\"a value of several words\"`", field.name()),
    }
}
