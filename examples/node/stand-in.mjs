// A stand-in for authentik's API, for tests with node:test. Copy this file next to yours.
//
// Needs Node 20, and the program `rollcall`, on the PATH or named by ROLLCALL_BIN. No packages.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A running `rollcall stand-in`. Its API is at `api`, which ends in /api/v3, for the superuser with `token`. */
export class StandIn {
  #child;
  #exit;

  /** Starts the program. `seed` is the URL or path of a file with users, groups and tokens. */
  static async start({ seed, options = [] } = {}) {
    const command = ['stand-in', '--until-stdin-ends', ...options];
    if (seed) command.push('--seed', seed instanceof URL ? fileURLToPath(seed) : seed);
    // The program ends with the pipe of its standard input, however Node does, even if it is killed.
    const child = spawn(process.env.ROLLCALL_BIN ?? 'rollcall', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child, 'spawn');
    for await (const line of createInterface(child.stdout)) return new StandIn(child, JSON.parse(line));
    throw new Error('rollcall stand-in did not start; its standard error says why');
  }

  constructor(child, { url, api, token }) {
    this.#child = child;
    this.#exit = once(child, 'exit');
    Object.assign(this, { url, api, token });
  }

  async stop() {
    this.#child.stdin.end();
    const [status, signal] = await this.#exit;
    if (status !== 0) throw new Error(`rollcall stand-in failed: exit status ${status ?? signal}`);
  }

  /** Goes back to the seed: data, faults, requests and time. */
  async reset() {
    await this.#control('POST', 'reset');
  }

  /**
   * Makes the next request for an operation (or, without one, any) fail, as in
   * `fault({ operation: 'core_users_list', status: 503 })`. Others are `drop: true`, which closes the connection, and
   * `delay: 0.5` in seconds. `after: true` carries the request out first, `count: 3` applies to three requests,
   * `count: null` to all, and `skip: 1` lets one pass.
   */
  async fault(fault) {
    return this.#control('POST', 'faults', fault);
  }

  /** Returns the requests since the reset, oldest first: `method`, `path`, `query`, `body`, `status` and more. */
  async requests(operation) {
    const query = operation ? `?${new URLSearchParams({ operation })}` : '';
    return (await this.#control('GET', `requests${query}`)).requests;
  }

  async forgetRequests() {
    await this.#control('DELETE', 'requests');
  }

  /** Sets the time by which tokens expire, such as "2026-01-01T00:00:00Z". */
  async setTime(time, frozen = true) {
    await this.#control('PUT', 'time', { time, frozen });
  }

  async advance(seconds) {
    await this.#control('PUT', 'time', { advance: seconds });
  }

  /** Reads from the API as the superuser, as in `get('core/users/?username=ada')`. */
  async get(path) {
    return send(`${this.api}/${path}`, { headers: { authorization: `Bearer ${this.token}` } });
  }

  #control(method, path, body) {
    const headers = { 'content-type': 'application/json' };
    return send(`${this.url}/-/stand-in/${path}`, { method, headers, body: body && JSON.stringify(body) });
  }
}

async function send(url, options) {
  const response = await fetch(url, options);
  const text = await response.text();
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
