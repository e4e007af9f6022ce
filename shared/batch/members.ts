/**
 * Who was in which segment when a job looked, page by page: an object of JSON holds the ids of so many profiles, and for
 * each definition with members among them a bit for each. Bit n of a definition stands in byte n >> 3 at place n & 7.
 */

export interface MembersPage {
  readonly format: 1;
  readonly profiles: readonly string[];
  /** By ordinal, base64. Definitions without members among these profiles are left out. */
  readonly members: Readonly<Record<string, string>>;
}

export const PROFILES_PER_PAGE_MAX = 5_000;

export class MembersPageWriter {
  #profiles: string[] = [];
  #bits = new Map<number, Uint8Array>();

  get isFull(): boolean {
    return this.#profiles.length >= PROFILES_PER_PAGE_MAX;
  }

  get isEmpty(): boolean {
    return this.#profiles.length === 0;
  }

  add(profileId: string, ordinals: Iterable<number>): void {
    const place = this.#profiles.length;
    this.#profiles.push(profileId);
    for (const ordinal of ordinals) {
      const bits = this.#bits.get(ordinal) ?? new Uint8Array(PROFILES_PER_PAGE_MAX / 8);
      bits[place >> 3] = (bits[place >> 3] as number) | (1 << (place & 7));
      this.#bits.set(ordinal, bits);
    }
  }

  /** The page so far; the next one starts empty. */
  take(): MembersPage {
    const bytes = Math.ceil(this.#profiles.length / 8);
    const members = [...this.#bits].map(([ordinal, bits]) => [ordinal, toBase64(bits.subarray(0, bytes))] as const);
    const page: MembersPage = { format: 1, profiles: this.#profiles, members: Object.fromEntries(members) };
    this.#profiles = [];
    this.#bits = new Map();
    return page;
  }
}

/** Ids of the definition's members, in the order of the page. */
export function membersIn({ profiles, members }: MembersPage, ordinal: number): readonly string[] {
  const text = members[ordinal];
  if (text === undefined) return [];
  const bits = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return profiles.filter((_, place) => ((bits[place >> 3] ?? 0) >> (place & 7)) & 1);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
