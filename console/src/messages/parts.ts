/** A sentence in one language: plain words, and slots whose value can be changed where it stands. */
export interface SlotPart {
  readonly slot: SlotName;
  readonly text: string;
}
export type Part = string | SlotPart;

export type SlotName =
  | 'field'
  | 'test'
  | 'value'
  | 'did'
  | 'events'
  | 'fold'
  | 'from'
  | 'to'
  | 'measure'
  | 'comparison'
  | 'amount'
  | 'when'
  | 'in'
  | 'segment'
  | 'gap';

export const slot = (name: SlotName, text: string): SlotPart => ({ slot: name, text });

export const plain = (parts: readonly Part[]): string =>
  parts
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
