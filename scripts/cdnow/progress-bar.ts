/** A line that fills up on a terminal; elsewhere a line for each tenth. */

const WIDTH = 40;

export class ProgressBar {
  readonly #label: string;
  readonly #total: number;
  #tenths = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  show(done: number): void {
    const share = Math.min(1, done / this.#total);
    if (process.stdout.isTTY) {
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
      process.stdout.write(
        `\r${this.#label} ${bar} ${done.toLocaleString('en')} of ${this.#total.toLocaleString('en')}`,
      );
      if (share === 1) process.stdout.write('\n');
    } else if (Math.floor(share * 10) > this.#tenths) {
      this.#tenths = Math.floor(share * 10);
      process.stdout.write(`${this.#label} ${this.#tenths * 10} %\n`);
    }
  }
}
