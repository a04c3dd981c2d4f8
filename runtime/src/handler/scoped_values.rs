//! Storage of the scoped values of one event.

use std::any::TypeId;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::state::AnyState;
use crate::error::Error;

type Cell = Arc<OnceCell<Result<AnyState, Error>>>;

/// The scoped values that were created for one event so far.
#[derive(Default)]
pub(crate) struct ScopedValues(Mutex<Vec<(TypeId, Cell)>>);

impl ScopedValues {
    pub(crate) fn cell(&self, id: TypeId) -> Cell {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match cells.iter().find(|(known, _)| *known == id) {
            Some((_, cell)) => cell.clone(),
            None => {
                let cell = Cell::default();
                cells.push((id, cell.clone()));
                cell
            }
        }
    }
}
