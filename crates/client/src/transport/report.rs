//! Reports: counted by the company's server, online only.

use reqwest::Method;

use super::{Transport, answer, failure::Failure, login::Login, route};
use crate::view::{
    CasesQuestion, CasesView, DaysQuestion, ForecastView, KpiView, MonthQuestion, MonthView,
};

impl Transport {
    /// The indicators of a span of days.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn kpi(&self, login: &Login, asked: &DaysQuestion) -> Result<KpiView, Failure> {
        let route = format!("{}/kpi?from={}&to={}", route::REPORTS, asked.from, asked.to);
        self.fetch(login, &route).await
    }

    /// The records behind a figure.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn cases_behind(
        &self,
        login: &Login,
        asked: &CasesQuestion,
    ) -> Result<CasesView, Failure> {
        let CasesQuestion { figure, from, to, by, key } = asked;
        let pairs = [
            ("figure", Some(figure.clone())),
            ("from", Some(from.to_string())),
            ("to", Some(to.to_string())),
            ("by", by.clone()),
            ("key", key.clone()),
        ];
        let pairs: Vec<_> =
            pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let route = format!("{}/cases", route::REPORTS);
        let response =
            self.with_login(login, || Ok(self.request(Method::GET, &route)?.query(&pairs))).await?;
        Ok(answer::value(response).await?.0)
    }

    /// The report on a month.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn month(&self, login: &Login, asked: &MonthQuestion) -> Result<MonthView, Failure> {
        let pairs = [("month", asked.month.clone())];
        let route = format!("{}/month", route::REPORTS);
        let response =
            self.with_login(login, || Ok(self.request(Method::GET, &route)?.query(&pairs))).await?;
        Ok(answer::value(response).await?.0)
    }

    /// What breaches unless a silent tablet reports.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn forecast(&self, login: &Login) -> Result<ForecastView, Failure> {
        self.fetch(login, &format!("{}/forecast", route::REPORTS)).await
    }

    /// The indicators as a workbook.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn kpi_workbook(
        &self,
        login: &Login,
        asked: &DaysQuestion,
    ) -> Result<Vec<u8>, Failure> {
        let route = format!("{}/kpi.xlsx?from={}&to={}", route::REPORTS, asked.from, asked.to);
        let response = self.with_login(login, || self.request(Method::GET, &route)).await?;
        let bytes = response.bytes().await.map_err(|error| Failure::of(&error))?;
        Ok(bytes.to_vec())
    }
}
