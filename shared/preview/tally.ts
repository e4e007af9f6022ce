/** What was counted over the profiles read so far. Plain data: kept between requests as JSON. */
import type { ClauseTree } from './clauses.ts';
import { ClauseCounter } from './clauses.ts';
import type { Person } from './person.ts';
import type { Question } from './question.ts';

/** Profile ids kept of those who match, enter or leave. */
export const SAMPLE_MAX = 100;

export interface Change {
  /** Members by what it is compared with. */
  readonly before: number;
  readonly enter: number;
  readonly leave: number;
  readonly entering: readonly string[];
  readonly leaving: readonly string[];
}

export interface Tally {
  /** Profiles of any sandbox. */
  readonly scanned: number;
  readonly read: number;
  readonly matched: number;
  /** Of those who match, by the namespaces of their identities. */
  readonly namespaces: Readonly<Record<string, number>>;
  /** By ordinal: members of a published definition, and how many of them match. */
  readonly segments: Readonly<Record<number, readonly [members: number, shared: number]>>;
  readonly sample: readonly string[];
  readonly clauses?: readonly number[];
  readonly change?: Change;
}

export const NO_TALLY: Tally = { scanned: 0, read: 0, matched: 0, namespaces: {}, segments: {}, sample: [] };

export interface Questions {
  readonly asked: Question;
  readonly comparedWith?: Question | undefined;
  readonly clauses?: ClauseTree | undefined;
}

/** Adds people to a tally, one by one. */
export class Teller {
  readonly #questions: Questions;
  readonly #counter: ClauseCounter | undefined;
  readonly #namespaces: Map<string, number>;
  readonly #segments: Map<number, [number, number]>;
  readonly #sample: string[];
  readonly #change: { before: number; enter: number; leave: number; entering: string[]; leaving: string[] } | undefined;
  #scanned: number;
  #read: number;
  #matched: number;

  constructor(questions: Questions, from: Tally = NO_TALLY) {
    this.#questions = questions;
    this.#counter = questions.clauses && new ClauseCounter(questions.clauses, from.clauses);
    this.#namespaces = new Map(Object.entries(from.namespaces));
    this.#segments = new Map(Object.entries(from.segments).map(([ordinal, counts]) => [Number(ordinal), [...counts]]));
    this.#sample = [...from.sample];
    const { before = 0, enter = 0, leave = 0, entering = [], leaving = [] } = from.change ?? {};
    const change = { before, enter, leave, entering: [...entering], leaving: [...leaving] };
    this.#change = questions.comparedWith && change;
    this.#scanned = from.scanned;
    this.#read = from.read;
    this.#matched = from.matched;
  }

  /** Profiles of whatever sandbox that the segments held. */
  scanned(profiles: number): void {
    this.#scanned += profiles;
  }

  add(person: Person): void {
    const { asked, comparedWith } = this.#questions;
    const input = person.inputFor(asked);
    const matches = this.#counter === undefined ? asked.holds(input) : this.#counter.count(input);
    this.#read += 1;
    if (matches) this.#addMatch(person);
    for (const ordinal of person.memberOf) this.#addMember(ordinal, matches);
    if (comparedWith !== undefined) this.#compare(person, matches, comparedWith.holds(person.inputFor(comparedWith)));
  }

  #addMatch({ profileId, namespaces }: Person): void {
    this.#matched += 1;
    keep(this.#sample, profileId);
    for (const namespace of namespaces) this.#namespaces.set(namespace, (this.#namespaces.get(namespace) ?? 0) + 1);
  }

  #addMember(ordinal: number, matches: boolean): void {
    const counts = this.#segments.get(ordinal) ?? [0, 0];
    counts[0] += 1;
    counts[1] += matches ? 1 : 0;
    this.#segments.set(ordinal, counts);
  }

  #compare({ profileId }: Person, is: boolean, was: boolean): void {
    const change = this.#change;
    if (change === undefined) return;
    if (was) change.before += 1;
    if (is && !was) {
      change.enter += 1;
      keep(change.entering, profileId);
    }
    if (was && !is) {
      change.leave += 1;
      keep(change.leaving, profileId);
    }
  }

  tally(): Tally {
    return {
      scanned: this.#scanned,
      read: this.#read,
      matched: this.#matched,
      namespaces: Object.fromEntries(this.#namespaces),
      segments: Object.fromEntries(this.#segments),
      sample: this.#sample,
      ...(this.#counter === undefined ? {} : { clauses: this.#counter.counts }),
      ...(this.#change === undefined ? {} : { change: this.#change }),
    };
  }
}

/** Profiles come in random order, so the first are as good as any. */
function keep(sample: string[], profileId: string): void {
  if (sample.length < SAMPLE_MAX) sample.push(profileId);
}
