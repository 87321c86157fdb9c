//! Calls on the registry and the plugin host.

use anyhow::{Context as _, Result};
use api::Peer;
use api::analysis::plugins_client::PluginsClient;
use api::analysis::{ListPluginsRequest, Plugin};
use api::registry::registry_client::RegistryClient;
use api::registry::{
    DeleteEntryRequest, Entry, Instance, ListEntriesRequest, ListInstancesRequest, Pin, PutEntryRequest,
    entry,
};
use tonic::Code;

use super::Client;

impl Client {
    async fn registry(&self) -> Result<RegistryClient<Peer>> {
        Ok(RegistryClient::new(self.service(server::ServiceName::Registry).await?))
    }

    /// All instances, in whatever state.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn instances(&self) -> Result<Vec<Instance>> {
        let mut registry = self.registry().await?;
        let mut request = ListInstancesRequest { page_size: 500, ..Default::default() };
        let mut all = Vec::new();
        loop {
            let page =
                registry.list_instances(request.clone()).await.map_err(|s| self.failure(s))?.into_inner();
            all.extend(page.instances);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Catalog entries whose names start with `prefix`.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn entries(&self, prefix: &str) -> Result<Vec<Entry>> {
        let mut registry = self.registry().await?;
        let mut request = ListEntriesRequest { prefix: prefix.into(), page_size: 500, ..Default::default() };
        let mut all = Vec::new();
        loop {
            let page =
                registry.list_entries(request.clone()).await.map_err(|s| self.failure(s))?.into_inner();
            all.extend(page.entries);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Sets the operator's choice for an analyzer; `None` takes it away.
    ///
    /// # Errors
    /// If the server refuses or does not answer.
    pub(crate) async fn pin(&self, analyzer: &str, pin: Option<Pin>) -> Result<()> {
        let mut registry = self.registry().await?;
        let name = format!("analyzers/{analyzer}/pin");
        let Some(pin) = pin else {
            return match registry.delete_entry(DeleteEntryRequest { name, expected_revision: None }).await {
                Ok(_) => Ok(()),
                // Nothing was pinned: it is as it was asked for.
                Err(status) if status.code() == Code::NotFound => Ok(()),
                Err(status) => Err(self.failure(status)),
            };
        };
        let entry = Entry { name, value: Some(entry::Value::Pin(pin)), ..Default::default() };
        let request = PutEntryRequest { entry: Some(entry), expected_revision: None };
        registry.put_entry(request).await.map_err(|s| self.failure(s))?;
        Ok(())
    }

    /// All plugins of the plugin host.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn plugins(&self) -> Result<Vec<Plugin>> {
        let peer =
            self.service(server::ServiceName::Plugins).await.context("failed to find the plugin host")?;
        let answer = PluginsClient::new(peer).list_plugins(ListPluginsRequest {}).await;
        Ok(answer.map_err(|s| self.failure(s))?.into_inner().plugins)
    }
}
