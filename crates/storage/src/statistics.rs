use api::storage::{Consumer, GetStatisticsResponse, KindCount};

use crate::Storage;
use crate::error::Result;
use crate::layout::{FORMAT, Table};

impl Storage {
    /// Tells head, horizon, counts and sizes.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn statistics(&self) -> Result<GetStatisticsResponse> {
        let disk_bytes = self.shared.kv.disk_bytes().await?;
        let consumers = self.shared.pins.consumers(self.shared.now(), self.shared.config.consumer_expiry);
        let kinds = {
            let counts = self.shared.counts();
            let kinds = self.shared.interns().sorted(Table::Kinds);
            let counted = kinds.into_iter().filter_map(|(kind, id)| {
                let count = counts.get(&id).copied().filter(|count| *count != 0)?;
                Some(KindCount { kind: kind.to_string(), count })
            });
            counted.collect()
        };
        Ok(GetStatisticsResponse {
            head: self.head(),
            horizon: self.horizon(),
            kinds,
            disk_bytes: disk_bytes.cast_signed(),
            format: FORMAT,
            consumers: consumers
                .into_iter()
                .map(|(name, sequence)| Consumer { name, sequence: sequence.cast_signed() })
                .collect(),
            backend: self.shared.kv.backend().to_owned(),
        })
    }
}
