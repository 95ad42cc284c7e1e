//! Server processes: start, observe, stop.

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

use crate::BoxError;

/// The timeout for starting and stopping a server.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long to wait for background work to finish before measuring anyway.
const MAX_WAIT: Duration = Duration::from_secs(1800);

/// The unit of processor times in `/proc`.
const TICK: Duration = Duration::from_millis(10);

/// A running server. It is killed when dropped.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    pub started: Instant,
}

impl Process {
    /// Starts a server and waits until it reports its address. The developer's own settings are not passed on.
    pub fn start(command: &mut Command) -> Result<Self, BoxError> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the server's output is not captured")?;
        let (sender, lines) = mpsc::channel();
        // Keep reading until the server exits, so that its writes never block.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut process = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), started };
        loop {
            match lines.recv_timeout(TIMEOUT) {
                Ok(line) => {
                    let address = line.strip_prefix("Listening on http://").and_then(|url| url.strip_suffix('/'));
                    if let Some(address) = address {
                        process.address = address.parse()?;
                        return Ok(process);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err("the server did not report its address in time".into()),
                Err(RecvTimeoutError::Disconnected) => {
                    let status = process.child.wait()?;
                    return Err(format!("the server exited with {status}; see --server-log").into());
                }
            }
        }
    }

    /// Stops the server and waits for it to exit.
    ///
    /// # Errors
    ///
    /// If it exited earlier or with an error, or doesn't exit.
    pub fn stop(mut self) -> Result<(), BoxError> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let asked = Instant::now();
        while asked.elapsed() < TIMEOUT {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the server exited with {status}").into()),
                None => thread::sleep(Duration::from_millis(5)),
            }
        }
        Err("the server did not stop".into())
    }

    /// Returns the resident memory in MiB.
    pub fn resident_mib(&self) -> Result<f64, BoxError> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("/proc has no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    /// Waits until the server is idle, such as after its background indexing. That runs in small steps, so the polls
    /// are far apart.
    pub fn wait_until_idle(&self) -> Result<(), BoxError> {
        const POLL_INTERVAL: Duration = Duration::from_secs(1);
        const IDLE_POLLS: u32 = 2;
        let (start, mut calm, mut last) = (Instant::now(), 0, self.cpu_time()?);
        while calm < IDLE_POLLS {
            if start.elapsed() > MAX_WAIT {
                eprintln!("  the server is still busy after {} s", MAX_WAIT.as_secs());
                return Ok(());
            }
            thread::sleep(POLL_INTERVAL);
            let now = self.cpu_time()?;
            calm = if now - last <= TICK { calm + 1 } else { 0 };
            last = now;
        }
        if start.elapsed() > 2 * IDLE_POLLS * POLL_INTERVAL {
            eprintln!("  the server is idle after {:.0} s", start.elapsed().as_secs_f64());
        }
        Ok(())
    }

    /// Returns the processor time used so far.
    pub fn cpu_time(&self) -> Result<Duration, BoxError> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The program's name, which may contain spaces, ends with the last parenthesis.
        let (_, fields) = text.rsplit_once(')').ok_or("/proc/PID/stat is not understood")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u32>().ok());
        let (user, system) = ticks(11).zip(ticks(12)).ok_or("/proc/PID/stat is too short")?;
        Ok(TICK * (user + system))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails if it has already exited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
