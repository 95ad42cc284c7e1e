//! Servers as processes of their own: started, looked at, stopped.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::Failed;

/// How long a server may take until it listens, or until it has stopped.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a server may be busy with itself before it is measured as it is.
const UNREST: Duration = Duration::from_secs(1800);

/// A server that listens. It is stopped when this is dropped, at the latest.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    pub started: Instant,
}

impl Process {
    /// Starts a server and waits until it tells where it listens. No setting of the developer's own reaches it.
    pub fn start(command: &mut Command) -> Result<Self, Failed> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let (sender, lines) = mpsc::channel();
        // Reads until the server ends, so that the server can always write.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut process = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), started };
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    let address = line.strip_prefix("Listening on http://").and_then(|url| url.strip_suffix('/'));
                    if let Some(address) = address {
                        process.address = address.parse()?;
                        return Ok(process);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err("the server does not tell where it listens".into()),
                Err(RecvTimeoutError::Disconnected) => {
                    let status = process.child.wait()?;
                    return Err(format!("the server ended with {status}; --server-log tells why").into());
                }
            }
        }
    }

    /// Asks the server to stop, and waits for it.
    ///
    /// # Errors
    ///
    /// When it ended before, with an error, or not at all.
    pub fn stop(mut self) -> Result<(), Failed> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the server ended with {status}").into()),
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
        Err("the server did not stop".into())
    }

    /// The memory it holds, in MiB.
    pub fn resident_mib(&self) -> Result<f64, Failed> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("/proc has no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    /// Waits until the server has nothing left to do, such as what it puts off while requests come. It may do that in
    /// small steps, so looks are far apart.
    pub fn settle(&self) -> Result<(), Failed> {
        const LOOK: Duration = Duration::from_secs(1);
        const CALM: u32 = 2;
        let (start, mut calm, mut last) = (Instant::now(), 0, self.ticks()?);
        while calm < CALM {
            if start.elapsed() > UNREST {
                eprintln!("  the server is still busy with itself after {} s", UNREST.as_secs());
                return Ok(());
            }
            thread::sleep(LOOK);
            let now = self.ticks()?;
            calm = if now - last <= 1 { calm + 1 } else { 0 };
            last = now;
        }
        if start.elapsed() > 2 * CALM * LOOK {
            eprintln!("  the server is at rest after {:.0} s", start.elapsed().as_secs_f64());
        }
        Ok(())
    }

    /// The processor time it has taken, in hundredths of a second.
    fn ticks(&self) -> Result<u64, Failed> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The program's name, which may hold spaces, ends with the last parenthesis.
        let (_, fields) = text.rsplit_once(')').ok_or("/proc/PID/stat is not understood")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok());
        Ok(ticks(11).zip(ticks(12)).map(|(user, system)| user + system).ok_or("/proc/PID/stat is too short")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to be done if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
