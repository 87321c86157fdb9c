//! Topics as records of the log.

use anyhow::{Context as _, Result};
use api::record::{Record, Topic, TopicMembership};
use prost::{Message as _, Name as _};

use crate::cli::TopicArgs;
use crate::failure::{Failure, Kind};
use crate::fit::flat;
use crate::grpc::{Client, Listed};

/// The longest name of a topic or an owner, in bytes.
const LONGEST_NAME: usize = 200;

/// A topic with its resource name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saved {
    /// Resource name.
    pub(crate) name: String,
    /// The body.
    pub(crate) topic: Topic,
}

impl Saved {
    /// A topic under the name that its owner and its own name give.
    pub(crate) fn new(topic: Topic) -> Self {
        Self { name: resource_name(&topic.owner, &topic.name), topic }
    }

    /// The record, keyed `owner=` and `topic=`.
    pub(super) fn record(&self) -> Record {
        Record {
            name: self.name.clone(),
            kind: Topic::full_name(),
            body: self.topic.encode_to_vec().into(),
            keys: vec![format!("owner={}", self.topic.owner), format!("topic={}", self.topic.name)],
            ..Record::default()
        }
    }

    fn decode(record: &Record) -> Result<Self> {
        let topic = Topic::decode(record.body.clone())
            .with_context(|| format!("{} holds no readable topic", record.name))?;
        Ok(Self { name: record.name.clone(), topic })
    }

    /// The query of all that answers it: what answers its own query and is of its kinds, and documents that came in under
    /// its name.
    pub(crate) fn answered_by(&self) -> String {
        let kinds: Vec<String> = match self.topic.kinds.as_slice() {
            [] => vec!["kind:document".to_owned()],
            kinds => kinds.iter().map(|kind| format!("kind:{kind}")).collect(),
        };
        let under = format!("(topic:{} AND kind:document)", quoted(&self.topic.name));
        if self.topic.query.trim().is_empty() {
            return under;
        }
        format!("(({}) AND ({})) OR {under}", self.topic.query, kinds.join(" OR "))
    }

    /// Who saved what, for people.
    pub(crate) fn shown(&self) -> String {
        format!("{} of {}", flat(&self.topic.name), flat(&self.topic.owner))
    }

    /// The words of a command line that mean it.
    pub(crate) fn argument(&self) -> String {
        shell_word(&self.topic.name)
    }
}

/// `topics/{id}`: the id is the first 32 hexadecimal digits of the BLAKE3 hash of owner and name, each as its length (eight
/// bytes, little endian) and its bytes behind the domain `monazite.topic.v1`, so that no two topics share one hashed string.
fn resource_name(owner: &str, name: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for field in ["monazite.topic.v1", owner, name] {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let mut id = hasher.finalize().to_hex().to_string();
    id.truncate(32);
    format!("topics/{id}")
}

/// A name between quotation marks that do not occur in it; one with marks of all kinds is asked for without them, which
/// finds it all the same, since marks do not count where values are compared.
pub(crate) fn quoted(name: &str) -> String {
    let marks = [("\"", "\"“”＂", "\""), ("「", "」", "」"), ("『", "』", "』"), ("«", "»", "»")];
    match marks.iter().find(|(_, not, _)| !name.contains(|c| not.contains(c))) {
        Some((open, _, close)) => format!("{open}{name}{close}"),
        None => format!("\"{}\"", name.replace(['"', '“', '”', '＂'], " ")),
    }
}

/// The name of the user who runs this: the owner of topics, unless another is named.
pub(crate) fn user() -> String {
    ["MONAZITE_OWNER", "USER", "LOGNAME"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| format!("uid-{}", rustix::process::getuid().as_raw()))
}

/// A name without blanks around it.
///
/// # Errors
/// If it is empty, too long, or has control characters in it.
pub(crate) fn checked<'a>(what: &str, name: &'a str) -> Result<&'a str> {
    let name = name.trim();
    let wrong = if name.is_empty() {
        "is empty".to_owned()
    } else if name.len() > LONGEST_NAME {
        format!(
            "has {} bytes; at most {LONGEST_NAME} are allowed (a Chinese character has three)",
            name.len()
        )
    } else if name.chars().any(char::is_control) {
        "has control characters in it; leave them out".to_owned()
    } else {
        return Ok(name);
    };
    Err(Failure::new(Kind::Usage, format!("the {what} {wrong}")).into())
}

/// Saved topics, of one owner or of all, sorted by name and owner.
pub(crate) async fn all(client: &Client, owner: Option<&str>) -> Result<Vec<Saved>> {
    let keys = match owner {
        Some(owner) => vec![format!("owner={}", checked("owner's name", owner)?)],
        None => Vec::new(),
    };
    listed(client, keys).await
}

async fn listed(client: &Client, keys: Vec<String>) -> Result<Vec<Saved>> {
    let records = client.list(Listed { kind: &Topic::full_name(), keys, ..Default::default() }).await?;
    let mut saved = records.iter().map(Saved::decode).collect::<Result<Vec<_>>>()?;
    saved.sort_by(|a, b| (&a.topic.name, &a.topic.owner).cmp(&(&b.topic.name, &b.topic.owner)));
    Ok(saved)
}

/// The topic that a user means.
///
/// # Errors
/// If there is none, or several owners have one of that name and none of them is the user.
pub(crate) async fn find(client: &Client, args: &TopicArgs) -> Result<Saved> {
    if args.topic.starts_with("topics/") {
        return Saved::decode(&client.get(&args.topic, 0).await?);
    }
    let name = checked("topic's name", &args.topic)?;
    let mut keys = vec![format!("topic={name}")];
    if let Some(owner) = &args.owner {
        keys.push(format!("owner={}", checked("owner's name", owner)?));
    }
    let mut found = listed(client, keys).await?;
    let own = found.iter().position(|saved| saved.topic.owner == user());
    match (found.len(), own) {
        (0, _) => Err(none(client, name, args.owner.as_deref()).await?),
        (1, _) => Ok(found.remove(0)),
        (_, Some(own)) => Ok(found.remove(own)),
        _ => {
            let owners: Vec<String> = found.iter().map(|saved| flat(&saved.topic.owner)).collect();
            let message = format!(
                "several have a topic «{}»: {}; say whose with --owner",
                flat(name),
                owners.join(", ")
            );
            Err(Failure::new(Kind::NotFound, message).into())
        }
    }
}

/// The error for a topic that nobody saved, which tells how to save it if documents came in under its name.
async fn none(client: &Client, name: &str, owner: Option<&str>) -> Result<anyhow::Error> {
    let kind = TopicMembership::full_name();
    let under = Listed {
        kind: &kind,
        keys: vec![format!("topic={name}")],
        limit: 1,
        fields: &["name"],
        ..Default::default()
    };
    let (shown, word) = (flat(name), shell_word(name));
    let message = if !client.list(under).await?.is_empty() {
        format!(
            "no topic «{shown}» is saved, but documents came in under that name\n  monazite topics add {word} {word}  \
             saves it, answered by these and by all that speaks of it\n  monazite search --topic {word}  lists these"
        )
    } else if let Some(owner) = owner {
        format!("{} has no topic «{shown}»; `monazite topics` lists all", flat(owner))
    } else {
        format!(
            "there is no topic «{shown}»; `monazite topics` lists all, `monazite topics add {word} QUERY` saves it"
        )
    };
    Ok(Failure::new(Kind::NotFound, message).into())
}

/// A word as a shell takes it.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ',');
    let word = flat(word);
    if word.chars().all(plain) && !word.starts_with('-') {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    fn topic(name: &str, owner: &str, query: &str) -> Topic {
        Topic { name: name.into(), owner: owner.into(), query: query.into(), ..Topic::default() }
    }

    /// The name is a promise to every log that exists: it must never change.
    #[test]
    fn the_name_is_pinned_and_has_borders() {
        assert_eq!(resource_name("ana", "稀土"), "topics/5d99e594b932bf199bd3d6a3426d25b5");
        assert_ne!(resource_name("ab", "c"), resource_name("a", "bc"));
    }

    #[test]
    fn a_record_is_keyed_by_topic_and_owner() {
        let saved = Saved::new(topic("稀土", "ana", "稀土 出口"));
        let record = saved.record();
        assert_eq!(record.keys, ["owner=ana", "topic=稀土"]);
        assert_eq!(Saved::decode(&record).unwrap(), saved);
    }

    #[test]
    fn what_answers_it_is_a_query() {
        let mut saved = Saved::new(topic("稀土", "ana", "a OR b"));
        assert_eq!(
            saved.answered_by(),
            "((a OR b) AND (kind:document)) OR (topic:\"稀土\" AND kind:document)"
        );
        saved.topic.kinds = vec!["monazite.record.v1.Claim".into(), "monazite.record.v1.Digest".into()];
        assert!(
            saved.answered_by().contains("(kind:monazite.record.v1.Claim OR kind:monazite.record.v1.Digest)")
        );
        let imported = Saved::new(topic("the \"new\" ban", "ana", " "));
        assert_eq!(imported.answered_by(), "(topic:「the \"new\" ban」 AND kind:document)");
    }

    #[test]
    fn names_have_limits() {
        assert_eq!(checked("topic's name", " 稀土 ").unwrap(), "稀土");
        assert!(checked("topic's name", &"x".repeat(200)).is_ok());
        for (name, expected) in [
            ("", "is empty"),
            (" ", "is empty"),
            ("a\u{1b}[31m", "control characters"),
            (&"x".repeat(10_000), "has 10000 bytes; at most 200"),
            (&"稀".repeat(67), "has 201 bytes"),
        ] {
            let error = checked("topic's name", name).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_hint_can_be_pasted_into_a_shell() {
        assert_eq!(shell_word("稀土"), "稀土");
        assert_eq!(shell_word("export bans"), "'export bans'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word("-x"), "'-x'");
        assert_eq!(shell_word("$(rm)"), "'$(rm)'");
    }
}
