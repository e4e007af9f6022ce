/** Which leaves an event may match, found without asking each: by its type, then by the text that their tests want somewhere in it. */
import { readField } from '#shared/pql/compiler/access.ts';
import type { Guard } from '#shared/pql/incremental/plan.ts';
import type { Value } from '#shared/pql/value.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { hash32 } from '#shared/profile/hash.ts';

interface Indexed {
  readonly spec: { readonly guard: Guard | undefined };
  /** Hashes. */
  readonly eventTypes: ReadonlySet<number> | 'any';
}

interface Guarded<Leaf> {
  readonly path: readonly string[];
  readonly all: Leaf[];
  readonly byText: Map<string, Leaf[]>;
}

/** The leaves of one event type, or of any. */
interface Shelf<Leaf> {
  readonly open: Leaf[];
  /** By path. */
  readonly guarded: Map<string, Guarded<Leaf>>;
}

export type LeavesFor<Leaf> = (event: StoredEvent) => readonly Leaf[];

/** Every leaf that matches an event is among those returned for it; not every one returned matches. */
export function indexLeaves<Leaf extends Indexed>(leaves: Iterable<Leaf>): LeavesFor<Leaf> {
  const anyType: Shelf<Leaf> = { open: [], guarded: new Map() };
  const byType = new Map<number, Shelf<Leaf>>();
  for (const leaf of leaves) {
    if (leaf.eventTypes === 'any') place(anyType, leaf);
    else for (const type of leaf.eventTypes) place(shelfOf(byType, type), leaf);
  }
  return (event) => {
    const found: Leaf[] = [];
    const shelf = event.eventType === undefined ? undefined : byType.get(hash32(event.eventType));
    if (shelf !== undefined) take(shelf, event, found);
    take(anyType, event, found);
    return found;
  };
}

function shelfOf<Leaf>(byType: Map<number, Shelf<Leaf>>, type: number): Shelf<Leaf> {
  const shelf = byType.get(type) ?? { open: [], guarded: new Map() };
  byType.set(type, shelf);
  return shelf;
}

function place<Leaf extends Indexed>({ open, guarded }: Shelf<Leaf>, leaf: Leaf): void {
  const { guard } = leaf.spec;
  if (guard === undefined) {
    open.push(leaf);
    return;
  }
  const name = JSON.stringify(guard.path);
  const entry: Guarded<Leaf> = guarded.get(name) ?? { path: guard.path, all: [], byText: new Map() };
  guarded.set(name, entry);
  entry.all.push(leaf);
  for (const text of new Set(guard.values)) entry.byText.set(text, [...(entry.byText.get(text) ?? []), leaf]);
}

function take<Leaf>({ open, guarded }: Shelf<Leaf>, event: StoredEvent, found: Leaf[]): void {
  for (const leaf of open) found.push(leaf);
  for (const { path, all, byText } of guarded.values()) {
    const value = valueAt(event, path);
    if (value === null) continue;
    // A number may equal a text, and a list may hold it: then the tests themselves decide.
    const candidates = typeof value === 'string' ? byText.get(value) : all;
    if (candidates !== undefined) for (const leaf of candidates) found.push(leaf);
  }
}

function valueAt(event: StoredEvent, path: Guard['path']): Value {
  let value: Value = event;
  for (const name of path) value = readField(value, name);
  return value;
}
