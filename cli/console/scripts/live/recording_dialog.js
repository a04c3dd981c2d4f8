// @ts-check
// Saves events as a recording, which `cargo centrifugo replay` reads.

import { postRecording } from '../server/api.js';
import { counted } from '../values/format.js';
import { byId } from '../view/dom.js';

export class RecordingDialog {
  #dialog = byId('recording');
  #path = byId('recording-path');
  #status = byId('recording-status');
  /** @type {number[]} */
  #ids = [];

  constructor() {
    byId('recording-form').addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#save();
    });
    byId('recording-close').addEventListener('click', () => this.#dialog.close());
  }

  /** @param {number[]} ids In the order in which they happened. */
  open(ids) {
    this.#ids = ids;
    this.#status.textContent = '';
    byId('recording-count').textContent = `${counted(ids.length, 'event')} will be written to a file in the project.`;
    byId('recording-save').disabled = ids.length === 0;
    this.#dialog.showModal();
    this.#path.select();
  }

  async #save() {
    const path = this.#path.value.trim();
    try {
      const saved = await postRecording(this.#ids, path.endsWith('.jsonl') ? path : `${path}.jsonl`);
      this.#status.className = 'good';
      this.#status.textContent = `${counted(saved.events, 'event')} saved to ${saved.path}. Replay: cargo centrifugo replay ${saved.path}`;
    } catch (error) {
      this.#status.className = 'field-problem';
      this.#status.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
