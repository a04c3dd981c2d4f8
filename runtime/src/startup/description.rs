//! Describes the handlers as a table, for `WORKER_DESCRIBE=1`.

use super::routes::routes;
use crate::event::RouteInfo;

/// Describes the handlers of all linked crates as a table.
pub(crate) fn describe_handlers() -> String {
    table(&routes())
}

fn table(routes: &[RouteInfo]) -> String {
    let mut rows = vec![["EVENT", "PATTERN", "HANDLER", "PLACE", ""].map(str::to_owned)];
    rows.extend(routes.iter().map(|route| {
        [
            route.kind.to_string(),
            route.pattern.unwrap_or("-").to_owned(),
            route.signature(),
            format!("{}:{}", route.file, route.line),
            route.docs.lines().next().unwrap_or_default().to_owned(),
        ]
    }));
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    rows.iter().fold(
        String::new(),
        |mut text, [event, pattern, handler, place, docs]| {
            let line = format!(
                "{event:<0$}  {pattern:<1$}  {handler:<2$}  {place:<3$}  {docs}",
                widths[0], widths[1], widths[2], widths[3]
            );
            text.push_str(line.trim_end());
            text.push('\n');
            text
        },
    )
}
