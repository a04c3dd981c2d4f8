// @ts-check
// What the console knows of the program, and the events that it has seen.

import { EventLog } from '../live/event_log.js';
import { parseJson } from '../values/json.js';
import { RingBuffer } from '../values/ring_buffer.js';
import { Signal } from '../values/signal.js';
import { getCheck, getConfiguration, getDescription, getState, RequestError, token } from './api.js';

/** @typedef {import('../types.js').State} State */
/** @typedef {'connecting' | 'connected' | 'lost' | 'refused'} Connection */

const retryAfter_ms = 1500;
// After the page is loaded, states of the past follow each other at once.
const loadDelay_ms = 50;

export class Store {
  /** @type {State | null} */
  state = null;
  /** @type {import('../types.js').Description | null} */
  description = null;
  /** @type {import('../types.js').Finding[]} */
  findings = [];
  /** @type {import('../types.js').Configuration | null} */
  configuration = null;
  /** @type {Connection} */
  connection = 'connecting';
  events = new EventLog();
  /** Lines that belong to no event. @type {RingBuffer<import('../types.js').LogLine>} */
  programLog = new RingBuffer(2000);
  /** Changes of the phase. @type {RingBuffer<{ at_ms: number, phase: string, text: string }>} */
  phases = new RingBuffer(100);

  /** @type {Signal<void>} */
  stateChanged = new Signal();
  /** @type {Signal<void>} */
  descriptionChanged = new Signal();
  /** @type {Signal<void>} */
  connectionChanged = new Signal();
  /** @type {Signal<ReturnType<EventLog['add']>>} */
  eventAdded = new Signal();
  /** A log line or a message of a stream. @type {Signal<void>} */
  lineAdded = new Signal();

  #lastId = 0;
  #loadedFor = '';
  #loadTimer = 0;
  #phaseKey = '';

  async start() {
    try {
      this.#setState(await getState(), false);
      this.#listen();
    } catch (error) {
      this.#failed(error);
    }
  }

  #listen() {
    const source = new EventSource(`/api/events?since=${this.#lastId}&token=${encodeURIComponent(token)}`);
    source.onopen = () => this.#setConnection('connected');
    source.onmessage = (message) => {
      const id = Number(message.lastEventId);
      if (id > this.#lastId) this.#lastId = id;
      this.#receive(parseJson(message.data));
    };
    source.onerror = () => {
      source.close();
      this.#failed(null);
    };
  }

  /** @param {unknown} error */
  #failed(error) {
    const isRefused = error instanceof RequestError && (error.status === 401 || error.status === 403);
    this.#setConnection(isRefused ? 'refused' : 'lost');
    if (!isRefused) setTimeout(() => this.start(), retryAfter_ms);
  }

  /** @param {any} message */
  #receive(message) {
    switch (message.type) {
      case 'state':
        this.#setState(message.state, true);
        break;
      case 'event':
        this.eventAdded.emit(this.events.add(message));
        break;
      case 'stream':
        this.events.attach(message);
        this.lineAdded.emit();
        break;
      case 'log':
        if (message.event === null || message.event === undefined) this.programLog.push(message);
        else this.events.attach(message);
        this.lineAdded.emit();
        break;
      default: // A newer server may send more.
    }
  }

  /**
   * @param {State} state
   * @param {boolean} isMessage
   */
  #setState(state, isMessage) {
    const { phase, problems, build, program, centrifugo } = state;
    const phaseKey = `${phase} ${program?.pid}`;
    // The messages have the phases of the past too, the first state has only the current one.
    if (isMessage && this.#phaseKey !== phaseKey) {
      this.#phaseKey = phaseKey;
      this.phases.push({ at_ms: phaseStart(state) ?? Date.now(), phase, text: phaseText(state) });
    }
    this.state = { ...state, problems: problems ?? [], build: build ? { ...build, messages: build.messages ?? [] } : null };
    this.stateChanged.emit();
    const loadFor = JSON.stringify([program?.pid, program?.started_ms, phase === 'ready', centrifugo?.running, centrifugo?.configuration]);
    if (this.#loadedFor !== loadFor) {
      this.#loadedFor = loadFor;
      clearTimeout(this.#loadTimer);
      this.#loadTimer = setTimeout(() => this.#load(), loadDelay_ms);
    }
  }

  async #load() {
    const loadedFor = this.#loadedFor;
    try {
      // What is not there yet is not asked for, because browsers log every 404 as an error.
      const hasProgram = Boolean(this.state?.program?.pid);
      const [description, check, configuration] = await Promise.all([
        hasProgram ? getDescription() : null,
        hasProgram ? getCheck() : null,
        this.state?.centrifugo?.running ? getConfiguration() : null,
      ]);
      // A newer state has started another load, whose answers may have come already.
      if (loadedFor !== this.#loadedFor) return;
      // While a program is built, the description of the one before it is of more use than none.
      if (description !== null || this.state?.phase === 'ready') this.description = description;
      this.findings = check?.findings ?? [];
      this.configuration = configuration;
      this.descriptionChanged.emit();
    } catch {
      // The next state loads it.
      if (loadedFor === this.#loadedFor) this.#loadedFor = '';
    }
  }

  /** @param {Connection} connection */
  #setConnection(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.connectionChanged.emit();
  }
}

/** @param {State} state */
function phaseStart({ phase, build, program }) {
  if (phase === 'building') return build?.started_ms;
  if (phase === 'ready') return program?.started_ms;
  const { started_ms, duration_ms } = build ?? {};
  return started_ms && duration_ms ? started_ms + duration_ms : null;
}

/** @param {State} state */
function phaseText({ phase, build, problems, program }) {
  if (phase === 'failed') return problems?.length ? `${problems.length} problems at start` : 'the build failed';
  if (phase === 'ready') return program?.pid ? `pid ${program.pid}` : '';
  if (phase === 'starting' && build?.duration_ms) return `built in ${(build.duration_ms / 1000).toFixed(1)} s`;
  return '';
}
