//! The arguments.

use centrifugo::BoxError;

/// What the arguments ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Clients send events that fail.
    pub has_faults: bool,
    /// The load goes to the backend without Centrifugo, even if Centrifugo is found.
    pub is_direct: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self, BoxError> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "faults" => options.has_faults = true,
                "direct" => options.is_direct = true,
                other => {
                    return Err(format!(
                        "`{other}` is not known: `faults` sends events that fail, `direct` runs without Centrifugo"
                    )
                    .into());
                }
            }
        }
        Ok(options)
    }
}
