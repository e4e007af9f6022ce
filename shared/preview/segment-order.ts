/** Which ranges of the table a seed reads, in which order: the same for the same seed, and no range before another's turn. */

/** A counter generator of 32 bits a step (sfc32), seeded by text. */
export function generatorOf(seed: string): () => number {
  let [a, b, c, counter] = [...hashes(seed), 1] as [number, number, number, number];
  const step = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) step();
  return step;
}

/** Three hashes of a text (FNV-1a from three starts). */
function hashes(text: string): readonly number[] {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9].map((start) => {
    let hash = start;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    return hash | 0;
  });
}

/**
 * The segments from the `start`-th to before the `end`-th of a random order of all of them. Every order is as likely, so
 * every profile has the same chance to be read whatever its segment holds (a shuffle that keeps only what it has moved).
 */
export function segmentsInOrder(seed: string, total: number, start: number, end: number): readonly number[] {
  const next = generatorOf(seed);
  const moved = new Map<number, number>();
  const drawn: number[] = [];
  for (let at = 0; at < Math.min(end, total); at++) {
    const chosen = at + Math.floor(next() * (total - at));
    drawn.push(moved.get(chosen) ?? chosen);
    moved.set(chosen, moved.get(at) ?? at);
  }
  return drawn.slice(start);
}
