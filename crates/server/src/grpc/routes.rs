//! The services of a process, with reflection and health beside them.

use std::collections::BTreeSet;

use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::config::ServiceName;
use crate::error::{Error, Result};

/// Services of a process, ready to be served.
pub(crate) struct Table {
    routes: Routes,
    health: HealthReporter,
    services: BTreeSet<ServiceName>,
}

impl Table {
    /// A table with health and reflection (v1 and v1alpha).
    ///
    /// # Errors
    /// If the descriptors that were built in can not be read.
    pub(crate) fn new() -> Result<Self> {
        let (health, health_service) = tonic_health::server::health_reporter();
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(api::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let transport = |e: tonic_reflection::server::Error| Error::Transport(e.into());
        let routes = Routes::new(health_service)
            .add_service(reflection().build_v1().map_err(transport)?)
            .add_service(reflection().build_v1alpha().map_err(transport)?);
        Ok(Self { routes, health, services: BTreeSet::new() })
    }

    /// With the log.
    pub(crate) fn storage(&mut self, storage: storage::Storage) {
        self.add(ServiceName::Storage, |routes| routes.add_service(storage::grpc::service(storage)));
    }

    /// With the registry.
    pub(crate) fn registry(&mut self, registry: registry::Registry) {
        self.add(ServiceName::Registry, |routes| routes.add_service(registry::grpc::service(registry)));
    }

    /// With the dataflow.
    pub(crate) fn analysis(&mut self, analysis: analysis::Analysis) {
        self.add(ServiceName::Analysis, |routes| routes.add_service(analysis::grpc::service(analysis)));
    }

    /// With the plugin host, and the relay to its workers.
    pub(crate) fn plugins(&mut self, host: plugin_host::Host) {
        self.add(ServiceName::Plugins, |routes| {
            routes
                .add_service(plugin_host::grpc::plugins_service(host.clone()))
                .add_service(plugin_host::grpc::analyzer_service(host))
        });
    }

    /// With the index.
    pub(crate) fn search(&mut self, search: search::Search) {
        self.add(ServiceName::Search, |routes| routes.add_service(search::grpc::service(search)));
    }

    fn add(&mut self, service: ServiceName, add: impl FnOnce(Routes) -> Routes) {
        self.routes = add(std::mem::take(&mut self.routes));
        self.services.insert(service);
    }

    /// What to serve.
    pub(crate) fn routes(&self) -> Routes {
        self.routes.clone()
    }

    /// Tells health checks whether the services take calls.
    pub(crate) async fn serving(&self, serving: bool) {
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        for service in &self.services {
            self.health.set_service_status(service.full_name(), status).await;
        }
        self.health.set_service_status("", status).await;
    }
}
