//! The calls of the window, one for each of the bridge's contract.

mod admin;
mod audit;
mod channel;
mod desk;
mod report;
mod session;
mod sync;
mod work;

use lantian_client::ApiError;
use serde::de::DeserializeOwned;
use tauri::ipc::{Invoke, InvokeBody, Request};

/// What a call answers.
type Answer<T> = Result<T, ApiError>;

/// Answers the window's calls by name.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        session::session,
        session::sign_in,
        session::unlock,
        session::lock,
        session::change_pin,
        session::recover,
        work::today,
        work::debts,
        work::list,
        work::permits,
        work::record,
        work::schema,
        work::judge,
        work::give,
        work::draft_save,
        work::draft_load,
        work::draft_drop,
        work::attach,
        work::file,
        work::people,
        work::due,
        work::cost,
        work::estimate,
        work::advise,
        sync::sync_status,
        sync::sync_now,
        sync::sync_pause,
        sync::sync_bundle,
        sync::preview,
        sync::network,
        sync::upload_anyway,
        sync::verify_files,
        sync::readiness,
        sync::make_ready,
        sync::depart,
        desk::attention,
        desk::resolve,
        admin::admin_users,
        admin::admin_user_create,
        admin::admin_user_update,
        admin::admin_devices,
        admin::admin_device_revoke,
        channel::admin_channels,
        channel::admin_channel_create,
        channel::admin_channel_update,
        channel::admin_channel_secret,
        channel::admin_deliveries,
        channel::admin_delivery_resend,
        report::report_kpi,
        report::report_cases,
        report::report_forecast,
        report::report_month,
        report::report_export,
        audit::audit_rows,
        audit::audit_check,
        audit::audit_export,
        audit::retention,
        audit::archive_export,
        audit::archive_progress,
        audit::archive_verify,
    ]
}

/// Reads all arguments of a call as one value.
fn read<T: DeserializeOwned>(request: &Request<'_>) -> Answer<T> {
    match request.body() {
        InvokeBody::Json(arguments) => {
            T::deserialize(arguments).map_err(|fault| ApiError::bad_call(&fault))
        }
        InvokeBody::Raw(_) => Err(ApiError::bad_call(&"JSON expected")),
    }
}

#[cfg(test)]
mod tests {
    use crate::calls::CALLS;

    #[test]
    fn t12_the_capability_grants_exactly_the_calls() {
        let text = include_str!("../capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(text).unwrap();
        let granted: Vec<&str> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|permission| permission.as_str())
            .filter(|permission| !permission.starts_with("core:"))
            .collect();
        let wanted: Vec<String> =
            CALLS.iter().map(|call| format!("allow-{}", call.replace('_', "-"))).collect();
        assert_eq!(granted, wanted);
    }

    #[test]
    fn t12_nothing_of_the_system_is_granted() {
        let text = include_str!("../capabilities/main.json");
        for word in ["shell", "fs:", "http:", "default", "remote", "asset"] {
            assert!(!text.contains(&format!("\"{word}")), "{word}");
        }
    }
}
