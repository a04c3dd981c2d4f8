//! Empty: this package holds the programs under test (`src/bin`) and their tests (`tests`).
