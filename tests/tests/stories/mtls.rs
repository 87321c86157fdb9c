//! An operator runs services beyond loopback, where only certificates open.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tests::{Output, Process};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

use crate::feed::{FEED, rows};

/// Those who sign: their certificate lies in `{name}-ca.pem`.
struct Authority {
    folder: PathBuf,
    name: &'static str,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(folder: &Path, name: &'static str) -> Result<Self> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, format!("authority {name}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        std::fs::write(folder.join(format!("{name}-ca.pem")), params.self_signed(&key)?.pem())?;
        Ok(Self { folder: folder.to_owned(), name, issuer: Issuer::new(params, key) })
    }

    /// Signs a certificate for this machine; it may serve and call.
    fn sign(&self, subject: &str) -> Result<()> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, subject);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.issuer)?;
        std::fs::write(self.folder.join(format!("{subject}.pem")), certificate.pem())?;
        std::fs::write(self.folder.join(format!("{subject}-key.pem")), key.serialize_pem())?;
        ensure!(self.folder.join(format!("{}-ca.pem", self.name)).exists());
        Ok(())
    }
}

fn identity(command: &mut Command, folder: &Path, subject: &str, authority: &str) {
    command.arg("--tls-cert").arg(folder.join(format!("{subject}.pem")));
    command.arg("--tls-key").arg(folder.join(format!("{subject}-key.pem")));
    command.arg("--tls-ca").arg(folder.join(format!("{authority}-ca.pem")));
}

/// A port that was free a moment ago: the URL has to be known before the server starts.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn serve(folder: &Path, services: &str, registry: Option<&str>) -> Result<Process> {
    let port = free_port()?;
    let mut command = Command::new(tests::bin_dir()?.join("monazite"));
    command.args(["serve", "--services", services, "--listen", &format!("0.0.0.0:{port}")]);
    command.args(["--advertise", &format!("https://localhost:{port}")]);
    command.arg("--data").arg(folder.join(services)).arg("--plugins").arg(folder.join("plugins"));
    identity(&mut command, folder, "server", "ours");
    if let Some(url) = registry {
        command.args(["--registry", url]);
    }
    Process::ready(command)
}

/// A client command; `identity` is its certificate and the authority that it trusts.
fn client(folder: &Path, server: &str, names: Option<(&str, &str)>, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(tests::bin_dir()?.join("monazite"));
    command.args(arguments).args(["--server", server]).env("MONAZITE_DATA", folder.join("no-data-here"));
    if let Some((subject, authority)) = names {
        identity(&mut command, folder, subject, authority);
    }
    Output::of(command, b"")
}

/// A folder with our authority, another one, and a certificate of each for a server and a client.
fn prepared() -> Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("mz").tempdir()?;
    let path = folder.path();
    let ours = Authority::new(path, "ours")?;
    ours.sign("server")?;
    ours.sign("client")?;
    Authority::new(path, "theirs")?.sign("stranger")?;
    std::fs::write(path.join("feed.txt"), FEED)?;
    std::fs::create_dir(path.join("plugins"))?;
    tests::install("reading", &path.join("plugins"))?;
    tests::install("digest", &path.join("plugins"))?;
    Ok(folder)
}

#[test]
fn a_certificate_opens_and_nothing_else_does() -> Result<()> {
    let folder = prepared()?;
    let path = folder.path();
    let server = serve(path, "registry,storage,analysis,plugins", None)?;
    ensure!(server.url.starts_with("https://localhost:"), "{}", server.line);
    let ours = Some(("client", "ours"));
    let feed = path.join("feed.txt").display().to_string();
    let imported = client(path, &server.url, ours, &["import", "--wait", &feed])?;
    ensure!(imported.code == 0 && imported.stdout.contains("2 new"), "{imported:?}");
    let facts = rows(&client(path, &server.url, ours, &["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "155000"), "{facts:#?}");
    // The address of loopback is in the certificate as well.
    let by_address = server.url.replace("localhost", "127.0.0.1");
    ensure!(client(path, &by_address, ours, &["documents"])?.code == 0);

    let without = client(path, &server.url, None, &["documents"])?;
    ensure!(
        without.code == 3 && without.stderr.contains("--tls-cert"),
        "it says what is wanted: {without:?}"
    );
    let stranger = client(path, &server.url, Some(("stranger", "ours")), &["documents"])?;
    ensure!(stranger.code == 3, "{stranger:?}");
    ensure!(
        stranger.stderr.to_lowercase().contains("certificate") || stranger.stderr.contains("UnknownCA"),
        "{stranger:?}"
    );
    let distrustful = client(path, &server.url, Some(("client", "theirs")), &["documents"])?;
    ensure!(distrustful.code == 3 && distrustful.stderr.contains("certificate"), "{distrustful:?}");
    let plain = client(path, &server.url.replace("https", "http"), None, &["documents"])?;
    ensure!(plain.code == 3, "{plain:?}");
    // None of this harms those who may call.
    ensure!(client(path, &server.url, ours, &["documents"])?.code == 0);
    server.terminate()?;
    Ok(())
}

#[test]
fn the_token_alone_opens_nothing_under_mtls() -> Result<()> {
    let folder = prepared()?;
    let path = folder.path();
    let server = serve(path, "registry,storage", None)?;
    let authority = Certificate::from_pem(std::fs::read(path.join("ours-ca.pem"))?);
    let token = std::fs::read_to_string(path.join("registry,storage/token"))?;
    let refused = tests::block_on(async {
        let tls = ClientTlsConfig::new().ca_certificate(authority);
        let channel = match Endpoint::from_shared(server.url.clone())?.tls_config(tls)?.connect().await {
            Ok(channel) => channel,
            Err(error) => return Ok(format!("{error:?}")),
        };
        let mut storage = api::storage::storage_client::StorageClient::new(channel);
        let mut request = tonic::Request::new(api::storage::GetStatisticsRequest {});
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse()?);
        let status = storage.get_statistics(request).await.err();
        Ok(format!("{:?}", status.ok_or_else(|| anyhow::anyhow!("it was let in"))?))
    })?;
    // Under TLS 1.3 the client may hear of it by an alert, or find the connection closed; the server said no in either case.
    let said = refused.to_lowercase();
    let known = ["certificate", "transport error", "connection closed"];
    ensure!(known.iter().any(|words| said.contains(words)), "{refused}");
    server.terminate()?;
    Ok(())
}

#[test]
fn services_apart_find_each_other_over_mtls() -> Result<()> {
    let folder = prepared()?;
    let path = folder.path();
    let registry = serve(path, "registry", None)?;
    let analysis = serve(path, "analysis,plugins", Some(&registry.url))?;
    let storage = serve(path, "storage", Some(&registry.url))?;
    let ours = Some(("client", "ours"));
    let feed = path.join("feed.txt").display().to_string();
    // The server says that it is ready before the registry has heard of it, which may come later.
    tests::until("the registry names the log, the dataflow and its workers", || {
        let services = rows(&client(path, &registry.url, ours, &["services", "--output", "jsonl"])?)?;
        let named = |name: &str| services.iter().any(|s| s["service"] == name && s["state"] == "serving");
        // What no analyzer is known for is settled at once, so that both workers have to be there too.
        let workers = services.iter().filter(|s| s["service"] == "monazite.analysis.v1.Analyzer").count();
        Ok(named("monazite.storage.v1.Storage") && named("monazite.analysis.v1.Analysis") && workers == 2)
    })?;
    let imported = client(path, &registry.url, ours, &["import", "--wait", &feed])?;
    ensure!(imported.code == 0 && imported.stdout.contains("2 new"), "{imported:?}");
    let facts = rows(&client(path, &registry.url, ours, &["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "155000"), "{facts:#?}");
    for process in [analysis, storage, registry] {
        process.terminate()?;
    }
    Ok(())
}

#[test]
fn a_key_of_another_certificate_is_said() -> Result<()> {
    let folder = prepared()?;
    let path = folder.path();
    std::fs::copy(path.join("client-key.pem"), path.join("server-key.pem"))?;
    let Err(error) = serve(path, "registry,storage", None) else {
        anyhow::bail!("it starts with a key that is not its certificate's");
    };
    ensure!(format!("{error:#}").contains("key"), "{error:#}");
    std::fs::remove_file(path.join("server-key.pem"))?;
    let Err(error) = serve(path, "registry,storage", None) else { anyhow::bail!("it starts without a key") };
    ensure!(format!("{error:#}").contains("server-key.pem"), "{error:#}");
    Ok(())
}
