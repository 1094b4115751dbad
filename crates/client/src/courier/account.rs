//! What the tablet accounts for: attachments that a restored company may have
//! lost, records that it let go of.

use super::Courier;
use crate::{
    error::{Error, Result},
    transport::Failure,
};

impl Courier {
    /// Asks or tells the next, and stores the answer; says how much is still to
    /// be accounted for. An older server that does not know the question is
    /// asked again another time.
    pub(crate) async fn account(&self) -> Result<usize> {
        let doubted = self.desk.ask(|replica| Ok(replica.doubted()?)).await?;
        let answered = if doubted.is_empty() {
            self.tell_account().await
        } else {
            let answer = self.transport.held(&self.login, doubted.clone()).await;
            match answer {
                Ok(answer) => {
                    let now = self.clock.now();
                    let confirm = move |replica: &mut lantian_replica::Replica| {
                        Ok(replica.confirm(&doubted, &answer, now)?)
                    };
                    self.desk.ask(confirm).await
                }
                Err(failure) => Err(failure.into()),
            }
        };
        match answered {
            Err(Error::Way(Failure::Denied(problem))) if problem.status == 404 => Ok(0),
            other => other,
        }
    }

    async fn tell_account(&self) -> Result<usize> {
        let now = self.clock.now();
        let told = self.desk.ask(move |replica| Ok(replica.account(now)?)).await?;
        let answer = self.transport.account(&self.login, &told.signed).await?;
        self.desk.ask(move |replica| Ok(replica.accounted(&told, &answer)?)).await
    }

    /// Accounts for everything.
    pub(crate) async fn account_all(&self) -> Result<()> {
        let mut open = self.desk.ask(|replica| Ok(replica.unaccounted()?)).await?;
        while open > 0 {
            let left = self.account().await?;
            if left >= open {
                return Err(Failure::Unreadable.into());
            }
            open = left;
        }
        Ok(())
    }
}
