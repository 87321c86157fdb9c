//! Bindings of the contracts in `proto/`, checked in and made by `cargo xtask codegen`.
//!
//! Messages are always there; clients and servers of the services behind the feature `services`. There is no
//! logic here. The principle type is [`record::Record`], the envelope of everything stored; a body names its
//! kind through [`prost::Name`]:
//!
//! ```
//! use prost::Name as _;
//! assert_eq!(api::record::Document::full_name(), "monazite.record.v1.Document");
//! ```

/// The package tree, as generated code expects it.
mod monazite {
    pub(crate) mod record {
        /// `monazite.record.v1`: records and the kinds of body that Monazite itself defines.
        pub mod v1 {
            #![allow(
                missing_docs,
                clippy::all,
                clippy::too_many_lines,
                clippy::allow_attributes_without_reason,
                reason = "generated; the comments are those of proto/"
            )]
            include!("gen/monazite.record.v1.rs");
        }
    }
    pub(crate) mod storage {
        /// `monazite.storage.v1`: the log.
        pub mod v1 {
            #![allow(
                missing_docs,
                clippy::all,
                clippy::too_many_lines,
                clippy::allow_attributes_without_reason,
                reason = "generated; the comments are those of proto/"
            )]
            include!("gen/monazite.storage.v1.rs");
        }
    }
    pub(crate) mod registry {
        /// `monazite.registry.v1`: who provides what.
        pub mod v1 {
            #![allow(
                missing_docs,
                clippy::all,
                clippy::too_many_lines,
                clippy::allow_attributes_without_reason,
                reason = "generated; the comments are those of proto/"
            )]
            include!("gen/monazite.registry.v1.rs");
        }
    }
    pub(crate) mod analysis {
        /// `monazite.analysis.v1`: manifests, the contract of analyzers, and the dataflow.
        pub mod v1 {
            #![allow(
                missing_docs,
                clippy::all,
                clippy::too_many_lines,
                clippy::allow_attributes_without_reason,
                reason = "generated; the comments are those of proto/"
            )]
            include!("gen/monazite.analysis.v1.rs");
        }
    }
    pub(crate) mod search {
        /// `monazite.search.v1`: the index, and alerts of topics.
        pub mod v1 {
            #![allow(
                missing_docs,
                clippy::all,
                clippy::too_many_lines,
                clippy::allow_attributes_without_reason,
                reason = "generated; the comments are those of proto/"
            )]
            include!("gen/monazite.search.v1.rs");
        }
    }
}

pub use monazite::analysis::v1 as analysis;
pub use monazite::record::v1 as record;
pub use monazite::registry::v1 as registry;
pub use monazite::search::v1 as search;
pub use monazite::storage::v1 as storage;

/// The encoded `google.protobuf.FileDescriptorSet` of all contracts, with their imports.
pub const DESCRIPTORS: &[u8] = include_bytes!("gen/descriptors.bin");

/// A way to a peer: whatever carries a gRPC request there. Services are handed one for each peer and do not know
/// whether it leads into the same process, over a socket, or to one of several instances.
#[cfg(feature = "services")]
pub type Peer = tower::util::BoxCloneSyncService<
    http::Request<tonic::body::Body>,
    http::Response<tonic::body::Body>,
    tonic::codegen::StdError,
>;
