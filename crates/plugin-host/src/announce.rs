//! How the world learns of workers. The host does not know the registry; whoever puts services together brings an
//! [`Announce`] that does.

use api::analysis::ServedAnalyzer;
use api::registry::Instance;

/// Tells the world which workers serve. Retries and renewals are the implementation's matter.
#[async_trait::async_trait]
pub trait Announce: Send + Sync {
    /// A worker serves: `instance` names its endpoint (`unix:/path`) and analyzers, `analyzers` their manifests, which
    /// belong into the catalog as `analyzers/{name}/versions/{version}`. Called again with a greater incarnation, and
    /// without [`gone`](Self::gone) between, when the worker was restarted at once. Returns when it can be found, and
    /// waits as long as that takes.
    ///
    /// # Errors
    /// Why it is refused for good, for people: a cycle, or a version that was registered with another manifest. The
    /// library is then rejected with this reason.
    async fn serving(&self, instance: &Instance, analyzers: &[ServedAnalyzer]) -> Result<(), String>;

    /// The worker of this id does not serve any more.
    async fn gone(&self, instance_id: &str);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

#[async_trait::async_trait]
impl Announce for Silent {
    async fn serving(&self, _instance: &Instance, _analyzers: &[ServedAnalyzer]) -> Result<(), String> {
        Ok(())
    }

    async fn gone(&self, _instance_id: &str) {}
}
