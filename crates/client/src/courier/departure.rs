//! Asking the company whether the device may leave a record.

use lantian_domain::ids::RecordId;

use super::Courier;
use crate::error::{Error, Result};

/// The most records asked about at a time.
const MOST: usize = 20;

impl Courier {
    /// Asks about one record; nothing is asked while something of this device
    /// is missing.
    ///
    /// # Errors
    /// The failure of the way; a receipt that is not what it says.
    pub(crate) async fn ask_departure(&self, record: RecordId) -> Result<()> {
        let Some(asked) = self.desk.ask(move |replica| Ok(replica.ask_departure(record))).await?
        else {
            return Ok(());
        };
        let answer = self.transport.departure(&self.login, record).await?;
        self.desk.ask(move |replica| Ok(replica.take_departure(asked, &answer)?)).await
    }

    /// Asks about every record that is complete and has no receipt, once after
    /// each act.
    ///
    /// # Errors
    /// The failure of the way; what was asked before it counts.
    pub(crate) async fn ask_departures(&self) -> Result<()> {
        let _one = self.asking.lock().await;
        for record in self.desk.ask(|replica| Ok(replica.departures_due(MOST))).await? {
            match self.ask_departure(record).await {
                // One record that the server will not speak of, or whose
                // receipt is not believed, keeps no other from its receipt.
                Ok(()) | Err(Error::Store(_)) => {}
                Err(Error::Way(failure)) if !failure.is_passing() => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}
