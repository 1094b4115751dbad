//! Indicators and the monthly report.

use lantian_client::{
    App,
    view::{CasesView, ForecastView, KpiView, MonthView, SavedView},
};
use tauri::{State, ipc::Request};

use super::{Answer, read};

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn report_kpi(app: State<'_, App>, request: Request<'_>) -> Answer<KpiView> {
    Ok(app.report_kpi(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn report_cases(app: State<'_, App>, request: Request<'_>) -> Answer<CasesView> {
    Ok(app.report_cases(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn report_month(app: State<'_, App>, request: Request<'_>) -> Answer<MonthView> {
    Ok(app.report_month(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn report_forecast(app: State<'_, App>) -> Answer<ForecastView> {
    Ok(app.report_forecast().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn report_export(app: State<'_, App>, request: Request<'_>) -> Answer<SavedView> {
    Ok(app.report_export(&read(&request)?).await?)
}
