//! What is not served, and what is said about it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use api::analysis::PluginState;
use plugin_host::{Host, HostConfig, HostError, Silent};

use crate::stage::{Stage, plugin, until};

#[tokio::test]
async fn each_bad_library_is_rejected_with_its_reason_and_the_rest_starts() {
    let stage = Stage::empty();
    stage.add_c("fine.so", &[]);
    let variants = [
        ("no-symbol.so", "NO_SYMBOL", "missing symbol: it does not export `monazite_entry`"),
        ("wrong-abi.so", "WRONG_ABI", "wrong ABI: it speaks version 99, this host version 1"),
        ("short-entry.so", "SHORT_ENTRY", "its entry has 8 bytes"),
        ("null.so", "NULL_FUNCTION", "its entry.get_factory is null"),
        ("init.so", "INIT_FAILS", "its `init` answered status 7"),
        ("manifest.so", "BAD_MANIFEST", "unreadable manifest: analyzer 0"),
        ("lawless.so", "LAWLESS_MANIFEST", "version \"1.0\" is not SemVer"),
    ];
    for (file, define, _) in variants {
        stage.add_c(file, &[define]);
    }
    std::fs::write(stage.path("plugins/text.so"), "this is no library").unwrap();
    let open = stage.add_c("open.so", &[]);
    std::fs::set_permissions(open, Permissions::from_mode(0o666)).unwrap();

    let whole = std::fs::read(stage.path("plugins/fine.so")).unwrap();
    std::fs::write(stage.path("plugins/truncated.so"), &whole[..whole.len() / 2]).unwrap();

    let host = stage.start().await;
    // The loader refuses some truncated files and crashes on others; then it takes a few attempts.
    until(&host, |plugins| plugin(plugins, "truncated.so").state() == PluginState::Rejected).await;
    let plugins = host.plugins();
    assert_eq!(plugin(&plugins, "fine.so").state(), PluginState::Serving);
    let others = [("text.so", "not loadable"), ("open.so", "can be changed by others (mode 666)")];
    for (file, expected) in variants.map(|(file, _, expected)| (file, expected)).into_iter().chain(others) {
        let plugin = plugin(&plugins, file);
        assert_eq!(plugin.state(), PluginState::Rejected, "{file}");
        assert!(plugin.message.contains(expected), "{file}: {}", plugin.message);
        assert_eq!(plugin.pid, 0, "{file}");
    }
    host.stop().await;
}

#[tokio::test]
async fn a_refused_config_is_told_with_its_reason() {
    let stage = Stage::faulty();
    stage.add_config("faulty", r#"{"refuse": "it is Sunday"}"#);
    let host = stage.start().await;
    let rejected = plugin(&host.plugins(), "faulty.so");
    assert_eq!(rejected.state(), PluginState::Rejected);
    assert!(rejected.message.contains("refused config: faulty 1.0.0"), "{}", rejected.message);
    assert!(rejected.message.contains("it is Sunday"), "{}", rejected.message);
    host.stop().await;
}

#[tokio::test]
async fn a_config_that_does_not_fit_the_schema_is_refused() {
    let stage = Stage::faulty();
    stage.add_config("faulty", r#"{"refuse": 7}"#);
    let host = stage.start().await;
    let message = plugin(&host.plugins(), "faulty.so").message;
    assert!(message.contains("faulty.json: at /refuse: 7 is not of type \"string\""), "{message}");
    host.stop().await;
}

#[tokio::test]
async fn a_config_for_an_analyzer_that_takes_none_is_refused() {
    let stage = Stage::faulty();
    stage.add_config("echo-length", "{}");
    let host = stage.start().await;
    let message = plugin(&host.plugins(), "faulty.so").message;
    assert!(message.contains("echo-length.json: the analyzer echo-length takes no config"), "{message}");
    host.stop().await;
}

#[tokio::test]
async fn an_accepted_config_is_told_in_canonical_form() {
    let stage = Stage::faulty();
    stage.add_config("faulty", "{ \"z\": 1,\n \"a\": 2 }");
    let host = stage.start().await;
    let plugin = plugin(&host.plugins(), "faulty.so");
    assert_eq!(plugin.state(), PluginState::Serving, "{}", plugin.message);
    let served = plugin.analyzers.iter().find(|a| a.manifest.as_ref().unwrap().name == "faulty").unwrap();
    assert_eq!(served.config, r#"{"a":2,"z":1}"#);
    assert_eq!(served.config_digest, blake3::hash(served.config.as_bytes()).to_hex().to_string());
    host.stop().await;
}

#[tokio::test]
async fn what_the_registry_refuses_is_rejected() {
    let stage = Stage::faulty();
    stage.world.refuse("echo 1.0.0 was registered with another manifest; raise the version");
    let host = stage.start().await;
    let rejected = plugin(&host.plugins(), "faulty.so");
    assert_eq!(rejected.state(), PluginState::Rejected);
    assert!(rejected.message.contains("refused by the registry: echo 1.0.0"), "{}", rejected.message);
    host.stop().await;
}

#[tokio::test]
async fn two_libraries_cannot_provide_one_analyzer() {
    let stage = Stage::faulty();
    stage.add_faulty("again.so");
    let host = stage.start().await;
    let plugins = host.plugins();
    let (served, rejected): (Vec<_>, Vec<_>) =
        plugins.iter().partition(|plugin| plugin.state() == PluginState::Serving);
    assert_eq!((served.len(), rejected.len()), (1, 1));
    assert!(rejected[0].message.contains("is already provided by"), "{}", rejected[0].message);
    assert!(rejected[0].message.contains(&served[0].path), "{}", rejected[0].message);
    host.stop().await;
}

#[tokio::test]
async fn a_host_refuses_folders_that_it_cannot_use() {
    let stage = Stage::empty();
    let start = |change: &dyn Fn(&mut HostConfig)| {
        let mut config = HostConfig::new(crate::stage::worker_command(), stage.path("run"));
        change(&mut config);
        Host::start(config, std::sync::Arc::new(Silent)).map(|_| ()).unwrap_err()
    };
    let missing = start(&|config| config.folders = vec![stage.path("missing")]);
    assert!(missing.to_string().contains("/missing"), "{missing}");

    std::fs::create_dir(stage.path("open")).unwrap();
    std::fs::set_permissions(stage.path("open"), Permissions::from_mode(0o755)).unwrap();
    let open = start(&|config| config.socket_dir = stage.path("open"));
    assert!(open.to_string().contains("is open to others (mode 755)"), "{open}");

    let long = start(&|config| config.socket_dir = stage.path(&"x".repeat(100)));
    assert!(matches!(long, HostError::SocketPathTooLong { .. }), "{long}");

    let nobody = start(&|config| config.worker_command.clear());
    assert!(matches!(nobody, HostError::NoWorkerCommand), "{nobody}");
}
