/** A bar that fills up on a terminal; elsewhere a line every tenth. */
const WIDTH = 30;
const SHOWN_EVERY_MS = 100;

export interface Counts {
  readonly taken: number;
  readonly rejected: number;
}

export class ProgressLine {
  readonly #totalBytes: number;
  readonly #isTerminal: boolean;
  readonly #print: (text: string) => void;
  readonly #start = performance.now();
  #shownAt = 0;
  #tenths = 0;

  constructor(totalBytes: number, print: (text: string) => void, isTerminal = process.stdout.isTTY === true) {
    this.#totalBytes = Math.max(1, totalBytes);
    this.#print = print;
    this.#isTerminal = isTerminal;
  }

  show(bytes: number, counts: Counts): void {
    const share = Math.min(1, bytes / this.#totalBytes);
    if (this.#isTerminal) this.#bar(share, counts);
    else if (Math.floor(share * 10) > this.#tenths) {
      this.#tenths = Math.floor(share * 10);
      this.#print(`${this.#tenths * 10} %  ${this.#told(counts)}\n`);
    }
  }

  /** Leaves the bar as it stands. */
  end(): void {
    if (this.#isTerminal && this.#shownAt > 0) this.#print('\n');
  }

  #bar(share: number, counts: Counts): void {
    const now = performance.now();
    if (share < 1 && now - this.#shownAt < SHOWN_EVERY_MS) return;
    this.#shownAt = now;
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    this.#print(`\r${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${this.#told(counts)}`);
  }

  #told({ taken, rejected }: Counts): string {
    const perSecond = Math.round(taken / Math.max(0.001, (performance.now() - this.#start) / 1000));
    return `${taken.toLocaleString('en')} sent (${perSecond.toLocaleString('en')}/s), ${rejected.toLocaleString('en')} rejected`;
  }
}
