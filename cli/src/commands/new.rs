//! `cargo centrifugo new`: makes a project.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::exit_status::ExitStatus;
use crate::new_project::NewProject;

/// Makes a new project.
///
/// The project has handlers with a test, the configuration of Centrifugo, a page, a Dockerfile and a CI file.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo centrifugo new hello\n  cargo centrifugo new hello --bare\n  cargo centrifugo new hello --roadrunner"
)]
pub(super) struct Options {
    /// Name of the package, or the path of a folder whose last part is the name. The folder must not exist.
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// Leaves out the channel type, the page, the Dockerfile and the CI file.
    #[arg(long)]
    bare: bool,
    /// Makes a project that RoadRunner runs, with its configuration.
    #[arg(long)]
    roadrunner: bool,
    /// Folder of the crate `centrifugo`, or of its repository, that is used in place of the released crate.
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<ExitStatus, Box<dyn Error>> {
    let mut project = NewProject::new(&options.name)?
        .bare(options.bare)
        .roadrunner(options.roadrunner);
    if let Some(path) = &options.path {
        project = project.crate_folder(path)?;
    }
    let files = project.write()?;
    let name = options.name.display();
    let mut text = format!("created {name} with {} files:\n", files.len());
    for file in files {
        text += &format!("  {file}\n");
    }
    if let Some(workspace) = project.outer_workspace() {
        text += &format!(
            "\nThe folder is inside of a workspace. Add it to `members` or `exclude` in {}.\n",
            workspace.display()
        );
    }
    text += &format!("\nNext:\n  cd {name}\n  cargo test\n  cargo centrifugo dev\n");
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitStatus::Success)
}
