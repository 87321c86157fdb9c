//! Lines of JSON, as `monazite read` takes and prints them; the schema is in `docs/read-schema.md`.

use jiff::civil::Date;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::claim::{Claim, Origin};
use crate::mention::{Kinds, Mention};
use crate::reader::{Context, Reader};

/// A line of input.
#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title_bytes: usize,
}

/// A line of output.
#[derive(Serialize)]
struct Output<'a> {
    id: &'a serde_json::Value,
    mentions: &'a [Mention<'a>],
    /// Absent where only some kinds of mention are looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Vec<Claim<'a>>>,
}

/// `origin`, `start_byte` and `end_byte` of the passage, and `rule`. What no words say has no offsets.
impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_passage = self.start_byte < self.end_byte;
        let mut origin = serializer.serialize_struct("Origin", if has_passage { 4 } else { 2 })?;
        origin.serialize_field("origin", &self.kind)?;
        if has_passage {
            origin.serialize_field("start_byte", &self.start_byte)?;
            origin.serialize_field("end_byte", &self.end_byte)?;
        }
        origin.serialize_field("rule", self.rule)?;
        origin.end()
    }
}

/// Why a line cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is not what was asked for.
    #[error("not a line of the form {{\"id\":…,\"text\":\"…\",\"published\":\"2025-07-13\"}}: {0}")]
    Json(#[from] serde_json::Error),
    /// The time of publication is none.
    #[error(
        "«{0}» is no time of publication: write a date such as 2025-07-13 or a time such as 2025-07-13T16:09:00+08:00"
    )]
    Published(String),
    /// The title does not end at a character.
    #[error("a title of {0} bytes does not end inside the text at the beginning of a character")]
    Title(usize),
}

/// Reads one JSON line, `{"id","text","published","title_bytes"}`, of which all but `text` may be missing, and gives the line to
/// print, `{"id","mentions":[...],"claims":[...]}`, without a line feed. Claims are read if all kinds are looked for.
///
/// # Errors
/// If the line is not such an object, `published` is no date, or the title is longer than the text.
///
/// ```
/// use text::{Kinds, Reader, read_line};
///
/// let line = read_line(&Reader::standard(), r#"{"id":"a","text":"15元"}"#, "number".parse()?)?;
/// assert_eq!(line, r#"{"id":"a","mentions":[{"kind":"number","start_byte":0,"end_byte":2,"quote":"15","value":"15"}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_line(reader: &Reader, line: &str, kinds: Kinds) -> Result<String, LineError> {
    let input: Input = serde_json::from_str(line)?;
    let published = match &input.published {
        None => None,
        Some(text) if text.is_empty() => None,
        Some(text) => Some(date(text).ok_or_else(|| LineError::Published(text.clone()))?),
    };
    if !input.text.is_char_boundary(input.title_bytes) {
        return Err(LineError::Title(input.title_bytes));
    }
    let mentions = reader.read(&input.text, &Context { published, kinds });
    let claims = (kinds == Kinds::ALL).then(|| reader.claims(&input.text, input.title_bytes, &mentions));
    Ok(serde_json::to_string(&Output { id: &input.id, mentions: &mentions, claims })?)
}

/// The day of a date or of a date-time, as written.
fn date(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let rest = text.get(10..)?;
    let date: Date = day.parse().ok()?;
    (rest.is_empty() || rest.starts_with(['T', 't', ' '])).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        let reader = Reader::new(&crate::Lexicon::default());
        let message = |line: &str| {
            read_line(&reader, line, Kinds::ALL).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(message("{").starts_with("not a line of the form"));
        assert!(message(r#"{"id":1}"#).contains("missing field `text`"));
        assert!(
            message(r#"{"text":"a","published":"13/07/2025"}"#)
                .starts_with("«13/07/2025» is no time of publication")
        );
        assert!(message(r#"{"text":"a","published":"2025-13-01"}"#).starts_with("«2025-13-01»"));
        assert_eq!(message(r#"{"text":"a","published":"2025-07-13T16:09:00+08:00"}"#), "");
    }

    #[test]
    fn a_slot_says_where_its_words_stand_if_there_are_any() -> Result<(), Box<dyn std::error::Error>> {
        let line = r#"{"text":"LME copper down 1.92% to $9,663.00 per ton"}"#;
        let output: serde_json::Value =
            serde_json::from_str(&read_line(&Reader::standard(), line, Kinds::ALL)?)?;
        let claim = &output["claims"][0];
        let subject = &claim["subject"];
        assert_eq!((&subject["words"], &subject["origin"]), (&"copper".into(), &"stated".into()));
        assert_eq!((&subject["start_byte"], &subject["end_byte"]), (&4.into(), &10.into()));
        assert_eq!(claim["measure"]["origin"], "resolved");
        assert!(claim["measure"].get("start_byte").is_none() && claim["measure"].get("end_byte").is_none());
        Ok(())
    }
}
