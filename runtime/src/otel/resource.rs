//! The resource: what the traces say about the process.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};

/// Returns the resource of this process. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` take precedence.
pub(super) fn resource() -> Resource {
    let from_env = Resource::builder().build();
    let defaults = [
        ("service.name", executable_name()),
        // Each worker of a pool is an instance.
        (
            "service.instance.id",
            Some(RandomIdGenerator::default().new_trace_id().to_string()),
        ),
    ];
    let missing = defaults.into_iter().filter_map(|(key, value)| {
        let current = from_env.get(&key.into()).map(|value| value.to_string());
        let is_set = current.is_some_and(|value| !value.is_empty() && !value.starts_with("unknown_service"));
        (!is_set).then(|| value.map(|value| KeyValue::new(key, value)))?
    });
    let pid = KeyValue::new("process.pid", i64::from(std::process::id()));
    Resource::builder()
        .with_attributes(missing)
        .with_attribute(pid)
        .build()
}

/// Returns the file name of the program.
fn executable_name() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_name()?.to_string_lossy().into_owned())
}
