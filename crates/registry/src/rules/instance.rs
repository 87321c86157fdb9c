//! What an instance may say.

use std::time::Duration;

use api::registry::{Instance, RegisterRequest};

use super::{Checked, Problem, analyzer_name, full_name, limits, problem, require, version};

/// Ways to reach an instance.
const SCHEMES: [&str; 4] = ["http://", "https://", "unix:", "inproc:"];

/// What a registration asks for, checked.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) instance: Instance,
    pub(crate) ttl: Option<Duration>,
    pub(crate) request_id: String,
}

/// Checks a registration.
pub(crate) fn check(request: RegisterRequest) -> Result<Wanted, Problem> {
    id("request_id", &request.request_id)?;
    let ttl = match request.ttl.map(Duration::try_from) {
        None => None,
        Some(Ok(ttl)) => Some(ttl),
        Some(Err(_)) => return Err(problem("ttl", "must not be negative")),
    };
    let instance = request.instance.ok_or_else(|| problem("instance", "is missing"))?;
    fields(&instance)?;
    Ok(Wanted { instance, ttl, request_id: request.request_id })
}

fn fields(instance: &Instance) -> Checked {
    id("instance.instance_id", &instance.instance_id)?;
    require(instance.incarnation > 0, "instance.incarnation", "must be above zero")?;
    full_name("instance.service", &instance.service)?;
    let endpoints = &instance.endpoints;
    require(
        !endpoints.is_empty() && endpoints.len() <= limits::ENDPOINTS,
        "instance.endpoints",
        format!("must be 1 to {}", limits::ENDPOINTS),
    )?;
    for endpoint in endpoints {
        let known =
            SCHEMES.iter().any(|scheme| endpoint.len() > scheme.len() && endpoint.starts_with(scheme));
        require(
            known && endpoint.len() <= limits::ENDPOINT,
            "instance.endpoints",
            format!(
                "must each start with http://, https://, unix: or inproc: and have at most {} bytes",
                limits::ENDPOINT
            ),
        )?;
    }
    require(
        instance.analyzers.len() <= limits::ANALYZERS,
        "instance.analyzers",
        format!("must be at most {}", limits::ANALYZERS),
    )?;
    for analyzer in &instance.analyzers {
        analyzer_name("instance.analyzers.name", &analyzer.name)?;
        version("instance.analyzers.version", &analyzer.version)?;
        require(
            analyzer.config_digest.len() <= limits::CONFIG_DIGEST,
            "instance.analyzers.config_digest",
            format!("must have at most {} bytes", limits::CONFIG_DIGEST),
        )?;
    }
    let metadata: usize = instance.metadata.iter().map(|(key, value)| key.len() + value.len()).sum();
    require(
        metadata <= limits::METADATA,
        "instance.metadata",
        format!("of {metadata} bytes is over the limit of {}", limits::METADATA),
    )?;
    let length = instance.version.len();
    require(length <= limits::VERSION, "instance.version", format!("is over {} bytes", limits::VERSION))
}

/// Printable ASCII without spaces and `#`, which lease ids are made with.
fn id(field: &str, id: &str) -> Checked {
    let form = |b: u8| b.is_ascii_graphic() && b != b'#';
    require(
        !id.is_empty() && id.len() <= limits::ID && id.bytes().all(form),
        field,
        format!("must be 1 to {} printable ASCII characters without spaces and #", limits::ID),
    )
}

#[cfg(test)]
mod tests {
    use api::registry::ProvidedAnalyzer;

    use super::*;

    fn instance() -> Instance {
        Instance {
            instance_id: "host-1/storage".into(),
            incarnation: 1,
            service: "monazite.storage.v1.Storage".into(),
            endpoints: vec!["http://127.0.0.1:7402".into()],
            ..Instance::default()
        }
    }

    fn request(instance: Instance) -> RegisterRequest {
        RegisterRequest { instance: Some(instance), ttl: None, request_id: "r1".into() }
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let analyzer = |name: &str, version: &str, digest: usize| {
            vec![ProvidedAnalyzer {
                name: name.into(),
                version: version.into(),
                config_digest: "d".repeat(digest),
            }]
        };
        let endpoint = |endpoint: String| vec![endpoint];
        let metadata = |length| [("k".to_owned(), "v".repeat(length))].into();
        let cases = [
            (None, instance()),
            (None, Instance { endpoints: endpoint("inproc:storage".into()), ..instance() }),
            (None, Instance { endpoints: endpoint("unix:/run/m.sock".into()), ..instance() }),
            (None, Instance { metadata: metadata(limits::METADATA - 1), ..instance() }),
            (None, Instance { analyzers: analyzer("reading", "1.0.0", 64), ..instance() }),
            (Some("instance_id"), Instance { instance_id: String::new(), ..instance() }),
            (Some("instance_id"), Instance { instance_id: "a#b".into(), ..instance() }),
            (Some("instance_id"), Instance { instance_id: "a b".into(), ..instance() }),
            (Some("instance_id"), Instance { instance_id: "a".repeat(limits::ID + 1), ..instance() }),
            (Some("incarnation"), Instance { incarnation: 0, ..instance() }),
            (Some("service"), Instance { service: "Storage".into(), ..instance() }),
            (Some("endpoints"), Instance { endpoints: vec![], ..instance() }),
            (Some("endpoints"), Instance { endpoints: endpoint("127.0.0.1:1".into()), ..instance() }),
            (Some("endpoints"), Instance { endpoints: endpoint("http://".into()), ..instance() }),
            (
                Some("endpoints"),
                Instance {
                    endpoints: endpoint(format!("unix:{}", "a".repeat(limits::ENDPOINT))),
                    ..instance()
                },
            ),
            (
                Some("endpoints"),
                Instance { endpoints: vec!["unix:/a".into(); limits::ENDPOINTS + 1], ..instance() },
            ),
            (Some("analyzers.name"), Instance { analyzers: analyzer("A", "1.0.0", 0), ..instance() }),
            (Some("analyzers.version"), Instance { analyzers: analyzer("a", "1", 0), ..instance() }),
            (
                Some("analyzers.config_digest"),
                Instance { analyzers: analyzer("a", "1.0.0", limits::CONFIG_DIGEST + 1), ..instance() },
            ),
            (
                Some("analyzers"),
                Instance {
                    analyzers: vec![ProvidedAnalyzer::default(); limits::ANALYZERS + 1],
                    ..instance()
                },
            ),
            (Some("metadata"), Instance { metadata: metadata(limits::METADATA), ..instance() }),
            (Some("version"), Instance { version: "1".repeat(limits::VERSION + 1), ..instance() }),
        ];
        for (field, instance) in cases {
            let found = check(request(instance.clone())).err().map(|problem| problem.field);
            assert_eq!(found, field.map(|field| format!("instance.{field}")), "{instance:?}");
        }
    }

    #[test]
    fn the_request_itself() {
        let with = |request_id: &str, ttl| RegisterRequest {
            request_id: request_id.into(),
            ttl,
            instance: Some(instance()),
        };
        let seconds = |seconds| Some(prost_types::Duration { seconds, nanos: 0 });
        let field = |request| check(request).err().map(|problem| problem.field);
        assert_eq!(field(with("", None)).as_deref(), Some("request_id"));
        assert_eq!(field(with("r", seconds(-1))).as_deref(), Some("ttl"));
        assert_eq!(field(with("r", seconds(4))), None);
        assert_eq!(field(RegisterRequest { instance: None, ..with("r", None) }).as_deref(), Some("instance"));
    }
}
