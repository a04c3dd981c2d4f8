//! nginx as a reverse proxy of Centrifugo.

use std::fs;
use std::process::Command;

use crate::folder::Folder;
use crate::{Process, ports, programs};

/// A running nginx.
pub struct Nginx {
    /// The process.
    pub process: Process,
    port: u16,
    // Dropped after the process that writes to it.
    _folder: Folder,
}

impl Nginx {
    /// Starts nginx with one server and waits until it listens. `listen` is the end of the `listen` directive after the
    /// address, `server` are further directives of the server.
    pub fn start(listen: &str, server: &str) -> Self {
        let folder = Folder::new();
        let port = ports::free();
        // One process that needs no privileges and writes only to its folder.
        let config = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n\
             access_log off;\nclient_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n\
             uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n\
             server {{\nlisten 127.0.0.1:{port} {listen};\n{server}\n}}\n}}\n"
        );
        fs::write(folder.path().join("nginx.conf"), config).expect("a configuration");
        let mut command = Command::new(programs::nginx());
        command
            .current_dir(folder.path())
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "stderr"]);
        let mut process = Process::start("nginx", command, folder.path());
        process.wait_for_port(port);
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// Returns `host:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}
